import { exportRoles, implementedForm, isBatchForm } from '../../../binary/function-exports.ts';
import { CoreError } from '../../../protocol/errors.ts';
import type { PluginFunction } from '../../../protocol/plugins.ts';
import type { CompiledModule } from '../../../runtime/compiled-module.ts';
import type { Guest } from '../../../runtime/guest.ts';
import { sqlTypeOf } from '../../../runtime/values/sql-type-of.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import { BatchInput } from './batch-input.ts';
import { BatchResult } from './batch-result.ts';
import type { CallableFunction, FunctionCalls } from './function-calls.ts';
import { callGuarded } from './guarded-call.ts';
import { nullRows } from './null-rows.ts';
import { RowArguments } from './row-function.ts';
import { rowResult } from './row-results.ts';
import type { DefinitionParts, FunctionSet } from './scalar-functions.ts';
import type { StringWriter } from './text-vector.ts';

/** Batches of more bytes are cut in two, as long as they have several rows. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** Rows of a vector of the engine's. */
const VECTOR_ROWS = 2048;

/** Stands in each state, so that what is none is never written to. */
const MARK = 0x5175_6572;

/**
 * The calls of one aggregate. The engine moves its states about as `STATE_BYTES`: a handle that the guest gave, 0 until
 * the first row, the statement whose instance it belongs to, and a mark. The state itself lives in the guest's memory.
 */
export class AggregateCalls {
  readonly #native: Native;
  readonly #calls: FunctionCalls;
  readonly #callable: CallableFunction;
  readonly #fn: PluginFunction;
  readonly #strings: StringWriter;
  readonly #compiled: CompiledModule;
  readonly #arguments: BatchInput;
  readonly #states: BatchInput;
  readonly #result: BatchResult;
  readonly #row: RowArguments;
  readonly #isBatch: { readonly update: boolean; readonly finalize: boolean };

