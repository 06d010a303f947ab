import type { Native } from '../native.ts';
import { COLUMN, decimalBytes } from './batch-layout.ts';
import { type BatchSource, invalid, ResultColumn, type ResultTarget } from './result-column.ts';

/** Types whose values have one size on each side. */
abstract class SizedColumn extends ResultColumn {
  /** The address of the data, checked to hold all rows. */
  protected dataAt(source: BatchSource, at: number, size: number): number {
    const data = source.guest.words[at + COLUMN.data] ?? 0;
    source.check(data, this.stored * size, 'data');
    source.checkAligned(data, Math.min(size, 4), 'its data');
    return data;
  }
}

/** Values that are the same bytes on both sides. */
export class FixedResult extends SizedColumn {
  readonly #size: 1 | 2 | 4 | 8 | 16;

  constructor(native: Native, size: 1 | 2 | 4 | 8 | 16) {
    super(native);
    this.#size = size;
  }

  protected readData(source: BatchSource, at: number, to: ResultTarget): void {
    const size = this.#size;
    const from = this.dataAt(source, at, size);
    const target = this.native.api.duckdb_vector_get_data(to.vector) + to.firstRow * size;
    if (to.sources === undefined) {
      this.native.bytes().set(source.guest.bytes.subarray(from, from + to.rowCount * size), target);
    } else this.#scatter(source, { from, target, sources: to.sources });
    this.checkValues(source, from, to);
  }

  /** @throws CoreError RESULT_INVALID when a value is none of the type's */
  protected checkValues(_source: BatchSource, _from: number, _to: ResultTarget): void {}

  #scatter(
    source: BatchSource,
    at: { readonly from: number; readonly target: number; readonly sources: Int32Array },
  ): void {
    const unit = Math.min(this.#size, 4);
    const units = this.#size / unit;
    const from = unit === 1 ? source.guest.bytes : unit === 2 ? source.guest.halves : source.guest.words;
    const native = this.native;
    const to = unit === 1 ? native.bytes() : unit === 2 ? new Uint16Array(native.buffer) : native.words();
    const start = at.from / unit;
    let next = at.target / unit;
    for (let i = 0; i < at.sources.length; i++) {
      const row = at.sources[i] ?? -1;
      for (let k = 0; k < units; k++) to[next++] = row < 0 ? 0 : (from[start + row * units + k] ?? 0);
    }
  }
}

/** Values of 8 bytes with a smallest and a largest one. */
export class RangeResult extends FixedResult {
  readonly #low: bigint;
  readonly #high: bigint;
  readonly #text: string;

  constructor(native: Native, range: { readonly low: bigint; readonly high: bigint; readonly text: string }) {
    super(native, 8);
    this.#low = range.low;
    this.#high = range.high;
    this.#text = range.text;
  }

  protected override checkValues(source: BatchSource, from: number, to: ResultTarget): void {
    eachValue(source, { from, to, size: 8 }, (value) => {
      if (value < this.#low || value > this.#high) throw invalid(`${value} is no ${this.#text}`);
    });
  }
}

/** HUGEINT that holds a DECIMAL of more than 18 digits. */
export class WideDecimalResult extends FixedResult {
  readonly #width: number;

  constructor(native: Native, width: number) {
    super(native, 16);
    this.#width = width;
  }

  protected override checkValues(source: BatchSource, from: number, to: ResultTarget): void {
    const limit = 10n ** BigInt(this.#width);
    eachValue(source, { from, to, size: 16 }, (value) => {
      if (value >= limit || value <= -limit) throw tooWide(value, this.#width);
    });
  }
}

/** DECIMAL of up to 18 digits: 8 bytes in a batch, as few as it needs in the engine. */
export class DecimalResult extends SizedColumn {
  readonly #width: number;

  constructor(native: Native, width: number) {
    super(native);
    this.#width = width;
  }

  protected readData(source: BatchSource, at: number, to: ResultTarget): void {
    const from = this.dataAt(source, at, 8);
    const size = decimalBytes(this.#width);
    const target = (this.native.api.duckdb_vector_get_data(to.vector) + to.firstRow * size) / size;
    const { buffer } = this.native;
    const limit = 10n ** BigInt(this.#width);
    const big = size === 8 ? new BigInt64Array(buffer) : undefined;
    const small = size === 2 ? new Int16Array(buffer) : new Int32Array(buffer);
    eachValue(source, { from, to, size: 8 }, (value, i) => {
      if (value >= limit || value <= -limit) throw tooWide(value, this.#width);
      if (big === undefined) small[target + i] = Number(value);
      else big[target + i] = value;
    });
  }
}

export class BooleanResult extends ResultColumn {
  protected readData(source: BatchSource, at: number, to: ResultTarget): void {
    const { bytes, words } = source.guest;
    const from = words[at + COLUMN.data] ?? 0;
    source.check(from, (this.stored + 7) >>> 3, 'data');
    const target = this.native.api.duckdb_vector_get_data(to.vector) + to.firstRow;
    const engine = this.native.bytes();
    for (let i = 0; i < to.rowCount; i++) {
      const row = Math.max(to.sources === undefined ? i : (to.sources[i] ?? 0), 0);
      engine[target + i] = ((bytes[from + (row >>> 3)] ?? 0) >>> (row & 7)) & 1;
    }
  }
}

export class UuidResult extends SizedColumn {
  protected readData(source: BatchSource, at: number, to: ResultTarget): void {
    const from = this.dataAt(source, at, 16);
    const target = this.native.api.duckdb_vector_get_data(to.vector) + to.firstRow * 16;
    const engine = this.native.bytes();
    const { bytes } = source.guest;
    for (let i = 0; i < to.rowCount; i++) {
      const row = Math.max(to.sources === undefined ? i : (to.sources[i] ?? 0), 0);
      const last = target + 16 * i + 15;
      for (let k = 0; k < 16; k++) engine[last - k] = bytes[from + 16 * row + k] ?? 0;
      engine[last] = (engine[last] ?? 0) ^ 0x80;
    }
  }
}

function eachValue(
  source: BatchSource,
  at: { readonly from: number; readonly to: ResultTarget; readonly size: 8 | 16 },
  use: (value: bigint, index: number) => void,
): void {
  const { sources, rowCount } = at.to;
  const view = new DataView(source.guest.bytes.buffer);
  for (let i = 0; i < rowCount; i++) {
    const row = sources === undefined ? i : (sources[i] ?? -1);
    if (row < 0) continue;
    const address = at.from + row * at.size;
    const high = at.size === 16 ? view.getBigInt64(address + 8, true) : undefined;
    use(
      high === undefined ? view.getBigInt64(address, true) : (high << 64n) | view.getBigUint64(address, true),
      i,
    );
  }
}

function tooWide(value: bigint, width: number): Error {
  return invalid(`${value} has more than the ${width} digits of its DECIMAL type`);
}
