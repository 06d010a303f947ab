import assert from 'node:assert/strict';
import fc from 'fast-check';
import { engineError } from '../../../wasm-core/sql/duckdb/engine-error.ts';
import { statementKind } from '../../../wasm-core/sql/duckdb/statement-kind.ts';
import { streamableQuery, streamableType } from '../../../wasm-core/sql/duckdb/streamable.ts';
import { bindParameters } from '../../../wasm-core/sql/parameters.ts';
import { findName, utf16Offset, wordRange } from '../../../wasm-core/sql/positions.ts';

describe('parameters', () => {
  const bound = (sql: string, expected: string, values: Record<string, string | number | boolean | null>) =>
    it(`of ${JSON.stringify(sql)}`, () => assert.equal(bindParameters(sql, values).sql, expected));

  bound('select $a', 'select 1', { a: 1 });
  bound('select $a, $a', "select 'it''s', 'it''s'", { a: "it's" });
  bound(
    'select \'$a\', "$a", $$ $a $$, $tag$ $a $tag$ -- $a\n, /* $a */ $a',
    'select \'$a\', "$a", $$ $a $$, $tag$ $a $tag$ -- $a\n, /* $a */ true',
    { a: true },
  );
  bound('select $1 + $2', 'select 1.5 + NULL', { 1: 1.5, 2: null });
  bound('select $x', "select 'Infinity'::DOUBLE", { x: Number.POSITIVE_INFINITY });

  it('lead back to the places that they took', () => {
    const text = bindParameters('select $a + $long_name + z', { a: 'a long text', long_name: 1 });
    assert.equal(text.original(text.sql.indexOf('z')), 'select $a + $long_name + z'.indexOf('z'));
    assert.equal(text.original(text.sql.indexOf('text')), 'select '.length);
  });

  it('never change a text that names none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (sql) => {
        fc.pre(!sql.includes('$'));
        assert.equal(bindParameters(sql, {}).sql, sql);
      }),
    );
  });
});

describe('positions', () => {
  it('of bytes are those of UTF-16 units', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (text, at) => {
        const cut = Math.min(at, text.length);
        fc.pre(
          cut === text.length ||
            text.codePointAt(cut - 1) === undefined ||
            (text.charCodeAt(cut) & 0xfc00) !== 0xdc00,
        );
        assert.equal(utf16Offset(text, Buffer.byteLength(text.slice(0, cut))), cut);
      }),
    );
  });

  it('of words take names with dots whole', () => {
    const word = (text: string, at: number) => text.slice(wordRange(text, at).start, wordRange(text, at).end);
    assert.equal(word('select a.b.c, d', 7), 'a.b.c');
    assert.equal(word('select "x y"."z", d', 7), '"x y"."z"');
    assert.equal(word('select 1.5', 7), '1');
    assert.equal(word('select', 99), 'select');
  });

  it('of names are found quoted or not, in any case', () => {
    assert.deepEqual(findName('select "Foo"', 'foo'), { start: 7, end: 12 });
    assert.deepEqual(findName("from 'x.csv'", 'x.csv'), { start: 5, end: 12 });
    assert.equal(findName('select food', 'foo'), undefined);
  });

  it('of errors lie inside the statement, whatever the engine says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.integer(), (sql, message, position) => {
        const raw = JSON.stringify({
          exception_type: 'Binder',
          exception_message: message,
          position: String(position),
        });
        const { start, end } = engineError(new Error(raw), sql).details as { start: number; end: number };
        assert.ok(start >= 0 && start <= end && end <= sql.length, `${start} ${end} ${sql.length}`);
      }),
    );
  });
});

describe('statement kinds', () => {
  const kind = (sql: string, expected: string) => it(sql, () => assert.equal(statementKind(sql), expected));
  kind('/* a */ -- b\n with x as (select 1) from x', 'SELECT');
  kind('from x', 'SELECT');
  kind('(select 1)', 'SELECT');
  kind('create table x(a int)', 'CREATE');
  kind('explain select 1', 'EXPLAIN');
});

describe('types that the engine does not stream whole', () => {
  it('become VARCHAR at any depth where they are ENUM, whatever their values', () => {
    assert.equal(
      streamableType("STRUCT(a ENUM('x', 'it''s (ok)')[], b INTEGER)"),
      'STRUCT(a VARCHAR[], b INTEGER)',
    );
    assert.equal(streamableType("MAP(ENUM('k'), ENUM())"), 'MAP(VARCHAR, VARCHAR)');
  });
  it('are cast by position, so that equal names do no harm', () => {
    const columns = [
      { name: 'a', type: "ENUM('x')" },
      { name: 'A b', type: 'INTEGER' },
    ];
    assert.equal(
      streamableQuery('from t', columns),
      'select cast(c0 as VARCHAR) as a, c1 as "A b" from (\nfrom t\n) as t(c0, c1)',
    );
  });
});
