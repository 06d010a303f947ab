import {
  AsyncByteQueue,
  type Data,
  makeData,
  RecordBatch,
  RecordBatchReader,
  RecordBatchStreamWriter,
  type Schema,
  Struct,
} from 'apache-arrow';
import type { ResultFile } from '../../../../protocol/methods.ts';
import { type Picks, TooManyBytes, takeRows } from '../../../../results/take-rows.ts';
import type { Slices } from '../../slices.ts';
import { ResultsWriter } from '../results-writer.ts';
import { MAX_BATCH_BYTES } from '../split-batches.ts';
import { ColumnFile } from './column-file.ts';

/** Rows of a results file that are put into another. */
export interface GatheredRows {
  /** Absolute path of a results file, and its rows. */
  readonly path: string;
  readonly rowCount: number;
  /** Numbers of rows in it, in the order of the new file. */
  readonly rows: Uint32Array;
  /** Absolute path of a file that is not there. */
  readonly into: string;
  readonly slices: Slices;
}

/** Bytes of rows that are held at once: a larger result is read several times. */
const MAX_HELD_BYTES = 256 * 1024 * 1024;

/** Rows in a record batch that is written, and bytes as far as the average row tells. */
const MIN_BATCH_ROWS = 256;
const MAX_BATCH_ROWS = 16_384;
const BATCH_BYTES = 512 * 1024;

/** Texts of one column in a record batch, bytes. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;

/**
 * Writes rows of a results file to a new one, with its schema and each value as its bytes are.
 *
 * @returns the new file, the caller's to delete
 * @throws CoreError FILE_NOT_FOUND, FORMAT_DATA, CANCELLED, DEADLINE_EXCEEDED; nothing is left of the new file then
 */
export async function gatherRows(gathered: GatheredRows): Promise<ResultFile> {
  const { path, rowCount, rows, into, slices } = gathered;
  const file = new ColumnFile(path, rowCount);
  const writer = new ResultsWriter(into, rows.length);
  try {
    writer.schema(file.schema);
    const rowBytes = Math.max(1, file.bodyLength / Math.max(1, rowCount));
    const heldRows = Math.max(MAX_BATCH_ROWS, Math.floor(MAX_HELD_BYTES / rowBytes));
    // Few rows of many columns would be written slowly, many of them read slowly.
    const minRows = Math.max(1, Math.min(MIN_BATCH_ROWS, Math.floor(MAX_BATCH_BYTES / rowBytes)));
    const batchRows = Math.max(minRows, Math.min(MAX_BATCH_ROWS, Math.floor(BATCH_BYTES / rowBytes)));
    for (let from = 0; from < rows.length; from += heldRows) {
      const held = await holdRows(file, rows.subarray(from, from + heldRows), slices);
      await writeRows(held, { writer, batchRows, slices });
    }
    return writer.finish();
  } catch (error) {
    writer.discard();
    throw error;
  } finally {
    file.close();
  }
}

async function writeRows(
  held: HeldRows,
  options: { readonly writer: ResultsWriter; readonly batchRows: number; readonly slices: Slices },
): Promise<void> {
  const { writer, batchRows, slices } = options;
  const sink = new MessageSink();
  const stream = new RecordBatchStreamWriter();
  stream.reset(sink, held.schema);
  // The file has its schema already, as it came.
  sink.takeBytes();
  for (let row = 0; row < held.rows.length; row += batchRows) {
    for (const batch of batchesOf(held, row, Math.min(held.rows.length, row + batchRows))) {
      stream.write(batch);
      writer.batch(sink.takeBytes(), batch.numRows);
    }
    await slices.turn();
  }
}

/** Rows in memory, by the pieces in which they are and their places there. */
interface HeldRows extends Picks {
  readonly schema: Schema;
  /** Of each column its pieces. */
  readonly columns: readonly (readonly Data[])[];
}

