import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseWat } from '../../../server/wat/syntax/parse-wat.ts';
import { rereadWat } from '../../../server/wat/syntax/reread.ts';
import type { WatSyntax } from '../../../server/wat/syntax/tree.ts';

/** Fields of every kind, and one with faults. */
const MODULE = `(module $all (@producers "x") ;; a module
  (type $t (func (param i32 (ref null func)) (result i64)))
  (rec (type $s (struct (field $a (mut i32)) (field i8))) (type $r (array (mut f64))))
  (import "env" "log" (func $log (param $p i32) (param f32 f64)))
  (import "env" "mem" (memory 1 2))
  (func $a (export "a") (type $t) (param $x i32) (result i64) (local $i i32) (local i64 f32)
    (block $out (result i64) (if (i32.eqz (local.get $x)) (then (br $out (i64.const 1)))) (i64.const 2))
    (; a comment ;) drop loop $l (param i32) (result i32) br_if $l end i64.const 7)
  (func (@name "b") $b (call $a (i32.const 0x1_0)) call_indirect $tab (type $t) (param i32) drop)
  (table $tab 1 funcref)
  (table funcref (elem $a $b))
  (memory (data "abc\\00"))
  (global $g (export "g") (mut i32) (i32.const 5))
  (tag $e (param i32))
  (export "b" (func $b))
  (start $b)
  (elem (table $tab) (offset (i32.const 0)) func $a $b)
  (data $d (i32.const 8) "more")
  (func $faulty (param) (result i33) i32.cons 1 (local.get) local.get $nope)
  (func $last (param $p i32) (local.set $p (i32.add (local.get $p) (i32.const 1)))))
`;

const PIECES = [
  'x',
  ' ',
  '1',
  '$p',
  '(nop)',
  ';; c\n',
  '(; c ;)',
  'i32',
  '(local $n i64)',
  '\n\n',
  '"s"',
  '(@note a)',
];
const BREAKING = ['(', ')', '"', '(;', ';)', 'module', '$', '\u00e9', '😀'];

/** Puts a piece in the place of some characters at a position, told as a part of the text's length. */
function edited(
  text: string,
  { at, removed, piece }: { at: number; removed: number; piece: string },
): string {
  const start = Math.floor(at * text.length);
  return text.slice(0, start) + piece + text.slice(start + removed);
}

/** Applies edits one after the other as a document does; gives how many of them were read in one field alone. */
function follow(texts: readonly string[]): number {
  let syntax: WatSyntax = parseWat(texts[0] ?? '');
  let count = 0;
  for (const text of texts.slice(1)) {
    const reread = rereadWat(syntax, text);
    if (reread !== undefined) count++;
    syntax = reread ?? parseWat(text);
    assert.deepEqual(syntax, parseWat(text), text);
  }
  return count;
}

describe('reading WebAssembly text again', () => {
  const edit = (pieces: readonly string[]) =>
    fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      removed: fc.nat({ max: 3 }),
      piece: fc.constantFrom('', ...pieces),
    });

  it('gives after edits what reading all of it gives, whatever they leave', () => {
    const edits = fc.array(edit([...PIECES, ...PIECES, ...BREAKING]), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(edits, (list) => {
        const texts = [MODULE];
        for (const one of list) texts.push(edited(texts.at(-1) ?? '', one));
        follow(texts);
      }),
      { numRuns: 150 },
    );
  });

  it('reads one field alone after an edit inside of it', () => {
    const longer = MODULE.replace('i64.const 7', 'drop i64.const 7');
    const shorter = MODULE.replace('i64.const 7', '');
    assert.equal(follow([MODULE, longer, MODULE, shorter, MODULE]), 4);
  });

  it('reads all of it after an edit between fields, of a parenthesis, or of what hides text', () => {
    const changed = (found: string, by: string) => MODULE.replace(found, by);
    for (const text of [
      changed('(start $b)', '(start $b) (start $a)'),
      changed('(start $b)', '(start $b'),
      changed('(i64.const 2))', '(i64.const 2)))'),
      changed('(; a comment ;)', '(; a comment'),
      changed('"more"', '"more'),
      changed('(module $all', '(module $al'),
    ]) {
      assert.equal(follow([MODULE, text]), 0, text);
    }
  });

  it('leaves what was read as it was where all is to be read', () => {
    const syntax = parseWat(MODULE);
    assert.equal(rereadWat(syntax, MODULE.replace('(start $b)', '(start $b')), undefined);
    assert.deepEqual(syntax, parseWat(MODULE));
  });
});
