import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { faultsOfWat, WAT_FAULT_CODES } from '../../../server/wat/faults.ts';
import { WAT_LINTS } from '../../../server/wat/lints/all-lints.ts';
import { bindWat } from '../../../server/wat/names/bind-wat.ts';
import { nameOf, writtenName } from '../../../server/wat/names/names.ts';
import { nameAt, type WatPlace } from '../../../server/wat/navigation/place.ts';
import { findWatHighlights, findWatReferences } from '../../../server/wat/navigation/references.ts';
import { prepareWatRename, renameWat } from '../../../server/wat/navigation/rename.ts';
import { parseWat } from '../../../server/wat/syntax/parse-wat.ts';
import { tokenizeWat } from '../../../server/wat/syntax/tokens.ts';
import { readProjectFile } from '../../support/project.ts';

/** The place that `|` marks in a text. */
function placeIn(marked: string): WatPlace {
  const offset = marked.indexOf('|');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  return {
    document: TextDocument.create('file:///a.wat', 'wat', 1, text),
    names: bindWat(parseWat(text)),
    offset,
  };
}

/** What follows the definition of the name at `|`, up to a space or parenthesis. */
function definedAt(marked: string): string | undefined {
  const place = placeIn(marked);
  const found = nameAt(place)?.definition;
  return found && /^[^ )]+(?: [^ ()]+)?/.exec(place.names.syntax.text.slice(found.span.start))?.[0];
}

