import { leadingStart, readDirectives } from '../directives.ts';
import { isQuery } from '../query.ts';
import { type StatementRange, splitStatements } from '../statements.ts';
import type { BenchDirective } from './bench-directive.ts';

/** A benchmark of a SQL text: one query. */
export interface SqlBenchmark extends Omit<BenchDirective, 'name'> {
  /** Different from those of the others in the text. */
  readonly name: string;
  /** The statement's, from 0. */
  readonly index: number;
  /** Where the statement is, without the comments above it; UTF-16 code units. */
  readonly range: StatementRange;
  /** The statement with the comments above it, whose directives hold: what is sent to the host. */
  readonly sql: string;
}

/** What a SQL text has for `quern bench`. */
export interface SqlBenchmarks {
  readonly benchmarks: readonly SqlBenchmark[];
  /** The statements that run once before anything is measured, in their order, with the comments above them. */
  readonly setup: readonly { readonly sql: string; readonly start: number }[];
}

/**
 * Finds the benchmarks of a SQL text: the queries with `-- @bench` above them, or every query where none has that. What
 * stands in front of the last of them and is no query prepares for them; what stands behind it is left alone.
 *
 * A benchmark is called what its directive or `-- name:` says, else as its text begins, so that it stays itself when
 * others are written above it.
 */
export function readSqlBenchmarks(text: string): SqlBenchmarks {
  const ranges = splitStatements(text);
  const statements = ranges.map((range, index) => {
    const from = leadingStart(ranges, index);
    // A semicolon ends the statement before.
    const start = from + (/^\s*;/.exec(text.slice(from, range.start))?.[0].length ?? 0);
    const statement = text.slice(range.start, range.end);
    const directives = readDirectives(text, start, range.start);
    return { index, range, start, statement, sql: text.slice(start, range.end), ...directives };
  });
  const queries = statements.filter(({ statement }) => isQuery(statement));
  // One whose directive cannot be read is meant, too: whoever measures it is told what is wrong.
  const marked = queries.filter(
    ({ bench, problems }) => bench !== undefined || problems.some(({ type }) => type === 'bench'),
  );
  const chosen = marked.length > 0 ? marked : queries;
  const names = new UniqueNames();
  const benchmarks = chosen.map(({ index, range, sql, statement, name, bench }): SqlBenchmark => {
    const wanted = bench?.name ?? name ?? firstWords(statement);
    return { ...bench, name: names.take(wanted), index, range, sql };
  });
  const last = chosen.at(-1)?.index ?? 0;
  const setup = statements.filter(({ index, statement }) => index < last && !isQuery(statement));
  return { benchmarks, setup: setup.map(({ sql, start }) => ({ sql, start })) };
}

/** The reference of each group: the one that says so, else the first. @returns its index by the group's name */
export function groupReferences(
  benchmarks: readonly Pick<BenchDirective, 'group' | 'isReference'>[],
): ReadonlyMap<string, number> {
  const references = new Map<string, number>();
  benchmarks.forEach(({ group, isReference }, index) => {
    if (group === undefined) return;
    const known = references.get(group);
    if (known === undefined || (isReference && !benchmarks[known]?.isReference)) references.set(group, index);
  });
  return references;
}

/** Names that are taken once each: a second `x` becomes `x (2)`. */
export class UniqueNames {
  readonly #taken = new Set<string>();

  take(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#taken.has(name); count++) name = `${wanted} (${count})`;
    this.#taken.add(name);
    return name;
  }
}

const MOST_CHARACTERS = 60;

function firstWords(statement: string): string {
  const line = statement.replace(/\s+/g, ' ');
  if (line.length <= MOST_CHARACTERS) return line;
  // Half of a surrogate pair is no character.
  return `${line.slice(0, MOST_CHARACTERS - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
