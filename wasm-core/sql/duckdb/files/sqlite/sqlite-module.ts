import { type CallbackType, type EngineCallback, tableFunction } from '../../native.ts';

/*
 * SQLite as its own project builds it for WebAssembly (`sqlite3.wasm` of @sqlite.org/sqlite-wasm), without the JavaScript
 * around it, which starts asynchronously and is for browsers. The module's functions have plain names; 64-bit numbers
 * are bigints. Its C library finds no files and no environment: files come through `readOnlyVfs` alone.
 */

/** The functions of SQLite's C API that are used; https://sqlite.org/c3ref/funclist.html. */
export interface SqliteApi {
  malloc(byteLength: number): number;
  free(pointer: number): void;
  __wasm_call_ctors(): void;
  sqlite3_initialize(): number;
  sqlite3_vfs_register(vfs: number, isDefault: number): number;
  sqlite3_open_v2(name: number, out: number, flags: number, vfs: number): number;
  sqlite3_close_v2(db: number): number;
  sqlite3_errmsg(db: number): number;
  sqlite3_prepare_v2(db: number, sql: number, byteLength: number, out: number, tail: number): number;
  sqlite3_step(statement: number): number;
  sqlite3_finalize(statement: number): number;
  sqlite3_column_count(statement: number): number;
  sqlite3_column_type(statement: number, column: number): number;
  sqlite3_column_int64(statement: number, column: number): bigint;
  sqlite3_column_double(statement: number, column: number): number;
  sqlite3_column_text(statement: number, column: number): number;
  sqlite3_column_blob(statement: number, column: number): number;
  sqlite3_column_bytes(statement: number, column: number): number;
}

const PAGE_BYTES = 65_536;
/** As the module's own JavaScript has it. */
const INITIAL_PAGES = 128;
/** SQLite needs little: its cache of pages, and the row under way. */
const MAX_PAGES = 8192;
/** `ENOSYS`, as the C library has it. */
const NOT_THERE = -52;

/** A started SQLite. */
export class SqliteModule {
  readonly api: SqliteApi;
  readonly #memory: WebAssembly.Memory;
  readonly #table: WebAssembly.Table;

  /** @param bytes `sqlite3.wasm` */
  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAX_PAGES });
    const module = new WebAssembly.Module(bytes);
    const instance = new WebAssembly.Instance(module, importsOf(module, this.#memory));
    this.api = instance.exports as unknown as SqliteApi;
    this.#table = instance.exports.__indirect_function_table as WebAssembly.Table;
    this.api.__wasm_call_ctors();
    if (this.api.sqlite3_initialize() !== 0) throw new Error('SQLite did not start');
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#memory.buffer);
  }

  view(): DataView {
    return new DataView(this.#memory.buffer);
  }

  /** The text at a pointer up to its NUL; empty for pointer 0. */
  text(pointer: number): string {
    if (pointer === 0) return '';
    const bytes = this.bytes();
    return new TextDecoder().decode(bytes.subarray(pointer, bytes.indexOf(0, pointer)));
  }

  /** A zeroed block, which the caller frees. */
  allocate(byteLength: number): number {
    const pointer = this.api.malloc(byteLength);
    if (pointer === 0) throw new Error(`SQLite has no memory left for ${byteLength} bytes`);
    this.bytes().fill(0, pointer, pointer + byteLength);
    return pointer;
  }

  /** Calls `use` with a NUL-terminated copy of the text, freed afterwards. */
  withText<T>(text: string, use: (pointer: number) => T): T {
    const encoded = new TextEncoder().encode(`${text}\0`);
    const pointer = this.allocate(encoded.length);
    try {
      this.bytes().set(encoded, pointer);
      return use(pointer);
    } finally {
      this.api.free(pointer);
    }
  }

  /** Calls `use` with a slot for a pointer. */
  withSlot<T>(use: (slot: number) => T): T {
    const slot = this.allocate(8);
    try {
      return use(slot);
    } finally {
      this.api.free(slot);
    }
  }

  /** Puts a JavaScript function into SQLite's table. */
  addCallback(callback: EngineCallback, type: CallbackType): number {
    const index = this.#table.grow(1);
    this.#table.set(index, tableFunction(callback, type));
    return index;
  }
}

/** Imports that find nothing, beside the clock and the memory. */
function importsOf(module: WebAssembly.Module, memory: WebAssembly.Memory): WebAssembly.Imports {
  const view = () => new DataView(memory.buffer);
  const known: Record<string, unknown> = {
    memory,
    emscripten_date_now: () => Date.now(),
    emscripten_get_now: () => performance.now(),
    emscripten_get_heap_max: () => MAX_PAGES * PAGE_BYTES,
    emscripten_resize_heap: (byteLength: number) => (grown(memory, byteLength >>> 0) ? 1 : 0),
    environ_sizes_get: (count: number, size: number) => {
      view().setUint32(count, 0, true);
      view().setUint32(size, 0, true);
      return 0;
    },
    environ_get: () => 0,
    clock_time_get: (_clock: number, _precision: bigint, out: number) => {
      view().setBigUint64(out, BigInt(Date.now()) * 1_000_000n, true);
      return 0;
    },
    _tzset_js: () => {},
    _localtime_js: () => {},
  };
  const imports: Record<string, Record<string, unknown>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    const group = imports[from] ?? {};
    imports[from] = group;
    group[name] = known[name] ?? (() => NOT_THERE);
  }
  return imports;
}

function grown(memory: WebAssembly.Memory, byteLength: number): boolean {
  const pages = Math.ceil((byteLength - memory.buffer.byteLength) / PAGE_BYTES);
  try {
    memory.grow(Math.max(pages, 0));
    return true;
  } catch {
    return false;
  }
}