describe('a name or number in WebAssembly text', () => {
  it('means what is defined by it, in every space', () => {
    const cases: [string, string | undefined][] = [
      ['(module (func $a) (func $b call $a|))', '(func $a'],
      ['(module (func $a) (func $b call |1))', '(func $b'],
      ['(module (import "m" "f" (func $f)) (func call |0))', '(func $f'],
      ['(module (func (import "m" "f")) (func $g) (start |1))', '(func $g'],
      ['(module (type $t (func)) (func (type $t|)))', '(type $t'],
      ['(module (type $t (func)) (func (block (type |0))))', '(type $t'],
      ['(module (rec (type $a (struct)) (type $b (struct (field (ref $a|))))))', '(type $a'],
      ['(module (table $t 1 funcref) (func (drop (table.get |$t (i32.const 0)))))', '(table $t'],
      ['(module (table $t 1 funcref) (elem (table $t|) (i32.const 0) func))', '(table $t'],
      ['(module (memory $a 1) (memory $b 1) (func (drop (i32.load $b| (i32.const 0)))))', '(memory $b'],
      [
        '(module (memory $a 1) (data $d "x") (func (memory.init $d| (i32.const 0) (i32.const 0) (i32.const 0))))',
        '(data $d',
      ],
      ['(module (global $g i32 (i32.const 1)) (global i32 (global.get |$g)))', '(global $g'],
      ['(module (global $g i32 (i32.const 1)) (export "g" (global |0)))', '(global $g'],
      ['(module (tag $e) (func (throw |$e)))', '(tag $e'],
      ['(module (elem $e func) (func elem.drop $e|))', '(elem $e'],
      ['(module (func (param i32 i64) (local $x f32) (drop (local.get |2))))', '(local $x'],
      ['(module (func (param i32 i64) (drop (local.get |1))))', 'i64'],
      [
        '(module (type $t (func (param i32 i64))) (func (type $t) (local $x i32) (drop (local.get |2))))',
        '(local $x',
      ],
      ['(module (func (param i32 i64) (local $x i32) (drop (local.get |$"x"))))', '(local $x'],
      [
        '(module (type $s (struct (field $a i32) (field $b i64))) (func (drop (struct.get $s |$b (ref.null $s)))))',
        '(field $b',
      ],
      ['(module (type $s (struct (field i32 i64))) (func (drop (struct.get $s |1 (ref.null $s)))))', 'i64'],
    ];
    for (const [marked, expected] of cases) assert.equal(definedAt(marked), expected, marked);
  });

  it('means a label by its block', () => {
    const cases: [string, string | undefined][] = [
      ['(module (func (block $a (loop $b (br |$a)))))', '(block $a'],
      ['(module (func (block $a (loop $b (br |0)))))', '(loop $b'],
      ['(module (func (block $a (loop $b (br |2)))))', undefined],
      ['(module (func (block $a (block $a (br $a|)))))', '(block $a'],
      ['(module (func block $a loop $b br 1| end end))', 'block $a'],
      ['(module (func block $a end $a|))', 'block $a'],
      // What an if tests is outside of it, and what a try_table catches goes out of it.
      ['(module (func (block $o (if $i (i32.const 0) (then (br |1))))))', '(block $o'],
      ['(module (func (block $o (if $i (block (result i32) (br |1)) (then)))))', '(block $o'],
      ['(module (tag $e) (func (block $o (try_table $t (catch $e |0)))))', '(block $o'],
      ['(module (func (block $o (try $t (do) (delegate |0)))))', '(block $o'],
    ];
    for (const [marked, expected] of cases) assert.equal(definedAt(marked), expected, marked);
    const inner = placeIn('(module (func (block $a (block $a (br $a|)))))');
    assert.equal(nameAt(inner)?.definition.span.start, 24);
  });

  it('is told when it means nothing, or is taken', () => {
    const cases: [string, string, string][] = [
      ['(module (func $add) (func call $ad))', '$ad', 'There is no function $ad; did you mean $add?'],
      ['(module (func call 7))', '7', 'There is no function 7: they are numbered from 0 to 0.'],
      ['(module (func (drop (global.get 0))))', '0', 'There is no global 0.'],
      [
        '(module (func (param $x i32) (drop (local.get $y))))',
        '$y',
        'There is no local $y; did you mean $x?',
      ],
      ['(module (func (block $a) (br $a)))', '$a', 'There is no label $a around this br.'],
      [
        '(module (func (block (br 2))))',
        '2',
        'There is no label 2 around this br: there is 1 block around it, and 0 is the innermost.',
      ],
      [
        '(module (func block $a end $b))',
        '$b',
        'There is no label $b here: the block of this end is labelled $a.',
      ],
      ['(module (func (type $t)))', '$t', 'There is no type $t.'],
      ['(module (func $a) (func $a))', '$a', 'There is another function $a: each needs a name of its own.'],
      [
        '(module (func (param $x i32) (local $x i32)))',
        '$x',
        'There is another local $x: each needs a name of its own.',
      ],
      [
        '(module (type (struct (field $a i32) (field $a i32))))',
        '$a',
        'There is another field $a: each needs a name of its own.',
      ],
    ];
    for (const [text, under, message] of cases) {
      const found = faultsOfWat(text).map((fault) => [text.slice(fault.start, fault.end), fault.message]);
      assert.deepEqual(found, [[under, message]], text);
    }
  });

  it('is no fault where it may be of a type that is written out elsewhere', () => {
    const text =
      '(module (func (type 1) (drop (local.get 0))) (func (param i32)) (func (param i64)) (type $t (func)))';
    assert.deepEqual(faultsOfWat(text), []);
  });
});

