/* What completion offers where `|` stands, over the files that `test/lsp/completion.test.ts` writes. */

/** Columns id, name, born. */
export const PEOPLE = "'data/people.csv'";
/** Columns id, town, order, at, xs; `at` is a struct and `xs` a list of them. */
export const TOWNS = "'data/towns.json'";

/** The columns, fields and names that are offered, in their order. */
export const COLUMN_CASES: readonly (readonly [string, readonly string[]])[] = [
  // Half typed, where nothing prepares.
  [`select | from ${PEOPLE} p`, ['id', 'name', 'born', 'p']],
  [`select id, | from ${PEOPLE} p`, ['id', 'name', 'born', 'p']],
  [`select id, from ${PEOPLE} p where na| and`, ['name']],
  [`select name\nfrom ${PEOPLE} p\nwhere |`, ['id', 'name', 'born', 'p']],
  [`select * from ${PEOPLE} p where id = |`, ['id', 'name', 'born', 'p']],
  [`select count(*) from ${PEOPLE} p group by |`, ['id', 'name', 'born', 'p']],
  [`select * from ${PEOPLE} p order by |`, ['id', 'name', 'born', 'p']],
  [`select lower(concat(| from ${PEOPLE} p`, ['id', 'name', 'born', 'p']],
  [`select sum(id) over (partition by | from ${PEOPLE} p`, ['id', 'name', 'born', 'p']],
  [`select case when | from ${PEOPLE} p`, ['id', 'name', 'born', 'p']],
  [`from ${PEOPLE} p select |`, ['id', 'name', 'born', 'p']],
  // Behind a dot.
  [`select p.| from ${PEOPLE} p join ${TOWNS} t on true`, ['id', 'name', 'born']],
  [`select t.| from ${TOWNS} t`, ['id', 'town', 'order', 'at', 'xs']],
  [`select t.to| from ${TOWNS} t`, ['town']],
  [`select x.| from ${TOWNS} t`, []],
  [`select t.at.| from ${TOWNS} t`, ['lat', 'is in']],
  [`select at.| from ${TOWNS}`, ['lat', 'is in']],
  [`select at."is in".| from ${TOWNS}`, ['land']],
  [`select xs[1].| from ${TOWNS}`, ['a']],
  // Both sides of a join.
  [
    `select | from ${PEOPLE} p join ${TOWNS} t on true`,
    ['p.id', 'name', 'born', 't.id', 'town', 'order', 'at', 'xs', 'p', 't'],
  ],
  [
    `select | from ${PEOPLE} p join ${TOWNS} t using (id)`,
    ['id', 'name', 'born', 'town', 'order', 'at', 'xs', 'p', 't'],
  ],
  [
    `select | from ${PEOPLE} p natural join ${TOWNS} t`,
    ['id', 'name', 'born', 'town', 'order', 'at', 'xs', 'p', 't'],
  ],
  [
    `select | from ${PEOPLE} p natural join (select 1 as id) t join (select 2 as id) u on true`,
    ['p.id', 'name', 'born', 'u.id', 'p', 't', 'u'],
  ],
  [
    `select s.| from (select *, from ${PEOPLE} p natural join (select 1 as id) t where) s`,
    ['id', 'name', 'born'],
  ],
  [`select * from ${PEOPLE} p join ${TOWNS} t using (|`, ['id']],
  [`select * from ${PEOPLE} a join ${PEOPLE} b on a.| and`, ['id', 'name', 'born']],
  // Common tables and subqueries.
  [
    `with a as (select id as one from ${PEOPLE}), b as (select one, 2 as two from a) select b.| from b`,
    ['one', 'two'],
  ],
  [`with a(x, y) as (select id, name from ${PEOPLE}) select a.| from a`, ['x', 'y']],
  [`create table w (z int); insert into w with a as (select 1 as one) select | from a`, ['one', 'a']],
  [
    `create table w (z int); insert into w (z) with a as (select | from ${PEOPLE} p) from a`,
    ['id', 'name', 'born', 'p'],
  ],
  [`with a as (select | from ${PEOPLE} p`, ['id', 'name', 'born', 'p']],
  [`with a as (select 1 as one), b as (select | from a`, ['one', 'a']],
  [`select s.| from (select id + 1 as next from ${PEOPLE}) s`, ['next']],
  [`select s.| from (select id, name as n, 1 + from ${PEOPLE}) s`, ['id', 'n']],
  [`select s.| from (select *, from ${PEOPLE} where) s`, ['id', 'name', 'born']],
  [
    `select (select | from ${TOWNS} t) from (select 5 as born) p`,
    ['id', 'town', 'order', 'at', 'xs', 't', 'p', 'born'],
  ],
  [
    `select * from ${PEOPLE} p where exists (select 1 from (select 1 one) o where o.one = p.|)`,
    ['id', 'name', 'born'],
  ],
  [`select * from ${TOWNS} t, unnest(t.|)`, ['id', 'town', 'order', 'at', 'xs']],
  [`select u.| from ${TOWNS} t, unnest(t.xs) u(x)`, ['x']],
  // Aliases of the list, and lambdas.
  [`select id + 1 as next, | from (select 1 as id)`, ['id', 'next']],
  [`select id + 1 as next from (select 1 as id) where |`, ['id', 'next']],
  [`select list_transform([1], x -> |`, ['x']],
  [`select list_reduce([1], lambda a, b: |`, ['a', 'b']],
  // Names alone.
  [`select * exclude (| from ${PEOPLE}`, ['id', 'name', 'born']],
  [`select * replace (lower(|) as name) from ${PEOPLE} p`, ['name', 'id', 'born', 'p']],
  [`select columns(| from ${PEOPLE} p`, ['id', 'name', 'born', 'p']],
  // Tables that the document defines and nobody has made.
  [`create table made (a integer, b varchar);\nselect made.| from made`, ['a', 'b']],
  [`create table made (a integer, b decimal(4, 2) not null);\ninsert into made (|)`, ['a', 'b']],
  [`create table made (a integer, b varchar);\nupdate made set |`, ['a', 'b']],
  [`create table made (a integer);\nupdate made set a = | where true`, ['a', 'made']],
  [
    `create view seen as select id as one from ${PEOPLE};\ncreate table t as select one + 1 as two from seen;\nselect t.| from t`,
    ['two'],
  ],
  ['create macro twice(x, y) as x * |', ['x', 'y']],
  [`pivot ${PEOPLE} on | using`, ['id', 'name', 'born', 'people']],
];

