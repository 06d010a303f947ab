import { BATCH_SUFFIX, exportRoles, implementedForm, isBatchForm } from '../../../binary/function-exports.ts';
import { CoreError } from '../../../protocol/errors.ts';
import type { PluginFunction } from '../../../protocol/plugins.ts';
import { parseTableType } from '../../../protocol/sql-types.ts';
import type { CompiledModule } from '../../../runtime/compiled-module.ts';
import type { Guest } from '../../../runtime/guest.ts';
import { sqlTypeOf } from '../../../runtime/values/sql-type-of.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import { BatchInput } from './batch-input.ts';
import { BATCH_BYTES, COLUMN_BYTES } from './batch-layout.ts';
import { BatchResult } from './batch-result.ts';
import type { CallableFunction, FunctionCalls } from './function-calls.ts';
import { callGuarded } from './guarded-call.ts';
import { isNullAt } from './null-rows.ts';
import { withPluginType } from './plugin-type.ts';
import { RowArguments } from './row-function.ts';
import type { DefinitionParts } from './scalar-functions.ts';

/** Rows that a guest is asked for at a time: as many as a chunk of the engine's holds. */
const CHUNK_ROWS = 2048;

/** What the engine keeps of a call in its plan: the arguments, as vectors of one row. */
interface Bound {
  readonly type: 'bound';
  readonly vectors: readonly Pointer[];
}

/** One scan of a call's rows. */
interface Scan {
  readonly type: 'scan';
  readonly bound: Bound;
  /** Indexes of the columns that the statement wants, in order. */
  readonly columns: readonly number[];
  /** The guest's; undefined before the first rows, and after the last. */
  handle: number | undefined;
  state: 'new' | 'open' | 'ended';
  epoch: number;
}

/** The calls of one table function. No plugin code runs before rows are wanted, so that checking is free of it. */
export class TableCalls {
  readonly #native: Native;
  readonly #calls: FunctionCalls;
  readonly #callable: CallableFunction;
  readonly #fn: PluginFunction;
  readonly #compiled: CompiledModule;
  readonly #arguments: BatchInput;
  readonly #row: RowArguments;
  readonly #results: readonly BatchResult[];
  readonly #isBatch: boolean;
  /** By the pointer that the engine holds. */
  readonly #kept = new Map<Pointer, Bound | Scan>();

