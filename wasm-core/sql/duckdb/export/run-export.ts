import { CoreError } from '../../../protocol/errors.ts';
import type { ColumnInfo, StatementResult } from '../../../protocol/methods.ts';
import type { ExportTarget } from '../../export-target.ts';
import type { EngineContext } from '../context.ts';
import { describeStatement } from '../describe.ts';
import { openSink } from '../node/export/open-sink.ts';
import { forgetFiles, runStatement, type StatementRun } from '../run-statement.ts';
import { statementKind } from '../statement-kind.ts';
import { type CopyFormat, copyStatement, isCopyFormat } from './copy-statement.ts';

type Ran = Omit<StatementResult, 'start' | 'end'>;

/** Statements that the engine copies as it copies a query. */
const COPIED = new Set(['SELECT', 'SHOW', 'DESCRIBE', 'DESC', 'SUMMARIZE']);

/**
 * Runs one statement and writes its rows to a file instead of a results file.
 *
 * @param options.exportRows exports rows of a results file, for what the engine does not copy
 * @returns the statement's result without its place in the text, and without columns and file
 * @throws CoreError with a range inside `run.sql`; SQL_RUN for a statement without rows
 */
export async function runExport(
  context: EngineContext,
  options: {
    readonly run: StatementRun;
    readonly target: ExportTarget;
    readonly exportRows: (result: Ran) => Promise<void>;
  },
): Promise<Ran> {
  const { run, target, exportRows } = options;
  const { format } = target;
  if (!isCopyFormat(format)) {
    const { maxRows } = run;
    const result = await runStatement(context, {
      ...run,
      openSink: () => openSink({ ...target, format }, { maxRows }),
    });
    if (result.columns.length === 0) throw noRows(run.sql);
    return withoutRows(result);
  }
  if (COPIED.has(statementKind(run.sql))) return runCopy(context, run, { ...target, format });
  const result = await runStatement(context, run);
  if (result.file === undefined) throw noRows(run.sql);
  await exportRows(result);
  return withoutRows(result);
}

/** A statement that changed something and has nothing to write. */
function noRows(sql: string): CoreError {
  return new CoreError('SQL_RUN', 'The statement gives no rows to write; export a query instead.', {
    start: 0,
    end: sql.length,
  });
}

async function runCopy(
  context: EngineContext,
  run: StatementRun,
  target: ExportTarget & { readonly format: CopyFormat },
): Promise<Ran> {
  const columns = columnsOf(context, run);
  const copy = copyStatement({ sql: run.sql, columns }, target, run);
  try {
    // The rows of the statement were limited; what it answers with is their number.
    const result = await runStatement(context, { ...run, sql: copy.sql, maxRows: Number.MAX_SAFE_INTEGER });
    return { ...result, kind: statementKind(run.sql) };
  } catch (error) {
    throw movedBack(error, copy.headLength, run.sql.length);
  }
}

/** Undefined where the engine cannot tell without running it: it then says why, or writes the columns as they are. */
function columnsOf(context: EngineContext, { sql, folder }: StatementRun): ColumnInfo[] | undefined {
  forgetFiles(context);
  context.paths.enter(folder);
  try {
    const columns = describeStatement(context, { connection: context.runs, sql });
    return columns.length === 0 ? undefined : columns;
  } catch {
    context.paths.takeRefused();
    return undefined;
  }
}

function withoutRows({ file: _, columns: __, ...result }: Ran): Ran {
  return { ...result, columns: [] };
}

/** Moves an error's range into a statement from one around it. */
function movedBack(error: unknown, by: number, length: number): unknown {
  if (!(error instanceof CoreError)) throw error;
  const { start, end } = error.details as { start?: number; end?: number };
  if (start === undefined || end === undefined) return error;
  const inside = (offset: number) => Math.min(Math.max(offset - by, 0), length);
  return new CoreError(error.kind, error.message, {
    ...error.details,
    start: inside(start),
    end: inside(end),
  });
}
