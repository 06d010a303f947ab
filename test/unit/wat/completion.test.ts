import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { type CompletionItem, TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { completeWat } from '../../../server/wat/completion/complete-wat.ts';
import { resolveWatItem } from '../../../server/wat/completion/offers.ts';
import { hoverWat } from '../../../server/wat/navigation/hover.ts';
import { helpWithWat } from '../../../server/wat/navigation/signature-help.ts';
import { ECHO_WAT, UPPER_WAT } from '../../support/wat.ts';
import { watPlaceAt, watPlaceIn } from '../../support/wat-place.ts';

/** The labels at `|`, best first, of which those alone that begin as what is typed. */
function offered(marked: string): string[] {
  const place = watPlaceIn(marked);
  const fits = (item: CompletionItem): boolean => {
    const { start } = rangeOf(item);
    return item.label.startsWith(place.names.syntax.text.slice(place.document.offsetAt(start), place.offset));
  };
  return completeWat(place)
    .filter(fits)
    .sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1))
    .map(({ label }) => label);
}

function rangeOf({ textEdit }: CompletionItem) {
  assert.ok(TextEdit.is(textEdit));
  return textEdit.range;
}

/** The text when an offer is taken. */
function taken(marked: string, label: string): string {
  const place = watPlaceIn(marked);
  const item = completeWat(place).find((candidate) => candidate.label === label);
  assert.ok(item && TextEdit.is(item.textEdit), `${label} at ${marked}`);
  return TextDocument.applyEdits(place.document, [item.textEdit]);
}

