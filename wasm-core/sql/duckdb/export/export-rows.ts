import { CoreError } from '../../../protocol/errors.ts';
import type { ExportedResult } from '../../../protocol/export.ts';
import type { ExportTarget } from '../../export-target.ts';
import { readSchema } from '../arrow-types.ts';
import { BatchFile, storedValues } from '../node/export/batch-file.ts';
import { openSink } from '../node/export/open-sink.ts';
import { runStatement } from '../run-statement.ts';
import type { Slices } from '../slices.ts';
import { structureOf } from './arrow-format.ts';
import { type CopyFormat, copyStatement, isCopyFormat } from './copy-statement.ts';
import { ROWS_VIEW, type RowsConnection } from './rows-connection.ts';

/** Rows of a results file, and where they go. */
export interface RowsExport {
  readonly result: ExportedResult;
  readonly target: ExportTarget;
  readonly slices: Slices;
  /** 0 to 100. */
  readonly onProgress: (percent: number) => void;
}

/**
 * Writes the rows of a results file to a file of another format, one batch after another.
 *
 * @throws CoreError FORMAT_DATA, FILE_NOT_FOUND, FILE_IO, SQL_RUN, CANCELLED, DEADLINE_EXCEEDED
 */
export async function exportRows(connection: RowsConnection, rows: RowsExport): Promise<void> {
  const { result, target } = rows;
  const { format } = target;
  const file = new BatchFile(result.path, result.rowCount);
  try {
    if (isCopyFormat(format)) await copyRows(connection, { file, ...rows, target: { ...target, format } });
    else await sinkRows(file, rows);
  } finally {
    file.close();
  }
}

async function sinkRows(file: BatchFile, { result, target, slices, onProgress }: RowsExport): Promise<void> {
  const { format } = target;
  if (isCopyFormat(format)) return;
  const sink = openSink({ ...target, format }, { maxRows: result.rowCount });
  try {
    sink.schema(file.schema, result.columns);
    for (let batch = file.next(); batch !== undefined; batch = file.next()) {
      await sink.batch(batch.bytes, batch.storedCount);
      onProgress(file.percent);
      await slices.turn();
    }
    await sink.finish();
  } catch (error) {
    // Pages are read by what the client says of the columns.
    if (error instanceof CoreError) throw error;
    throw new CoreError('FORMAT_DATA', `The rows of that run cannot be read: ${String(error)}`);
  } finally {
    sink.discard();
  }
}

async function copyRows(
  connection: RowsConnection,
  options: RowsExport & {
    readonly file: BatchFile;
    readonly target: ExportTarget & { readonly format: CopyFormat };
  },
): Promise<void> {
  const { file, result, target, slices, onProgress } = options;
  const { columns } = result;
  const structure = structureOf(readSchema(file.schema));
  if (structure.children.length !== columns.length) {
    throw new CoreError('FORMAT_DATA', 'The columns of the result are not those of its file.');
  }
  const next = () => {
    onProgress(file.percent);
    const batch = file.next();
    return batch === undefined ? undefined : storedValues(batch);
  };
  const copy = copyStatement({ sql: `from ${ROWS_VIEW}`, columns }, target, {
    maxRows: Number.MAX_SAFE_INTEGER,
  });
  await connection.withRows({ structure, next }, async (context) => {
    await runStatement(context, {
      sql: copy.sql,
      folder: context.folder,
      maxRows: Number.MAX_SAFE_INTEGER,
      memoryMb: 0,
      resultName: `${context.resultPrefix}-export.arrow`,
      slices,
    });
  });
}
