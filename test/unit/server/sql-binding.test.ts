import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bindStatement } from '../../../server/sql/navigation/binding/bind-statement.ts';
import { meaningKey, type Occurrence } from '../../../server/sql/navigation/binding/meaning.ts';
import { parseStatement } from '../../../server/sql/syntax/parse-statement.ts';
import { relationName } from '../../../server/sql/syntax/scope.ts';

/** The columns of tables and files, by their names; nothing is known of others. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  f: ['id', 'name', 'point'],
  g: ['id', 'town'],
  t: ['a', 'b'],
};

function bind(sql: string): readonly Occurrence[] {
  return bindStatement(parseStatement(sql), {
    statement: 0,
    columns: (relation) => {
      const name = relationName({ ...relation, alias: undefined } as unknown as typeof relation);
      return COLUMNS[name]?.map((column) => ({
        name: column,
        meanings: [{ kind: 'column', name: column, source: name }],
      }));
    },
  }).occurrences;
}

/** The text with brackets around each name that means what the one at `|` does. */
function same(marked: string): string {
  const sql = marked.replace('|', '');
  const occurrences = bind(sql);
  const at = marked.indexOf('|');
  const found = occurrences.find(({ place }) => place.start <= at && at <= place.end);
  const keys = new Set(found?.meanings.map(meaningKey));
  return occurrences
    .filter(({ meanings }) => meanings.some((meaning) => keys.has(meaningKey(meaning))))
    .reverse()
    .reduce(
      (text, { place: { start, end } }) =>
        `${text.slice(0, start)}[${text.slice(start, end)}]${text.slice(end)}`,
      sql,
    );
}

/** The name at `|`: its kind, `?` where it is not sure. */
function kind(marked: string): string | undefined {
  const at = marked.indexOf('|');
  const found = bind(marked.replace('|', '')).find(({ place }) => place.start <= at && at <= place.end);
  return found && `${found.meanings.map((m) => m.kind).join('+')}${found.isCertain ? '' : '?'}`;
}

function check(cases: Readonly<Record<string, string>>): void {
  for (const [marked, expected] of Object.entries(cases)) assert.equal(same(marked), expected);
}