/** Reads the batches that have some of the rows, in order, and keeps of each what is wanted. */
async function holdRows(file: ColumnFile, wanted: Uint32Array, slices: Slices): Promise<HeldRows> {
  const groups = groupRows(file.firstRows(), wanted);
  const reader = RecordBatchReader.from(messages(file, groups));
  reader.open();
  const columns: Data[][] = reader.schema.fields.map(() => []);
  const pieces = new Uint32Array(wanted.length);
  const rows = new Uint32Array(wanted.length);
  for (const [piece, { batch, firstRow, positions }] of groups.entries()) {
    const own = positions.map((position) => (wanted[position] ?? 0) - firstRow);
    // Most of its rows: a copy would take as much memory.
    const isWhole = 2 * own.length > file.batchRows(batch);
    const picks = { pieces: new Uint32Array(own.length), rows: own };
    const read = reader.next().value as RecordBatch | null;
    if (read === null) throw new Error('a results file has a message that is no batch');
    for (const [column, data] of read.data.children.entries()) {
      columns[column]?.push(isWhole ? data : takeRows([data], picks));
    }
    for (const [at, position] of positions.entries()) {
      pieces[position] = piece;
      rows[position] = isWhole ? (own[at] ?? 0) : at;
    }
    await slices.turn();
  }
  return { schema: reader.schema, columns, pieces, rows };
}

/** Rows of one batch of the file. */
interface BatchGroup {
  readonly batch: number;
  readonly firstRow: number;
  /** Where among the rows that are wanted its own are. */
  readonly positions: Uint32Array;
}

/** The wanted rows by the batches that they are in, without those of which none is wanted. */
function groupRows(firstRows: readonly number[], wanted: Uint32Array): BatchGroup[] {
  const find = batchFinder(firstRows);
  const batches = wanted.map(find);
  const counts = new Uint32Array(firstRows.length);
  for (const batch of batches) counts[batch] = (counts[batch] ?? 0) + 1;
  const groups = Array.from(counts, (count) => new Uint32Array(count));
  counts.fill(0);
  for (const [position, batch] of batches.entries()) {
    const at = counts[batch] ?? 0;
    counts[batch] = at + 1;
    (groups[batch] as Uint32Array)[at] = position;
  }
  return groups.flatMap((positions, batch) =>
    positions.length === 0 ? [] : [{ batch, firstRow: firstRows[batch] ?? 0, positions }],
  );
}

/** Rows for which one place says where to begin to look. */
const BUCKET_BITS = 10;

/** Tells the batch of a row. */
function batchFinder(firstRows: readonly number[]): (row: number) => number {
  const starts: number[] = [];
  for (let batch = 0; batch < firstRows.length; batch++) {
    const end = firstRows[batch + 1] ?? (firstRows[batch] ?? 0) + 1;
    while (starts.length << BUCKET_BITS < end) starts.push(batch);
  }
  return (row) => {
    let batch = starts[Math.min(row >> BUCKET_BITS, starts.length - 1)] ?? 0;
    while ((firstRows[batch + 1] ?? Number.POSITIVE_INFINITY) <= row) batch++;
    return batch;
  };
}

function* messages(file: ColumnFile, groups: readonly BatchGroup[]): Iterable<Uint8Array> {
  yield file.schema;
  for (const { batch } of groups) yield file.message(batch);
}

/** Some of the held rows as messages; as several where texts are long. */
function* batchesOf(held: HeldRows, from: number, to: number): Iterable<RecordBatch> {
  const picks = {
    pieces: held.pieces.subarray(from, to),
    rows: held.rows.subarray(from, to),
    // One row cannot be split.
    ...(to - from > 1 && { maxBytes: MAX_TEXT_BYTES }),
  };
  let children: Data[];
  try {
    children = held.columns.map((pieces) => takeRows(pieces, picks));
  } catch (error) {
    if (!(error instanceof TooManyBytes)) throw error;
    const middle = (from + to) >> 1;
    yield* batchesOf(held, from, middle);
    yield* batchesOf(held, middle, to);
    return;
  }
  const type = new Struct(held.schema.fields);
  yield new RecordBatch(held.schema, makeData({ type, length: to - from, nullCount: 0, children }));
}

/** Takes the bytes of messages. */
class MessageSink extends AsyncByteQueue {
  #chunks: Uint8Array[] = [];

  override write(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
  }

  /** What was written since the last call. */
  takeBytes(): Uint8Array {
    return Buffer.concat(this.#chunks.splice(0));
  }
}
