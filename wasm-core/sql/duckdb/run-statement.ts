import { tableFromIPC } from 'apache-arrow';
import { CoreError } from '../../protocol/errors.ts';
import type { ColumnInfo, StatementResult } from '../../protocol/methods.ts';
import { withTrueBooleans } from '../../results/boolean-schema.ts';
import { findName } from '../positions.ts';
import { countRows, isLossy, readSchema, schemaColumns } from './arrow-types.ts';
import type { EngineContext } from './context.ts';
import { describeStatement } from './describe.ts';
import { engineError, engineLost, refusedError } from './engine-error.ts';
import { readArrowFiles } from './node/arrow-files.ts';
import { ResultsWriter } from './node/results-writer.ts';
import type { Slices } from './slices.ts';
import { statementKind } from './statement-kind.ts';
import { streamableQuery } from './streamable.ts';

/** One statement to run. */
export interface StatementRun {
  /** As the engine gets it. */
  readonly sql: string;
  readonly folder: string;
  readonly maxRows: number;
  readonly memoryMb: number;
  /** Instructions that its plugin functions may execute; absent: as many as they need. */
  readonly fuel?: number | undefined;
  /** File name for its rows, unique in the results folder. */
  readonly resultName: string;
  readonly slices: Slices;
}

/**
 * Runs one statement and writes its rows to a file.
 *
 * @returns the statement's result without its place in the text
 * @throws CoreError with a range inside `run.sql`
 */
export async function runStatement(
  context: EngineContext,
  run: StatementRun,
): Promise<Omit<StatementResult, 'start' | 'end'>> {
  const started = performance.now();
  const writer = new ResultsWriter(`${context.resultsFolder}/${run.resultName}`, run.maxRows);
  context.functions.begin(run);
  let kept = false;
  try {
    forgetFiles(context);
    context.paths.enter(run.folder);
    readArrowFiles(context, { sql: run.sql, connection: context.runs });
    const rows = await fetchRows(context, { run, writer });
    const { micros, rows: functionRows, fuel: functionFuel } = context.functions.end();
    kept = rows.file;
    return {
      kind: statementKind(run.sql),
      columns: rows.file ? rows.columns : [],
      rowCount: rows.file ? writer.rowCount : rows.changed,
      truncated: writer.truncated,
      ...(rows.file ? { file: writer.finish() } : {}),
      cost: {
        micros: Math.round((performance.now() - started) * 1000),
        functionMicros: Math.round(micros),
        functionRows,
        functionFuel,
      },
    };
  } catch (error) {
    context.db.bindings.cancelPendingQuery(context.runs.id);
    throw statementError(context, { error, sql: run.sql });
  } finally {
    context.functions.end();
    if (!kept) writer.discard();
  }
}

/** Without this the engine answers from bytes that it read before the file changed. */
function forgetFiles(context: EngineContext): void {
  for (const name of context.paths.takeOpened()) {
    try {
      context.db.bindings.dropFile(name);
    } catch {
      // Still in use, as an attached database is; it is looked at again before the next statement.
      context.paths.opened(name);
    }
  }
}

interface FetchedRows {
  readonly columns: readonly ColumnInfo[];
  /** Whether the rows are the statement's answer, rather than a count of what it changed. */
  readonly file: boolean;
  readonly changed: number;
}

async function fetchRows(
  context: EngineContext,
  options: { readonly run: StatementRun; readonly writer: ResultsWriter },
): Promise<FetchedRows> {
  const { run, writer } = options;
  const { bindings } = context.db;
  let header = await start(context, { run, sql: run.sql });
  let columns = schemaColumns(readSchema(header));
  if (isLossy(readSchema(header).fields)) {
    const known = columnsBeside(context, run.sql);
    if (known === undefined) bindings.cancelPendingQuery(context.runs.id);
    columns = known ?? columnsInPlace(context, run.sql);
    const sql = streamableQuery(run.sql, columns);
    if (known === undefined || sql !== run.sql) {
      bindings.cancelPendingQuery(context.runs.id);
      header = await start(context, { run, sql });
    }
  }
  writer.schema(withTrueBooleans(header, columns));
  let last: Uint8Array | undefined;
  for (;;) {
    context.paths.enter(run.folder);
    const bytes = bindings.fetchQueryResults(context.runs.id);
    if (bytes !== null && bytes.length === 0) break;
    if (bytes !== null) {
      writer.batch(bytes, countRows(bytes));
      last = bytes;
    }
    if (writer.truncated) {
      bindings.cancelPendingQuery(context.runs.id);
      break;
    }
    await run.slices.turn();
  }
  const isCount = isChangeCount(run.sql, columns);
  return { columns, file: !isCount, changed: isCount ? changedRows(header, last) : 0 };
}

/** A query's columns as the checking connection binds them, which leaves what runs alone. */
function columnsBeside(context: EngineContext, sql: string): ColumnInfo[] | undefined {
  try {
    return describeStatement(context, { connection: context.checks, sql });
  } catch {
    // Tables of an open transaction are known to the running connection only.
    return undefined;
  }
}

/** The same on the running connection, which must be idle. A PIVOT is several statements, which it does not bind. */
function columnsInPlace(context: EngineContext, sql: string): ColumnInfo[] {
  try {
    return describeStatement(context, { connection: context.runs, sql });
  } catch {
    throw new CoreError(
      'SQL_RUN',
      'ENUM and MAP columns cannot be read from this statement; cast them to VARCHAR inside it.',
      { start: 0, end: sql.length },
    );
  }
}

/** Starts a statement and polls it until its schema is there. */
async function start(
  context: EngineContext,
  options: { readonly run: StatementRun; readonly sql: string },
): Promise<Uint8Array> {
  const { bindings } = context.db;
  const { run, sql } = options;
  context.paths.enter(run.folder);
  let header = bindings.startPendingQuery(context.runs.id, sql, true);
  while (header === null) {
    await run.slices.turn();
    context.paths.enter(run.folder);
    header = bindings.pollPendingQuery(context.runs.id);
  }
  return header;
}

/** Statements that change things answer with one column, `Count` or `Success`. */
function isChangeCount(sql: string, columns: readonly ColumnInfo[]): boolean {
  const [only] = columns;
  if (columns.length === 0) return true;
  if (columns.length > 1 || only === undefined || statementKind(sql) === 'SELECT') return false;
  return only.name === 'Count' || only.name === 'Success';
}

/** The value of `Count`, 0 for statements that answer with nothing or with `Success`. */
function changedRows(header: Uint8Array, batch: Uint8Array | undefined): number {
  if (batch === undefined) return 0;
  const table = tableFromIPC([header, batch]);
  return Number(table.getChild('Count')?.get(0) ?? 0);
}

/**
 * What a statement's failure says to its user: what a function or the gate said first-hand, before what the engine
 * repeats of it.
 */
function statementError(
  context: EngineContext,
  options: { readonly error: unknown; readonly sql: string },
): CoreError {
  const { error, sql } = options;
  const refused = context.paths.takeRefused();
  const raised = context.functions.takeError();
  if (error instanceof CoreError) return error;
  if (raised !== undefined) {
    const range = findName(sql, String(raised.details.function)) ?? { start: 0, end: sql.length };
    return new CoreError(raised.kind, `${raised.details.function}: ${raised.message}`, {
      ...raised.details,
      ...range,
    });
  }
  // A trap inside the engine: its memory may be anything now.
  if (error instanceof WebAssembly.RuntimeError) return engineLost(error.message);
  const engine = engineError(error, sql);
  return refused === undefined ? engine : refusedError(refused, { sql, engine });
}
