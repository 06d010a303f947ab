import { tableFromIPC } from 'apache-arrow';
import type { RawProfile } from '../../binary/profile/profile-map.ts';
import { CoreError } from '../../protocol/errors.ts';
import type { ColumnInfo, StatementResult } from '../../protocol/methods.ts';
import { mendedSchema } from '../../results/mended-schema.ts';
import type { CompiledModule } from '../../runtime/compiled-module.ts';
import { findName } from '../positions.ts';
import type { SearchScript } from '../search/compile-search.ts';
import { countRows, isLossy, readSchema, schemaColumns } from './arrow-types.ts';
import type { EngineContext } from './context.ts';
import { describeStatement, withPrepared } from './describe.ts';
import { engineError, engineLost, refusedError, withoutInternalNames } from './engine-error.ts';
import type { ColumnCondition } from './files/column-condition.ts';
import { scanConditions } from './files/scan-conditions.ts';
import { namedTableError } from './named-tables.ts';
import type { FileReads } from './node/file-reads.ts';
import type { LiveStatement } from './node/live-sink.ts';
import { ResultsWriter } from './node/results-writer.ts';
import { withPackedFile } from './packed-error.ts';
import { prepareRemoteFiles } from './remote-texts.ts';
import type { RowSink } from './row-sink.ts';
import { RunClock } from './run-clock.ts';
import type { Slices } from './slices.ts';
import { statementKind } from './statement-kind.ts';
import { streamableQuery, streamableType } from './streamable.ts';

/** One statement to run. */
export interface StatementRun {
  /** As the engine gets it. */
  readonly sql: string;
  readonly folder: string;
  readonly maxRows: number;
  readonly memoryMb: number;
  /** Instructions that its plugin functions may execute; absent: as many as they need. */
  readonly fuel?: number | undefined;
  /** Profiled modules that plugins run as; absent: none. */
  readonly profiled?: readonly CompiledModule[] | undefined;
  /** Takes what these executed, when the statement succeeds. */
  readonly onProfiles?: (profiles: readonly RawProfile[]) => void;
  /** File name for its rows, unique in the results folder. */
  readonly resultName: string;
  /** Opens what takes its rows; absent: a results file does. */
  readonly openSink?: () => RowSink;
  /** Tells of its rows while they come; absent: nobody asks. */
  readonly live?: LiveStatement;
  readonly slices: Slices;
  /** Takes the files that it opens; absent: nobody asks. */
  readonly reads?: FileReads;
  /** What all rows fulfil that it needs of its files; absent: nothing is known. */
  readonly conditions?: readonly ColumnCondition[];
  /** Whether it reads a database that only the running connection has in its path. */
  readonly hasDatabase?: boolean;
  /** Whether a semicolon ends it, which the engine's log and `current_query()` show. */
  readonly isTerminated?: boolean;
  /** Whether the checking connection may not know what the running one does. */
  readonly copiesAreOld?: boolean;
  /** Whether the user has set `errors_as_json`. */
  readonly errorsAsJson?: boolean;
  /** What it may call by number; absent: none. */
  readonly scripts?: readonly SearchScript[];
}

/**
 * Runs one statement and writes its rows to a file. One that only reads is run again when a file on a network changed
 * under it: its rows are those of one state of the file.
 *
 * @returns the statement's result without its place in the text
 * @throws CoreError with a range inside `run.sql`
 */
export async function runStatement(
  context: EngineContext,
  run: StatementRun,
): Promise<Omit<StatementResult, 'start' | 'end'>> {
  try {
    return await runOnce(context, run);
  } catch (error) {
    const isChanged = error instanceof CoreError && error.kind === 'REMOTE_CHANGED';
    if (!isChanged || statementKind(run.sql) !== 'SELECT') throw error;
    run.live?.giveUp();
    return await runOnce(context, run);
  }
}

