import type { SessionDatabase } from '../engine.ts';
import type { Connection, DuckDb } from './boot.ts';
import { type EngineContext, pinSettings, queryRows, quoteText } from './context.ts';
import { quoteName } from './logical-type.ts';
import { forgetFiles } from './run-statement.ts';

/** The name of the engine's first database. */
const FIRST = 'memory';

/** Holds the place of a database while it is replaced. */
const PLACEHOLDER = '__quern_next';

/** The engine's settings at a time, by name. */
export type SettingValues = ReadonlyMap<string, string>;

/** What a database is replaced with. */
export interface Replacement {
  /** Absent: an empty one in memory. */
  readonly database?: SessionDatabase;
  /** What the engine's settings are to be again where it is absent; with a file they stay, as for a restart. */
  readonly settings: SettingValues;
}

/** The engine's settings before anybody changed them, as a session pins them. */
export function initialSettings(db: DuckDb): SettingValues {
  const connection = db.connect();
  pinSettings(db, [connection]);
  const values = settingValues(db, connection);
  db.disconnectAll();
  return values;
}

/**
 * Puts a database in the place of all that the engine has, on new connections. What connections have of their own, such
 * as temporary tables, variables, prepared statements and their settings, is gone with them.
 *
 * This takes some milliseconds, where a new engine in the same memory takes a third of a second for its extensions. That
 * is what an engine gets whose settings or state cannot be put back.
 *
 * @returns the name of the database, which each new connection has to use; undefined for the one in memory, which they
 *   have by themselves
 * @throws Error with the engine's words when the file cannot be opened; the database is then an empty one in memory
 */
export function replaceDatabase(
  context: Pick<EngineContext, 'db' | 'paths'>,
  replacement: Replacement,
): string | undefined {
  const { db } = context;
  db.disconnectAll();
  let connection: Connection;
  try {
    connection = emptied(context, replacement);
  } catch {
    db.reopen();
    connection = emptied(context, replacement);
  }
  try {
    return attachInPlace(db, connection, replacement.database);
  } finally {
    db.disconnectAll();
  }
}

/** A connection to an engine that has nothing but the placeholder. @throws Error when that could not be done */
function emptied(
  { db, paths }: Pick<EngineContext, 'db' | 'paths'>,
  { database, settings }: Replacement,
): Connection {
  const connection = db.connect();
  const run = (sql: string) => db.bindings.runQuery(connection.id, sql);
  // With too little of it, not even a query for the settings runs. RESET changes what is shown, and not the limit.
  if (database === undefined)
    run(`set global memory_limit = ${quoteText(settings.get('memory_limit') ?? '')}`);
  pinSettings(db, [connection]);
  if (database === undefined && !restoreSettings(db, connection, settings)) {
    throw new Error('the settings of before cannot be put back');
  }
  // The log is the engine's, not the database's.
  if (database === undefined) run('call truncate_duckdb_logs()');
  run(`attach ':memory:' as ${PLACEHOLDER}`);
  run(`use ${PLACEHOLDER}`);
  for (const name of databaseNames(db, connection)) {
    if (name !== PLACEHOLDER) run(`detach ${quoteName(name)}`);
  }
  // The engine keeps the locks of files that it has closed until it forgets them.
  forgetFiles({ db, paths });
  return connection;
}

function attachInPlace(db: DuckDb, connection: Connection, database?: SessionDatabase): string | undefined {
  const run = (sql: string) => db.bindings.runQuery(connection.id, sql);
  const settle = (name: string) => {
    run(`use ${quoteName(name)}`);
    run(`detach ${PLACEHOLDER}`);
  };
  if (database !== undefined) {
    try {
      run(`attach ${quoteText(database.path)}${attachOptions(database)}`);
      const name = databaseNames(db, connection).find((each) => each !== PLACEHOLDER);
      if (name !== undefined) settle(name);
      return name;
    } catch (error) {
      run(`attach ':memory:' as ${FIRST}`);
      settle(FIRST);
      throw error;
    }
  }
  run(`attach ':memory:' as ${FIRST}`);
  settle(FIRST);
  return undefined;
}

function attachOptions({ readOnly, storageVersion }: SessionDatabase): string {
  if (readOnly) return ' (read_only)';
  return storageVersion === undefined ? '' : ` (storage_version ${quoteText(storageVersion)})`;
}

function databaseNames(db: DuckDb, connection: Connection): string[] {
  const rows = queryRows(
    db,
    connection,
    'select database_name as name from duckdb_databases() where not internal',
  );
  return rows.map(({ name }) => String(name));
}

function settingValues(db: DuckDb, connection: Connection): SettingValues {
  const rows = queryRows(db, connection, 'select name, value from duckdb_settings()');
  return new Map(rows.map(({ name, value }) => [String(name), String(value)]));
}

/** Puts settings back that statements of before have changed. @returns whether all are as they were */
function restoreSettings(db: DuckDb, connection: Connection, values: SettingValues): boolean {
  for (const name of changedSettings(db, connection, values)) {
    const value = values.get(name) ?? '';
    for (const sql of [`reset global ${name}`, `set global ${name} = ${quoteText(value)}`]) {
      try {
        if (settingValues(db, connection).get(name) !== value) db.bindings.runQuery(connection.id, sql);
      } catch {
        // What cannot be put back is found below.
      }
    }
  }
  return changedSettings(db, connection, values).length === 0;
}

function changedSettings(db: DuckDb, connection: Connection, values: SettingValues): string[] {
  return [...settingValues(db, connection)].flatMap(([name, value]) =>
    values.get(name) === value ? [] : [name],
  );
}
