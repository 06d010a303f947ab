import type { Effect } from '../../protocol/statement-effect.ts';
import { type StatementWord, statementWords } from '../../protocol/statement-words.ts';
import { bindNulls } from '../parameters.ts';
import { quoteText } from './context.ts';
import type { SqliteAttachments } from './files/sqlite/attach-sqlite.ts';
import { quoteName } from './logical-type.ts';
import type { FilePaths } from './node/file-paths.ts';

/*
 * What is run in place of a definition, so that the statements behind it can be checked: the same names with the same
 * columns, and no rows, no queries, no files written.
 */

/**
 * What is known behind a definition: `all` that it would have told; the `types` of values alone, so that a NULL in their
 * place means nothing; or `nothing`, so that no error of what uses it means anything but those of its grammar.
 */
export type Known = 'all' | 'types' | 'nothing';

/** What is run, and what is known then. */
export interface StandIn {
  readonly statements: readonly string[];
  readonly known: Known;
}

/** What stand-ins are told of the engine. */
export interface StandInWorld {
  /** Whether the text made a table of this name, lower-case: then it is empty. */
  hasMade(name: string): boolean;
  /** The types of a query's columns; undefined when it does not prepare. */
  types(sql: string): readonly string[] | undefined;
  /** @throws Error */
  rows(sql: string): readonly Record<string, unknown>[];
}

interface StandInOptions {
  readonly sql: string;
  readonly effect: Effect;
  readonly world: StandInWorld;
  /** Where databases lie that are attached. */
  readonly paths: FilePaths;
  readonly attachments: SqliteAttachments;
}

/** What to run in place of a statement with an effect. */
export function standInFor(given: StandInOptions): StandIn {
  const { effect } = given;
  // Only what is prepared may have parameters.
  const sql = effect.kind === 'prepare' ? given.sql : bindNulls(given.sql).sql;
  const options = { ...given, sql };
  switch (effect.kind) {
    case 'table':
      return tableWithoutRows(sql);
    case 'type':
      return typeWithoutQuery(options);
    case 'index':
    case 'alter':
      return changeOfTable(options);
    case 'attach':
      return attached(options);
    case 'rejects':
      return tablesOfRejects(effect);
    case 'variable':
      return variableOfType(options);
    case 'detach':
    case 'unknown':
      // What is detached stays: nothing that is right becomes wrong by that.
      return { statements: [], known: effect.kind === 'detach' ? 'all' : 'nothing' };
    default:
      return exactly(sql);
  }
}

function exactly(...statements: readonly string[]): StandIn {
  return { statements, known: 'all' };
}

/** The columns of `reject_errors` and `reject_scans`, as a scan makes them. */
const REJECT_COLUMNS = [
  `scan_id ubigint, file_id ubigint, line ubigint, line_byte_position ubigint, byte_position ubigint,
   column_idx ubigint, column_name varchar, error_type varchar, csv_line varchar, error_message varchar`,
  `scan_id ubigint, file_id ubigint, file_path varchar, delimiter varchar, quote varchar, escape varchar,
   newline_delimiter varchar, skip_rows uinteger, has_header boolean, columns varchar, date_format varchar,
   timestamp_format varchar, user_arguments varchar`,
];

function tablesOfRejects({ targets }: Effect): StandIn {
  const made = targets.map(
    ({ name }, index) => `create temp table if not exists ${quoteName(name)} (${REJECT_COLUMNS[index]})`,
  );
  return exactly(...made);
}

const UNKNOWN: StandIn = { statements: [], known: 'nothing' };

/** `CREATE TABLE … AS` takes no rows. */
function tableWithoutRows(sql: string): StandIn {
  const words = statementWords(sql);
  const as = outerWord(words, 'AS');
  if (as === undefined) return exactly(sql);
  // Its columns are values of the data.
  if (words.some((word) => word.kind === 'word' && word.text.startsWith('PIVOT'))) return UNKNOWN;
  const end = words.slice(-3).map((word) => word.text.toUpperCase());
  if (end.join(' ') === 'WITH NO DATA') return exactly(sql);
  const withData = end.slice(1).join(' ') === 'WITH DATA' ? words.at(-2)?.start : undefined;
  return exactly(`${sql.slice(0, withData)}\nwith no data`);
}

