import path from 'node:path';
import { CoreError } from '../../protocol/errors.ts';
import {
  COMPRESSIONS,
  type Compression,
  EXPORT_FORMATS,
  type ExportedResult,
  type ExportFormat,
  type ExportFormatInfo,
  type ExportOptions,
  type ExportPlace,
  type ExportResult,
} from '../../protocol/export.ts';
import type { ColumnInfo } from '../../protocol/methods.ts';
import { splitStatements } from '../../protocol/statements.ts';
import { isSheetName } from '../../results/formats/excel/workbook.ts';
import type { Call } from '../context.ts';
import {
  invalid,
  isAbsent,
  type Params,
  readAbsolutePath,
  readOptionalBoolean,
  readOptionalInteger,
  readParams,
  readString,
} from '../params.ts';
import type { SessionEntry, SessionRun } from '../session-entry.ts';

/** Members of `sql/export` that say where the rows go. */
export const PLACE_MEMBERS = ['path', 'format', 'options', 'overwrite', 'chosen'];

/** Reads where an export goes. @throws CoreError PARAMS_INVALID */
export function readExportPlace(params: Params): ExportPlace {
  const format = readFormat(params);
  return {
    path: readAbsolutePath(params, 'path'),
    format,
    options: readOptions(params.options, format),
    overwrite: readOptionalBoolean(params, 'overwrite') ?? false,
    chosen: readOptionalBoolean(params, 'chosen') ?? false,
  };
}

/**
 * Reads which rows of an earlier run are exported; undefined when a text is given instead.
 *
 * @param resultsFolder the session's, which their file has to be in
 * @throws CoreError PARAMS_INVALID
 */
export function readExportedResult(params: Params, resultsFolder: string): ExportedResult | undefined {
  if (isAbsent(params.result) === isAbsent(params.sql)) {
    throw invalid('sql/export takes either result, the rows of an earlier run, or sql, a text to run.');
  }
  if (isAbsent(params.result)) return undefined;
  const strange = ['folder', 'parameters', 'limits', 'maxRows'].find((name) => !isAbsent(params[name]));
  if (strange !== undefined) throw invalid(`${strange} goes with sql, and result is given.`);
  return readResult(params, resultsFolder);
}

/**
 * Reads which rows of an earlier run are meant by the member `result`.
 *
 * @param resultsFolder the session's, which their file has to be in
 * @throws CoreError PARAMS_INVALID; FILE_NOT_FOUND for the file of another session
 */
export function readResult(params: Params, resultsFolder: string): ExportedResult {
  if (isAbsent(params.result)) throw invalid('result is missing: say whose rows are meant.');
  const result = readParams(params.result, ['path', 'columns', 'rowCount']);
  const file = readAbsolutePath(result, 'path');
  const folder = path.dirname(file);
  if (folder !== resultsFolder) {
    // Where a host is lost, its clients ask the next one, in a session of the same place.
    if (path.dirname(folder) === path.dirname(resultsFolder)) {
      const message = 'The rows of that run are gone with its session; run the statement again.';
      throw new CoreError('FILE_NOT_FOUND', message, { path: file });
    }
    throw invalid('result.path must be the path of a results file of this session, as sql/run gave it.');
  }
  const rowCount = readOptionalInteger(result, 'rowCount', { min: 0, max: Number.MAX_SAFE_INTEGER });
  if (rowCount === undefined) throw invalid('result.rowCount is missing: say how many rows the result has.');
  return { path: file, columns: readColumns(result.columns), rowCount };
}

/** `sql/export` of rows of an earlier run. */
export async function exportRows(
  session: SessionEntry,
  options: { readonly result: ExportedResult; readonly place: ExportPlace; readonly call: Call },
): Promise<ExportResult> {
  const started = performance.now();
  const { result, place, call } = options;
  const { path: file, byteLength } = await session.exportResult(result, place, call);
  return { path: file, rowCount: result.rowCount, byteLength, micros: microsSince(started), statements: [] };
}

