import type { ChainInputFormat, ChainOutputFormat } from '../protocol/chains.ts';
import { CoreError } from '../protocol/errors.ts';
import type { ResolvedLimits } from '../protocol/limits.ts';
import { splitStatements } from '../protocol/statements.ts';

/*
 * What a SQL step is to the engine: a statement that makes its input the table `input`, and the step's own statements,
 * the last of which writes its rows to a file.
 */

/** A SQL step to run. */
export interface SqlJob {
  readonly sql: string;
  readonly bytes: Uint8Array;
  readonly input: ChainInputFormat | undefined;
  readonly output: ChainOutputFormat;
  /** `timeoutMs` is what is left for this step. */
  readonly limits: ResolvedLimits;
  readonly signal: AbortSignal;
}

/** What a SQL step gave. */
export interface SqlOutcome {
  readonly output: Uint8Array;
  /** Rows of its last statement. */
  readonly rows: number;
}

/** Where the SQL steps of one chain run: one session, opened for the first of them. */
export interface ChainSql {
  /**
   * @throws CoreError SQL_* with places in `sql`, FORMAT_DATA when the input is not what it should be, OUTPUT_LIMIT,
   *   DEADLINE_EXCEEDED, CANCELLED, and those of plugin functions
   */
  run(job: SqlJob): Promise<SqlOutcome>;
  /** Ends the session. Idempotent. */
  dispose(): Promise<void>;
}

/**
 * The statement that makes the bytes of a file the table `input`.
 *
 * @param options.format undefined: JSON of either kind
 * @param options.byteLength the file's size
 */
export function inputStatement(
  file: string,
  options: { readonly format: ChainInputFormat | undefined; readonly byteLength: number },
): string {
  const path = quoted(file);
  // A value may be as long as the whole input is; the engine makes its buffers twice as large as it is told.
  const longest = Math.max(MIN_OBJECT_BYTES, options.byteLength + 1);
  const json = `maximum_object_size = ${longest}, sample_size = -1`;
  const rows: Readonly<Record<ChainInputFormat | 'auto', string>> = {
    auto: `select * from read_json(${path}, ${json})`,
    json: `select * from read_json(${path}, ${json})`,
    ndjson: `select * from read_json(${path}, format = 'newline_delimited', ${json})`,
    csv: `select * from read_csv(${path}, sample_size = -1)`,
    text: textRows(path),
    parquet: `select * from read_parquet(${path})`,
    arrow: `select * from ${path}`,
  };
  return `create or replace temp table input as ${rows[options.format ?? 'auto']}`;
}

/** The ending of a file in a format, which the engine goes by where it is not told. */
export function fileEnding(format: ChainInputFormat | undefined): string {
  return format === undefined ? 'json' : format === 'text' ? 'txt' : format;
}

/** The statements of a step, so written that the last one's rows come where the step's output is read. */
export interface OutputText {
  readonly sql: string;
  /** Takes a place in `sql` back to the step's own text. */
  original(offset: number): number;
}

/**
 * Makes the last statement write its rows to a file.
 *
 * @param file where they go; not used for `arrow`, which is what the engine gives anyhow
 * @throws CoreError SQL_PARSE when the last statement returns no rows
 */
export function outputText(sql: string, options: { file: string; output: ChainOutputFormat }): OutputText {
  const last = splitStatements(sql).at(-1);
  const word = /^(?:\(|\w+)/.exec(sql.slice(last?.start))?.[0].toLowerCase() ?? '';
  if (last === undefined || ROWLESS_WORDS.has(word)) {
    const what = last === undefined ? 'holds no statement' : `begins with ${word}`;
    const message = `The last statement of a SQL step gives the step's output, so it has to return rows; this one ${what}. End with a select.`;
    throw new CoreError('SQL_PARSE', message, last === undefined ? {} : { start: last.start, end: last.end });
  }
  if (options.output === 'arrow') return { sql, original: (offset) => offset };
  const [before, after] = WRAPPED_WORDS.has(word) ? ['copy (from (\n', '\n))'] : ['copy (\n', '\n)'];
  const query = sql.slice(last.start, last.end);
  const target = `to ${quoted(options.file)} (${COPY_OPTIONS[options.output]})`;
  return {
    sql: `${sql.slice(0, last.start)}${before}${query}${after} ${target}`,
    original: (offset) => {
      if (offset <= last.start) return offset;
      return Math.min(Math.max(offset - before.length, last.start), last.end);
    },
  };
}

const COPY_OPTIONS: Readonly<Record<Exclude<ChainOutputFormat, 'arrow'>, string>> = {
  ndjson: 'format json',
  json: 'format json, array true',
  csv: 'format csv, header true',
  parquet: 'format parquet',
};

/** DuckDB's own default. */
const MIN_OBJECT_BYTES = 16 * 1024 * 1024;

/** First words of statements whose rows `copy` takes only from a subquery. */
const WRAPPED_WORDS: ReadonlySet<string> = new Set(['describe', 'summarize', 'show', 'pivot', 'unpivot']);

/** First words of statements that have no rows to give; of anything else the engine says what it thinks. */
const ROWLESS_WORDS: ReadonlySet<string> = new Set(
  (
    'alter attach begin call checkpoint comment commit copy create deallocate delete detach drop execute explain ' +
    'export import insert install load merge pragma prepare reset rollback set truncate update use vacuum'
  ).split(' '),
);

/** The lines of a text, without their ends; an empty text has none. */
function textRows(path: string): string {
  return (
    "select unnest(string_split_regex(regexp_replace(content, '\\r?\\n$', ''), '\\r?\\n')) as line " +
    `from read_text(${path}) where content <> ''`
  );
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
