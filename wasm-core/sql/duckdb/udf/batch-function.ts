import { BATCH_SUFFIX } from '../../../binary/function-exports.ts';
import { CoreError } from '../../../protocol/errors.ts';
import { DOCUMENT_TYPE, type PluginFunction } from '../../../protocol/plugins.ts';
import type { SqlType } from '../../../protocol/sql-types.ts';
import type { Guest } from '../../../runtime/guest.ts';
import { sqlTypeOf } from '../../../runtime/values/sql-type-of.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import { BatchInput } from './batch-input.ts';
import { BatchResult } from './batch-result.ts';
import { DistinctFinder } from './distinct-rows.ts';

/** Batches of more bytes are cut in two, as long as they have several rows. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** Rows of a chunk to call a function with, in batches. */
export interface BatchCall {
  /** One for each argument. */
  readonly vectors: readonly Pointer[];
  /** The rows from `first` to before `end`. */
  readonly first: number;
  readonly end: number;
  /** 1 for each row of the chunk that is NULL without a call; absent: none. */
  readonly skip: Uint8Array | undefined;
  readonly output: Pointer;
}

/** A scalar function in its batch form: a chunk of rows is one call, or a few when its rows are large. */
export class BatchFunction {
  readonly #native: Native;
  readonly #fn: PluginFunction;
  readonly #export: string;
  readonly #types: readonly SqlType[];
  /** By the number of arguments, which a variadic function has many of. */
  readonly #inputs = new Map<number, BatchInput>();
  readonly #result: BatchResult;
  readonly #documentAt: number;
  readonly #distinct: DistinctFinder | undefined;
  #transferMs = 0;

  constructor(native: Native, fn: PluginFunction) {
    this.#native = native;
    this.#fn = fn;
    this.#export = `${fn.export}${BATCH_SUFFIX}`;
    this.#documentAt = fn.parameters.findIndex(({ type }) => type === DOCUMENT_TYPE);
    this.#types = fn.parameters
      .filter(({ type }) => type !== DOCUMENT_TYPE)
      .map(({ type }) => sqlTypeOf(type));
    this.#result = new BatchResult(native, sqlTypeOf(fn.returns));
    const distinct = new DistinctFinder(native, this.#types);
    const isAsked = fn.deterministic && fn.nulls !== 'pass' && !fn.parameters.at(-1)?.variadic;
    this.#distinct = isAsked && distinct.isUseful ? distinct : undefined;
  }

  /**
   * Calls the function.
   *
   * @returns the time that the values took to and fro, microseconds
   * @throws CoreError MEMORY_BOUNDS, RESULT_INVALID, GUEST_ERROR; whatever the guest throws
   */
  call(guest: Guest, call: BatchCall): number {
    this.#transferMs = 0;
    const at = this.#documentAt;
    this.#batch(guest, at < 0 ? call : { ...call, vectors: call.vectors.filter((_, index) => index !== at) });
    return this.#transferMs * 1000;
  }

  /**
   * The same with one row for those of equal arguments, where the chunk has few different ones.
   *
   * @returns undefined when it has not, or the function may not be called less often than there are rows
   */
  callDistinct(guest: Guest, call: BatchCall): number | undefined {
    const { vectors, end: rowCount, skip } = call;
    const started = performance.now();
    const distinct = this.#distinct?.find({ vectors, rowCount, skip });
    if (distinct === undefined || distinct.rows.length === 0) return undefined;
    const { rows, sources } = distinct;
    const input = this.#input(vectors.length);
    const source = { vectors, rowCount, rows };
    const measured = input.measure(source);
    if (input.varyingBytes > MAX_BATCH_BYTES) return undefined;
    const { pointer, byteLength } = input.writeMeasured(guest, source, measured);
    const called = performance.now();
    const column = this.#invoke(guest, pointer, byteLength);
    const returned = performance.now();
    this.#result.read(guest, column, {
      vector: call.output,
      rowCount,
      sources: { of: sources, rowCount: rows.length },
    });
    return (called - started + performance.now() - returned) * 1000;
  }

  /** @throws CoreError GUEST_ERROR; whatever the guest throws */
  #invoke(guest: Guest, pointer: number, byteLength: number): number {
    const column = Number(guest.function(this.#export)(pointer, byteLength)) >>> 0;
    if (column !== 0) return column;
    throw new CoreError('GUEST_ERROR', `${this.#fn.name} gave no result for its batch.`, {
      function: this.#fn.name,
    });
  }

  #batch(guest: Guest, call: BatchCall): void {
    const started = performance.now();
    const { vectors, first, end } = call;
    const rows = rowsOf(call);
    if (rows?.length === 0) return;
    const input = this.#input(vectors.length);
    const source = { vectors, rowCount: end - first, rows };
    const measured = input.measure(source);
    if (input.varyingBytes > MAX_BATCH_BYTES && end - first > 1) {
      const middle = (first + end) >>> 1;
      this.#batch(guest, { ...call, end: middle });
      this.#batch(guest, { ...call, first: middle });
      return;
    }
    const { pointer, byteLength } = input.writeMeasured(guest, source, measured);
    const called = performance.now();
    const column = this.#invoke(guest, pointer, byteLength);
    const returned = performance.now();
    this.#result.read(guest, column, {
      vector: call.output,
      firstRow: first,
      rowCount: end - first,
      rows: first === 0 ? rows : rows?.map((row) => row - first),
    });
    this.#transferMs += called - started + (performance.now() - returned);
  }

  #input(count: number): BatchInput {
    const known = this.#inputs.get(count);
    if (known !== undefined) return known;
    const last = this.#types.at(-1);
    const types = Array.from({ length: count }, (_, index) => this.#types[index] ?? last).filter(
      (type) => type !== undefined,
    );
    const made = new BatchInput(this.#native, types);
    this.#inputs.set(count, made);
    return made;
  }
}

/** Indexes of the rows to be called; undefined for all of a chunk. */
function rowsOf({ first, end, skip }: BatchCall): Int32Array | undefined {
  if (skip === undefined && first === 0) return undefined;
  const rows = new Int32Array(end - first);
  let count = 0;
  for (let row = first; row < end; row++) if (skip?.[row] !== 1) rows[count++] = row;
  return count === rows.length ? rows : rows.subarray(0, count);
}