  constructor(parts: DefinitionParts & { readonly callable: CallableFunction; readonly set: FunctionSet }) {
    const { native } = parts.db;
    const { fn } = parts.callable;
    this.#native = native;
    this.#calls = parts.calls;
    this.#callable = parts.callable;
    this.#fn = fn;
    this.#strings = parts.strings;
    this.#compiled = parts.set.compiled;
    this.#arguments = new BatchInput(
      native,
      fn.parameters.map(({ type }) => sqlTypeOf(type)),
    );
    this.#states = new BatchInput(native, []);
    this.#result = new BatchResult(native, sqlTypeOf(fn.returns));
    this.#row = new RowArguments(native, fn);
    this.#isBatch = { update: this.#hasBatch('update'), finalize: this.#hasBatch('finalize') };
  }

  /** Begins a state of the engine's. */
  reset(state: Pointer): void {
    const words = this.#native.words();
    words.fill(0, state >>> 2, (state >>> 2) + 4);
    words[(state >>> 2) + 2] = MARK;
  }

  /** @param states an array of pointers, one for each row of the chunk */
  update(chunk: Pointer, states: Pointer): CoreError | undefined {
    const { api } = this.#native;
    const rowCount = api.duckdb_data_chunk_get_size(chunk);
    // Windows over distinct values give chunks without rows, whose states are none.
    if (rowCount === 0) return undefined;
    return this.#guarded(({ guest }, account) => {
      account.rows += rowCount;
      const vectors = this.#fn.parameters.map((_, index) =>
        api.duckdb_data_chunk_get_vector(chunk, index, 0),
      );
      const nulls = this.#fn.nulls === 'pass' ? undefined : nullRows(this.#native, { vectors, rowCount });
      const rows = nulls && rowsWithout(nulls.rows, rowCount - nulls.count);
      if (rows?.length === 0) return;
      const handles = this.#handles(guest, states, { rowCount, rows });
      const source = { vectors, rowCount, rows, states: handles };
      if (this.#isBatch.update) account.transferMicros += this.#updateBatch(guest, source);
      else this.#updateRows(guest, source);
    });
  }

  /** Adds each source to its target; both are arrays of pointers. */
  combine(at: {
    readonly source: Pointer;
    readonly target: Pointer;
    readonly count: number;
  }): CoreError | undefined {
    return this.#guarded(({ guest }) => {
      const combine = guest.function(`${this.#fn.export}__combine`);
      for (let i = 0; i < at.count; i++) {
        const source = this.#handleAt(this.#stateAt(at.source, i));
        if (source === 0) continue;
        combine(this.#ensure(guest, this.#stateAt(at.target, i)), source);
      }
    });
  }

  /** Writes the results of states into rows of a vector, from `offset` on. */
  finalize(at: {
    readonly source: Pointer;
    readonly result: Pointer;
    readonly count: number;
    readonly offset: number;
  }): CoreError | undefined {
    const { source, result, count, offset } = at;
    return this.#guarded(({ guest }) => {
      const handles = new Int32Array(count);
      for (let i = 0; i < count; i++) handles[i] = this.#ensure(guest, this.#stateAt(source, i));
      if (this.#isBatch.finalize) {
        const batch = this.#states.write(guest, { vectors: [], rowCount: count, states: handles });
        const column = this.#invoke(guest, 'finalize__batch', [batch.pointer, batch.byteLength]);
        if (column === 0)
          throw new CoreError('GUEST_ERROR', `${this.#fn.name} gave no result for its states.`);
        this.#result.read(guest, column, { vector: result, rowCount: count, firstRow: offset });
      } else {
        const set = rowResult(this.#native, this.#fn, {
          guest,
          output: result,
          rowCount: offset + count,
          strings: this.#strings,
        });
        const finalize = guest.function(`${this.#fn.export}__finalize`);
        for (let i = 0; i < count; i++) set(offset + i, finalize(handles[i] ?? 0));
      }
    });
  }

  /** Gives states back to the instance that they are of, if that is still there. */
  destroy(states: Pointer, count: number): void {
    const name = `${this.#fn.export}__free`;
    if (!this.#compiled.exports.some((item) => item.kind === 'function' && item.name === name)) return;
    const guest = this.#calls.peek(this.#callable);
    if (guest === undefined) return;
    for (let i = 0; i < count; i++) {
      try {
        const state = this.#stateAt(states, i);
        const handle = this.#handleAt(state);
        if (handle === 0) continue;
        this.#native.words()[state >>> 2] = 0;
        guest.function(name)(handle);
      } catch (error) {
        // Nobody can be told, but the instance may be broken.
        this.#calls.noteError(guest.toError(error, this.#fn.name));
        this.#calls.discard(this.#callable);
        return;
      }
    }
  }

  #guarded(use: Parameters<FunctionCalls['call']>[1]): CoreError | undefined {
    return callGuarded({ calls: this.#calls, callable: this.#callable }, use);
  }

  /** The states of rows: one handle when all have the same, as without groups, else one for each. */
  #handles(
    guest: Guest,
    states: Pointer,
    { rowCount, rows }: { readonly rowCount: number; readonly rows: Int32Array | undefined },
  ): Int32Array | number {
    const first = this.#native.word(states);
    if (this.#isConstant(states) || this.#isOne(states, rowCount)) return this.#ensure(guest, first);
    const count = rows?.length ?? rowCount;
    const handles = new Int32Array(count);
    const { epoch } = this.#calls;
    // Only the guest's `init` may make it another array, by running the engine; then it is looked up again.
    let words = this.#native.words();
    for (let i = 0; i < count; i++) {
      const state = words[(states >>> 2) + (rows === undefined ? i : (rows[i] ?? 0))] ?? 0;
      const at = state >>> 2;
      const known = words[at + 2] === MARK && words[at + 1] === epoch ? words[at] : 0;
      if (known !== 0) {
        handles[i] = known ?? 0;
        continue;
      }
      handles[i] = this.#ensure(guest, state);
      words = this.#native.words();
    }
    return handles;
  }

  /**
   * Whether all of an array's pointers are one. Two are compared at a time, as doubles: equal ones are equal bits, since no
   * state lies at address 0; unequal ones may be equal bits that are no number, which only costs time.
   */
  #isOne(states: Pointer, count: number): boolean {
    const words = this.#native.words();
    const first = words[states >>> 2];
    if (words[(states >>> 2) + count - 1] !== first || words[(states >>> 2) + 1] !== first)
      return count === 1;
    const doubles = this.#native.doubles();
    const start = states >>> 3;
    const both = doubles[start];
    for (let i = start + (count >>> 1) - 1; i > start; i--) if (doubles[i] !== both) return false;
    return true;
  }

  /** @returns the time that the batch took there, microseconds */
  #updateBatch(guest: Guest, from: Parameters<BatchInput['write']>[1]): number {
    const started = performance.now();
    const byteLength = this.#arguments.measure(from);
    const count = from.rows?.length ?? from.rowCount;
    if (this.#arguments.varyingBytes > MAX_BATCH_BYTES && count > 1) {
      const rows = from.rows ?? Int32Array.from({ length: count }, (_, row) => row);
      const half = count >>> 1;
      const part = (start: number, end: number) => ({
        ...from,
        rows: rows.subarray(start, end),
        states: typeof from.states === 'object' ? from.states.slice(start, end) : from.states,
      });
      return this.#updateBatch(guest, part(0, half)) + this.#updateBatch(guest, part(half, count));
    }
    const batch = this.#arguments.writeMeasured(guest, from, byteLength);
    const written = performance.now();
    this.#invoke(guest, 'update__batch', [batch.pointer, batch.byteLength]);
    return (written - started) * 1000;
  }

  #updateRows(guest: Guest, from: Parameters<BatchInput['write']>[1]): void {
    const invoke = guest.function(`${this.#fn.export}__update`);
    const row = this.#row.begin(guest, { vectors: from.vectors, rowCount: from.rowCount });
    const count = from.rows?.length ?? from.rowCount;
    for (let i = 0; i < count; i++) {
      const state = typeof from.states === 'object' ? (from.states[i] ?? 0) : (from.states ?? 0);
      invoke(state, ...row(from.rows?.[i] ?? i));
    }
  }

  #invoke(guest: Guest, part: string, args: readonly number[]): number {
    return Number(guest.function(`${this.#fn.export}__${part}`)(...args)) >>> 0;
  }

  /** The i-th of an array of pointers to states, which is no constant vector unless it is for one state alone. */
  #stateAt(states: Pointer, i: number): Pointer {
    return this.#native.word(states + 4 * i);
  }

  /**
   * Whether the states of an update are a constant vector, which holds one for all rows: DISTINCT and windows give such,
   * and the C API does not tell. Its block is too small for a vector: the engine's allocator, dlmalloc, keeps a block's
   * size before it, the low bits aside. Vectors of states for other ends may be as small, and are flat.
   */
  #isConstant(states: Pointer): boolean {
    return (this.#native.word(states - 4) & ~7) - 4 < 4 * VECTOR_ROWS;
  }

  /** The handle in a state, 0 for one without rows, or of an instance that is gone. */
  #handleAt(state: Pointer): number {
    const words = this.#native.words();
    if (words[(state >>> 2) + 2] !== MARK)
      throw new Error(`the engine gave ${state} as a state of ${this.#fn.name}`);
    return words[(state >>> 2) + 1] === this.#calls.epoch ? (words[state >>> 2] ?? 0) | 0 : 0;
  }

  /** The handle in a state, which is made when it has none. */
  #ensure(guest: Guest, state: Pointer): number {
    const known = this.#handleAt(state);
    if (known !== 0) return known;
    const made = Number(guest.function(`${this.#fn.export}__init`)()) | 0;
    if (made === 0) {
      throw new CoreError('GUEST_ERROR', `${this.#fn.name} gave no state: its init returned 0.`);
    }
    const words = this.#native.words();
    words[state >>> 2] = made;
    words[(state >>> 2) + 1] = this.#calls.epoch;
    return made;
  }

  #hasBatch(part: 'update' | 'finalize'): boolean {
    const name = `${this.#fn.export}__${part}`;
    return exportRoles(this.#fn).some((role) => {
      const form = implementedForm(this.#compiled.exports, role);
      return form?.name.startsWith(name) === true && isBatchForm(form);
    });
  }
}

/** Indexes of the rows that are 0 in `skip`. */
function rowsWithout(skip: Uint8Array, count: number): Int32Array {
  const rows = new Int32Array(count);
  let next = 0;
  for (let row = 0; row < skip.length; row++) if (skip[row] === 0) rows[next++] = row;
  return rows;
}