describe('completion in WebAssembly text', () => {
  it('offers exactly what an immediate may name', () => {
    const cases: [string, string[]][] = [
      ['(module (func $f (param $a i32) (local $b i64) (local.get |)))', ['$a', '$b']],
      ['(module (func $f (param $a i32) (local $b i64) local.set $|))', ['$a', '$b']],
      ['(module (func $f (param $a i32)) (func $g (param $c i32) (local.tee $|', ['$c']],
      ['(module (func $f) (func $g call |', ['$f', '$g']],
      ['(module (func $f) (func (return_call $|)))', ['$f']],
      ['(module (func $f) (start |))', ['$f']],
      ['(module (func $f) (func (drop (ref.func $f|))))', ['$f']],
      ['(module (func $f) (export "f" (func |)))', ['$f']],
      ['(module (func $f) (table 1 funcref) (elem (i32.const 0) $|))', ['$f']],
      ['(module (global $g i32 (i32.const 1)) (func (global.get |)))', ['$g']],
      ['(module (type $t (func)) (func (type |)))', ['$t']],
      ['(module (type $t (func)) (func (call_ref $|)))', ['$t']],
      ['(module (type $s (struct (field $a i32) (field $b i64))) (func (struct.get $s |)))', ['$a', '$b']],
      ['(module (tag $e) (func (throw |)))', ['$e']],
      ['(module (tag $e) (func (block $l (try_table (catch |)))))', ['$e']],
      ['(module (tag $e) (func (block $l (try_table $no (catch $e |)))))', ['$l']],
      ['(module (memory $m 1) (data $d "a") (func (memory.init $m |)))', ['$d']],
      ['(module (memory $m 1) (func (memory.size |)))', ['$m']],
      ['(module (memory $m 1) (data (memory |) (i32.const 0)))', ['$m']],
      ['(module (table $t 1 funcref) (func (table.get |)))', ['$t']],
      ['(module (elem $e func) (func elem.drop |))', ['$e']],
      ['(module (memory 1) (func (i32.load o|)))', ['offset=']],
      ['(module (memory 1) (func (i32.load offset=4 |)))', ['align=']],
    ];
    for (const [marked, expected] of cases) assert.deepEqual(offered(marked), expected, marked);
  });

  it('offers the labels around, the innermost first', () => {
    const cases: [string, string[]][] = [
      ['(module (func (block $a (loop $b (br |)))))', ['$b', '$a']],
      ['(module (func (block $a (loop (br |)))))', ['0', '$a']],
      ['(module (func block $a loop $b br | end end))', ['$b', '$a']],
      ['(module (func block $a loop $b br |', ['$b', '$a']],
      ['(module (func (block $a) (br |)))', []],
      ['(module (func (block $o (if $i (br |) (then)))))', ['$o']],
      ['(module (func (block $o (if $i (i32.const 1) (then (br |))))))', ['$i', '$o']],
      ['(module (func (block $a (block $a (br $|)))))', ['$a']],
      ['(module (func (block $a (loop $b (br_table $a |)))))', ['$b', '$a']],
    ];
    for (const [marked, expected] of cases) assert.deepEqual(offered(marked), expected, marked);
  });

  it('offers instructions by what is typed, with their types', () => {
    const found = offered('(module (func (i32.ad|)))');
    assert.deepEqual(found, ['i32.add']);
    assert.ok(offered('(module (func i64.|').every((label) => label.startsWith('i64.')));
    assert.deepEqual(offered('(module (func nop drop local.te|))'), ['local.tee']);
    assert.deepEqual(offered('(module (func (i32.add (i32.const 1) (i32.mu|'), ['i32.mul']);
    assert.equal(
      taken('(module (func (i32.x|yz (i32.const 1))))', 'i32.xor'),
      '(module (func (i32.xor (i32.const 1))))',
    );
    const [item] = completeWat(watPlaceIn('(module (func i32.add|))')).filter(
      ({ label }) => label === 'i32.add',
    );
    assert.equal(item?.detail, '[i32 i32] -> [i32]');
    assert.match(String(item && resolveWatItem(item)?.documentation), /^Adds/);
    assert.equal(resolveWatItem({ label: 'x', data: { uri: 'file:///a.sql' } }), undefined);
  });

  it('offers words by their place', () => {
    const cases: [string, string[]][] = [
      ['(mod|', ['module']],
      ['(module (me|))', ['memory']],
      ['(module (func (par|))', ['param']],
      ['(module (func (param i|)))', ['i32', 'i64', 'i31ref']],
      ['(module (func (param $x f|)))', ['f32', 'f64', 'funcref']],
      ['(module (func (result v|)))', ['v128']],
      ['(module (global (m|)))', ['mut']],
      ['(module (global i32 (i32.|)))', ['i32.add', 'i32.const', 'i32.mul', 'i32.sub']],
      ['(module (type (str|)))', ['struct']],
      ['(module (type (struct (field i|))))', ['i8', 'i16', 'i32', 'i64', 'i31ref']],
      ['(module (func (if (i32.const 1) (the|))))', ['then']],
      ['(module (export "a" (fu|)))', ['func']],
      ['(module (func (param (ref nu|))))', ['null']],
      ['(module (func (v128.const i8|)))', ['i8x16']],
      ['(module (func (ref.null ex|)))', ['exn', 'extern']],
    ];
    for (const [marked, expected] of cases) {
      assert.deepEqual(offered(marked).sort(), [...expected].sort(), marked);
    }
  });

  it('offers nothing in comments, in strings, for numbers and for new names', () => {
    for (const marked of [
      '(module ;; i32.|\n)',
      '(module (; i32.| ;))',
      '(module (data "i32.|"))',
      '(module (func (i32.const 1|)))',
      '(module (func $|))',
      '(module (func (param $|)))',
      '(module (type |))',
      '(module (@custom |))',
    ]) {
      assert.deepEqual(offered(marked), [], marked);
    }
  });

  it('writes imports of the host with their types', () => {
    const log = 'import "host" "log"';
    const text = '(import "host" "log" (func $log (param i32 i32)))';
    assert.equal(taken('(module (|))', log), `(module ${text})`);
    assert.equal(taken('(module (imp|\n  (func))', log), `(module ${text}\n  (func))`);
    assert.equal(taken('(module |)', log), `(module ${text})`);
    assert.equal(taken('(module (import |))', '"host" "log"'), `(module ${text})`);
    assert.equal(taken('(module (import "host" |))', '"log"'), `(module ${text})`);
    assert.equal(taken('(module (import "host" "l|"))', 'log'), '(module (import "host" "log"))');
    assert.equal(
      taken('(module (import "host" "log" |))', '(func $log (param i32 i32))'),
      `(module ${text})`,
    );
    assert.equal(taken('(module (import "|))', 'host'), '(module (import "host))');
    // What is there already, and what would stand too late, is not offered.
    const labels = (marked: string) => completeWat(watPlaceIn(marked)).map(({ label }) => label);
    assert.ok(!labels(`(module ${text} (|))`).includes(log));
    assert.ok(!labels('(module (func) (|))').includes(log));
  });

  it('offers types of SQL where a comment declares a function', () => {
    assert.deepEqual(offered(';; @udf twice(x BIG|'), ['BIGINT']);
    assert.deepEqual(offered(';; @udf twice(x BIGINT, y DOU|) -> BIGINT\n(module)'), ['DOUBLE']);
    assert.deepEqual(offered(';; @udf twice(x BIGINT) -> VARCH|'), ['VARCHAR', 'VARCHAR[]']);
    assert.deepEqual(offered(';; @udf twice(x BIGINT) -> BIGINT non|'), ['nondeterministic']);
    assert.deepEqual(offered(';; @udf tw|'), []);
    assert.equal(taken(';; @udf f(x B|)', 'BIGINT'), ';; @udf f(x BIGINT)');
  });
});