async function runOnce(
  context: EngineContext,
  run: StatementRun,
): Promise<Omit<StatementResult, 'start' | 'end'>> {
  const clock = new RunClock(() => context.functions.spentMicros());
  const writer = openSink(context, run);
  context.functions.begin(run, { sql: run.sql, connection: context.runs });
  let kept = false;
  try {
    forgetFiles(context);
    context.remote.begin({
      check: () => run.slices.check(),
      onProgress: (text) => run.slices.report(text),
    });
    await clock.measureWait('fetch', () => prepareRemoteFiles(context, run.sql));
    await context.scripts.begin(run.scripts ?? [], run);
    const conditioned = { ...withAttachment(context, run), conditions: scanConditions(context, run.sql) };
    context.paths.enter(run.folder, conditioned);
    const rows = await fetchRows(context, { run: conditioned, writer, clock });
    const use = context.functions.end();
    if (use.profiles.length > 0) run.onProfiles?.(use.profiles);
    const scripts = context.scripts.end();
    const file = rows.file ? await clock.measureWait('write', () => writer.finish()) : undefined;
    const warnings = context.remote.end();
    kept = rows.file;
    const micros = clock.micros();
    return {
      kind: statementKind(run.sql),
      columns: rows.file ? rows.columns : [],
      rowCount: rows.file ? writer.rowCount : rows.changed,
      truncated: writer.truncated,
      ...(file !== undefined && { file }),
      cost: {
        micros,
        functionMicros: use.micros + Math.round(scripts.micros),
        transferMicros: use.transferMicros,
        functionRows: use.rows + scripts.rows,
        functionFuel: use.fuel,
        ...(use.functions.length > 0 && { functions: use.functions }),
      },
      timeline: clock.timeline(micros, { ...use, scriptMicros: scripts.micros }),
      ...(use.logs.length > 0 && { logs: use.logs }),
      ...(warnings.length > 0 && { warnings }),
    };
  } catch (error) {
    abandonQuery(context);
    throw statementError(context, { error, run });
  } finally {
    // What is opened from now on belongs to others.
    context.paths.enter(run.folder);
    context.functions.end();
    context.scripts.end();
    context.remote.end();
    if (!kept) writer.discard();
  }
}

/** A database of SQLite is attached by several statements, of which the last is run as others are. */
function withAttachment({ attachments, db, runs }: EngineContext, run: StatementRun): StatementRun {
  const statements = attachments.inPlaceOf(run.sql);
  if (statements === undefined) return run;
  for (const sql of statements.slice(0, -1)) db.bindings.runQuery(runs.id, sql);
  return { ...run, sql: statements.at(-1) ?? run.sql };
}

function openSink(
  { resultsFolder }: EngineContext,
  { sql, resultName, maxRows, openSink, live }: StatementRun,
): RowSink {
  if (openSink !== undefined) return openSink();
  const name = live?.fileName(resultName) ?? resultName;
  const writer = new ResultsWriter(`${resultsFolder}/${name}`, maxRows);
  return live?.sink(writer, (columns) => !isChangeCount(sql, columns)) ?? writer;
}

/** Without this the engine answers from bytes that it read before the file changed. */
export function forgetFiles(context: Pick<EngineContext, 'db' | 'paths'>): void {
  for (const name of context.paths.takeOpened()) {
    try {
      context.db.bindings.dropFile(name);
    } catch {
      // Still in use, as an attached database is; it is looked at again before the next statement.
      context.paths.opened(name);
    }
  }
}

/**
 * Gives up the query under way. What is left of it ends with the next statement of the connection, which would run it to
 * its end, for hours perhaps, were it not interrupted; that statement takes the interruption back.
 */
export function abandonQuery({ db, runs }: Pick<EngineContext, 'db' | 'runs'>): void {
  db.bindings.cancelPendingQuery(runs.id);
  db.native.api.duckdb_interrupt(runs.pointer);
}

interface FetchedRows {
  readonly columns: readonly ColumnInfo[];
  /** Whether the rows are the statement's answer, rather than a count of what it changed. */
  readonly file: boolean;
  readonly changed: number;
}

async function fetchRows(
  context: EngineContext,
  options: { readonly run: StatementRun; readonly writer: RowSink; readonly clock: RunClock },
): Promise<FetchedRows> {
  const { run, writer, clock } = options;
  const { bindings } = context.db;
  const engineSql = context.functions.engineText(run.sql, context.runs);
  const returned = clock.measure('bind', () => returnedColumns(context, run.sql));
  const first = await startStreamable(context, {
    run,
    clock,
    sql: run.isTerminated ? `${engineSql};` : engineSql,
  });
  let header = first ?? new Uint8Array();
  let columns = first === undefined ? [] : schemaColumns(readSchema(first)).map(publicColumn);
  if (first === undefined || isLossy(readSchema(first).fields)) {
    const isUnknown = run.hasDatabase === true || run.copiesAreOld === true;
    const known =
      returned ?? (isUnknown ? undefined : clock.measure('bind', () => columnsBeside(context, run.sql)));
    if (known === undefined) abandonQuery(context);
    columns = known ?? clock.measure('bind', () => columnsInPlace(context, run.sql));
    const sql = streamableQuery(engineSql, columns);
    if (first === undefined || known === undefined || sql !== engineSql) {
      abandonQuery(context);
      header = await start(context, { run, sql, clock });
    }
  }
  writer.schema(mendedSchema(header, columns), columns);
  let last: Uint8Array | undefined;
  for (;;) {
    context.paths.enter(run.folder, run);
    const bytes = bindings.fetchQueryResults(context.runs.id);
    if (bytes !== null && bytes.length === 0) break;
    if (bytes !== null) {
      await clock.measureWait('write', () => writer.batch(bytes, countRows(bytes)));
      last = bytes;
    }
    if (writer.truncated) {
      abandonQuery(context);
      break;
    }
    await run.slices.turn();
    writer.turned?.();
  }
  const isCount = isChangeCount(run.sql, columns);
  return { columns, file: !isCount, changed: isCount ? changedRows(header, last) : 0 };
}

