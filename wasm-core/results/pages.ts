import { type Data, type RecordBatch, RecordBatchReader } from 'apache-arrow';
import type { ColumnInfo } from '../protocol/methods.ts';
import { checkMessages } from './checked-messages.ts';
import { columnReader } from './column-reader.ts';
import { parseType } from './type-text.ts';
import type { ValueReader } from './value-reader.ts';

/** The rows of one page. `row` counts from the page's first row, `column` from 0. */
export interface PageReader {
  readonly rowCount: number;
  isNull(row: number, column: number): boolean;
  /** As DuckDB's cast to VARCHAR writes the value; `NULL` for NULL. */
  text(row: number, column: number): string;
  /**
   * The value as JSON text: digits exact, non-finite numbers and NULL as `null`, dates, times, bytes and bits as
   * strings of their text, structs and maps as objects.
   */
  json(row: number, column: number): string;
}

/**
 * Reads a page of a results file.
 *
 * @param schema the file's first `schemaByteLength` bytes
 * @param page the page's bytes; not kept
 * @param columns the statement's columns, which the schema must have
 * @param rowCount the page's row count: its last batch may hold more rows than count
 * @throws Error when the bytes are not such a page
 */
export function readPage(
  schema: Uint8Array,
  page: Uint8Array,
  columns: readonly ColumnInfo[],
  rowCount: number,
): PageReader {
  const batches = readBatches(schema, page);
  const starts = firstRows(batches);
  const stored = (starts.at(-1) ?? 0) + (batches.at(-1)?.numRows ?? 0);
  if (stored < rowCount) throw new Error(`The page holds ${stored} rows instead of ${rowCount}.`);
  for (const { data } of batches) for (const column of data.children) checkParts(column, page.length);
  const readers = batches.map((batch) => batchReaders(batch, columns));
  const find = (row: number, column: number): { reader: ValueReader; at: number } => {
    const batch = batchOf(starts, row);
    const reader = readers[batch]?.[column];
    if (reader === undefined || row < 0 || row >= rowCount) {
      throw new RangeError(`no value at row ${row}, column ${column}`);
    }
    return { reader, at: row - (starts[batch] ?? 0) };
  };
  return {
    rowCount,
    isNull: (row, column) => {
      const { reader, at } = find(row, column);
      return reader.isNull(at);
    },
    text: (row, column) => {
      const { reader, at } = find(row, column);
      return reader.text(at);
    },
    json: (row, column) => {
      const { reader, at } = find(row, column);
      return reader.json(at);
    },
  };
}

/** One copy into fresh memory: Arrow's buffers are typed arrays, which have to start at multiples of their size. */
function readBatches(schema: Uint8Array, page: Uint8Array): RecordBatch[] {
  const stream = new Uint8Array(schema.length + page.length);
  stream.set(schema);
  stream.set(page, schema.length);
  checkMessages(stream);
  return [...RecordBatchReader.from(stream)].filter((batch) => batch.numRows > 0);
}

function batchReaders(batch: RecordBatch, columns: readonly ColumnInfo[]): ValueReader[] {
  const { fields } = batch.schema;
  if (fields.length !== columns.length) {
    throw new Error(`The page has ${fields.length} columns instead of ${columns.length}.`);
  }
  return fields.map((field, index) => {
    const data = batch.data.children[index];
    if (data === undefined) throw new Error(`The page lacks the values of column ${field.name}.`);
    return columnReader({ field, data, type: parseType(columns[index]?.type ?? '') });
  });
}

/**
 * Refuses parts of values that are more than the page has bits for, before anything is as long as it says.
 *
 * @throws Error
 */
function checkParts({ children }: Data, byteLength: number): void {
  for (const part of children) {
    if (part.length > 8 * byteLength) {
      throw new Error(`The page says that it holds ${part.length} parts in ${byteLength} bytes.`);
    }
    checkParts(part, byteLength);
  }
}

function firstRows(batches: readonly RecordBatch[]): number[] {
  const starts: number[] = [];
  let row = 0;
  for (const batch of batches) {
    starts.push(row);
    row += batch.numRows;
  }
  return starts;
}

/** The last batch that starts at the row or before it. */
function batchOf(starts: readonly number[], row: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}