describe('the names of a statement', () => {
  it('of common tables are found where they are seen, and no further', () => {
    check({
      'with |a as (select 1) select a.* from a join A b on true':
        'with [a] as (select 1) select [a].* from [a] join [A] b on true',
      'with a as (select 1), b as (from a) select * from (with |a as (select 2) from a) x, a':
        'with a as (select 1), b as (from a) select * from (with [a] as (select 2) from [a]) x, a',
      'with recursive r(n) as (select 1 union all select r.n + 1 from |r) from r':
        'with recursive [r](n) as (select 1 union all select [r].n + 1 from [r]) from [r]',
      'with a as (select * from |a) select * from a': 'with a as (select * from [a]) select * from a',
      'with "A b" as (select 1) select 1 from |"a B"': 'with ["A b"] as (select 1) select 1 from ["a B"]',
      'with |a as (select 1) insert into t select * from a':
        'with [a] as (select 1) insert into t select * from [a]',
      'insert into t with |a as (select 1), b as (from a) select * from b, a':
        'insert into t with [a] as (select 1), b as (from [a]) select * from b, [a]',
      'insert into t (x) with a(|n) as (select id from f) select n from a where n > 1':
        'insert into t (x) with a([n]) as (select id from f) select [n] from a where [n] > 1',
      'select * from main.|a, a': 'select * from main.[a], [a]',
    });
  });

  it('of relations are found through the clauses and the queries inside', () => {
    check({
      'select |p.id, (select max(g.id) from g where g.id = p.id) from f p where p.name is not null':
        'select [p].id, (select max(g.id) from g where g.id = [p].id) from f [p] where [p].name is not null',
      'select f.id from f as |f, g where exists (from t f where f.a = 1)':
        'select [f].id from f as [f], g where exists (from t f where f.a = 1)',
      "select |f.id from 'data/f.csv'": "select [f].id from ['data/f.csv']",
      'select main.|t.a, t.b from main.t': 'select main.[t].a, [t].b from main.[t]',
      'from f |x, (select x.id) y select y.id, x.id': 'from f [x], (select [x].id) y select y.id, [x].id',
      'update t |x set a = x.b where x.a > 1': 'update t [x] set a = [x].b where [x].a > 1',
      'select x from f |x': 'select [x] from f [x]',
    });
  });

  it('of columns are followed through common tables, subqueries and stars', () => {
    check({
      'with a as (select id + 1 as |one from f) select one, a.one from a order by one':
        'with a as (select id + 1 as [one] from f) select [one], a.[one] from a order by [one]',
      'with a as (select 1 as x), b as (from a) select |x from (select * from b)':
        'with a as (select 1 as [x]), b as (from a) select [x] from (select * from b)',
      'with a(|u, v) as (select id, name from f) select u, v from a':
        'with a([u], v) as (select id, name from f) select [u], v from a',
      'select |c from f as q(b, c)': 'select [c] from f as q(b, [c])',
      'select |id from (select id from f) x where x.id > 1':
        'select [id] from (select [id] from f) x where x.[id] > 1',
      'with a as (select * exclude (id), id as |k from f) select k, name from a':
        'with a as (select * exclude (id), id as [k] from f) select [k], name from a',
      'with recursive r as (select 1 as |n union all select n + 1 from r where n < 9) select n from r':
        'with recursive r as (select 1 as [n] union all select [n] + 1 from r where [n] < 9) select [n] from r',
    });
    assert.equal(kind('select |id from f join g using (id)'), 'column+column');
    assert.equal(kind('select |id from f natural join g'), 'column+column');
    assert.equal(
      kind('select |id from f join (select 1 as z) y on true natural join (select 2 as z) x'),
      'column',
    );
    assert.equal(kind('select |id from f, u'), 'column');
    assert.equal(kind('select |zip from f, u'), 'column?');
    assert.equal(kind('select |nothing from f'), undefined);
  });

  it('of the select list go behind columns, but before them in ORDER BY', () => {
    check({
      'select a + 1 as |x, x * 2 from t where x > 1 group by x having x > 2 order by x':
        'select a + 1 as [x], [x] * 2 from t where [x] > 1 group by [x] having [x] > 2 order by [x]',
      'select b as |a, a from t where a > 1 order by a': 'select b as [a], a from t where a > 1 order by [a]',
      'select b as |a, a from t order by a desc, a + 1, -a, lower(a), a nulls last':
        'select b as [a], a from t order by [a] desc, a + 1, -a, lower(a), [a] nulls last',
      'select a from t union select 2 as |b order by b': 'select a from t union select 2 as [b] order by [b]',
      'select x + 1, 1 as |x from t': 'select x + 1, 1 as [x] from t',
      'select |n: a, n + 1 from t': 'select [n]: a, [n] + 1 from t',
      'select 1 as |a union select 2 as b order by a': 'select 1 as [a] union select 2 as b order by [a]',
    });
    assert.equal(kind('select 1 as zip from u where |zip = 1'), 'item?');
    assert.equal(kind('select 1 as zip from u order by |zip'), 'item');
    assert.equal(kind('select 1 as x union all by name select 2 as x order by |x'), 'item+item');
  });

  it('of lambdas, comprehensions, macros and windows hold inside of these', () => {
    check({
      'select list_transform([1], |a -> a + b), a from t':
        'select list_transform([1], [a] -> [a] + b), a from t',
      'select list_reduce(b, (x, |y) -> x + y) from t': 'select list_reduce(b, (x, [y]) -> x + [y]) from t',
      'select list_filter(b, lambda |x: x > a) from t': 'select list_filter(b, lambda [x]: [x] > a) from t',
      'select [|x + a for x in b if x > 1], x from t': 'select [[x] + a for [x] in b if [x] > 1], x from t',
      'create macro m(|a, b) as a + b': 'create macro m([a], b) as [a] + b',
      'create macro m(a) as a, (|a, b) as a + b': 'create macro m(a) as a, ([a], b) as [a] + b',
      'create macro m(|a) as table select a from f': 'create macro m([a]) as table select [a] from f',
      'select sum(a) over |w, avg(a) over (w rows 1 preceding) from t window w as (order by b)':
        'select sum(a) over [w], avg(a) over ([w] rows 1 preceding) from t window [w] as (order by b)',
    });
    assert.equal(kind("select a -> '$.|x' from t"), undefined);
  });

  it('of tables, columns of tables, types, files and parameters are told apart', () => {
    check({
      'create table n (|a int primary key, b int check (a > 1))':
        'create table n ([a] int primary key, b int check ([a] > 1))',
      'insert into t (|a, b) values (1, 2) returning a': 'insert into t ([a], b) values (1, 2) returning [a]',
      'select $|x, $x + $y': 'select [$x], [$x] + $y',
    });
    const kinds = {
      'drop table if exists main.|t': 'table',
      'create view |v as select 1': 'table',
      'select |lower(a) from t': 'function',
      'select a.|lower() from t': 'function',
      'select a::|int from t': 'type',
      'select cast(a as |decimal(1, 2)) from t': 'type',
      "select |date '2020-01-01'": 'type',
      'select point.|x from f': 'field',
      'select f.point.|x from f': 'field',
      "from read_csv('a.|csv', header = true)": 'file',
      "from read_csv('a.csv', |header = true)": 'argument',
      'select struct_pack(|k := 1)': 'argument',
      'select {|k: 1}': 'field',
      "select {'k': |a} from t": 'column',
      'select b[|a:a] from t': 'column',
      'select a from t where a |like b': undefined,
      'select interval 1 |day from u': undefined,
      'select extract(|year from a) from u': undefined,
      'select a at |time zone b from u': undefined,
      'select 1 from u left |join f on true': undefined,
    };
    for (const [marked, expected] of Object.entries(kinds)) assert.equal(kind(marked), expected, marked);
  });

  it('are bound in any text, in order and inside of it', () => {
    const word = fc.constantFrom(
      ...'select from where with as ( ) , . [ ] { } union all by name join on using group order limit insert into'.split(
        ' ',
      ),
      ...'update set delete create table view macro a b t f "q" \'s\' 1 * : := $p lateral pivot recursive -> for in'.split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (words) => {
        const sql = words.join(' ');
        let end = 0;
        for (const { place, meanings } of bind(sql)) {
          assert.ok(place.start >= end && place.end <= sql.length && place.end > place.start);
          assert.ok(meanings.length > 0);
          end = place.end;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
