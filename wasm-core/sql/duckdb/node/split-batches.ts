import { type Data, type RecordBatch, RecordBatchReader } from 'apache-arrow';
import { BatchTemplate } from './batch-message.ts';
import { sliceColumns } from './slice-columns.ts';

/**
 * A record batch beyond this many bytes is split, into batches of about so many. The engine sends 2048 rows at once
 * however wide they are, which is 80 MB of 5,000 columns, and whoever looks at one row has to take its whole batch.
 */
export const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** Where some rows are much longer than the average, a batch may become so many times as large before it is split again. */
const UNEVEN = 4;

/** The message of one record batch. */
export interface BatchMessage {
  readonly bytes: Uint8Array;
  readonly rowCount: number;
}

/**
 * Splits record batches into smaller ones with the same rows, which are in memory one at a time.
 *
 * @param schema the message in front of the batches
 * @param bytes messages of record batches with rows; not kept
 */
export function* splitBatches(schema: Uint8Array, bytes: Uint8Array): Iterable<BatchMessage> {
  for (let at = 0; at < bytes.length; ) {
    const template = new BatchTemplate(bytes.subarray(at));
    const message = bytes.subarray(at, at + template.byteLength);
    at += template.byteLength;
    const { numRows, data } = readBatch(schema, message);
    // A multiple of 8, so that bits need not be moved within their bytes.
    const wanted = Math.floor(MAX_BATCH_BYTES / (message.length / numRows));
    const batchRows = Math.max(1, wanted - (wanted > 8 ? wanted % 8 : 0));
    for (let from = 0; from < numRows; from += batchRows)
      yield* cut(template, data.children, { from, count: Math.min(batchRows, numRows - from) });
  }
}

/** One copy into fresh memory: Arrow's buffers are typed arrays, which have to start at multiples of their size. */
function readBatch(schema: Uint8Array, message: Uint8Array): RecordBatch {
  const stream = new Uint8Array(schema.length + message.length);
  stream.set(schema);
  stream.set(message, schema.length);
  const [batch] = RecordBatchReader.from(stream);
  if (batch === undefined) throw new Error('a message of the engine that has no rows');
  return batch;
}

function* cut(
  template: BatchTemplate,
  columns: readonly Data[],
  { from, count }: { readonly from: number; readonly count: number },
): Iterable<BatchMessage> {
  const parts = sliceColumns(columns, { from, count });
  const byteLength = parts.buffers.reduce((sum, { length }) => sum + length, 0);
  if (byteLength <= UNEVEN * MAX_BATCH_BYTES || count === 1) {
    yield { bytes: template.message(count, parts), rowCount: count };
    return;
  }
  const half = count >> 1;
  yield* cut(template, columns, { from, count: half });
  yield* cut(template, columns, { from: from + half, count: count - half });
}
