import { closeSync, openSync, readSync } from 'node:fs';
import { MessageReader } from 'apache-arrow';
import { CoreError } from '../../../../protocol/errors.ts';
import type { BatchValues } from '../../export/arrow-array.ts';

/** One record batch of a results file. */
export interface StoredBatch {
  /** The message as it is in the file. */
  readonly bytes: Uint8Array;
  /** Rows that count: of the last batch perhaps not all. */
  readonly rowCount: number;
  readonly storedCount: number;
  /** Where its body begins in `bytes`. */
  readonly bodyAt: number;
}

/** What a record batch's message tells of it, for the engine. @throws Error when it is no batch's */
export function storedValues({ bytes, bodyAt, rowCount }: StoredBatch): BatchValues {
  const header = new MessageReader(bytes).readMessage()?.header();
  if (header === undefined || !('nodes' in header)) {
    throw new Error('a results file has a message that is no batch');
  }
  const { nodes, buffers } = header;
  return { rowCount, nodes, buffers, body: bytes.subarray(bodyAt) };
}

/** Longest message that is read, bytes: a length beyond is a fault of the file. */
const MAX_MESSAGE = 1024 * 1024 * 1024;

/** Reads a results file from its beginning to its end, one record batch at a time. */
export class BatchFile {
  readonly #file: string;
  readonly #descriptor: number;
  readonly #prefix = new DataView(new ArrayBuffer(8));
  readonly #rowCount: number;
  readonly schema: Uint8Array;
  #rows = 0;
  #closed = false;

  /**
   * @param rowCount rows to read; the last batch may hold more
   * @throws CoreError FORMAT_DATA when it is no results file, FILE_NOT_FOUND
   */
  constructor(file: string, rowCount: number) {
    this.#file = file;
    this.#rowCount = rowCount;
    try {
      this.#descriptor = openSync(file, 'r');
    } catch {
      throw new CoreError('FILE_NOT_FOUND', 'The rows of that run are gone; run the statement again.', {
        path: file,
      });
    }
    this.schema = this.#message()?.bytes ?? this.#fail('it has no schema');
  }

  /** Share of the rows that was read, 0 to 100. */
  get percent(): number {
    return this.#rowCount === 0 ? 100 : Math.min(100, (100 * this.#rows) / this.#rowCount);
  }

  /** The next batch; undefined behind the last. @throws CoreError FORMAT_DATA */
  next(): StoredBatch | undefined {
    if (this.#rows >= this.#rowCount) return undefined;
    const message = this.#message() ?? this.#fail(`it ends after ${this.#rows} of ${this.#rowCount} rows`);
    const rowCount = Math.min(message.storedCount, this.#rowCount - this.#rows);
    this.#rows += rowCount;
    return { ...message, rowCount };
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#descriptor);
  }

  /** The next message; undefined at the mark behind the last. */
  #message(): StoredBatch | undefined {
    this.#read(new Uint8Array(this.#prefix.buffer));
    const length = this.#prefix.getInt32(4, true);
    if (length === 0) return undefined;
    if (this.#prefix.getInt32(0) !== -1 || length < 0 || length > MAX_MESSAGE)
      return this.#fail('a message is broken');
    const head = new Uint8Array(8 + length);
    head.set(new Uint8Array(this.#prefix.buffer));
    this.#read(head.subarray(8));
    const message = new MessageReader(head).readMessage() ?? this.#fail('a message is broken');
    const bodyLength = Number(message.bodyLength);
    if (bodyLength < 0 || bodyLength > MAX_MESSAGE) this.#fail('a message is broken');
    const bytes = new Uint8Array(head.length + bodyLength);
    bytes.set(head);
    this.#read(bytes.subarray(head.length));
    const storedCount = message.isRecordBatch() ? Number(message.header().length) : 0;
    return { bytes, rowCount: storedCount, storedCount, bodyAt: head.length };
  }

  #read(into: Uint8Array): void {
    for (let from = 0; from < into.length; ) {
      const count = readSync(this.#descriptor, into, from, into.length - from, null);
      if (count === 0) this.#fail('it ends too early');
      from += count;
    }
  }

  #fail(why: string): never {
    throw new CoreError('FORMAT_DATA', `'${this.#file}' is not a results file that can be read: ${why}.`, {
      path: this.#file,
    });
  }
}
