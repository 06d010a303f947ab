import type { DiffSide, DiffType } from '../../protocol/diff.ts';
import { CoreError } from '../../protocol/errors.ts';
import type { ColumnInfo } from '../../protocol/methods.ts';
import { nearNames } from '../../protocol/near-names.ts';
import { SqlPieces } from '../search/sql-pieces.ts';
import { comparable } from './comparable.ts';

/** What a comparison is made of. */
export interface DiffInput {
  readonly before: DiffSide;
  readonly after: DiffSide;
  readonly columns: { readonly before: readonly ColumnInfo[]; readonly after: readonly ColumnInfo[] };
  /** Empty: rows are compared whole. */
  readonly key: readonly string[];
}

/** A comparison as SQL. */
export interface CompiledDiff {
  readonly pieces: SqlPieces;
  readonly addedColumns: readonly string[];
  readonly removedColumns: readonly string[];
  readonly types: readonly DiffType[];
}

/** A column of both sides. */
interface Pair {
  readonly before: ColumnInfo;
  readonly after: ColumnInfo;
}

/** `select * from (…)` over a side, in pieces that know which text came from the request. */
export function addSide(pieces: SqlPieces, name: 'before' | 'after', side: DiffSide): SqlPieces {
  const sql = 'file' in side ? `from ${textLiteral(side.file)}` : side.sql;
  return pieces.add('(\n').addFrom(sql, name).add('\n)');
}

/**
 * Compiles a comparison into one statement.
 *
 * @throws CoreError PARAMS_INVALID for a key that is not a column of both sides, or when they share no column
 */
export function compileDiff(input: DiffInput): CompiledDiff {
  const { before, after } = input.columns;
  const pairs = pairsOf(before, after);
  if (pairs.length === 0) {
    const message = `The two sides have no column in common: ${list(before)} before, ${list(after)} after.`;
    throw new CoreError('PARAMS_INVALID', message);
  }
  const keys = keyPairs(input, pairs);
  const pieces = new SqlPieces();
  if (keys.length === 0) compareWhole(pieces, input, pairs);
  else compareByKey(pieces, input, { keys, cells: pairs.filter((pair) => !keys.includes(pair)) });
  const isShared = (column: ColumnInfo) =>
    pairs.some((pair) => pair.before === column || pair.after === column);
  return {
    pieces,
    addedColumns: after.filter((column) => !isShared(column)).map(({ name }) => name),
    removedColumns: before.filter((column) => !isShared(column)).map(({ name }) => name),
    types: pairs
      .filter((pair) => pair.before.type !== pair.after.type)
      .map((pair) => ({ name: pair.after.name, before: pair.before.type, after: pair.after.type })),
  };
}

/** Names do not differ by case in DuckDB. */
function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function pairsOf(before: readonly ColumnInfo[], after: readonly ColumnInfo[]): readonly Pair[] {
  return after.flatMap((column) => {
    const other = before.find(({ name }) => sameName(name, column.name));
    return other === undefined ? [] : [{ before: other, after: column }];
  });
}

function keyPairs({ key, columns }: DiffInput, pairs: readonly Pair[]): readonly Pair[] {
  return [...new Set(key.map((name) => name.toLowerCase()))].map((name) => {
    const pair = pairs.find(({ after }) => sameName(after.name, name));
    if (pair !== undefined) return pair;
    const written = key.find((k) => sameName(k, name)) ?? name;
    const [near] = nearNames(
      written,
      pairs.map(({ after }) => after.name),
    );
    const isBefore = columns.before.some((column) => sameName(column.name, name));
    const isAfter = columns.after.some((column) => sameName(column.name, name));
    const where = isBefore ? 'after' : isAfter ? 'before' : undefined;
    const what = `The key ${JSON.stringify(written)} is not a column of ${where === undefined ? 'either side' : `the side ${JSON.stringify(where)}`}.`;
    const shared = pairs.map(({ after }) => after.name).join(', ');
    const advice = near === undefined ? ` Both have ${shared}.` : ` Did you mean ${near}?`;
    throw new CoreError('PARAMS_INVALID', what + advice, { key: written });
  });
}

/**
 * Each side becomes one row a key, with the number of rows that have it, and the two are joined. Only one row has its
 * cells looked at: where a side has several, none of them is the one to compare with.
 */
