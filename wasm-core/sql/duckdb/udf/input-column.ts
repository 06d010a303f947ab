import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import { align, COLUMN } from './batch-layout.ts';
import { MemoryViews } from './memory-views.ts';

/** Where a batch is being written: the engine's memory, the guest's, and the next free address there. */
export class BatchTarget {
  readonly engine = new MemoryViews();
  readonly guest = new MemoryViews();
  /** A multiple of 16. */
  next = 0;

  /** Takes room in the guest's memory. */
  take(byteLength: number): number {
    const at = this.next;
    this.next = align(at + byteLength);
    return at;
  }
}

/** Rows of a vector, in order; -1 stands for a NULL. Absent: the first `count` rows. */
export type RowIndexes = Int32Array | undefined;

/**
 * One column of a batch: `measure` looks at a vector and says how much room it takes, `write` fills the room. An object
 * serves chunk after chunk, so that a chunk costs no objects.
 */
export abstract class InputColumn {
  protected readonly native: Native;
  /** True for arguments themselves, which may be given as one value for all rows. */
  protected readonly isTop: boolean;
  protected rows: RowIndexes;
  protected count = 0;
  protected dataPointer: Pointer = 0;
  protected validity: Pointer = 0;
  protected nulls = 0;
  /** Whether the first row's value stands for all. */
  protected constant = false;

  constructor(native: Native, isTop: boolean) {
    this.native = native;
    this.isTop = isTop;
  }

  /** Whether all rows hold one value that is not NULL; of the vector measured last. */
  get isConstant(): boolean {
    return this.constant;
  }

  /** @returns bytes that `write` takes, buffers and children, a multiple of 16 */
  measure(vector: Pointer, rows: RowIndexes, count: number): number {
    this.rows = rows;
    this.count = count;
    this.dataPointer = this.native.api.duckdb_vector_get_data(vector);
    this.validity = this.native.api.duckdb_vector_get_validity(vector);
    this.nulls = this.validity === 0 && rows === undefined ? 0 : this.countNulls();
    this.constant = this.isTop && count > 1 && this.nulls === 0 && this.holdsOneValue();
    const stored = this.constant ? 1 : count;
    return (this.nulls > 0 ? align((count + 7) >>> 3) : 0) + this.measureData(vector, stored);
  }

  /** Writes the header at `header`, and what belongs to it at the target's next address. */
  write(target: BatchTarget, header: number): void {
    const words = target.guest.words;
    const at = header >>> 2;
    words.fill(0, at, at + 8);
    words[at + COLUMN.rows] = this.count;
    words[at + COLUMN.nulls] = this.nulls;
    words[at + COLUMN.constant] = this.constant ? 1 : 0;
    if (this.nulls > 0) words[at + COLUMN.validity] = this.writeValidity(target);
    this.writeData(target, at, this.constant ? 1 : this.count);
  }

  /** Whether a row of the batch is NULL. */
  protected isNull(words: Uint32Array, index: number): boolean {
    const row = this.rows === undefined ? index : (this.rows[index] ?? -1);
    if (row < 0) return true;
    if (this.validity === 0) return false;
    return (((words[(this.validity >>> 2) + (row >>> 5)] ?? 0) >>> (row & 31)) & 1) === 0;
  }

  /** Room for the data of `stored` rows, and for children. */
  protected abstract measureData(vector: Pointer, stored: number): number;

  /** @param at index of the header's first word */
  protected abstract writeData(target: BatchTarget, at: number, stored: number): void;

  /** Only asked when there is no NULL and more than one row. */
  protected holdsOneValue(): boolean {
    return false;
  }

  /** Whether each row's words are those of the first row. */
  protected sameWords(wordCount: number): boolean {
    const words = this.native.words();
    const base = this.dataPointer >>> 2;
    const first = base + (this.rows?.[0] ?? 0) * wordCount;
    for (let i = 1; i < this.count; i++) {
      const at = base + (this.rows === undefined ? i : (this.rows[i] ?? 0)) * wordCount;
      for (let word = 0; word < wordCount; word++) {
        if (words[at + word] !== words[first + word]) return false;
      }
    }
    return true;
  }

  private countNulls(): number {
    const words = this.native.words();
    if (this.rows === undefined) return countZeroBits(words, this.validity >>> 2, this.count);
    let nulls = 0;
    for (let i = 0; i < this.count; i++) if (this.isNull(words, i)) nulls++;
    return nulls;
  }

  private writeValidity(target: BatchTarget): number {
    const { bytes } = target.guest;
    const byteLength = (this.count + 7) >>> 3;
    const at = target.take(byteLength);
    bytes.fill(0, at, at + byteLength);
    const engine = target.engine.words;
    for (let i = 0; i < this.count; i++) {
      if (!this.isNull(engine, i)) bytes[at + (i >>> 3)] = (bytes[at + (i >>> 3)] ?? 0) | (1 << (i & 7));
    }
    return at;
  }
}

/** Zeros among the first `count` bits from word `at` on. */
export function countZeroBits(words: Uint32Array, at: number, count: number): number {
  let ones = 0;
  const whole = count >>> 5;
  for (let i = 0; i < whole; i++) ones += popCount(words[at + i] ?? 0);
  const rest = count & 31;
  if (rest > 0) ones += popCount((words[at + whole] ?? 0) & (2 ** rest - 1));
  return count - ones;
}

/** Hacker's Delight, 5-1. */
function popCount(word: number): number {
  if (word === 0xffffffff) return 32;
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
