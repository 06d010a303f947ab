import assert from 'node:assert/strict';
import fc from 'fast-check';
import { faultsOfWat } from '../../../server/wat/faults.ts';
import { parseWat } from '../../../server/wat/syntax/parse-wat.ts';
import { stringText } from '../../../server/wat/syntax/strings.ts';
import type { WatSyntax } from '../../../server/wat/syntax/tree.ts';

/** Each fault as its text and its message. */
function faultsOf({ text, faults }: WatSyntax): string[] {
  return faults.map(({ start, end, message }) => `${text.slice(start, end)}: ${message}`);
}

/** The instructions of each function, by name. */
function bodiesOf(syntax: WatSyntax): string[][] {
  return syntax.fields.flatMap((field) =>
    field.kind === 'func'
      ? [field.body.map(({ name, word }) => (word === undefined ? `(${name})` : name))]
      : [],
  );
}

function names({ fields }: WatSyntax): string[] {
  return fields.map((field) => `${field.kind} ${('id' in field && field.id?.text) || ''}`.trim());
}

/** The only fault of a text. */
function check(text: string, expected: string): void {
  assert.deepEqual(faultsOf(parseWat(text)), [expected], text);
}

describe('WebAssembly text that is half typed', () => {
  it('tells what was expected, at its token', () => {
    check('(module (func i32.ad))', 'i32.ad: There is no instruction i32.ad; did you mean i32.add?');
    check('(module (func (param $x int)))', 'int: int is no type: expected a type such as i32.');
    check('(module (func (param $x)))', '): Expected a type such as i32 here.');
    check('(module (func call))', '): Expected the name or number of a function here.');
    check('(module (func local.get drop))', 'drop: Expected the name or number of a local before drop.');
    check(
      '(module (func (i32.add i32.const 1)))',
      'i32.const: i32.const does not belong here: write operands in parentheses, as in (i32.const 1).',
    );
    check('(module (func i32.const 1.5))', '1.5: i32.const takes a whole number such as 1 or 0xff, not 1.5.');
    check('(module (func block nop))', 'block: This block has no end: write end behind its instructions.');
    check('(module (func end))', 'end: This end belongs to nothing: no block is open here.');
    check('(module (func (if (i32.const 1))))', '(if: This if has no (then …).');
    check(
      '(module (fun))',
      '(fun: (fun is no field of a module: expected (func, (type, (rec, (import, (table, (memory, (global, (tag, (export, (start, (elem or (data.',
    );
    check(
      '(module (func (local i32) (param i32)))',
      '(param: (param stands too late: the order is (export), (import), (type), (param), (result), (local), instructions.',
    );
    check(
      '(module (import "a" (func)))',
      '(func: Expected the name of what is imported, in quotes before (func.',
    );
  });

  it('tells of characters, strings and comments that are wrong', () => {
    check('(module (; open', '(;: This block comment is never closed; end it with ;).');
    check(
      '(module (data "a\\q"))',
      '\\q: This escape is not known; use \\n, \\t, \\r, \\", \\\\, \\u{…} or two hexadecimal digits.',
    );
    check('(module (data "\\u{d800}"))', '\\u{d800}: \\u{d800} is not the number of a character.');
    check('(module (data "a""b"))', '"b": A space is missing before "b".');
    check('(module é)', 'é: The character é may stand in strings and comments alone.');
    check('(module (func $))', '$: $ does not belong here: expected an instruction.');
  });

  it('keeps the other functions where a parenthesis is missing', () => {
    const text = `(module
      (func $a (i32.add (local.get 0)
      (func $b (result i32) (i32.const 1))
      (global $g i32 (i32.const 0)
      (export "b" (func $b))
      (type $t (func (param i32))
      (func $c (type $t) (block (call $a))))`;
    const syntax = parseWat(text);
    assert.deepEqual(names(syntax), ['func $a', 'func $b', 'global $g', 'export', 'type $t', 'func $c']);
    assert.deepEqual(faultsOf(syntax), [
      '(i32.add: 2 ) are missing before this func: this i32.add is not closed.',
      '(global: A ) is missing before this export: this global is not closed.',
      '(type: A ) is missing before this func: this type is not closed.',
    ]);
  });

  it('keeps what follows where a parenthesis is too many', () => {
    const syntax = parseWat('(module (func $a nop)) (func $b nop))');
    assert.deepEqual(names(syntax), ['func $a', 'func $b']);
    assert.deepEqual(faultsOf(syntax), [
      '): The module ends at this ), so that (func and what follows it stand outside: one ) before it is too many.',
    ]);
  });

  it('keeps the next line where a quote is missing', () => {
    const syntax = parseWat('(module (data "abc)\n (func $a))');
    assert.deepEqual(names(syntax), ['data', 'func $a']);
    check(
      '(module (data "abc\n"))',
      '"abc: This string is not closed on its line; end it with ", and write a new line in it as \\n.',
    );
  });
});

