import type { SqlType } from '../../../protocol/sql-types.ts';
import { entryType } from '../../../runtime/values/sql-type-of.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import { align, COLUMN, COLUMN_BYTES, decimalBytes, fixedBytes } from './batch-layout.ts';
import { type BatchTarget, InputColumn } from './input-column.ts';
import { measureTexts, withTexts } from './text-kernel.ts';
import { copyBytes } from './text-vector.ts';

/** The column of a type. @param isTop true for an argument itself, false inside a nested one */
export function inputColumn(native: Native, type: SqlType, isTop: boolean): InputColumn {
  switch (type.kind) {
    case 'decimal':
      return decimalColumn(native, type.width, isTop);
    case 'list':
      return new ListColumn(native, isTop, type.element);
    case 'map':
      return new ListColumn(native, isTop, entryType(type));
    case 'array':
      return new ArrayColumn(native, isTop, type);
    case 'struct':
      return new StructColumn(native, isTop, type);
    case 'simple': {
      const bytes = fixedBytes(type.name);
      if (bytes !== undefined) return new FixedColumn(native, isTop, bytes);
      if (type.name === 'BOOLEAN') return new BooleanColumn(native, isTop);
      return type.name === 'UUID' ? new UuidColumn(native, isTop) : new BytesColumn(native, isTop);
    }
  }
}

function decimalColumn(native: Native, width: number, isTop: boolean): InputColumn {
  const bytes = decimalBytes(width);
  return bytes === 2 || bytes === 4
    ? new WideningColumn(native, isTop, bytes)
    : new FixedColumn(native, isTop, bytes);
}

/** Values of one size, the same bytes on both sides. */
class FixedColumn extends InputColumn {
  readonly #size: 1 | 2 | 4 | 8 | 16;

  constructor(native: Native, isTop: boolean, size: 1 | 2 | 4 | 8 | 16) {
    super(native, isTop);
    this.#size = size;
  }