function compareByKey(
  pieces: SqlPieces,
  input: DiffInput,
  { keys, cells }: { readonly keys: readonly Pair[]; readonly cells: readonly Pair[] },
): void {
  const joined = keys.map((pair, i) => comparable(typesOf(pair), { before: `b.k${i}`, after: `a.k${i}` }));
  pieces.add('with b as (').add(oneRowEach(keys, cells, 'before'));
  addSide(pieces, 'before', input.before).add(' as t group by all),\na as (');
  pieces.add(oneRowEach(keys, cells, 'after'));
  addSide(pieces, 'after', input.after).add(' as t group by all),\n');
  pieces.add(
    `joined as (select b.n as bn, a.n as an, ${keys.map((_, i) => `b.k${i} as bk${i}, a.k${i} as ak${i}`).join(', ')}`,
  );
  cells.forEach((pair, i) => {
    const sides = comparable(typesOf(pair), { before: `b.c${i}`, after: `a.c${i}` });
    pieces.add(
      `, b.c${i} as b${i}, a.c${i} as a${i}, ${sides.before} is distinct from ${sides.after} as d${i}`,
    );
  });
  const on = joined.map((sides) => `${sides.before} is not distinct from ${sides.after}`).join(' and ');
  pieces.add(` from b full join a on ${on})\n`);
  pieces.add(`select ${resultColumns(keys, cells).join(', ')}\nfrom joined where ${isDifferent(cells)}\n`);
  // By position: a column of the data may have any name.
  pieces.add(`order by ${keys.map((_, i) => `${i + 2} nulls first`).join(', ')}, 1`);
}

function oneRowEach(keys: readonly Pair[], cells: readonly Pair[], side: 'before' | 'after'): string {
  const parts = [
    ...keys.map((pair, i) => `t.${quoted(pair[side].name)} as k${i}`),
    ...cells.map((pair, i) => `first(t.${quoted(pair[side].name)}) as c${i}`),
    'count(*) as n',
  ];
  return `select ${parts.join(', ')} from `;
}

const IS_DUPLICATE = '(bn > 1 or an > 1)';

function isDifferent(cells: readonly Pair[]): string {
  return ['bn is null', 'an is null', IS_DUPLICATE, ...cells.map((_, i) => `d${i}`)].join(' or ');
}

function resultColumns(keys: readonly Pair[], cells: readonly Pair[]): string[] {
  const names = new Names();
  const status = `case when coalesce(bn, 0) > 1 or coalesce(an, 0) > 1 then 'duplicate' when bn is null then 'added' when an is null then 'removed' else 'changed' end`;
  const shown = [`${status} as ${names.take('status')}`];
  keys.forEach((pair, i) => {
    const value =
      pair.before.type === pair.after.type
        ? `case when an is null then bk${i} else ak${i} end`
        : `case when an is null then bk${i}::varchar else ak${i}::varchar end`;
    shown.push(`${value} as ${names.take(pair.after.name)}`);
  });
  const isPair = `bn = 1 and an = 1`;
  const changed = cells.map((pair, i) => `case when d${i} then ${textLiteral(pair.after.name)} end`);
  const changedList = `list_filter([${changed.join(', ')}]::varchar[], lambda name: name is not null)`;
  shown.push(`case when ${isPair} then ${changedList} end as ${names.take('changed')}`);
  const single = `not coalesce(${IS_DUPLICATE}, false)`;
  cells.forEach((pair, i) => {
    shown.push(`case when ${single} then a${i} end as ${names.take(pair.after.name)}`);
    shown.push(`case when ${single} then b${i} end as ${names.take(`${pair.after.name} (before)`)}`);
  });
  return shown;
}

/** Rows count as often as they occur: those of the left side down, those of the right side up. */
function compareWhole(pieces: SqlPieces, input: DiffInput, pairs: readonly Pair[]): void {
  const side = (name: 'before' | 'after') =>
    pairs.map((pair, i) => {
      const column = `t.${quoted(pair[name].name)}`;
      return `${comparable(typesOf(pair), { before: column, after: column })[name]} as c${i}`;
    });
  pieces.add(`with u as (select -1 as x, ${side('before').join(', ')} from `);
  addSide(pieces, 'before', input.before).add(` as t union all select 1, ${side('after').join(', ')} from `);
  addSide(pieces, 'after', input.after).add(' as t),\n');
  const cells = pairs.map((_, i) => `c${i}`);
  pieces.add(`g as (select ${cells.join(', ')}, sum(x)::bigint as n from u group by ${cells.join(', ')})\n`);
  const names = new Names();
  const status = `if(n > 0, 'added', 'removed') as ${names.take('status')}`;
  const shown = [status, `abs(n) as ${names.take('rows')}`];
  pairs.forEach(({ after }, i) => {
    shown.push(`c${i} as ${names.take(after.name)}`);
  });
  const order = pairs.map((_, i) => `${i + 3} nulls first`).join(', ');
  pieces.add(`select ${shown.join(', ')} from g where n <> 0\norder by ${order}, 1`);
}

/** Names of a result's columns, none of them twice. */
class Names {
  readonly #taken = new Set<string>();

  take(wanted: string): string {
    let name = wanted;
    for (let n = 2; this.#taken.has(name.toLowerCase()); n++) name = `${wanted} ${n}`;
    this.#taken.add(name.toLowerCase());
    return quoted(name);
  }
}

function typesOf({ before, after }: Pair): { readonly before: string; readonly after: string } {
  return { before: before.type, after: after.type };
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function list(columns: readonly ColumnInfo[]): string {
  return columns.map(({ name }) => name).join(', ') || 'none';
}
