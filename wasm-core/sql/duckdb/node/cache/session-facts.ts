import { createHash } from 'node:crypto';
import type { Connection } from '../../boot.ts';
import { type EngineContext, queryRows } from '../../context.ts';
import { HIDDEN_DATABASE } from '../../hidden-database.ts';

/** What a session has that queries may depend on. All names are in lower case. */
export interface SessionFacts {
  /** Tables and views of all its databases, but of the hidden one. */
  readonly relations: ReadonlySet<string>;
  /** The engine's own functions of which it says that equal arguments give equal results. */
  readonly stable: ReadonlySet<string>;
  /** The engine's own macros by the expressions that they stand for. */
  readonly macros: ReadonlyMap<string, string>;
  /** Macros that stand for plugin functions. */
  readonly plugins: ReadonlySet<string>;
  /** Functions that a statement of the session made. */
  readonly made: ReadonlySet<string>;
  /** Whether a statement of it made types, whose names a query need not show. */
  readonly hasTypes: boolean;
  /** A digest of all its settings, and of the engine's version. */
  readonly settings: string;
}

/** Which of a session's facts a statement may have changed. */
export interface ChangedFacts {
  readonly relations: boolean;
  readonly functions: boolean;
  readonly settings: boolean;
}

const ALL: ChangedFacts = { relations: true, functions: true, settings: true };

/** @param words the first five words of a statement, upper case */
export function changedFacts(words: readonly string[]): ChangedFacts {
  const [first = ''] = words;
  if (/^(CREATE|DROP|ALTER)$/.test(first)) {
    const has = (kinds: RegExp) => words.some((word) => kinds.test(word));
    const isRelation = has(/^(TABLE|VIEW|INDEX|SEQUENCE)$/) && !has(/^(MACRO|FUNCTION|TYPE)$/);
    return isRelation ? { relations: true, functions: false, settings: false } : ALL;
  }
  return first === 'SET' || first === 'RESET' ? { ...ALL, functions: false } : ALL;
}

/**
 * Reads them. It takes some milliseconds, most of all for functions.
 *
 * @param connection idle
 * @param known what is still so
 */
export function readSessionFacts(
  { db }: EngineContext,
  connection: Connection,
  known: Partial<SessionFacts>,
): SessionFacts {
  const rows = (sql: string) => queryRows(db, connection, sql);
  return {
    ...(known.stable ? (known as FunctionFacts) : functionFacts(rows)),
    relations: known.relations ?? new Set(rows(RELATIONS).map(({ name }) => String(name))),
    settings: known.settings ?? settingsDigest(rows),
  };
}

type FunctionFacts = Omit<SessionFacts, 'relations' | 'settings'>;
type Rows = (sql: string) => Record<string, unknown>[];

function functionFacts(rows: Rows): FunctionFacts {
  const functions = rows(FUNCTIONS);
  const named = (kind: string) =>
    functions.filter((row) => row.kind === kind).map(({ name }) => String(name));
  const unstable = new Set(named('unstable'));
  const macros = functions.filter(({ kind }) => kind === 'macro');
  return {
    stable: new Set(named('stable').filter((name) => !unstable.has(name))),
    macros: new Map(macros.map(({ name, body }) => [String(name), String(body)])),
    plugins: new Set(named('plugin')),
    made: new Set(named('made')),
    hasTypes: rows('select 1 from duckdb_types() where not internal limit 1').length > 0,
  };
}

function settingsDigest(rows: Rows): string {
  const values = rows(
    "select name, value from duckdb_settings() union all select 'version', version() order by 1",
  );
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}

const RELATIONS = `
  select lower(table_name) as name from duckdb_tables() where database_name <> '${HIDDEN_DATABASE}'
  union
  select lower(view_name) from duckdb_views() where database_name <> '${HIDDEN_DATABASE}'`;

/** A function in several forms has a row for each kind of them. */
const FUNCTIONS = `
  select distinct lower(function_name) as name,
    case
      when not internal then if(coalesce(macro_definition, '') like '%\\_\\_quern\\_%' escape '\\', 'plugin', 'made')
      when function_type = 'macro' then 'macro'
      when function_type in ('scalar', 'aggregate') and stability = 'CONSISTENT' then 'stable'
      when function_type in ('scalar', 'aggregate', 'table_macro') then 'unstable'
      else 'other'
    end as kind,
    if(internal and function_type = 'macro', macro_definition, null) as body
  from duckdb_functions()
  where not starts_with(function_name, '__quern_')`;
