import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { embedWatLines } from '../../../server/compilers/wat-lines.ts';
import { readModule } from '../../../wasm-core/binary/reader.ts';
import { sourceLines } from '../../../wasm-core/binary/source-lines/source-lines.ts';
import { projectRoot } from '../../support/project.ts';
import { trapPlaces } from '../../support/trap-places.ts';
import { modulesOf } from '../../support/wast.ts';
import { assemble } from '../../support/wat.ts';

/** The module of a text with the lines of another text, or its own. */
async function withLines(wat: string, text = wat): Promise<Uint8Array> {
  return embedWatLines(await assemble(wat), { text, file: 'plugin.wat' });
}

describe('lines of WebAssembly text', () => {
  it('are those of the words, in folded and plain forms, comments and strings passed over', async () => {
    const wasm = await withLines(`(module ;; (func) "
  (import "env" "a;;(func)" (func (param i32)))
  (func (import "env" "b"))
  (memory (export "memory") 1) (; (func $no) " (; nested ;) ;)
  (data (i32.const 0) "a\\") (func")
  (func $inner (param $n i32) (result i32)
    (i32.div_s
      (i32.const 10)
      (local.get $n)))
  (func $plain (export "plain") (param $n i32) (result i32)
    (local $x i32)
    local.get $n
    if (result i32)
      i32.const 1
    else
      (if (result i32) (i32.eqz (local.get $n))
        (then
          (call $inner
            (local.get $n)))
        (else (unreachable)))
    end)
  (func $load (export "load") (result i32)
    (block $out (result i32)
      (br_if $out
        (i32.const 7)
        (i32.load offset=4 align=1
          (i32.const -1))))))`);
    const imports = { env: { 'a;;(func)': () => 0, b: () => 0 } };
    assert.deepEqual(await trapPlaces(wasm, 'plain', [0], imports), [
      'inner plugin.wat:7:6',
      'plain plugin.wat:18:12',
    ]);
    assert.deepEqual(await trapPlaces(wasm, 'load', [], imports), ['load plugin.wat:26:10']);
  });

  it('are the very line of the instruction, in random trees of instructions', async () => {
    await fc.assert(
      fc.asyncProperty(TREE, async (tree) => {
        const lines = ['(module (func $f (export "f") (result i32)', ...linesOf(tree, true), '))'];
        const line = lines.findIndex((text) => text.endsWith(MARK)) + 1;
        const wasm = await withLines(lines.join('\n'));
        assert.deepEqual(await trapPlaces(wasm, 'f', []), [`f plugin.wat:${line}:${columnOf(lines, line)}`]);
      }),
      { numRuns: 200 },
    );
  });

  it('are none, rather than false ones, where a text and a binary do not agree', async () => {
    const wat = '(module (func $f (export "f") (unreachable)) (func $g (export "g") (unreachable)))';
    const others = [
      '(module (func $f (export "f") (nop) (unreachable)) (func $g (export "g") (unreachable)))',
      '(module (func $f (export "f") (return)) (func $g (export "g") (unreachable)))',
      '(module (func $f (export "f") (what is this) (unreachable)) (func $g (export "g") (unreachable)))',
    ];
    for (const text of others) {
      const wasm = await withLines(wat, text);
      assert.deepEqual(await trapPlaces(wasm, 'f', []), ['f ?'], text);
      assert.match((await trapPlaces(wasm, 'g', [])).join(), /^g plugin\.wat:1:\d+$/, text);
    }
    const fewer = await withLines(wat, '(module (func $f (export "f") (unreachable)))');
    assert.deepEqual(await trapPlaces(fewer, 'f', []), ['f ?']);
  });

  it('are known of every function of the specification that the fixtures have', async () => {
    const script = readFileSync(path.join(projectRoot(), 'test/fixtures/wast/semantics.wast'), 'utf8');
    let count = 0;
    for (const module of modulesOf(script)) {
      if (module.form !== 'text') continue;
      const wasm = await withLines(module.wat);
      const { bodies } = readModule(wasm);
      const found = sourceLines(
        wasm,
        bodies.map((body) => body.end - 1),
      );
      count += bodies.length;
      for (const { place } of found ?? []) assert.equal(place?.file, 'plugin.wat');
      assert.equal(found?.length ?? 0, bodies.length);
    }
    assert.ok(count > 20, String(count));
  });

  it('of nesting without end, and of noise, give no fault', async () => {
    const deep = `(func $f (export "f") ${'(drop '.repeat(50_000)}`;
    const wasm = await assemble('(module (func $f (export "f") (unreachable)))');
    for (const text of [deep, `${deep}${')'.repeat(60_000)}`, '((((', '(;'.repeat(1000), '"'.repeat(999)]) {
      assert.deepEqual(embedWatLines(wasm, { text, file: 'x' }), wasm);
    }
    const piece = fc.constantFrom(
      '(',
      ')',
      '(;',
      ';)',
      ';;',
      '"',
      '\\',
      'func',
      'if',
      'then',
      '@a',
      ' ',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        embedWatLines(wasm, { text: pieces.join(''), file: 'x' });
      }),
    );
  });
});

/** An expression of type i32. */
interface Tree {
  readonly kind: 'add' | 'block' | 'if' | 'select';
  readonly isFolded: boolean;
  /** Index of the part that traps, if the tree is to trap at all. */
  readonly trapping: number;
  readonly parts: readonly (Tree | undefined)[];
}

const { tree: TREE } = fc.letrec<{ tree: Tree; part: Tree | undefined }>((tie) => ({
  tree: fc.record({
    kind: fc.constantFrom('add', 'block', 'if', 'select'),
    isFolded: fc.boolean(),
    trapping: fc.nat(1),
    parts: fc.tuple(tie('part'), tie('part')),
  }),
  part: fc.oneof({ depthSize: 'small' }, fc.constant(undefined), tie('tree')),
}));

const MARK = ';; here';

/** The text of a tree, an instruction a line; if it traps, the line that does ends with the mark. */
function linesOf(tree: Tree | undefined, traps: boolean, mustFold = false): string[] {
  if (tree === undefined) {
    return traps ? [`(i32.rem_u ${MARK}`, '(i32.const 1)', '(i32.const 0))'] : ['(i32.const 3)'];
  }
  const folded = tree.isFolded || mustFold;
  // Operands of a folded instruction are folded themselves; what blocks hold is free again.
  const areOperands = folded && (tree.kind === 'add' || tree.kind === 'select');
  const [first = [], second = []] = tree.parts.map((part, index) =>
    linesOf(part, traps && index === tree.trapping, areOperands),
  );
  switch (tree.kind) {
    case 'add':
      return folded ? ['(i32.add', ...first, ...second, ')'] : [...first, ...second, 'i32.add'];
    case 'select':
      return folded
        ? ['(select (result i32)', ...first, ...second, '(i32.const 1))']
        : [...first, ...second, 'i32.const 1', 'select'];
    case 'block':
      return folded
        ? ['(block $b (result i32)', ...first, '(drop)', ...second, ')']
        : ['block (result i32)', ...first, 'drop', ...second, 'end'];
    case 'if':
      return folded
        ? [
            '(if (result i32) (i32.const ',
            tree.trapping === 0 ? '1)' : '0)',
            '(then',
            ...first,
            ') (else',
            ...second,
            '))',
          ]
        : [`i32.const ${1 - tree.trapping}`, 'if (result i32)', ...first, 'else', ...second, 'end'];
  }
}

function columnOf(lines: readonly string[], line: number): number {
  return (/[a-z]/.exec(lines[line - 1] ?? '')?.index ?? 0) + 1;
}
