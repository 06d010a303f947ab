import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type Message, MessageReader } from 'apache-arrow';
import { CoreError } from '../../../../protocol/errors.ts';

/** Values of some columns of one record batch. */
export interface ColumnBatch {
  /** Rows that count: of the last batch perhaps not all. */
  readonly rowCount: number;
  readonly storedCount: number;
  /** What the message says of each part of the columns, in the order of their types. */
  readonly nodes: readonly BatchNode[];
  /** The buffers of the parts, in the order of their types. */
  readonly buffers: readonly BatchBuffer[];
  /** What the buffers' places count from; each begins at a multiple of 8. */
  readonly body: Uint8Array;
}

export interface BatchNode {
  readonly length: number;
  readonly nullCount: number;
}

export interface BatchBuffer {
  readonly offset: number;
  readonly length: number;
}

/** Which parts of each batch a column has. */
export interface ColumnParts {
  readonly firstNode: number;
  readonly nodeCount: number;
  readonly firstBuffer: number;
  readonly bufferCount: number;
}

/** Where a batch is in the file. */
interface StoredPlace {
  /** Of the message. */
  readonly offset: number;
  readonly headLength: number;
  readonly bodyLength: number;
  /** Rows that count. */
  readonly rowCount: number;
  readonly firstRow: number;
}

/** Longest message that is read, bytes: a length beyond is a fault of the file. */
const MAX_MESSAGE = 1024 * 1024 * 1024;

/** Read at once where heads of batches are looked for, bytes. */
const HEAD_BYTES = 4096;

/** Reads columns of a results file, batch by batch, in any order. */
export class ColumnFile {
  readonly #file: string;
  readonly #descriptor: number;
  readonly #size: number;
  readonly #places: StoredPlace[] = [];
  /** The schema message. */
  readonly schema: Uint8Array;
  readonly rowCount: number;
  #closed = false;

  /**
   * @param rowCount rows to read; the last batch may hold more
   * @throws CoreError FORMAT_DATA when it is no results file with so many rows, FILE_NOT_FOUND
   */
  constructor(file: string, rowCount: number) {
    this.#file = file;
    this.rowCount = rowCount;
    try {
      this.#descriptor = openSync(file, 'r');
    } catch {
      throw new CoreError('FILE_NOT_FOUND', 'The rows of that run are gone; run the statement again.', {
        path: file,
      });
    }
    this.#size = fstatSync(this.#descriptor).size;
    try {
      const { bytes, length } = this.#head(0);
      this.schema = bytes.slice(0, length);
      this.#findBatches(length);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Of all batches, without what describes them. */
  get bodyLength(): number {
    return this.#places.reduce((sum, { bodyLength }) => sum + bodyLength, 0);
  }

  /** The first row of each batch, in order. */
  firstRows(): number[] {
    return this.#places.map(({ firstRow }) => firstRow);
  }

  /** Rows of a batch that count. */
  batchRows(index: number): number {
    return this.#place(index).rowCount;
  }

  /**
   * A whole batch, as a message of the file.
   *
   * @throws CoreError FORMAT_DATA
   */
  message(index: number): Uint8Array {
    const { offset, headLength, bodyLength } = this.#place(index);
    return this.#bytes(offset, headLength + bodyLength);
  }

  /**
   * Some columns of a batch; nothing else is read.
   *
   * @param columns in the order in which they are wanted
   * @param options.spareBytes left free at the end of the body
   * @throws CoreError FORMAT_DATA
   */
  batch(index: number, columns: readonly ColumnParts[], { spareBytes = 0 } = {}): ColumnBatch {
    const place = this.#place(index);
    const head =
      readMessage(this.#bytes(place.offset, place.headLength)) ?? this.#fail('a message is broken');
    const header = head.header();
    if (!('nodes' in header)) return this.#fail('it has a message that is no batch');
    const nodes = columns.flatMap(({ firstNode, nodeCount }) =>
      header.nodes.slice(firstNode, firstNode + nodeCount).map(({ length, nullCount }) => ({
        length: Number(length),
        nullCount: Number(nullCount),
      })),
    );
    const stored = columns.flatMap(({ firstBuffer, bufferCount }) =>
      header.buffers.slice(firstBuffer, firstBuffer + bufferCount),
    );
    let byteLength = 0;
    const buffers = stored.map(({ length }) => {
      const offset = byteLength;
      byteLength += (Number(length) + 7) & ~7;
      return { offset, length: Number(length) };
    });
    const body = new Uint8Array(byteLength + spareBytes);
    const bodyAt = place.offset + place.headLength;
    for (const [at, { offset, length }] of buffers.entries()) {
      const from = Number(stored[at]?.offset ?? 0);
      if (from < 0 || from + length > place.bodyLength) this.#fail('a message is broken');
      this.#read(body.subarray(offset, offset + length), bodyAt + from);
    }
    return { rowCount: place.rowCount, storedCount: Number(header.length), nodes, buffers, body };
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#descriptor);
  }

  #findBatches(from: number): void {
    let rows = 0;
    for (let offset = from; rows < this.rowCount; ) {
      const { message, length } = this.#head(offset);
      if (message === undefined) throw this.#fault(`it ends after ${rows} of ${this.rowCount} rows`);
      const bodyLength = Number(message.bodyLength);
      if (bodyLength < 0 || offset + length + bodyLength > this.#size) this.#fail('it ends too early');
      const stored = message.isRecordBatch() ? Number(message.header().length) : 0;
      const rowCount = Math.min(stored, this.rowCount - rows);
      if (rowCount > 0)
        this.#places.push({ offset, headLength: length, bodyLength, rowCount, firstRow: rows });
      rows += rowCount;
      offset += length + bodyLength;
    }
  }

  /** A message without its body; without a message at the mark behind the last. */
  #head(offset: number): {
    readonly bytes: Uint8Array;
    readonly length: number;
    readonly message: Message | undefined;
  } {
    let bytes = this.#bytes(offset, Math.min(HEAD_BYTES, this.#size - offset));
    if (bytes.length < 8) return this.#fail('it ends too early');
    const view = new DataView(bytes.buffer);
    const length = view.getInt32(4, true);
    if (view.getInt32(0) !== -1 || length < 0 || length > MAX_MESSAGE) this.#fail('a message is broken');
    if (length === 0) return { bytes, length: 8, message: undefined };
    if (8 + length > bytes.length) bytes = this.#bytes(offset, 8 + length);
    const message = readMessage(bytes) ?? this.#fail('a message is broken');
    return { bytes, length: 8 + length, message };
  }

  #place(index: number): StoredPlace {
    const place = this.#places[index];
    if (place === undefined) throw new RangeError(`no batch ${index}`);
    return place;
  }

  #bytes(offset: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    this.#read(bytes, offset);
    return bytes;
  }

  #read(into: Uint8Array, offset: number): void {
    for (let from = 0; from < into.length; ) {
      const count = readSync(this.#descriptor, into, from, into.length - from, offset + from);
      if (count === 0) this.#fail('it ends too early');
      from += count;
    }
  }

  #fail(why: string): never {
    throw this.#fault(why);
  }

  #fault(why: string): CoreError {
    return new CoreError('FORMAT_DATA', `'${this.#file}' is not a results file that can be read: ${why}.`, {
      path: this.#file,
    });
  }
}

function readMessage(bytes: Uint8Array): Message | undefined {
  try {
    return new MessageReader(bytes).readMessage() ?? undefined;
  } catch {
    return undefined;
  }
}
