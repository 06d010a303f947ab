import { createHash } from 'node:crypto';
import { statementWords } from '../../../../protocol/statement-words.ts';
import type { SessionPlugin } from '../../../engine.ts';
import { type EngineContext, queryRows, quoteText } from '../../context.ts';
import { statementKind } from '../../statement-kind.ts';
import type { SessionFacts } from './session-facts.ts';
import { readSyntaxUses, type SyntaxUses } from './syntax-uses.ts';

/*
 * Which queries give the same rows again over the same files. Whatever is not known to do so does not: a query is run once
 * more for nothing rather than answered with rows of before.
 */

/** Counted up when keys or what is kept under them mean something else. */
const FORMAT = 1;

/** Functions that the engine calls consistent although they tell of the time, the session or its tables. */
const UNSTABLE = new Set([
  'age',
  'current_localtime',
  'current_localtimestamp',
  'current_setting',
  'getenv',
  'getvariable',
  'json_serialize_plan',
  'reservoir_quantile',
]);

/** What a name alone means where there is no such column. */
const BARE_FUNCTIONS = new Set([
  'current_catalog',
  'current_date',
  'current_role',
  'current_schema',
  'current_time',
  'current_timestamp',
  'current_user',
  'localtime',
  'localtimestamp',
  'session_user',
  'user',
]);

/** Window functions that are no aggregates, and what the engine does not list. */
const SYNTAX_FUNCTIONS = new Set([
  'unnest',
  'row_number',
  'rank',
  'dense_rank',
  'rank_dense',
  'percent_rank',
  'cume_dist',
  'ntile',
  'lag',
  'lead',
  'first_value',
  'last_value',
  'nth_value',
  'fill',
]);

/** Table functions that tell what files say, or count. */
const TABLE_FUNCTIONS = new Set([
  'generate_series',
  'json_each',
  'json_tree',
  'parquet_file_metadata',
  'parquet_kv_metadata',
  'parquet_metadata',
  'parquet_scan',
  'parquet_schema',
  'range',
  'read_csv',
  'read_csv_auto',
  'read_json',
  'read_json_auto',
  'read_json_objects',
  'read_json_objects_auto',
  'read_ndjson',
  'read_ndjson_auto',
  'read_ndjson_objects',
  'read_parquet',
  'repeat',
  'repeat_row',
  'sniff_csv',
  'unnest',
]);

/** A query of which is asked whether it gives the same rows again. */
export interface CacheableQuery {
  /** With its parameters written in. */
  readonly sql: string;
  readonly folder: string;
  readonly maxRows: number;
  readonly plugins: readonly SessionPlugin[];
  readonly facts: SessionFacts;
}

/**
 * The key under which a query's rows are kept: equal for queries that give equal rows as long as their files are the same.
 *
 * @returns 64 hex characters; undefined for a query that may give others each time
 */
export function cacheKey(context: EngineContext, query: CacheableQuery): string | undefined {
  const { sql, folder, maxRows, facts } = query;
  if (statementKind(sql) !== 'SELECT' || facts.hasTypes) return undefined;
  const uses = usesOf(context, sql);
  if (uses === undefined || uses.isOpaque || readsSession(uses, facts)) return undefined;
  if ([...uses.bareNames].some((name) => BARE_FUNCTIONS.has(name))) return undefined;
  if (![...uses.tableFunctions].every((name) => TABLE_FUNCTIONS.has(name) && !facts.made.has(name))) {
    return undefined;
  }
  const plugins = pluginsOf(uses, query);
  if (plugins === undefined) return undefined;
  const isStable = (name: string): boolean => isStableFunction(context, { name, facts, depth: 0 });
  const own = [...uses.functions].filter((name) => !plugins.has(name));
  if (!own.every(isStable)) return undefined;
  const tokens = statementWords(sql).map(({ start, end }) => sql.slice(start, end));
  // What lies on a network is noted nowhere; parameters are written in by now.
  if (tokens.some((token) => /[a-z][a-z0-9+.-]*:\/\//i.test(token))) return undefined;
  const tables = context.tables.namedIn(sql);
  const parts = [FORMAT, tokens, folder, maxRows, facts.settings, [...plugins].sort(), tables];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function usesOf({ db, runs }: EngineContext, sql: string): SyntaxUses | undefined {
  // The engine writes the tree of a text of one query, and an error of anything else.
  const [row] = queryRows(db, runs, `select json_serialize_sql(${quoteText(sql)}) as tree`);
  return readSyntaxUses(String(row?.tree));
}

/** Whether it reads tables that a session has; a name that is none leads to a file. */
function readsSession({ tables, commonTables }: SyntaxUses, { relations }: SessionFacts): boolean {
  // A common table stands for its name in a part of the query only.
  return [...tables, ...commonTables].some((name) => relations.has(name));
}

/** What the plugin functions of a query are, by name; undefined when one of them may give something else each time. */
function pluginsOf(
  { functions }: SyntaxUses,
  { plugins, facts }: CacheableQuery,
): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>();
  for (const { compiled, functions: offered, capabilities = [], limits } of plugins) {
    for (const fn of offered) {
      const name = fn.name.toLowerCase();
      if (!functions.has(name) || !facts.plugins.has(name)) continue;
      const isPure = fn.deterministic && fn.kind !== 'table' && capabilities.every((each) => each === 'log');
      if (!isPure || facts.made.has(name)) return undefined;
      const part = JSON.stringify([compiled.digest, compiled.metered, fn, limits?.[fn.name] ?? null]);
      found.set(name, `${found.get(name) ?? ''}${part}`);
    }
  }
  return found;
}

/** How deep macros that call macros are followed. */
const MAX_DEPTH = 8;

function isStableFunction(
  context: EngineContext,
  { name, facts, depth }: { readonly name: string; readonly facts: SessionFacts; readonly depth: number },
): boolean {
  if (facts.made.has(name) || facts.plugins.has(name) || UNSTABLE.has(name)) return false;
  if (SYNTAX_FUNCTIONS.has(name)) return true;
  const body = facts.macros.get(name);
  if (body === undefined) return facts.stable.has(name);
  if (depth >= MAX_DEPTH) return false;
  const uses = usesOf(context, `select ${body}`);
  if (uses === undefined || uses.isOpaque || uses.tables.size > 0 || uses.tableFunctions.size > 0)
    return false;
  if ([...uses.bareNames].some((bare) => BARE_FUNCTIONS.has(bare))) return false;
  return [...uses.functions].every((each) =>
    isStableFunction(context, { name: each, facts, depth: depth + 1 }),
  );
}
