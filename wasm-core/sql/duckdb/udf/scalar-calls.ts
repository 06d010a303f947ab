import { CoreError } from '../../../protocol/errors.ts';
import { DOCUMENT_TYPE, type PluginFunction } from '../../../protocol/plugins.ts';
import type { SqlType } from '../../../protocol/sql-types.ts';
import type { Guest } from '../../../runtime/guest.ts';
import { sqlTypeOf } from '../../../runtime/values/sql-type-of.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import type { Adapters } from './adapter.ts';
import { type BatchCall, BatchFunction } from './batch-function.ts';
import { callFailure, isOfOneCall } from './call-failure.ts';
import { DocumentReader } from './document-reader.ts';
import type { CallAccount, CallableFunction, FunctionCalls, StatementGuest } from './function-calls.ts';
import { asCoreError } from './guarded-call.ts';
import type { InlineLoops } from './inline-loop.ts';
import { nullRows, setRowNull } from './null-rows.ts';
import { RowFunction } from './row-function.ts';
import type { StringWriter } from './text-vector.ts';

/** What the calls of a function are made with. */
export interface ScalarCallsParts {
  readonly native: Native;
  readonly calls: FunctionCalls;
  readonly strings: StringWriter;
  readonly adapters: Adapters;
  readonly inlines: InlineLoops;
  readonly callable: CallableFunction;
  readonly moduleName: string;
  /** Whether the module has the function's batch form. */
  readonly isBatch: boolean;
}

/** Instructions for a row from which on it pays to look for rows of equal arguments. */
const COSTLY_FUEL = 200;

/** A chunk of DuckDB's, looked over: all of its rows. */
interface Chunk extends BatchCall {
  readonly rowCount: number;
  readonly document: DocumentReader | undefined;
}

/** The calls of one scalar function, a chunk at a time, and what becomes of calls that fail. */
export class ScalarCalls {
  readonly #parts: ScalarCallsParts;
  readonly #fn: PluginFunction;
  readonly #returns: SqlType;
  readonly #row: RowFunction;
  readonly #batch: BatchFunction | undefined;
  readonly #documentAt: number;
  /** The statement in which the function was found to be worth a look for equal rows. */
  #costlyIn = 0;

  constructor(parts: ScalarCallsParts) {
    const { native, callable, strings, isBatch } = parts;
    this.#parts = parts;
    this.#fn = callable.fn;
    this.#returns = sqlTypeOf(callable.fn.returns);
    this.#row = new RowFunction({ ...parts, fn: this.#fn, strings });
    this.#batch = isBatch ? new BatchFunction(native, this.#fn) : undefined;
    this.#documentAt = this.#fn.parameters.findIndex(({ type }) => type === DOCUMENT_TYPE);
  }