  constructor(
    parts: DefinitionParts & { readonly callable: CallableFunction; readonly compiled: CompiledModule },
  ) {
    const { native } = parts.db;
    const { fn } = parts.callable;
    this.#native = native;
    this.#calls = parts.calls;
    this.#callable = parts.callable;
    this.#fn = fn;
    this.#compiled = parts.compiled;
    this.#arguments = new BatchInput(
      native,
      fn.parameters.map(({ type }) => sqlTypeOf(type)),
    );
    this.#row = new RowArguments(native, fn);
    this.#results = (parseTableType(fn.returns) ?? []).map(({ type }) => new BatchResult(native, type));
    const [open] = exportRoles(fn);
    const form = open && implementedForm(parts.compiled.exports, open);
    this.#isBatch = form !== undefined && isBatchForm(form);
  }

  /** Takes the arguments of a call that is being planned. @returns a pointer for the engine to keep */
  bind(info: Pointer): Pointer {
    const { api } = this.#native;
    const vectors = this.#fn.parameters.map(({ type }, index) => {
      let vector = 0;
      withPluginType(this.#native, type, (t) => {
        vector = api.duckdb_create_vector(t, 1, 0);
      });
      const value = api.duckdb_bind_get_parameter(info, index, 0);
      api.duckdb_vector_reference_value(vector, value);
      this.#native.withPointer(value, (slot) => api.duckdb_destroy_value(slot));
      return vector;
    });
    return this.#keep({ type: 'bound', vectors });
  }

  /** Begins a scan. @returns a pointer for the engine to keep */
  start(info: Pointer): Pointer {
    const { api } = this.#native;
    const bound = this.#kept.get(api.duckdb_init_get_bind_data(info));
    if (bound?.type !== 'bound') throw new Error('the engine lost what was bound');
    const columns = Array.from({ length: api.duckdb_init_get_column_count(info) }, (_, index) =>
      api.duckdb_init_get_column_index(info, index, 0),
    );
    return this.#keep({ type: 'scan', bound, columns, handle: undefined, state: 'new', epoch: 0 });
  }

  /** The engine needs something no more. */
  release(pointer: Pointer): void {
    const kept = this.#kept.get(pointer);
    this.#kept.delete(pointer);
    this.#native.api.free(pointer);
    if (kept?.type === 'bound') {
      for (const vector of kept.vectors) {
        this.#native.withPointer(vector, (slot) => this.#native.api.duckdb_destroy_vector(slot));
      }
    } else if (kept?.type === 'scan') this.#close(kept);
  }

  /** Fills a chunk with the next rows; none at the end. */
  next(info: Pointer, chunk: Pointer): CoreError | undefined {
    const { api } = this.#native;
    const scan = this.#kept.get(api.duckdb_function_get_init_data(info));
    api.duckdb_data_chunk_set_size(chunk, 0, 0);
    if (scan?.type !== 'scan' || scan.state === 'ended') return undefined;
    const failure = callGuarded({ calls: this.#calls, callable: this.#callable }, ({ guest }, account) => {
      account.rows += this.#fill(guest, scan, chunk);
    });
    if (failure !== undefined) scan.state = 'ended';
    return failure;
  }

  #fill(guest: Guest, scan: Scan, chunk: Pointer): number {
    if (scan.state === 'new' && !this.#open(guest, scan)) return 0;
    const address = Number(guest.function(`${this.#fn.export}__next`)(scan.handle ?? 0, CHUNK_ROWS)) >>> 0;
    const rows = address === 0 ? 0 : this.#rowsAt(guest, address);
    if (rows === 0) {
      this.#close(scan);
      return 0;
    }
    for (const [index, column] of scan.columns.entries()) {
      const vector = this.#native.api.duckdb_data_chunk_get_vector(chunk, index, 0);
      const at = address + BATCH_BYTES + COLUMN_BYTES * column;
      this.#results[column]?.read(guest, at, { vector, rowCount: rows });
    }
    this.#native.api.duckdb_data_chunk_set_size(chunk, rows, 0);
    return rows;
  }

  /** @throws CoreError RESULT_INVALID, MEMORY_BOUNDS */
  #rowsAt(guest: Guest, address: number): number {
    const columns = this.#results.length;
    const bytes = guest.read(address, BATCH_BYTES + COLUMN_BYTES * columns);
    const view = new DataView(bytes.buffer, bytes.byteOffset, BATCH_BYTES);
    const [rows, given] = [view.getUint32(0, true), view.getUint32(4, true)];
    if (given !== columns || rows > CHUNK_ROWS) {
      const message = `${this.#fn.name} gave a batch of ${rows} rows and ${given} columns, where there must be at most ${CHUNK_ROWS} rows, and ${columns} columns.`;
      throw new CoreError('RESULT_INVALID', message, { function: this.#fn.name });
    }
    return rows;
  }

  /** @returns whether there are rows: an argument that is NULL gives none, unless the function asks for NULLs */
  #open(guest: Guest, scan: Scan): boolean {
    const { vectors } = scan.bound;
    const hasNull = vectors.some((vector) => isNullAt(this.#native, { vector, row: 0 }));
    if (hasNull && this.#fn.nulls !== 'pass') {
      scan.state = 'ended';
      return false;
    }
    const name = `${this.#fn.export}__open`;
    scan.handle = this.#isBatch
      ? this.#openBatch(guest, vectors, `${name}${BATCH_SUFFIX}`)
      : Number(guest.function(name)(...this.#row.begin(guest, { vectors, rowCount: 1 })(0))) | 0;
    if (scan.handle === 0) {
      throw new CoreError('GUEST_ERROR', `${this.#fn.name} could not be opened: its open returned 0.`);
    }
    scan.state = 'open';
    scan.epoch = this.#calls.epoch;
    this.#project(guest, scan);
    return true;
  }

  #openBatch(guest: Guest, vectors: readonly Pointer[], name: string): number {
    const { pointer, byteLength } = this.#arguments.write(guest, { vectors, rowCount: 1 });
    return Number(guest.function(name)(pointer, byteLength)) | 0;
  }

  /** Tells the guest which columns are wanted, where it wants to know. */
  #project(guest: Guest, scan: Scan): void {
    if (!this.#exports('project')) return;
    const pointer = Math.ceil(guest.argumentBuffer(4 * scan.columns.length + 7) / 8) * 8;
    const view = guest.view();
    new Int32Array(view.buffer, pointer, scan.columns.length).set(scan.columns);
    guest.function(`${this.#fn.export}__project`)(scan.handle ?? 0, pointer, scan.columns.length);
  }

  #close(scan: Scan): void {
    const isOpen = scan.state === 'open' && scan.epoch === this.#calls.epoch;
    scan.state = 'ended';
    const guest = isOpen && this.#exports('close') ? this.#calls.peek(this.#callable) : undefined;
    try {
      guest?.function(`${this.#fn.export}__close`)(scan.handle ?? 0);
    } catch (error) {
      if (guest !== undefined) this.#calls.noteError(guest.toError(error, this.#fn.name));
      this.#calls.discard(this.#callable);
    }
  }

  #exports(part: string): boolean {
    const name = `${this.#fn.export}__${part}`;
    return this.#compiled.exports.some((item) => item.kind === 'function' && item.name === name);
  }

  #keep(what: Bound | Scan): Pointer {
    const pointer = this.#native.api.malloc(8);
    if (pointer === 0) throw new Error('the engine has no memory left for a table function');
    this.#kept.set(pointer, what);
    return pointer;
  }
}
