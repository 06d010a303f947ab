import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseStatement } from '../../../server/sql/syntax/parse-statement.ts';
import { clauseAt, levelsAt, relationName, relationQuery } from '../../../server/sql/syntax/scope.ts';
import type { Block, Query, Span } from '../../../server/sql/syntax/tree.ts';
import { tokenize } from '../../../server/sql/tokens.ts';

/** What is around `|`: of each query, the innermost first, its clause, common tables and relations. */
function around(marked: string): string[] {
  const offset = marked.indexOf('|');
  const statement = parseStatement(marked.replace('|', ''));
  return levelsAt(statement, offset).map(({ block, tables }) => {
    const clause = block === undefined ? 'WITH' : (clauseAt(block, offset)?.keyword ?? '');
    const common = tables.map((table) => table.name.text).join(' ');
    const relations = block?.relations.map(relationName).join(' ') ?? '';
    return `${clause}; ${common}; ${relations}`;
  });
}

/** The queries that give the columns of the relations around `|`. */
function queries(marked: string): string[] {
  const statement = parseStatement(marked.replace('|', ''));
  const levels = levelsAt(statement, marked.indexOf('|'));
  return levels.flatMap(({ block }, index) =>
    (block?.relations ?? []).map((relation) => relationQuery(statement, relation, levels.slice(index))),
  );
}

function calls(sql: string): string[] {
  return parseStatement(sql).calls.map((call) => `${call.name.text}/${call.arguments.length}`);
}

/** The names of the items of the first block; `*` for several, `?` where none can be told. */
function items(sql: string): string[] {
  return (parseStatement(sql).query.blocks[0]?.items ?? []).map((i) => (i.isStar ? '*' : (i.name ?? '?')));
}

/** How the relations of the first block are joined; `!` without a condition. */
function joins(sql: string): string[] {
  return (parseStatement(sql).query.blocks[0]?.relations ?? []).map(
    (r) => `${relationName(r)} ${r.joined}${r.hasCondition ? '' : '!'}`,
  );
}