describe('a name in WebAssembly text', () => {
  const TEXT = `(module
    (func $add (export "add") (param $a i32) (result i32) (i32.add (local.get $a) (local.get 0)))
    (func (param $a i32) (call $add (local.tee $a (call 0 (i32.const 1)))) drop)
    (start $add))`;
  const at = (text: string): WatPlace =>
    placeIn(TEXT.replace(text, `${text.slice(0, -1)}|${text.slice(-1)}`));

  it('is found wherever it is meant, by name or number', () => {
    const place = at('$add (export');
    const lines = findWatReferences({ ...place, offset: TEXT.indexOf('$add') }, { includeDeclaration: true });
    assert.deepEqual(
      lines.map(({ range }) => place.document.getText(range)),
      ['$add', '$add', '0', '$add'],
    );
    const highlights = findWatHighlights({ ...place, offset: TEXT.indexOf('$a (call') });
    assert.deepEqual(
      highlights.map(({ kind }) => kind),
      [3, 3],
    );
  });

  it('is renamed with all that mean it, and nothing else', () => {
    const place = { ...at('$add (export'), offset: TEXT.indexOf('$add') };
    assert.equal(prepareWatRename(place)?.placeholder, '$add');
    const edits = renameWat(place, 'sum up')?.changes?.['file:///a.wat'] ?? [];
    assert.equal(TextDocument.applyEdits(place.document, edits), TEXT.replaceAll('$add', '$"sum up"'));
    const local = { ...place, offset: TEXT.indexOf('$a i32') };
    const renamed = TextDocument.applyEdits(
      place.document,
      renameWat(local, '$n')?.changes?.['file:///a.wat'] ?? [],
    );
    assert.equal(renamed.match(/\$n\b/g)?.length, 2);
    assert.equal(renamed.match(/\$a\b/g)?.length, 2);
  });

  it('is not renamed where that would change what is meant', () => {
    const refusal = (marked: string, name: string): string => {
      try {
        return JSON.stringify(renameWat(placeIn(marked), name));
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    };
    assert.match(refusal('(module (func $a|) (func $b))', 'b'), /^\$b already means something else here/);
    assert.match(refusal('(module (func (block $a (block $b (br $a|)))))', 'b'), /^\$b already means/);
    assert.match(refusal('(module (func $a|))', ' $ '), /at least one character/);
    assert.match(refusal('(module (func) (func call |0))', 'f'), /^The function 0 has no name/);
  });

  it('is written so that it is read again as it is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), (name) => {
        const { tokens, faults } = tokenizeWat(writtenName(name));
        assert.deepEqual(faults, []);
        assert.deepEqual(tokens.map(nameOf), [name]);
      }),
    );
  });
});

function hints(text: string): string[] {
  const names = bindWat(parseWat(text));
  return WAT_LINTS.flatMap((lint) =>
    lint.find(names).map(({ start, end, message }) => `${lint.code} ${text.slice(start, end)}: ${message}`),
  );
}

describe('what nothing uses', () => {
  it('is told: functions, globals, locals and types', () => {
    assert.deepEqual(
      hints(`(module (type $t (func)) (type $u (func)) (import "a" "b" (func $log))
        (func $self (type $u) (local $x i32) (local i64) (call $self)) (global $g i32 (i32.const 0))
        (func (export "f") (param $p i32) (local $y i32) (local.set $y (i32.const 1))))`),
      [
        'wat-unused-function $log: Nothing calls, exports or refers to the imported function $log.',
        'wat-unused-function $self: Nothing calls, exports or refers to the function $self.',
        'wat-unused-global $g: Nothing reads, sets or exports the global $g.',
        'wat-unused-local $x: Nothing reads or sets the local $x.',
        'wat-unused-local i64: Nothing reads or sets the local 1.',
        'wat-unused-type $t: Nothing uses the type $t.',
      ],
    );
  });

  it('is not told of what is exported, started, referred to or part of a group', () => {
    assert.deepEqual(
      hints(`(module (rec (type $a (struct)) (type $b (struct (field (ref $a)))))
        (func $s) (start $s) (func $e) (elem declare func $e) (func $x) (export "x" (func $x))
        (global $g (export "g") i32 (i32.const 0)) (global $h (ref null $b) (ref.null $b)) (export "h" (global $h)))`),
      [],
    );
  });

  it('is not told while the text is half typed', () => {
    assert.deepEqual(
      hints('(module (func $a) (global $g i32 (i32.const 0)) (func (local $x i32) (local.get)'),
      [],
    );
  });
});

describe('the pages of docs/diagnostics', () => {
  const hintCodes = WAT_LINTS.map(({ code }) => code);
  for (const code of [...hintCodes, ...WAT_FAULT_CODES]) {
    it(`show ${code} in the bad example alone`, () => {
      const [, bad = '', good = ''] = readProjectFile(`docs/diagnostics/${code.replace('/', '-')}.md`).split(
        '```wat\n',
      );
      const found = (text: string): string[] => [
        ...faultsOfWat(text).map((fault) => fault.code),
        ...hints(text).map((hint) => hint.replace(/ .*/, '')),
      ];
      assert.deepEqual(found(bad.slice(0, bad.indexOf('```'))), [code]);
      assert.deepEqual(found(good.slice(0, good.indexOf('```'))), []);
    });
  }
});
