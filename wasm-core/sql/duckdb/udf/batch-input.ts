import type { SqlType } from '../../../protocol/sql-types.ts';
import type { Guest } from '../../../runtime/guest.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import { align, BATCH_BYTES, COLUMN_BYTES } from './batch-layout.ts';
import { BatchTarget, type InputColumn, type RowIndexes } from './input-column.ts';
import { inputColumn } from './input-columns.ts';

/** Rows of vectors that become a batch. */
export interface BatchRows {
  /** Flat vectors, one for each type. */
  readonly vectors: readonly Pointer[];
  /** How many rows to send, 1 to 2,048: the first ones, when `rows` is absent. */
  readonly rowCount: number;
  /** Indexes of the rows to send, in order, `rowCount` of them; absent: the first. */
  readonly rows?: Int32Array | undefined;
  /** Aggregate states: one for each row that is sent, or one for all. */
  readonly states?: Int32Array | number | undefined;
}

/** A batch in guest memory. */
export interface WrittenBatch {
  readonly pointer: number;
  readonly byteLength: number;
}

/** Writes batches of arguments into guests, chunk after chunk; docs/plugin-abi.md has their layout. */
export class BatchInput {
  readonly #native: Native;
  readonly #columns: readonly InputColumn[];
  readonly #target = new BatchTarget();
  #varyingBytes = 0;

  constructor(native: Native, types: readonly SqlType[]) {
    this.#native = native;
    this.#columns = types.map((type) => inputColumn(native, type, true));
  }

  /** Whether the batch written last had one value without NULL for all rows in each of its columns. */
  get isConstant(): boolean {
    return this.#columns.every((column) => column.isConstant);
  }

  /**
   * Writes rows into the guest's argument buffer; valid until the next use of that buffer.
   *
   * @throws CoreError MEMORY_LIMIT, MEMORY_BOUNDS, TRAP, of the guest's `alloc`
   */
  write(guest: Guest, from: BatchRows): WrittenBatch {
    return this.writeMeasured(guest, from, this.measure(from));
  }

  /** Of the rows measured last: bytes of the columns that are no constants, which smaller batches would make less. */
  get varyingBytes(): number {
    return this.#varyingBytes;
  }

  /** Bytes that a batch of these rows takes; good for `writeMeasured` until the engine runs again. */
  measure(from: BatchRows): number {
    return this.#measure(from, from.rows?.length ?? from.rowCount) + this.#statesBytes(from.states);
  }

  /** As `write`, of the rows that were measured last. */
  writeMeasured(guest: Guest, from: BatchRows, byteLength: number): WrittenBatch {
    const rowCount = from.rows?.length ?? from.rowCount;
    const pointer = align(guest.argumentBuffer(byteLength + 15));
    const target = this.#target;
    target.engine.refresh(this.#native.bytes());
    target.guest.refresh(guest.view());
    target.next = pointer;
    target.take(BATCH_BYTES + COLUMN_BYTES * this.#columns.length);
    const { words } = target.guest;
    words[pointer >>> 2] = rowCount;
    words[(pointer >>> 2) + 1] = this.#columns.length;
    this.#writeStates(from.states, pointer >>> 2);
    let header = pointer + BATCH_BYTES;
    for (const column of this.#columns) {
      column.write(target, header);
      header += COLUMN_BYTES;
    }
    return { pointer, byteLength };
  }

  #measure(from: BatchRows, rowCount: number): number {
    const rows: RowIndexes = from.rows;
    this.#varyingBytes = 0;
    let byteLength = BATCH_BYTES + COLUMN_BYTES * this.#columns.length;
    for (let i = 0; i < this.#columns.length; i++) {
      const column = this.#columns[i];
      const size = column?.measure(from.vectors[i] ?? 0, rows, rowCount) ?? 0;
      byteLength += size;
      if (column?.isConstant !== true) this.#varyingBytes += size;
    }
    return byteLength;
  }

  #statesBytes(states: BatchRows['states']): number {
    return states instanceof Int32Array ? align(states.byteLength) : 0;
  }

  /** @param at index of the batch's first word */
  #writeStates(states: BatchRows['states'], at: number): void {
    const { words } = this.#target.guest;
    words[at + 2] = 0;
    words[at + 3] = typeof states === 'number' ? states : 0;
    if (!(states instanceof Int32Array)) return;
    const to = this.#target.take(states.byteLength);
    words[at + 2] = to;
    words.set(states, to >>> 2);
  }
}