  /**
   * Calls the function with a chunk. Nothing is thrown, for the engine's frames are above.
   *
   * @returns the error that ends the statement; undefined when all is well
   */
  chunk(chunkPointer: Pointer, output: Pointer): CoreError | undefined {
    const { native, calls, callable } = this.#parts;
    const firstRow = calls.rowsSoFar(callable);
    let chunk: Chunk | undefined;
    try {
      const taken = this.#take(chunkPointer, output);
      chunk = taken;
      calls.call(callable, (guest, account) => this.#call(guest, taken, account));
      return undefined;
    } catch (error) {
      const known = asCoreError(error);
      if (!calls.isRunning) return known;
      calls.discard(callable);
      const failure =
        chunk === undefined
          ? known
          : callFailure(native, known, {
              fn: this.#fn,
              digest: callable.digest,
              moduleName: this.#parts.moduleName,
              vectors: chunk.vectors,
              chunkRow: chunkRowOf(known),
              firstRow,
              rowCount: chunk.rowCount,
            });
      calls.noteError(failure);
      return failure;
    }
  }

  #take(chunk: Pointer, output: Pointer): Chunk {
    const { native } = this.#parts;
    const { api } = native;
    const rowCount = api.duckdb_data_chunk_get_size(chunk);
    const { parameters } = this.#fn;
    const isVariadic = parameters.at(-1)?.variadic === true;
    const count = isVariadic ? api.duckdb_data_chunk_get_column_count(chunk) : parameters.length;
    const vectors: Pointer[] = [];
    for (let i = 0; i < count; i++) vectors.push(api.duckdb_data_chunk_get_vector(chunk, i, 0));
    const nulls = this.#fn.nulls === 'pass' ? undefined : nullRows(native, { vectors, rowCount });
    if (nulls !== undefined) {
      for (let row = 0; row < rowCount; row++) {
        if (nulls.rows[row] === 1) setRowNull(native, { vector: output, row, type: this.#returns });
      }
    }
    const parameter = this.#fn.parameters[this.#documentAt];
    const document =
      parameter &&
      new DocumentReader(native, {
        vector: vectors[this.#documentAt] ?? 0,
        parameter,
        functionName: this.#fn.name,
      });
    return { vectors, rowCount, first: 0, end: rowCount, output, skip: nulls?.rows, document };
  }

  #call(guest: StatementGuest, chunk: Chunk, account: CallAccount): void {
    account.rows += chunk.rowCount;
    try {
      this.#callAll(guest, chunk, account);
    } catch (error) {
      const known = this.#known(guest, error);
      if (!isOfOneCall(known)) throw known;
      const isNull = this.#fn.onError === 'null';
      // A batch does not tell which of its rows it failed at; alone, the row fails again.
      if (isNull || this.#batch !== undefined) this.#callEach(this.#renewed(), chunk, { isNull });
      if (isNull) return;
      throw this.#batch === undefined ? atRow(known, this.#row.failedRow) : known;
    }
  }

  /** All rows at once, as far as the form allows. */
  #callAll(given: StatementGuest, chunk: Chunk, account: CallAccount): void {
    const { guest } = given;
    if (this.#batch === undefined) this.#row.call(given, chunk);
    else if (chunk.document === undefined)
      account.transferMicros += this.#callBatch(this.#batch, guest, chunk);
    else this.#callEach(given, chunk, { isNull: this.#fn.onError === 'null' });
    guest.throwFailure();
  }

  #callBatch(batch: BatchFunction, guest: Guest, chunk: Chunk): number {
    const { calls, callable } = this.#parts;
    // By fuel, so that the same statement does the same wherever it runs.
    if (this.#costlyIn !== calls.epoch && calls.fuelPerRow(callable) >= COSTLY_FUEL)
      this.#costlyIn = calls.epoch;
    const distinct = this.#costlyIn === calls.epoch ? batch.callDistinct(guest, chunk) : undefined;
    return distinct ?? batch.call(guest, chunk);
  }

  /** Row by row, each failure with an instance of its own. @param options.isNull whether a row that fails becomes NULL */
  #callEach(given: StatementGuest, chunk: Chunk, options: { readonly isNull: boolean }): void {
    let guest = given;
    for (let row = 0; row < chunk.rowCount; row++) {
      if (chunk.skip?.[row] === 1) continue;
      try {
        this.#callOne(guest, { chunk, row });
      } catch (error) {
        const known = this.#known(guest, error);
        if (!options.isNull || !isOfOneCall(known)) throw atRow(known, row);
        setRowNull(this.#parts.native, { vector: chunk.output, row, type: this.#returns });
        guest = this.#renewed();
      }
    }
  }

  #renewed(): StatementGuest {
    return this.#parts.calls.renew(this.#parts.callable);
  }

  #callOne(given: StatementGuest, { chunk, row }: { readonly chunk: Chunk; readonly row: number }): void {
    const { guest, context } = given;
    context.setDocument(chunk.document?.read(row));
    try {
      if (this.#batch !== undefined) {
        this.#batch.call(guest, { ...chunk, first: row, end: row + 1 });
      } else {
        this.#row.callOne(given, chunk, row);
      }
      guest.throwFailure();
    } finally {
      context.setDocument(undefined);
    }
  }

  #known({ guest }: StatementGuest, error: unknown): CoreError {
    return guest.toError(error, this.#fn.name);
  }
}

function atRow(error: CoreError, chunkRow: number): CoreError {
  return new CoreError(error.kind, error.message, { ...error.details, chunkRow });
}

function chunkRowOf(error: CoreError): number | undefined {
  const { chunkRow } = error.details;
  return typeof chunkRow === 'number' ? chunkRow : undefined;
}
