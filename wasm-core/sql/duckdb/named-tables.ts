import { CoreError, type ErrorKind } from '../../protocol/errors.ts';
import { nearNames } from '../../protocol/near-names.ts';
import { statementNames } from '../../protocol/statement-words.ts';
import type { SessionTable } from '../engine.ts';
import { findName } from '../positions.ts';
import { type EngineContext, queryRows, quoteText } from './context.ts';
import { engineError } from './engine-error.ts';
import { quoteName } from './logical-type.ts';
import type { Replacement } from './replacement-scan.ts';

/**
 * The tables that a folder's `quern.json` names. The engine asks for them by name where it knows no table, so that
 * nothing of a table is read or checked before a statement names it, and a session's own tables hide it.
 */
export class NamedTables {
  #tables: ReadonlyMap<string, SessionTable> = new Map();
  #version = 0;

  /** Changes whenever the tables do. */
  get version(): number {
    return this.#version;
  }

  get all(): readonly SessionTable[] {
    return [...this.#tables.values()];
  }

  /** Replaces them. */
  set(tables: readonly SessionTable[]): void {
    this.#tables = new Map(tables.map((table) => [table.name.toLowerCase(), table]));
    this.#version++;
  }

  /** What a name stands for. @param name in any case */
  find(name: string): Replacement | undefined {
    return this.#tables.get(name.toLowerCase())?.reading;
  }

  /** Those that a statement may mean by one of its names. */
  namedIn(sql: string): readonly SessionTable[] {
    if (this.#tables.size === 0) return [];
    const names = statementNames(sql);
    return [...this.#tables].flatMap(([name, table]) => (names.has(name) ? [table] : []));
  }

  /** The names most like one that is not there. */
  near(name: string): string[] {
    return nearNames(
      name,
      this.all.map((table) => table.name),
    );
  }
}

/** Those in a statement that no table or view of the session hides. @throws Error */
export function visibleTables(context: EngineContext, sql: string): readonly SessionTable[] {
  const named = context.tables.namedIn(sql);
  if (named.length === 0) return [];
  const list = named.map(({ name }) => quoteText(name.toLowerCase())).join(', ');
  const rows = queryRows(
    context.db,
    context.checks,
    `select lower(table_name) as name from duckdb_tables() where lower(table_name) in (${list})
     union all select lower(view_name) from duckdb_views() where lower(view_name) in (${list})`,
  );
  const hidden = new Set(rows.map(({ name }) => name));
  return named.filter(({ name }) => !hidden.has(name.toLowerCase()));
}

/** What a statement's error says, and what is behind it where that is one of the tables. */
interface StatementFailure {
  readonly error: CoreError;
  readonly sql: string;
  /** Prepares a query where the statement failed. @throws Error of the engine */
  readonly prepare: (sql: string) => void;
}

/** An error of a statement, said of the named table where that is what cannot be read. */
export function namedTableError(context: EngineContext, failure: StatementFailure): CoreError {
  const { error, sql, prepare } = failure;
  if (context.tables.all.length === 0 || !TABLE_FAULTS.has(error.kind)) return error;
  // It says nothing of what the statement reads.
  if (error.message.includes('Current transaction is aborted')) return error;
  for (const table of context.tables.namedIn(sql)) {
    const { name, reading } = table;
    const place = findName(sql, name) ?? {};
    if ('fault' in reading) {
      if (!error.message.includes(reading.fault)) continue;
      return new CoreError('FORMAT_WORKSPACE', notRead(name, reading.fault), { ...place, table: name });
    }
    const found = attempt(context, prepare, `select * from ${quoteName(name)}`);
    if (found === undefined) continue;
    const { start, end, ...details } = found.details;
    return new CoreError(found.kind, notRead(name, found.message), { ...details, ...place, table: name });
  }
  return missingTable(context, error);
}

/** Kinds of errors that a table may be behind. */
const TABLE_FAULTS: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'SQL_BIND',
  'SQL_PARSE',
  'SQL_RUN',
  'FILE_NOT_FOUND',
  'FILE_IO',
  'FORMAT_DATA',
  'PATH_DENIED',
  'CAPABILITY_DENIED',
]);

function notRead(name: string, reason: string): string {
  return `The table ${name} of quern.json cannot be read: ${reason}`;
}

function attempt(context: EngineContext, prepare: (sql: string) => void, sql: string): CoreError | undefined {
  try {
    prepare(sql);
    return undefined;
  } catch (error) {
    const refused = context.paths.takeRefused();
    if (refused !== undefined) return refused;
    return error instanceof CoreError ? error : engineError(error, sql);
  }
}

/** The engine knows nothing of these tables when it says that one is not there. */
function missingTable(context: EngineContext, error: CoreError): CoreError {
  const [, wanted] = /^Table with name (.+?) does not exist!/.exec(error.message) ?? [];
  if (wanted === undefined) return error;
  const name = context.tables.all.find((table) => table.name.toLowerCase() === wanted.toLowerCase())?.name;
  if (name !== undefined) {
    const message = `${name} is a table of quern.json: it can be read, and not written to.`;
    return new CoreError(error.kind, message, error.details);
  }
  const [nearest] = context.tables.near(wanted);
  if (nearest === undefined) return error;
  const message = `Table with name ${wanted} does not exist!\nDid you mean "${nearest}"?`;
  return new CoreError(error.kind, message, { ...error.details, candidates: [nearest] });
}