describe('the syntax of a statement', () => {
  it('knows the queries around a position', () => {
    assert.deepEqual(around('with a as (select 1) select | from b'), ['SELECT; a; b']);
    assert.deepEqual(around('with a as (select 1), b as (select | from a) select 2'), [
      'SELECT; ; a',
      'WITH; a; ',
    ]);
    assert.deepEqual(around('with recursive r as (select | from r) select 2'), ['SELECT; ; r', 'WITH; r; ']);
    assert.deepEqual(around('select (select max(|) from u) from t'), ['SELECT; ; u', 'SELECT; ; t']);
    assert.deepEqual(around('(select 1) union all (select | from c)'), ['SELECT; ; c', '; ; ']);
    assert.deepEqual(around('from (select 1) q select |'), ['SELECT; ; q']);
  });

  it('knows them while they are being typed', () => {
    assert.deepEqual(around('select a, | from'), ['SELECT; ; ']);
    assert.deepEqual(around('select * from t where x in (select | '), ['SELECT; ; ', 'WHERE; ; t']);
    assert.deepEqual(around('with a as (select |'), ['SELECT; ; ', 'WITH; ; ']);
    assert.deepEqual(around('select f(x, | from t'), ['SELECT; ; ']);
  });

  it('knows the clauses of statements that write', () => {
    assert.deepEqual(around('insert into t (a, b) select | from s'), ['SELECT; ; t s']);
    assert.deepEqual(around('insert into t with c as (select 1), d as (from c) select | from d'), [
      'SELECT; c d; t d',
    ]);
    assert.deepEqual(around('insert into t (a) with c as (select | from s) from c'), [
      'SELECT; ; s',
      'WITH; ; ',
    ]);
    assert.deepEqual(
      around('insert into t with recursive c(n) as (select 1 union all select | from c) from c'),
      ['SELECT; ; c', 'WITH; c; '],
    );
    assert.deepEqual(around('insert into t select | from unnest([1]) with ordinality'), [
      'SELECT; ; t unnest',
    ]);
    assert.deepEqual(around('update t set x = | from u where u.id = t.id'), ['SET; ; t u']);
    assert.deepEqual(around('delete from t using u where |'), ['WHERE; ; t u']);
    assert.deepEqual(around('merge into t using s on t.id = s.id when matched then update set x = |'), [
      'SET; ; t s',
    ]);
    assert.deepEqual(around('create or replace temp view v as select | from t'), ['SELECT; ; t']);
    assert.deepEqual(around('explain analyze select | from t'), ['SELECT; ; t']);
    assert.deepEqual(around('summarize t|'), ['SUMMARIZE; ; t']);
    assert.deepEqual(around('pivot t on year using sum(|) group by x'), ['USING; ; t']);
  });

  it('is not misled by words that stand inside of expressions', () => {
    assert.deepEqual(around('select a is not distinct from b, | from t'), ['SELECT; ; t']);
    assert.deepEqual(around('select t.order, | from t'), ['SELECT; ; t']);
    assert.deepEqual(around('select 1 as limit, | from t'), ['SELECT; ; t']);
    assert.deepEqual(around('select list(x order by y), | from t'), ['SELECT; ; t']);
    assert.deepEqual(joins('select * from t join u on left(t.a, 1) = right(u.a, 1)'), ['t first!', 'u join']);
  });

  it('tells how relations are joined', () => {
    assert.deepEqual(joins('select * from a, b cross join c, (d join e using (x))'), [
      'a first!',
      'b comma!',
      'c join',
      'd first!',
      'e join',
    ]);
    assert.deepEqual(joins('select * from a natural join b asof join c on a.t >= c.t'), [
      'a first!',
      'b join',
      'c join',
    ]);
  });

  it('tells which columns a join merges', () => {
    const merges = (sql: string) =>
      (parseStatement(sql).query.blocks[0]?.relations ?? []).map(({ merges: merged }) =>
        typeof merged === 'string' ? merged : merged?.map(({ text }) => text).join(' '),
      );
    assert.deepEqual(merges('from a join b using (x, "Y") natural join c join d on true, e'), [
      undefined,
      'x Y',
      'shared',
      undefined,
      undefined,
    ]);
    assert.deepEqual(merges('from a natural left join b'), [undefined, 'shared']);
    assert.deepEqual(merges('from (a natural join b) join c using (x)'), [undefined, 'shared', 'x']);
  });

  it('gives a query for the columns of each relation', () => {
    assert.deepEqual(queries("select | from 'f.csv' f, read_csv('g.csv') as g(a, b), s.t"), [
      "select * from 'f.csv'",
      "select * from read_csv('g.csv') as g(a, b)",
      'select * from s.t',
    ]);
    assert.deepEqual(queries('with a as (select 1), b as (from a), c as (select 2) select | from b'), [
      'with a as (select 1), b as (from a) select * from b',
    ]);
    assert.deepEqual(queries('with a as (select 1) select (with b as (from a) select | from b) x'), [
      'with a as (select 1) select * from (with b as (from a) select * from b)',
    ]);
  });

  it('names the columns of a SELECT list', () => {
    assert.deepEqual(items('select a, t.b, c + 1, d as e, f(1) g, *, t.*, h: 1, count(*), null, x::int y'), [
      'a',
      'b',
      '?',
      'e',
      'g',
      '*',
      '*',
      'h',
      '?',
      '?',
      'y',
    ]);
    assert.deepEqual(items('select distinct on (a, b) a, case when x then 1 end, "q r" from t'), [
      'a',
      '?',
      'q r',
    ]);
    assert.deepEqual(items('select sum(a) over w, sum(b) over w as c from t window w as ()'), ['?', 'c']);
    assert.deepEqual(items('select columns(x -> x > 1), * exclude (a), -a, not a, a is null from t'), [
      '*',
      '*',
      '?',
      '?',
      '?',
    ]);
  });

  it('finds calls and their arguments, but no other parentheses', () => {
    assert.deepEqual(
      calls('select f(a, g(b), [1, 2]), count(*) over (order by h()) from t where x in (1, 2)'),
      ['f/3', 'g/1', 'count/1', 'h/0'],
    );
    assert.deepEqual(
      calls('with r(n) as (select 1) select * from r as s(m) union all by name (select 2)'),
      [],
    );
    assert.deepEqual(calls('insert into t (a, b) values (1, f(2))'), ['f/1']);
    assert.deepEqual(calls('create macro m(a, b) as f(a)'), ['f/1']);
  });

  it('reads what a statement creates', () => {
    const defined = (sql: string) => {
      const { kind, name, parameters } = parseStatement(sql).definition ?? {};
      return [kind, name?.text, ...(parameters ?? []).map((p) => p.text)];
    };
    assert.deepEqual(defined('create or replace temp macro f(a, b := 1) as a'), ['MACRO', 'f', 'a', 'b']);
    assert.deepEqual(defined('create table if not exists s."T u" (a int)'), ['TABLE', 'T u']);
    assert.deepEqual(defined('create function g() as table select 1'), ['MACRO', 'g']);
    assert.deepEqual(defined('select 1'), [undefined, undefined]);
  });

  it('is read in time and within the stack, however deeply a text nests', () => {
    for (const piece of ['(select ', 'f(', '(', 'with a as (', 'case [', '((select 1) union ']) {
      const statement = parseStatement(`select ${piece.repeat(20_000)}`);
      assert.equal(statement.query.start, 0);
    }
  });

  it('holds for any text, and every part lies inside of what it is part of', () => {
    const word = fc.constantFrom(
      ...'select from where with as ( ) , . [ ] { } union all by name join on using group order limit values insert into'.split(
        ' ',
      ),
      ...'update set delete create table view macro a b "q" \'s\' 1 * : := $p lateral pivot recursive t x -- /* 😀'.split(
        ' ',
      ),
    );
    const text = fc.array(word, { maxLength: 60 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), fc.nat(), (sql, at) => {
        const statement = parseStatement(sql);
        assert.deepEqual(statement.tokens, tokenize(sql));
        checkQuery(statement.query, { start: 0, end: sql.length });
        for (const call of statement.calls)
          for (const argument of call.arguments) checkInside(argument, call);
        for (const level of levelsAt(statement, at % (sql.length + 1)))
          assert.ok(level.query.blocks.length > 0);
      }),
      {
        numRuns: 2_000,
        examples: [
          ['select t : select', 0],
          ['select as select', 0],
        ],
      },
    );
  });
});

function checkInside(inner: Span, outer: Span): void {
  assert.ok(inner.start >= outer.start && inner.end <= outer.end && inner.start <= inner.end);
}

function checkQuery(query: Query, outer: Span): void {
  checkInside(query, outer);
  assert.equal(query.operators.length, query.blocks.length - 1);
  for (const table of query.tables) {
    checkInside(table, query);
    if (table.query !== undefined) checkQuery(table.query, table);
  }
  for (const block of query.blocks) checkBlock(block, query);
}

function checkBlock(block: Block, query: Query): void {
  checkInside(block, query);
  for (const part of [...block.clauses, ...block.relations, ...block.items]) checkInside(part, block);
  for (const item of block.items) checkInside(item.expression, item);
  for (const nested of block.queries) checkQuery(nested, block);
}