describe('writing WebAssembly text', () => {
  it('offers what is in scope at the beginning of each line of a function, before its parenthesis is closed', () => {
    const lines = ECHO_WAT.split('\n');
    const first = lines.findIndex((line) => line.includes('(local $at i32)'));
    const last = lines.findIndex((line) => line.includes('(local.get $at))'));
    const isInBlock = (line: number) =>
      lines.slice(first, line).some((text) => text.includes('(block $fits'));
    assert.ok(first > 0 && last > first + 5);
    for (let line = first + 1; line <= last; line++) {
      // A line that goes on with the operands of the one before.
      if (/^\s*\(i32\.add/.test(lines[line] ?? '')) continue;
      for (const [typed, expected] of [
        ['(local.get $|', ['$n', '$at']],
        ['(local.set |)', ['$n', '$at']],
        ['(global.get $|', ['$top']],
        ['(br $|', isInBlock(line) && line < last ? ['$fits'] : []],
      ] as const) {
        const marked = [...lines.slice(0, line), typed, ...lines.slice(line)].join('\n');
        assert.deepEqual(offered(marked), expected, marked);
      }
    }
  });

  /** Asks everything at a place; what is offered takes the place of what is around the position, in its line. */
  function askAt(text: string, offset: number): void {
    const place = watPlaceAt(text, offset);
    for (const item of completeWat(place)) {
      const { start, end } = rangeOf(item);
      assert.equal(start.line, end.line);
      assert.ok(place.document.offsetAt(start) <= offset && offset <= place.document.offsetAt(end));
    }
    hoverWat(place);
    const help = helpWithWat(place);
    assert.ok(help === null || help.signatures.length === 1);
  }

  it('is answered at any position of any beginning of a text', () => {
    const texts = [ECHO_WAT, UPPER_WAT, '(module (import "host" "log" (func)) ;; @udf f(x B'];
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(2_000), fc.nat(2_000), (text, length, at) => {
        const beginning = text.slice(0, length % (text.length + 1));
        askAt(beginning, at % (beginning.length + 1));
      }),
      { numRuns: 300 },
    );
  });

  it('is answered within 100,000 blocks', () => {
    for (const block of ['(block ', 'block ']) {
      const text = `(module (func ${block.repeat(100_000)}(br `;
      askAt(text, text.length);
      assert.deepEqual(offered(`${text}|`).slice(0, 3), ['0', '1', '2']);
    }
  });

  const folder = path.join(process.env.QUERN_CORPORA ?? 'no-corpora', 'wasm-testsuite');
  if (existsSync(folder)) {
    it('is answered at the end of any beginning of a module of the WebAssembly test suite', () => {
      const files = readdirSync(folder, { recursive: true }).map(String);
      const scripts = files.filter((file) => file.endsWith('.wast'));
      fc.assert(
        fc.property(fc.constantFrom(...scripts), fc.nat(4_000), fc.nat(60), (file, length, back) => {
          const script = readFileSync(path.join(folder, file), 'utf8');
          const start = Math.max(script.indexOf('(module'), 0);
          const beginning = script.slice(start, start + length);
          askAt(beginning, Math.max(beginning.length - back, 0));
        }),
        { numRuns: 500 },
      );
    });
  }
});
