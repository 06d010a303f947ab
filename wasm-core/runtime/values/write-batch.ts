import type { Guest } from '../guest.ts';
import type { EncodedColumn } from './encode-column.ts';
import type { Leaf } from './encode-leaf.ts';

const ALIGNMENT = 16;
const HEADER_BYTES = 16;
const COLUMN_BYTES = 32;

/** A batch in guest memory, valid until the argument buffer is used again. */
export interface WrittenBatch {
  readonly pointer: number;
  readonly byteLength: number;
}

/**
 * Lays a batch out in the argument buffer, after docs/plugin-abi.md, "Batches".
 *
 * @param options.rows of each column; 1 for a batch without columns
 * @param options.state the aggregate state of all rows; 0: none
 * @throws CoreError MEMORY_LIMIT, MEMORY_BOUNDS, TRAP
 */
export function writeBatch(
  guest: Guest,
  columns: readonly EncodedColumn[],
  options: { readonly rows: number; readonly state?: number },
): WrittenBatch {
  const layout = new BatchLayout();
  const at = layout.reserve(HEADER_BYTES + COLUMN_BYTES * columns.length);
  layout.number(at, options.rows);
  layout.number(at + 4, columns.length);
  layout.number(at + 12, options.state ?? 0);
  for (const [index, column] of columns.entries())
    layout.column(at + HEADER_BYTES + COLUMN_BYTES * index, column);
  return layout.copyInto(guest);
}

/** A batch whose addresses count from its own begin, until it is copied. */
class BatchLayout {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  readonly #addresses: number[] = [];

  /** Room for some bytes, all zero, at a multiple of 16. */
  reserve(byteLength: number): number {
    const at = this.#length;
    this.#length = Math.ceil((at + byteLength) / ALIGNMENT) * ALIGNMENT;
    if (this.#length > this.#bytes.byteLength) {
      const larger = new Uint8Array(this.#length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }

  number(at: number, value: number): void {
    this.#view.setInt32(at, value, true);
  }

  column(at: number, column: EncodedColumn): void {
    const nulls = column.valid.filter((valid) => !valid).length;
    this.number(at, column.rows);
    this.number(at + 4, nulls);
    if (nulls > 0) this.#address(at + 8, this.#bits(column.valid));
    if (column.offsets !== undefined) this.#address(at + 12, this.#offsets(column.offsets));
    if (column.leaves !== undefined) this.#leaves(at, column.leaves);
    const { children } = column;
    this.number(at + 24, children.length);
    if (children.length === 0) return;
    const first = this.reserve(COLUMN_BYTES * children.length);
    this.#address(at + 20, first);
    for (const [index, child] of children.entries()) this.column(first + COLUMN_BYTES * index, child);
  }

  copyInto(guest: Guest): WrittenBatch {
    const room = guest.argumentBuffer(this.#length + ALIGNMENT);
    const pointer = Math.ceil(room / ALIGNMENT) * ALIGNMENT;
    for (const at of this.#addresses) this.number(at, this.#view.getInt32(at, true) + pointer);
    guest.view().set(this.#bytes.subarray(0, this.#length), pointer);
    return { pointer, byteLength: this.#length };
  }

  #address(at: number, target: number): void {
    this.number(at, target);
    this.#addresses.push(at);
  }

  #bits(bits: readonly boolean[]): number {
    const start = this.reserve(Math.max(1, Math.ceil(bits.length / 8)));
    for (const [index, bit] of bits.entries()) {
      if (bit)
        this.#bytes[start + (index >> 3)] = (this.#bytes[start + (index >> 3)] ?? 0) | (1 << (index & 7));
    }
    return start;
  }

  #offsets(offsets: readonly number[]): number {
    const start = this.reserve(4 * offsets.length);
    for (const [index, offset] of offsets.entries()) this.number(start + 4 * index, offset);
    return start;
  }

  #leaves(at: number, leaves: NonNullable<EncodedColumn['leaves']>): void {
    const { layout, values } = leaves;
    if (layout === 'bytes') {
      this.#texts(
        at,
        values.map((value) => (value instanceof Uint8Array ? value : EMPTY)),
      );
    } else if (layout === 'bits') {
      this.#address(at + 16, this.#bits(values.map((value) => value === 1)));
    } else {
      const start = this.reserve(Math.max(1, layout * values.length));
      this.#address(at + 16, start);
      for (const [index, value] of values.entries()) {
        if (value !== undefined) this.#put(start + layout * index, value, { ...leaves, layout });
      }
    }
  }

  #put(
    at: number,
    value: Leaf,
    { layout, isFloat }: { readonly layout: 1 | 2 | 4 | 8 | 16; readonly isFloat: boolean },
  ): void {
    if (value instanceof Uint8Array) this.#bytes.set(value, at);
    else if (typeof value === 'bigint') this.#view.setBigUint64(at, BigInt.asUintN(64, value), true);
    else if (isFloat && layout === 4) this.#view.setFloat32(at, value, true);
    else if (isFloat) this.#view.setFloat64(at, value, true);
    else if (layout === 1) this.#view.setInt8(at, value);
    else if (layout === 2) this.#view.setInt16(at, value, true);
    else this.#view.setInt32(at, value, true);
  }

  #texts(at: number, values: readonly Uint8Array[]): void {
    const offsets = [0];
    let end = 0;
    for (const { byteLength } of values) {
      end += byteLength;
      offsets.push(end);
    }
    this.#address(at + 12, this.#offsets(offsets));
    const start = this.reserve(Math.max(1, end));
    this.#address(at + 16, start);
    for (const [index, value] of values.entries()) this.#bytes.set(value, start + (offsets[index] ?? 0));
  }
}

const EMPTY = new Uint8Array(0);