describe('the instructions of a function', () => {
  it('come in the order of the binary, folded or not', () => {
    const syntax = parseWat(`(func (param i32)
      (if $l (local.get 0) (then (call 0 (i32.const 1))) (else nop))
      block (drop (i32.add (i32.const 1) (i32.const 2))) loop br 0 end end
      (try (do nop) (catch 0 drop) (catch_all rethrow 0))
      (try (do) (delegate 0)))`);
    assert.deepEqual(syntax.faults, []);
    const expected = `local.get if i32.const call else nop end
      block i32.const i32.const i32.add drop loop br end end
      try nop catch drop catch_all rethrow end try delegate`;
    assert.deepEqual(bodiesOf(syntax), [expected.split(/\s+/)]);
  });

  it('are read to any depth', () => {
    const depth = 100_000;
    const flat = parseWat(`(module (func ${'block '.repeat(depth)}${'end '.repeat(depth)}))`);
    const folded = parseWat(`(module (func ${'(block '.repeat(depth)}${')'.repeat(depth)}))`);
    const unclosed = parseWat(`(module (func ${'(if (i32.eqz '.repeat(depth)}`);
    assert.deepEqual([flat.faults, folded.faults], [[], []]);
    assert.equal(bodiesOf(flat)[0]?.length, 2 * depth);
    assert.equal(bodiesOf(folded)[0]?.length, 2 * depth);
    assert.ok(unclosed.faults.length > 0);
    assert.ok(parseWat('(@a '.repeat(depth)).faults.length > 0);
    assert.deepEqual(parseWat(`(module ${'(@a)'.repeat(depth)})`).faults, []);
    assert.ok(parseWat(')'.repeat(depth)).faults.length > 0);
  });
});

describe('a text without a module around it', () => {
  it('is read as its fields', () => {
    assert.deepEqual(names(parseWat('(func $a) (memory 1)')), ['func $a', 'memory']);
    assert.deepEqual(names(parseWat('')), []);
  });

  it('may be a component, which is left alone', () => {
    const syntax = parseWat('(component (core module (func)) (import "a" (func)) (type (func)) (core func))');
    assert.deepEqual([syntax.fields, syntax.faults], [[], []]);
  });
});

describe('words that are names of every object in JavaScript', () => {
  it('are words like others', () => {
    for (const word of ['toString', 'constructor', '__proto__', 'hasOwnProperty']) {
      const text = `(module (${word} (func $a v128.const ${word} ${word})) (func $${word} (call $${word})) (func $b))`;
      assert.ok(names(parseWat(text)).includes('func $b'), word);
      assert.ok(faultsOfWat(text).length > 0, word);
      assert.equal(stringText(`"${word}\\00"`), `${word}\0`);
    }
  });
});

describe('noise', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...'( ) (; ;) ;; " \\ $ $x 0 -1 (func (module (type (param i32) (local block end else if (then (@a "x" (if'.split(
        ' ',
      ),
      ...'i32.const i32.add br_table call_indirect try (do (catch delegate (import (export (rec (elem (data é 😀'.split(
        ' ',
      ),
      ' ',
      '\n',
    ),
    fc.string({ unit: 'binary' }),
  );

  it('is read to its end, every character once', () => {
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        const { tokens, comments, items, faults } = parseWat(text);
        const spans = [...tokens, ...comments].sort((a, b) => a.start - b.start);
        let at = 0;
        for (const { start, end } of spans) {
          assert.match(text.slice(at, start), /^[ \t\r\n]*$/);
          assert.ok(end > start);
          at = end;
        }
        assert.match(text.slice(at), /^[ \t\r\n]*$/);
        for (const { start, end } of items) assert.ok(start >= 0 && end <= text.length);
        for (const { start, end } of faults) assert.ok(0 <= start && start <= end && end <= text.length);
        faultsOfWat(text);
      }),
      { numRuns: 500 },
    );
  });
});