/** An ENUM of a query's values would run the query. */
function typeWithoutQuery({ sql, effect }: StandInOptions): StandIn {
  const words = statementWords(sql);
  if (!words.some((word) => word.kind === 'word' && /^(SELECT|FROM|VALUES|TABLE|WITH)$/.test(word.text)))
    return exactly(sql);
  const as = outerWord(words, 'AS');
  if (as === undefined || effect.targets.length === 0) return UNKNOWN;
  return { statements: [`${sql.slice(0, as.end)} varchar`], known: 'nothing' };
}

/** More rows than this are not rewritten or indexed only to look at what comes of it. */
const FEW_ROWS = 1_000;

/** A change of a table with many rows is made of one without. */
function changeOfTable({ sql, effect, world }: StandInOptions): StandIn {
  const name = effect.targets[0]?.name;
  if (name === undefined || world.hasMade(name)) return exactly(sql);
  const found = world.rows(
    `select database_name as database, estimated_size::double as size, sql from duckdb_tables() where lower(table_name) = ${quoteText(name)}`,
  );
  if (found.every(({ size }) => Number(size) <= FEW_ROWS)) return exactly(sql);
  const [table] = found;
  if (found.length > 1 || table?.database !== 'memory') return UNKNOWN;
  const empty = String(table.sql).replace(/^CREATE TABLE/i, 'create or replace table');
  return exactly(empty, sql);
}

/** A database file is opened for reading; one that is not there yet is empty, and stays in memory. */
function attached({ sql, effect, paths, attachments }: StandInOptions): StandIn {
  const inPlace = sqliteInPlace(attachments, sql);
  if (inPlace !== undefined) return exactly(...inPlace);
  const words = statementWords(sql);
  const file = words.find((word) => word.kind === 'text');
  const name = effect.targets[0]?.name;
  if (file === undefined || name === undefined) return UNKNOWN;
  const type = words[words.findIndex((word) => word.text === 'TYPE') + 1]?.text.toUpperCase();
  if (words.some((word) => word.text === 'TYPE') && type !== 'DUCKDB') return UNKNOWN;
  const empty = exactly(`attach ':memory:' as ${quoteName(name)}`);
  if (file.text === '' || file.text === ':memory:') return empty;
  try {
    if (!paths.isThere(file.text)) return /^\w+:/.test(file.text) ? UNKNOWN : empty;
  } catch {
    return UNKNOWN;
  }
  return exactly(`attach ${quoteText(file.text)} as ${quoteName(name)} (read_only)`);
}

function sqliteInPlace(attachments: SqliteAttachments, sql: string): readonly string[] | undefined {
  try {
    return attachments.inPlaceOf(sql);
  } catch {
    // Whatever is wrong with it, the run tells.
    return undefined;
  }
}

/** Texts of literals that are short enough are values; of anything else only the type is known. */
const LONGEST_VALUE = 10_000;

/** A variable's value may be any query, which is not run: then there is a NULL of its type. */
function variableOfType({ sql, effect, world }: StandInOptions): StandIn {
  const words = statementWords(sql);
  const at = words.findIndex((word) => word.text === '=' || (word.kind === 'word' && word.text === 'TO'));
  const name = effect.targets[0]?.name;
  if (at < 0 || name === undefined) return UNKNOWN;
  const value = words.slice(at + 1);
  const isQuery = value.some(
    (word, index) =>
      word.kind === 'word' &&
      (value[index + 1]?.text === '(' || /^(SELECT|FROM|VALUES|TABLE|WITH|CASE)$/.test(word.text)),
  );
  if (!isQuery && sql.length <= LONGEST_VALUE) return exactly(sql);
  const [type] = world.types(`select (${sql.slice(words[at]?.end)}\n)`) ?? [];
  const none = type === undefined ? 'null' : `cast(null as ${type})`;
  return { statements: [`set variable ${quoteName(name)} = ${none}`], known: 'types' };
}

/** The first of a keyword outside of parentheses. */
function outerWord(words: readonly StatementWord[], keyword: string): StatementWord | undefined {
  let depth = 0;
  for (const word of words) {
    if (word.kind === 'mark' && word.text === '(') depth++;
    else if (word.kind === 'mark' && word.text === ')') depth--;
    else if (depth === 0 && word.kind === 'word' && word.text === keyword) return word;
  }
  return undefined;
}
