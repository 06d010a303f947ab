import assert from 'node:assert/strict';
import fc from 'fast-check';
import { closureOf, dependenciesOf, readStatement } from '../../../wasm-core/protocol/definitions.ts';
import { statementNames, statementWords } from '../../../wasm-core/protocol/statement-words.ts';

/** The statements that the last one needs, in order. */
function needs(...statements: readonly string[]): number[] {
  const dependencies = dependenciesOf(statements.map(readStatement));
  return [...closureOf(dependencies, [statements.length - 1])].sort((a, b) => a - b);
}

describe('what a statement depends on', () => {
  it('is what defines the things that it names', () => {
    assert.deepEqual(needs('create table t (a int)', 'create table u (b int)', 'select * from T'), [0]);
    assert.deepEqual(needs('create view "My View" as select 1', 'select * from "my view"'), [0]);
    assert.deepEqual(needs('create or replace temp macro m(x) as x', 'select m(1)'), [0]);
    assert.deepEqual(needs("create type mood as enum ('a')", 'create table t (m mood)', 'from t'), [0, 1]);
    assert.deepEqual(needs('create schema s', 'create table s.t (a int)', 'from s.t'), [0, 1]);
    assert.deepEqual(needs('create sequence q', "select nextval('main.q')"), [0]);
    assert.deepEqual(needs('set variable x = 1', 'set variable y = 2', "select getvariable('x')"), [0]);
    assert.deepEqual(needs("attach 'shop.duckdb' as s", 'from s.t'), [0]);
    assert.deepEqual(needs("attach 'a/shop.v1.duckdb'", 'from shop.t'), [0]);
    assert.deepEqual(needs('prepare p as select $1', 'execute p(1)'), [0]);
    assert.deepEqual(needs('create table if not exists t (a int)', 'from t'), [0]);
    assert.deepEqual(
      needs('create unique index i on t (a)', 'insert into t values (1) on conflict do nothing'),
      [0],
    );
  });

  it('is nothing that only reads or that comes later', () => {
    assert.deepEqual(needs('select 1 as t', 'from t'), []);
    assert.deepEqual(needs('insert into t values (1)', 'set threads = 2', 'from t'), []);
    assert.deepEqual(dependenciesOf(['from t', 'create table t (a int)'].map(readStatement)), [[], []]);
    assert.deepEqual(needs('create table t (a int)', 'select 1 -- from t', 'select 2 /* t */'), []);
  });

  it('goes from definition to definition', () => {
    assert.deepEqual(
      needs('create table a as select 1', 'create table b as from a', 'create view c as from b', 'from c'),
      [0, 1, 2],
    );
  });

  it('is also what changed or dropped them since', () => {
    const statements = ['create table t (a int)', 'alter table t add column b int', 'from t'];
    assert.deepEqual(needs(...statements), [0, 1]);
    assert.deepEqual(
      needs('create table t (a int)', 'drop table t', 'create table t (b int)', 'from t'),
      [0, 1, 2],
    );
    assert.deepEqual(needs('create table t (a int)', 'alter table t rename to u', 'from u'), [0, 1]);
    assert.deepEqual(
      needs('create table a (x int)', 'create table b (x int)', 'drop table a, b', 'from b'),
      [0, 1, 2],
    );
  });

  it('begins anew where a definition replaces the one before', () => {
    const replaced = [
      'create or replace table t as select 1',
      'create or replace table t as select 2',
      'from t',
    ];
    assert.deepEqual(needs(...replaced), [1]);
    assert.deepEqual(
      needs('create table t (a int)', 'drop table if exists t', 'create table t (b int)', 'from t'),
      [1, 2],
    );
    assert.deepEqual(needs('set variable x = 1', "set variable x = 'a'", "select getvariable('x')"), [1]);
    // Each reads the one before.
    const chain = [
      'create table t as select 1 a',
      'create or replace table t as select a, 2 b from t',
      'from t',
    ];
    assert.deepEqual(needs(...chain), [0, 1]);
    // The other is still there.
    assert.deepEqual(
      needs('create table a.t (x int)', 'create or replace table b.t (x int)', 'from a.t'),
      [0, 1],
    );
    assert.deepEqual(needs('create table x (a int)', 'set variable x = 1', 'from x'), [0, 1]);
  });

  it('is what changed how names are looked up', () => {
    assert.deepEqual(
      needs("attach ':memory:' as m", 'use m', 'create table t (a int)', 'use memory', 'select 1'),
      [0, 1, 3],
    );
    assert.deepEqual(needs('create schema s', "set search_path = 's'", 'from t'), [0, 1]);
    assert.deepEqual(needs('set schema s', 'select 1'), [0]);
    assert.deepEqual(needs('set threads = 4', "set TimeZone = 'UTC'", 'select 1'), []);
  });

  it('is what a view, a macro or a prepared statement finds when it is used', () => {
    const macro = ['create macro m() as table from t', 'create table t (a int)', 'from m()'];
    assert.deepEqual(needs(...macro), [0, 1]);
    const view = ['create table t (a int)', 'create view v as from t', 'alter table t add b int', 'from v'];
    assert.deepEqual(needs(...view), [0, 1, 2]);
  });

  it('is the same whatever stands between them', () => {
    const statement = fc.constantFrom(
      'create table t (a int)',
      'create or replace table t as select 1',
      'create or replace view v as from t',
      'drop table if exists t',
      'use s',
      'from t, v',
      'select 1',
    );
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 12 }), fc.nat(12), (statements, at) => {
        const index = Math.min(at, statements.length);
        const more = [...statements.slice(0, index), 'select 42', ...statements.slice(index)];
        const moved = dependenciesOf(statements.map(readStatement)).map((dependencies) =>
          dependencies.map((d) => (d < index ? d : d + 1)),
        );
        const found = dependenciesOf(more.map(readStatement));
        assert.deepEqual(
          found.filter((_, i) => i !== index),
          moved,
        );
        assert(found.every((dependencies, i) => dependencies.every((d) => d < i)));
      }),
    );
  });

  it('is looked for among the same names by the short way and the long one', () => {
    const piece = fc.constantFrom(
      'a',
      'B_1',
      ' ',
      '\n',
      "'",
      '"',
      "''",
      '$',
      '$$',
      '$t$',
      '--',
      '.',
      "e'",
      '\\',
      '1',
      'ä',
      '(',
      '/*',
      '*/',
      'é😀',
      ' x ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        // What is not closed is no statement that anything could depend on.
        fc.pre(statementWords(`${text}\n;`).at(-1)?.text === ';');
        const long = new Set(statementWords(text).flatMap((word) => word.names));
        const missed = [...long].filter((name) => !statementNames(text).has(name));
        assert.deepEqual(missed, [], JSON.stringify(text));
      }),
      { numRuns: 2_000, examples: [[['$', '1', '$$', ' x ']]] },
    );
  });

  it('is told of any text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }), (texts) => {
        const starts = ['create table ', 'alter ', 'drop ', 'attach ', 'set ', ''];
        const all = texts.flatMap((text) => starts.map((start) => start + text));
        assert.equal(dependenciesOf(all.map(readStatement)).length, all.length);
      }),
      { numRuns: 200 },
    );
  });
});