  protected measureData(_vector: Pointer, stored: number): number {
    return align(stored * this.#size);
  }

  protected override holdsOneValue(): boolean {
    if (this.#size >= 4) return this.sameWords(this.#size >>> 2);
    const values =
      this.#size === 1
        ? this.native.bytes().subarray(this.dataPointer)
        : new Uint16Array(this.native.buffer, this.dataPointer);
    const { rows, count } = this;
    const first = values[rows?.[0] ?? 0];
    for (let i = 1; i < count; i++) {
      if (values[rows === undefined ? i : (rows[i] ?? 0)] !== first) return false;
    }
    return true;
  }

  protected writeData(target: BatchTarget, at: number, stored: number): void {
    const size = this.#size;
    const to = target.take(stored * size);
    const { dataPointer: from, rows } = this;
    target.guest.words[at + COLUMN.data] = to;
    if (rows === undefined) {
      target.guest.bytes.set(target.engine.bytes.subarray(from, from + stored * size), to);
    } else gather(target, { from, to, rows, size, count: stored });
  }
}

/** Copies the values of some rows. */
function gather(
  target: BatchTarget,
  options: {
    readonly from: number;
    readonly to: number;
    readonly rows: Int32Array;
    readonly size: 1 | 2 | 4 | 8 | 16;
    readonly count: number;
  },
): void {
  const { rows, size, count } = options;
  const view = size === 1 ? 'bytes' : size === 2 ? 'halves' : 'words';
  const source = target.engine[view];
  const destination = target.guest[view];
  const unit = size === 1 ? 1 : size === 2 ? 2 : 4;
  const units = size / unit;
  const from = options.from / unit;
  let to = options.to / unit;
  for (let i = 0; i < count; i++) {
    const row = Math.max(rows[i] ?? 0, 0);
    for (let unitIndex = 0; unitIndex < units; unitIndex++) {
      destination[to++] = source[from + row * units + unitIndex] ?? 0;
    }
  }
}

/** DECIMAL of few digits, which the engine keeps in less than the 8 bytes of a batch. */
class WideningColumn extends InputColumn {
  readonly #size: 2 | 4;

  constructor(native: Native, isTop: boolean, size: 2 | 4) {
    super(native, isTop);
    this.#size = size;
  }

  protected measureData(_vector: Pointer, stored: number): number {
    return align(stored * 8);
  }

  protected writeData(target: BatchTarget, at: number, stored: number): void {
    const to = target.take(stored * 8);
    const { words } = target.guest;
    words[at + COLUMN.data] = to;
    const { rows, dataPointer } = this;
    const source = this.#size === 2 ? target.engine.halves : target.engine.words;
    const shift = this.#size === 2 ? 16 : 0;
    for (let i = 0; i < stored; i++) {
      const row = rows === undefined ? i : Math.max(rows[i] ?? 0, 0);
      const value = ((source[dataPointer / this.#size + row] ?? 0) << shift) >> shift;
      words[(to >>> 2) + 2 * i] = value;
      words[(to >>> 2) + 2 * i + 1] = value >> 31;
    }
  }
}

/** The engine keeps a byte for each BOOLEAN, a batch a bit. */
class BooleanColumn extends InputColumn {
  protected measureData(_vector: Pointer, stored: number): number {
    return align((stored + 7) >>> 3);
  }

  protected writeData(target: BatchTarget, at: number, stored: number): void {
    const byteLength = (stored + 7) >>> 3;
    const to = target.take(byteLength);
    target.guest.words[at + COLUMN.data] = to;
    const { rows, dataPointer } = this;
    const from = target.engine.bytes;
    const { bytes } = target.guest;
    for (let byte = 0, i = 0; byte < byteLength; byte++) {
      let bits = 0;
      for (let bit = 0; bit < 8 && i < stored; bit++, i++) {
        const row = rows === undefined ? i : Math.max(rows[i] ?? 0, 0);
        if (from[dataPointer + row] !== 0) bits |= 1 << bit;
      }
      bytes[to + byte] = bits;
    }
  }
}

/** The engine keeps a UUID as a HUGEINT whose top bit is flipped, so that it sorts as text does. */
class UuidColumn extends InputColumn {
  protected measureData(_vector: Pointer, stored: number): number {
    return align(stored * 16);
  }

  protected writeData(target: BatchTarget, at: number, stored: number): void {
    const to = target.take(stored * 16);
    target.guest.words[at + COLUMN.data] = to;
    const { rows, dataPointer } = this;
    const from = target.engine.bytes;
    const { bytes } = target.guest;
    for (let i = 0; i < stored; i++) {
      const row = rows === undefined ? i : Math.max(rows[i] ?? 0, 0);
      const last = dataPointer + 16 * row + 15;
      const start = to + 16 * i;
      for (let byte = 0; byte < 16; byte++) bytes[start + byte] = from[last - byte] ?? 0;
      bytes[start] = (bytes[start] ?? 0) ^ 0x80;
    }
  }
}

/** VARCHAR and BLOB. */
class BytesColumn extends InputColumn {
  #byteLength = 0;

  protected override holdsOneValue(): boolean {
    return this.sameWords(4);
  }

  protected measureData(_vector: Pointer, stored: number): number {
    if (this.#isWhole(stored)) {
      this.#byteLength = measureTexts(this.native, this.dataPointer, stored);
      return align(4 * (stored + 1)) + align(this.#byteLength + 1);
    }
    const words = this.native.words();
    const base = this.dataPointer >>> 2;
    let total = 0;
    for (let i = 0; i < stored; i++) {
      if (this.nulls > 0 && this.isNull(words, i)) continue;
      total += words[base + 4 * (this.rows === undefined ? i : (this.rows[i] ?? 0))] ?? 0;
    }
    this.#byteLength = total;
    // One byte more, so that the address of an empty last text is inside memory too.
    return align(4 * (stored + 1)) + align(total + 1);
  }

  protected writeData(target: BatchTarget, at: number, stored: number): void {
    const offsets = target.take(4 * (stored + 1));
    const to = target.take(this.#byteLength + 1);
    const { words, bytes } = target.guest;
    words[at + COLUMN.offsets] = offsets;
    words[at + COLUMN.data] = to;
    if (this.#isWhole(stored)) {
      this.#writeWhole(target, { offsets, stored });
      return;
    }
    const engine = target.engine;
    const base = this.dataPointer >>> 2;
    let end = 0;
    words[offsets >>> 2] = 0;
    for (let i = 0; i < stored; i++) {
      if (this.nulls === 0 || !this.isNull(engine.words, i)) {
        const entry = base + 4 * (this.rows === undefined ? i : (this.rows[i] ?? 0));
        const byteLength = engine.words[entry] ?? 0;
        const from = byteLength <= 12 ? 4 * (entry + 1) : (engine.words[entry + 2] ?? 0);
        copyBytes(engine.bytes, from, byteLength, bytes, to + end);
        end += byteLength;
      }
      words[(offsets >>> 2) + i + 1] = end;
    }
  }

  /** Whether the texts are all rows of the vector, enough of them to pay for a block. */
  #isWhole(stored: number): boolean {
    return this.rows === undefined && this.nulls === 0 && stored >= 16;
  }

  /** Offsets and bytes lie in the batch as they do in a block. */
  #writeWhole(target: BatchTarget, to: { readonly offsets: number; readonly stored: number }): void {
    const { native } = this;
    const from = { data: this.dataPointer, rowCount: to.stored, byteLength: this.#byteLength };
    withTexts(native, from, ({ pointer, byteLength }) => {
      target.guest.bytes.set(native.bytes().subarray(pointer, pointer + byteLength), to.offsets);
    });
    // The block may have made the engine's memory grow.
    target.engine.refresh(native.bytes());
  }
}

/** LIST, and MAP as a list of structs. The engine's entries may lie in any order, with gaps, or twice. */
class ListColumn extends InputColumn {
  readonly #child: InputColumn;
  #lengths = new Int32Array(0);

  constructor(native: Native, isTop: boolean, element: SqlType) {
    super(native, isTop);
    this.#child = inputColumn(native, element, false);
  }

  protected measureData(vector: Pointer, stored: number): number {
    const words = this.native.words();
    const lengths = new Int32Array(stored);
    const base = this.dataPointer >>> 2;
    let total = 0;
    let inOrder = true;
    for (let i = 0; i < stored; i++) {
      if (this.isNull(words, i)) continue;
      const entry = base + 4 * (this.rows === undefined ? i : (this.rows[i] ?? 0));
      const length = words[entry + 2] ?? 0;
      if (length > 0 && words[entry] !== total) inOrder = false;
      lengths[i] = length;
      total += length;
    }
    this.#lengths = lengths;
    const child = this.native.api.duckdb_list_vector_get_child(vector);
    const rows = inOrder ? undefined : this.#childRows(total);
    return align(4 * (stored + 1)) + COLUMN_BYTES + this.#child.measure(child, rows, total);
  }

  protected writeData(target: BatchTarget, at: number, stored: number): void {
    const offsets = target.take(4 * (stored + 1));
    const child = target.take(COLUMN_BYTES);
    const { words } = target.guest;
    words[at + COLUMN.offsets] = offsets;
    words[at + COLUMN.children] = child;
    words[at + COLUMN.childCount] = 1;
    let end = 0;
    words[offsets >>> 2] = 0;
    for (let i = 0; i < stored; i++) {
      end += this.#lengths[i] ?? 0;
      words[(offsets >>> 2) + i + 1] = end;
    }
    this.#child.write(target, child);
  }

  #childRows(total: number): Int32Array {
    const words = this.native.words();
    const base = this.dataPointer >>> 2;
    const rows = new Int32Array(total);
    let next = 0;
    this.#lengths.forEach((length, i) => {
      const start = words[base + 4 * (this.rows === undefined ? i : (this.rows[i] ?? 0))] ?? 0;
      for (let k = 0; k < length; k++) rows[next++] = start + k;
    });
    return rows;
  }
}

/** ARRAY: so many values of the child for each row, NULL or not. */
class ArrayColumn extends InputColumn {
  readonly #child: InputColumn;
  readonly #length: number;

  constructor(native: Native, isTop: boolean, type: Extract<SqlType, { kind: 'array' }>) {
    super(native, isTop);
    this.#child = inputColumn(native, type.element, false);
    this.#length = type.length;
  }

  protected measureData(vector: Pointer, stored: number): number {
    const child = this.native.api.duckdb_array_vector_get_child(vector);
    return COLUMN_BYTES + this.#child.measure(child, this.#childRows(stored), stored * this.#length);
  }

  protected writeData(target: BatchTarget, at: number): void {
    const child = target.take(COLUMN_BYTES);
    target.guest.words[at + COLUMN.children] = child;
    target.guest.words[at + COLUMN.childCount] = 1;
    this.#child.write(target, child);
  }

  #childRows(stored: number): Int32Array | undefined {
    if (this.rows === undefined && this.nulls === 0) return undefined;
    const words = this.native.words();
    const rows = new Int32Array(stored * this.#length).fill(-1);
    for (let i = 0; i < stored; i++) {
      if (this.isNull(words, i)) continue;
      const row = this.rows === undefined ? i : (this.rows[i] ?? 0);
      for (let k = 0; k < this.#length; k++) rows[i * this.#length + k] = row * this.#length + k;
    }
    return rows;
  }
}

class StructColumn extends InputColumn {
  readonly #children: readonly InputColumn[];

  constructor(native: Native, isTop: boolean, type: Extract<SqlType, { kind: 'struct' }>) {
    super(native, isTop);
    this.#children = type.fields.map((field) => inputColumn(native, field.type, false));
  }

  protected measureData(vector: Pointer, stored: number): number {
    const rows = this.#childRows(stored);
    let byteLength = COLUMN_BYTES * this.#children.length;
    this.#children.forEach((child, index) => {
      const from = this.native.api.duckdb_struct_vector_get_child(vector, index, 0);
      byteLength += child.measure(from, rows, stored);
    });
    return byteLength;
  }

  protected writeData(target: BatchTarget, at: number): void {
    const headers = target.take(COLUMN_BYTES * this.#children.length);
    target.guest.words[at + COLUMN.children] = headers;
    target.guest.words[at + COLUMN.childCount] = this.#children.length;
    this.#children.forEach((child, index) => {
      child.write(target, headers + COLUMN_BYTES * index);
    });
  }

  /** A NULL struct's fields are NULL, whatever their own vectors hold there. */
  #childRows(stored: number): Int32Array | undefined {
    if (this.nulls === 0) return this.rows;
    const words = this.native.words();
    const rows = new Int32Array(stored);
    for (let i = 0; i < stored; i++) {
      rows[i] = this.isNull(words, i) ? -1 : this.rows === undefined ? i : (this.rows[i] ?? 0);
    }
    return rows;
  }
}