function publicColumn(column: ColumnInfo): ColumnInfo {
  return { ...column, name: withoutInternalNames(column.name) };
}

/**
 * The columns of a change that gives rows back, read before it starts: it cannot be stopped and made again in another form.
 *
 * @returns undefined for other statements, and for those that do not prepare
 * @throws CoreError SQL_RUN when the engine cannot stream the columns
 */
function returnedColumns(context: EngineContext, sql: string): ColumnInfo[] | undefined {
  const isExecuted = statementKind(sql) === 'EXECUTE';
  if (!isExecuted && (statementKind(sql) === 'SELECT' || !/\breturn(ing|_stats|_files)\b/i.test(sql)))
    return undefined;
  const columns = attemptDescribe(context, sql);
  const lost = columns?.find(({ type }) => streamableType(type) !== type);
  if (lost === undefined) return columns;
  const advice = isExecuted ? 'in the statement that is prepared' : 'behind RETURNING';
  throw new CoreError(
    'SQL_RUN',
    `The column ${lost.name} has a type that cannot be read from here, ${lost.type}; cast it to VARCHAR ${advice}.`,
    { start: 0, end: sql.length },
  );
}

function attemptDescribe(context: EngineContext, sql: string): ColumnInfo[] | undefined {
  try {
    return describeStatement(context, { connection: context.runs, sql });
  } catch {
    // Running it says why.
    return undefined;
  }
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

interface StartOptions {
  readonly run: StatementRun;
  readonly sql: string;
  readonly clock: RunClock;
}

/** Starts a statement; undefined when it has columns that the engine does not stream. */
async function startStreamable(
  context: EngineContext,
  options: StartOptions,
): Promise<Uint8Array | undefined> {
  try {
    return await start(context, options);
  } catch (error) {
    if (!String(error).includes('Unsupported Arrow type VARIANT')) throw error;
    return undefined;
  }
}

/** Starts a statement and polls it until its schema is there. */
async function start(context: EngineContext, options: StartOptions): Promise<Uint8Array> {
  const { bindings } = context.db;
  const { run, sql, clock } = options;
  context.paths.enter(run.folder, run);
  let header = clock.measure('bind', () => bindings.startPendingQuery(context.runs.id, sql, true));
  while (header === null) {
    await run.slices.turn();
    context.paths.enter(run.folder, run);
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
  { error, run }: { readonly error: unknown; readonly run: StatementRun },
): CoreError {
  const { sql, errorsAsJson: asJson = false } = run;
  const refused = context.paths.takeRefused();
  const raised = context.functions.takeError();
  const script = context.scripts.takeError();
  if (error instanceof CoreError) return error;
  if (raised !== undefined) {
    const range = findName(sql, String(raised.details.function)) ?? { start: 0, end: sql.length };
    return new CoreError(raised.kind, `${raised.details.function}: ${raised.message}`, {
      ...raised.details,
      ...range,
    });
  }
  if (script !== undefined) return script;
  // A trap inside the engine: its memory may be anything now.
  if (error instanceof WebAssembly.RuntimeError) return engineLost(error.message);
  const failed = withPackedFile(engineError(error, sql, { asJson }), { sql, paths: context.paths });
  const engine = lateFunctionError(context, emptyFolderError(context, failed));
  if (engine.kind === 'SQL_ENGINE_LOST') return engine;
  return namedTableError(context, {
    error: refused === undefined ? engine : refusedError(refused, { sql, engine }),
    sql,
    prepare: (query) => withPrepared(context, { connection: context.checks, sql: query }, () => undefined),
  });
}

/** A function that came after BEGIN is not there yet. */
function lateFunctionError({ functions, runs }: EngineContext, engine: CoreError): CoreError {
  const [, name = ''] = /Function with name "?(\w+)"? does not exist/.exec(engine.message) ?? [];
  if (!functions.awaits(name, runs)) return engine;
  const advice = `The plugin function ${name} came after BEGIN; it is there after COMMIT or ROLLBACK.`;
  return new CoreError(engine.kind, `${engine.message} ${advice}`, engine.details);
}

/** A folder that was named, and has no file of the kind that was asked for, is told as such. */
function emptyFolderError({ paths }: EngineContext, engine: CoreError): CoreError {
  const [, written] =
    /No files found that match the pattern "([^"\n]*)"/.exec(String(engine.details.engineText)) ?? [];
  if (written === undefined || !paths.isFolder(written)) return engine;
  return new CoreError(
    'FILE_IS_DIRECTORY',
    `'${written}' is a folder without files to read this way; name a file, or several with a pattern such as '${written}/*.parquet'.`,
    { ...engine.details, path: written },
  );
}