/** Labels that are offered, and some that are not. */
export const KEYWORD_CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['|', ['select', 'from', 'with', 'create table'], ['where', 'group by']],
  ['select 1;\n|', ['select', 'copy'], ['where']],
  [
    `select * from ${PEOPLE} |`,
    ['where', 'left join', 'group by all', 'order by', 'limit'],
    ['having x', 'on', 'desc', 'lower', 'id'],
  ],
  [
    `select * from ${PEOPLE} where id = 1 |`,
    ['and', 'or', 'group by', 'order by'],
    ['where', 'from', 'having x'],
  ],
  [`select * from ${PEOPLE} join x |`, ['on', 'using (…)'], []],
  [`select id | from ${PEOPLE}`, ['as'], ['from', 'where']],
  [`select * | from ${PEOPLE}`, ['exclude (…)', 'replace (…)'], ['from']],
  [`select * from ${PEOPLE} group |`, ['by', 'by all'], ['id']],
  [`select * from ${PEOPLE} group by |`, ['all'], ['where']],
  [`select * from ${PEOPLE} order by id |`, ['desc', 'nulls last', 'limit'], ['where']],
  [`select count(*) |`, ['over (…)', 'from'], []],
  ['select case when true |', ['then', 'and'], ['from', 'as']],
  ['select 1 is |', ['not null', 'distinct from'], ['lower']],
  ['select 1 union |', ['all', 'by name'], []],
  ['with a as (select 1) |', ['select', 'from'], ['where']],
  ['create |', ['table', 'or replace table', 'macro'], ['select']],
  ['insert |', ['into'], []],
  ["copy t to 'x.parquet' (|", ['format', 'compression'], []],
  ["copy t to 'x.parquet' (format |", ['parquet', 'csv'], []],
  ['select 1 where exists (|', ['select', 'from'], ['lower', 'where']],
  ['with a as (|', ['select', 'with'], ['lower']],
  ['select 1 union all by name |', ['select', 'from'], ['and', 'desc']],
  ['explain |', ['analyze', 'select'], []],
  [`from ${PEOPLE} |`, ['select', 'where', 'join'], ['on']],
  ['select extract(|', ['year', 'epoch'], ['lower']],
  ['select extract(year |', ['from'], ['and']],
  ['create macro f(x) as |', ['x', 'lower', 'table select'], ['where']],
  ['create macro f(x) as table select |', ['x', 'lower'], ['table']],
  ['use |', ['memory', 'main'], ['lower']],
  ['select sum(1) over (|', ['partition by', 'order by'], ['select']],
  ['select sum(1) over (order by 1 rows between |', ['unbounded preceding', 'current row'], []],
];
