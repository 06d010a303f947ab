import { CoreError } from '../../../protocol/errors.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import { COLUMN } from './batch-layout.ts';
import { countZeroBits } from './input-column.ts';
import { MemoryViews } from './memory-views.ts';

/** The guest's memory while a result is read from it. */
export class BatchSource {
  readonly guest = new MemoryViews();

  /** @throws CoreError MEMORY_BOUNDS when the bytes are not inside the guest's memory */
  check(address: number, byteLength: number, what: string): void {
    const size = this.guest.bytes.byteLength;
    if (address + byteLength <= size) return;
    const message = `The result's ${what} would be ${byteLength} bytes at address ${address}, but memory ends at ${size}. Check the addresses and counts of the column that the plugin returns.`;
    throw new CoreError('MEMORY_BOUNDS', message, { pointer: address, byteLength, memoryByteLength: size });
  }

  /** @throws CoreError RESULT_INVALID when typed reads could not begin at the address */
  checkAligned(address: number, alignment: number, what: string): void {
    if (address % alignment === 0) return;
    throw invalid(`${what} begin at address ${address}, which is no multiple of ${alignment}`);
  }
}

/** Which rows of a vector a column fills. */
export interface ResultTarget {
  readonly vector: Pointer;
  /** The first row that is written. */
  readonly firstRow: number;
  readonly rowCount: number;
  /** The column's row for each of them, -1 for NULL; absent: the same, in order. */
  readonly sources: Int32Array | undefined;
}

/** A column that must have so many rows, neither more nor fewer, or at least so many. */
export interface ExpectedRows {
  readonly rows: number;
  readonly exactly: boolean;
}

const MAX_ROWS = 2 ** 24;

/** Reads columns of one type out of guests and writes them into vectors of the engine. */
export abstract class ResultColumn {
  protected readonly native: Native;
  /** Rows whose values the column's buffers hold. */
  protected stored = 0;
  protected isConstant = false;
  #validity = 0;

  constructor(native: Native) {
    this.native = native;
  }

  /** Values that the engine keeps for each row, in the vectors inside that are widest. */
  get width(): number {
    return 1;
  }

  /**
   * @param header address of the column, checked by nobody yet
   * @throws CoreError MEMORY_BOUNDS, RESULT_INVALID
   */
  read(source: BatchSource, header: number, expected: ExpectedRows, to: ResultTarget): void {
    this.#open(source, header, expected);
    const at = header >>> 2;
    // One value for all rows: each row's source is row 0.
    const sources = this.isConstant ? constantSources(to) : to.sources;
    const target = sources === to.sources ? to : { ...to, sources };
    const shown = this.#withNulls(source, target);
    this.readData(source, at, shown);
    if (shown.sources !== undefined) this.#markNulls(shown);
  }

  /**
   * Throws unless a column has the rows that are expected: asked before the engine makes room for them.
   *
   * @param header address of the column, checked by nobody yet
   * @throws CoreError MEMORY_BOUNDS, RESULT_INVALID
   */
  checkRows(source: BatchSource, header: number, expected: ExpectedRows): void {
    source.checkAligned(header, 4, 'its columns');
    source.check(header, 32, 'column');
    const { words } = source.guest;
    const at = header >>> 2;
    const rows = words[at + COLUMN.rows] ?? 0;
    const constant = words[at + COLUMN.constant] ?? 0;
    if (constant > 1) throw invalid(`its constant field is ${constant}, but must be 0 or 1`);
    const wrong = expected.exactly ? rows !== expected.rows : rows < (constant === 1 ? 1 : expected.rows);
    if (wrong && !(constant === 1 && expected.rows === 0)) {
      throw invalid(`a column of it has ${rows} rows, but ${expected.rows} are needed`);
    }
    if (rows > MAX_ROWS)
      throw invalid(`a column of it has ${rows} rows, but at most ${MAX_ROWS} can be taken`);
  }

  /** @param at index of the header's first word */
  protected abstract readData(source: BatchSource, at: number, to: ResultTarget): void;

  #open(source: BatchSource, header: number, expected: ExpectedRows): void {
    this.checkRows(source, header, expected);
    const { words } = source.guest;
    const at = header >>> 2;
    const rows = words[at + COLUMN.rows] ?? 0;
    const constant = words[at + COLUMN.constant] ?? 0;
    this.isConstant = constant === 1;
    this.stored = this.isConstant ? Math.min(rows, 1) : rows;
    this.#openValidity(source, at, rows);
  }

  #openValidity(source: BatchSource, at: number, rows: number): void {
    const { words, bytes } = source.guest;
    const nulls = words[at + COLUMN.nulls] ?? 0;
    const validity = words[at + COLUMN.validity] ?? 0;
    this.#validity = 0;
    if (nulls > rows) throw invalid(`it says that ${nulls} of ${rows} rows are NULL`);
    if (validity === 0) {
      if (nulls === 0) return;
      throw invalid(`it says that ${nulls} rows are NULL, but has no validity bitmap`);
    }
    source.check(validity, (this.stored + 7) >>> 3, 'validity bitmap');
    const zeros = zeroBits(bytes, validity, this.stored);
    const counted = this.isConstant && zeros === 1 ? rows : zeros;
    if (counted !== nulls) {
      throw invalid(`it says that ${nulls} rows are NULL, but its validity bitmap has ${counted}`);
    }
    if (zeros > 0) this.#validity = validity;
  }

  /** The target with -1 for each row that the bitmap says is NULL. */
  #withNulls(source: BatchSource, to: ResultTarget): ResultTarget {
    const validity = this.#validity;
    if (validity === 0) return to;
    const { bytes } = source.guest;
    const sources = new Int32Array(to.rowCount);
    for (let i = 0; i < to.rowCount; i++) {
      const row = to.sources === undefined ? i : (to.sources[i] ?? -1);
      const isValue = row >= 0 && (((bytes[validity + (row >>> 3)] ?? 0) >>> (row & 7)) & 1) === 1;
      sources[i] = isValue ? row : -1;
    }
    return { ...to, sources };
  }

  #markNulls({ vector, firstRow, rowCount, sources }: ResultTarget): void {
    if (sources === undefined || !sources.includes(-1)) return;
    this.native.api.duckdb_vector_ensure_validity_writable(vector);
    const mask = this.native.api.duckdb_vector_get_validity(vector) >>> 2;
    const words = this.native.words();
    for (let i = 0; i < rowCount; i++) {
      if ((sources[i] ?? 0) >= 0) continue;
      const at = mask + ((firstRow + i) >>> 5);
      words[at] = (words[at] ?? 0) & ~(1 << ((firstRow + i) & 31));
    }
  }
}

/** The error of a result that breaks the rules. @param what continues "The result is wrong: " */
export function invalid(what: string): CoreError {
  return new CoreError('RESULT_INVALID', `The result does not hold: ${what}.`);
}

function constantSources(to: ResultTarget): Int32Array {
  const sources = new Int32Array(to.rowCount);
  for (let i = 0; i < to.rowCount; i++) sources[i] = (to.sources?.[i] ?? 0) < 0 ? -1 : 0;
  return sources;
}

function zeroBits(bytes: Uint8Array, at: number, count: number): number {
  if (at % 4 === 0) return countZeroBits(new Uint32Array(bytes.buffer), at >>> 2, count);
  let zeros = 0;
  for (let i = 0; i < count; i++) if ((((bytes[at + (i >>> 3)] ?? 0) >>> (i & 7)) & 1) === 0) zeros++;
  return zeros;
}
