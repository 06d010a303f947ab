import type { Native } from '../native.ts';
import { COLUMN } from './batch-layout.ts';
import { type BatchSource, invalid, ResultColumn, type ResultTarget } from './result-column.ts';
import { writeTexts } from './text-kernel.ts';
import { copyBytes } from './text-vector.ts';

/** Checks a column's offsets: inside memory, never falling. @returns the address divided by 4 */
export function checkedOffsets(source: BatchSource, at: number, stored: number): number {
  const { words } = source.guest;
  const address = words[at + COLUMN.offsets] ?? 0;
  source.check(address, 4 * (stored + 1), 'offsets');
  source.checkAligned(address, 4, 'its offsets');
  const offsets = address >>> 2;
  let last = words[offsets] ?? 0;
  for (let i = 1; i <= stored; i++) {
    const next = words[offsets + i] ?? 0;
    if (next < last) throw invalid(`its offsets fall from ${last} to ${next} at row ${i - 1}`);
    last = next;
  }
  if (last > 0x7fffffff) throw invalid(`its last offset is ${last | 0}`);
  return offsets;
}

const INLINE_BYTES = 12;

/** VARCHAR and BLOB. */
export class BytesResult extends ResultColumn {
  readonly #isText: boolean;

  constructor(native: Native, isText: boolean) {
    super(native);
    this.#isText = isText;
  }

  protected readData(source: BatchSource, at: number, to: ResultTarget): void {
    const offsets = checkedOffsets(source, at, this.stored);
    const { words } = source.guest;
    const data = words[at + COLUMN.data] ?? 0;
    const start = words[offsets] ?? 0;
    const end = words[offsets + this.stored] ?? 0;
    source.check(data, end, 'data');
    const column = { offsets, data, start, end };
    if (to.sources === undefined && to.rowCount === this.stored) {
      this.#writeWhole(source, column, to);
      return;
    }
    if (this.#isText) checkText(source, column, { to, stored: this.stored });
    this.#copy(source, column, to);
  }

  /** Every row of the result is a row of the vector, in order. */
  #writeWhole(source: BatchSource, column: BytesColumn, to: ResultTarget): void {
    const { bytes: memory } = source.guest;
    const texts = { ...column, memory, offsets: 4 * column.offsets, rowCount: to.rowCount };
    const isValid = () => checkText(source, column, { to, stored: this.stored });
    writeTexts(this.native, texts, { ...to, isValid: this.#isText ? isValid : undefined });
  }

  /** Long texts go through one block of the engine's memory, from which it copies each. */
  #copy(source: BatchSource, column: BytesColumn, to: ResultTarget): void {
    const { native } = this;
    const byteLength = column.end - column.start;
    const block = native.api.malloc(byteLength + 1);
    if (block === 0) throw new Error(`the engine has no memory left for ${byteLength} bytes of results`);
    try {
      const from = column.data + column.start;
      native.bytes().set(source.guest.bytes.subarray(from, from + byteLength), block);
      this.#assign(source, { ...column, block: block - column.start }, to);
    } finally {
      native.api.free(block);
    }
  }

  #assign(source: BatchSource, column: BytesColumn & { readonly block: number }, to: ResultTarget): void {
    const { native } = this;
    const { words } = source.guest;
    const data = native.api.duckdb_vector_get_data(to.vector);
    let engine = native.words();
    let engineBytes = native.bytes();
    // Where each long text was written first: rows of one vector may share their bytes.
    const written = to.sources === undefined ? undefined : new Int32Array(this.stored).fill(-1);
    for (let i = 0; i < to.rowCount; i++) {
      const row = to.sources === undefined ? i : (to.sources[i] ?? -1);
      const entry = data + 16 * (to.firstRow + i);
      const at = entry >>> 2;
      const start = row < 0 ? 0 : (words[column.offsets + row] ?? 0);
      const byteLength = row < 0 ? 0 : (words[column.offsets + row + 1] ?? 0) - start;
      const first = row < 0 ? -1 : (written?.[row] ?? -1);
      if (byteLength > INLINE_BYTES && first >= 0) {
        engine.copyWithin(at, first, first + 4);
        continue;
      }
      if (byteLength > INLINE_BYTES) {
        if (written !== undefined) written[row] = at;
        native.api.duckdb_vector_assign_string_element_len(
          to.vector,
          to.firstRow + i,
          0,
          column.block + start,
          byteLength,
          0,
        );
        engine = native.words();
        engineBytes = native.bytes();
        continue;
      }
      engine[at] = byteLength;
      engine[at + 1] = 0;
      engine[at + 2] = 0;
      engine[at + 3] = 0;
      copyBytes(source.guest.bytes, column.data + start, byteLength, engineBytes, entry + 4);
    }
  }
}

interface BytesColumn {
  /** Index of the first offset's word. */
  readonly offsets: number;
  readonly data: number;
  readonly start: number;
  readonly end: number;
}

function checkText(
  source: BatchSource,
  column: BytesColumn,
  rows: { readonly to: ResultTarget; readonly stored: number },
): void {
  const { bytes, words } = source.guest;
  const whole = bytes.subarray(column.data + column.start, column.data + column.end);
  if (isAscii(whole)) return;
  if (isUtf8(whole) && boundariesHold(source, column, rows.stored)) return;
  // What is NULL may hold anything, so each row's own bytes decide.
  for (let i = 0; i < rows.to.rowCount; i++) {
    const row = rows.to.sources === undefined ? i : (rows.to.sources[i] ?? -1);
    if (row < 0) continue;
    const start = column.data + (words[column.offsets + row] ?? 0);
    const end = column.data + (words[column.offsets + row + 1] ?? 0);
    if (!isUtf8(bytes.subarray(start, end))) throw invalid(`the text of row ${row} is not valid UTF-8`);
  }
}

/** Where the whole is valid, each part is that begins with no continuation byte. */
function boundariesHold(source: BatchSource, column: BytesColumn, stored: number): boolean {
  const { bytes, words } = source.guest;
  for (let row = 0; row < stored; row++) {
    const start = words[column.offsets + row] ?? 0;
    if (start < column.end && ((bytes[column.data + start] ?? 0) & 0xc0) === 0x80) return false;
  }
  return true;
}

function isAscii(bytes: Uint8Array): boolean {
  let bits = 0;
  for (let i = 0; i < bytes.length; i++) bits |= bytes[i] ?? 0;
  return bits < 0x80;
}

const strictDecoder = new TextDecoder('utf-8', { fatal: true });

function isUtf8(bytes: Uint8Array): boolean {
  try {
    strictDecoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
