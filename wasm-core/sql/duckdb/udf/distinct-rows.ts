import type { SqlType } from '../../../protocol/sql-types.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import { decimalBytes, fixedBytes } from './batch-layout.ts';
import { STRING_BYTES } from './text-vector.ts';

/*
 * Dictionaries found again. The engine's C API flattens the vectors of a chunk, so that a column with few values repeats
 * them; but its texts still point to the same bytes, and short ones are equal as they lie there.
 */

/** Rows of a chunk whose arguments differ. */
export interface DistinctRows {
  /** The first row of each. */
  readonly rows: Int32Array;
  /** For each row of the chunk the index in `rows` of the one with its arguments; -1 for a row that is skipped. */
  readonly sources: Int32Array;
}

/** How many rows are looked at before the whole chunk is. */
const SAMPLE = 64;

/** Slots for as many values as a chunk may have rows, twice. */
const SLOTS = 4096;

/** Finds rows with equal arguments. */
export class DistinctFinder {
  readonly #native: Native;
  /** Bytes that a value has in its vector; undefined when it has more elsewhere that two of them do not share. */
  readonly #sizes: readonly (number | undefined)[];
  /** One more than the index of a distinct row, by its hash. */
  readonly #slots = new Int32Array(SLOTS);

  /** @param types of the arguments */
  constructor(native: Native, types: readonly SqlType[]) {
    this.#native = native;
    this.#sizes = types.map(sizeOf);
  }

  /** Whether it can find any: for that there must be a text, and nothing nested. */
  get isUseful(): boolean {
    return this.#sizes.includes(STRING_BYTES) && !this.#sizes.includes(undefined);
  }

  /**
   * @param chunk.skip 1 for each row that is not asked about
   * @returns undefined when less than half of the rows are like another
   */
  find(chunk: {
    readonly vectors: readonly Pointer[];
    readonly rowCount: number;
    readonly skip: Uint8Array | undefined;
  }): DistinctRows | undefined {
    const { vectors, rowCount, skip } = chunk;
    if (rowCount < 2 * SAMPLE || rowCount * 2 > SLOTS) return undefined;
    const data = vectors.map((vector) => this.#native.api.duckdb_vector_get_data(vector));
    const rows = new Int32Array(rowCount);
    const sources = new Int32Array(rowCount).fill(-1);
    let count = 0;
    this.#slots.fill(0);
    for (let row = 0; row < rowCount; row++) {
      if (skip?.[row] === 1) continue;
      const source = this.#source(data, row, { rows, count });
      if (source === count) rows[count++] = row;
      sources[row] = source;
      if (row === SAMPLE && count > SAMPLE / 2) return undefined;
    }
    return count * 2 > rowCount ? undefined : { rows: rows.slice(0, count), sources };
  }

  /** The index of the distinct row that a row is like; their count for a new one, which is noted. */
  #source(
    data: readonly Pointer[],
    row: number,
    known: { readonly rows: Int32Array; readonly count: number },
  ): number {
    let slot = this.#hash(data, row) & (SLOTS - 1);
    for (;;) {
      const index = (this.#slots[slot] ?? 0) - 1;
      if (index < 0) {
        this.#slots[slot] = known.count + 1;
        return known.count;
      }
      if (this.#isEqual(data, row, known.rows[index] ?? 0)) return index;
      slot = (slot + 1) & (SLOTS - 1);
    }
  }

  #hash(data: readonly Pointer[], row: number): number {
    const bytes = this.#native.bytes();
    const words = this.#native.words();
    let hash = 0;
    for (let i = 0; i < data.length; i++) {
      const size = this.#sizes[i] ?? 0;
      const at = (data[i] ?? 0) + row * size;
      if (size < 4) {
        for (let b = 0; b < size; b++) hash = mixed(hash, bytes[at + b] ?? 0);
      } else {
        for (let w = 0; w < size >>> 2; w++) hash = mixed(hash, words[(at >>> 2) + w] ?? 0);
      }
    }
    return hash ^ (hash >>> 15);
  }

  #isEqual(data: readonly Pointer[], a: number, b: number): boolean {
    const bytes = this.#native.bytes();
    const words = this.#native.words();
    for (let i = 0; i < data.length; i++) {
      const size = this.#sizes[i] ?? 0;
      const at = (data[i] ?? 0) + a * size;
      const other = (data[i] ?? 0) + b * size;
      if (size < 4) {
        for (let k = 0; k < size; k++) if (bytes[at + k] !== bytes[other + k]) return false;
      } else {
        for (let w = 0; w < size >>> 2; w++) {
          if (words[(at >>> 2) + w] !== words[(other >>> 2) + w]) return false;
        }
      }
    }
    return true;
  }
}

/** A step of MurmurHash3 (Austin Appleby), 32 bits. */
function mixed(hash: number, word: number): number {
  const scrambled = Math.imul(word, 0xcc9e2d51);
  const turned = hash ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
  return Math.imul((turned << 13) | (turned >>> 19), 5) + 0xe6546b64;
}

function sizeOf(type: SqlType): number | undefined {
  if (type.kind === 'decimal') return decimalBytes(type.width);
  if (type.kind !== 'simple') return undefined;
  switch (type.name) {
    case 'BOOLEAN':
      return 1;
    case 'UUID':
    case 'VARCHAR':
    case 'BLOB':
      return STRING_BYTES;
    default:
      return fixedBytes(type.name);
  }
}