/** `sql/export` of the last statement of a text. */
export async function exportText(
  session: SessionEntry,
  options: { readonly run: SessionRun; readonly place: ExportPlace; readonly call: Call },
): Promise<ExportResult> {
  const started = performance.now();
  const { run, place, call } = options;
  if (splitStatements(run.sql).length === 0)
    throw invalid('sql holds no statement whose rows could be exported.');
  const { path: file, byteLength, value } = await session.exportText(run, place, call);
  const { statements } = value;
  const rowCount = statements.at(-1)?.rowCount ?? 0;
  return { path: file, rowCount, byteLength, micros: microsSince(started), statements };
}

function microsSince(started: number): number {
  return Math.round((performance.now() - started) * 1000);
}

function readFormat(params: Params): ExportFormat {
  const format = readString(params, 'format');
  if (Object.hasOwn(EXPORT_FORMATS, format)) return format as ExportFormat;
  throw invalid(`format must be one of ${Object.keys(EXPORT_FORMATS).join(', ')}.`);
}

function readColumns(value: unknown): readonly ColumnInfo[] {
  const isColumn = (item: unknown): item is ColumnInfo => {
    const { name, type } = (item ?? {}) as { readonly name?: unknown; readonly type?: unknown };
    return typeof name === 'string' && typeof type === 'string';
  };
  if (Array.isArray(value) && value.length > 0 && value.every(isColumn)) return value;
  throw invalid('result.columns must be an array of columns with name and type, as sql/run gave them.');
}

function readOptions(value: unknown, format: ExportFormat): ExportOptions {
  if (isAbsent(value)) return {};
  const info: ExportFormatInfo = EXPORT_FORMATS[format];
  if (info.options.length === 0 && Object.keys(value as object).length > 0) {
    throw invalid(`options: ${info.title} has none.`);
  }
  const options = readParams(value, info.options);
  const delimiter = readTextOf(options, 'delimiter');
  if (delimiter !== undefined && !/^[^\r\n"]$/u.test(delimiter)) {
    throw invalid('options.delimiter must be one character, and neither a quote nor a line end.');
  }
  const nullText = readTextOf(options, 'nullText');
  if (nullText !== undefined && /[\r\n"]/.test(nullText)) {
    throw invalid('options.nullText must hold neither quotes nor line ends.');
  }
  const sheet = readTextOf(options, 'sheet');
  if (sheet !== undefined && !isSheetName(sheet)) {
    throw invalid('options.sheet must be 1 to 31 characters, without [ ] : * ? / \\ in it.');
  }
  const table = readTextOf(options, 'table');
  if (table !== undefined && (table === '' || table.includes('\0'))) {
    throw invalid('options.table must be a name.');
  }
  const compression = readCompression(options, format);
  const header = readOptionalBoolean(options, 'header');
  const createTable = readOptionalBoolean(options, 'createTable');
  return {
    ...(delimiter !== undefined && { delimiter }),
    ...(nullText !== undefined && { nullText }),
    ...(sheet !== undefined && { sheet }),
    ...(table !== undefined && { table }),
    ...(compression !== undefined && { compression }),
    ...(header !== undefined && { header }),
    ...(createTable !== undefined && { createTable }),
  };
}

function readTextOf(options: Params, name: string): string | undefined {
  const value = options[name];
  if (isAbsent(value)) return undefined;
  if (typeof value === 'string') return value;
  throw invalid(`options.${name} must be a string.`);
}

function readCompression(options: Params, format: ExportFormat): Compression | undefined {
  const compression = readTextOf(options, 'compression');
  if (compression === undefined) return undefined;
  const known = COMPRESSIONS[format] ?? [];
  if ((known as readonly string[]).includes(compression)) return compression as Compression;
  throw invalid(`options.compression must be one of ${known.join(', ')}.`);
}
