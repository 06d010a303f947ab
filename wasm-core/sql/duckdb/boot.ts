import { createDuckDB, NODE_RUNTIME, VoidLogger } from '@duckdb/duckdb-wasm/blocking';
import { C_API_NAMES, type Pointer } from './c-api.ts';
import { type FileFunctions, giveFileFunctions } from './file-functions.ts';
import { Native } from './native.ts';
import { ReplacementScan } from './replacement-scan.ts';

/** One connection, seen from both sides: duckdb-wasm's number, and the C API's pointer. */
export interface Connection {
  readonly id: number;
  readonly pointer: Pointer;
}

/** What duckdb-wasm's bindings give, as far as the engine uses it. */
export interface Bindings {
  startPendingQuery(connection: number, sql: string, streamed: boolean): Uint8Array | null;
  pollPendingQuery(connection: number): Uint8Array | null;
  cancelPendingQuery(connection: number): boolean;
  /** An empty array at the end, null when the call has to be made again. */
  fetchQueryResults(connection: number): Uint8Array | null;
  runQuery(connection: number, sql: string): Uint8Array;
  disconnect(connection: number): void;
  insertArrowFromIPCStream(connection: number, bytes: Uint8Array, options: object): void;
  dropFile(name: string): void;
}

/** A started engine. */
export interface DuckDb {
  readonly bindings: Bindings;
  readonly native: Native;
  /** What names stand for that are no tables. */
  readonly replacements: ReplacementScan;
  connect(): Connection;
  /** A number that no function was named with yet: functions outlive the sessions that make them. */
  nextFunctionNumber(): number;
  /** Closes every connection; whoever has one must not use it any more. */
  disconnectAll(): void;
  /** Begins with an empty database in memory. Every connection, function and setting of before is gone. */
  reopen(): void;
  /** Begins so where extensions are loaded now that have to be absent, or absent that have to be there. */
  leaveOut(extensions: readonly string[]): void;
}

/** Extensions of our own build, in the order in which they load. */
const EXTENSIONS = ['parquet', 'json', 'icu'] as const;
export type ExtensionName = (typeof EXTENSIONS)[number];

/** What the file runtime needs of the emscripten module. */
export interface EngineModule {
  readonly HEAPU8: Uint8Array;
  readonly HEAPF64: Float64Array;
  _malloc(byteLength: number): number;
  _free(pointer: number): void;
  ccall(name: string, returns: null, types: readonly string[], args: readonly unknown[]): void;
}

/** What duckdb-wasm knows of a file id. */
export interface EngineFile {
  readonly dataUrl: string | null;
  readonly dataProtocol: number;
}

/** Looks a file id up in the engine. */
export type ResolveFile = (module: EngineModule, fileId: number) => EngineFile | null;

/**
 * Where the C API's `duckdb_connection` lies inside duckdb-wasm's connection object. Undocumented, so the self-test
 * proves it at each start.
 */
const CONNECTION_OFFSET = 8;

/**
 * Starts DuckDB-Wasm in this thread with our files, our extensions and nothing from a network.
 *
 * @throws Error when the engine is not the one that this code was written for
 */
export async function bootDuckDb(options: {
  /** `duckdb-eh.wasm`, compiled. */
  readonly module: WebAssembly.Module;
  /** Makes the engine's file system; own properties only, because duckdb-wasm copies those to a global. */
  readonly createRuntime: (resolve: ResolveFile) => object;
  /** Puts what the system does in place of Emscripten's files in memory; `memory` gives the engine's bytes. */
  readonly prepareImports: (imports: WebAssembly.Imports, memory: () => Uint8Array<ArrayBuffer>) => void;
  readonly files: FileFunctions;
  /** Bytes of a loadable extension. */
  readonly readExtension: (name: ExtensionName) => ArrayBuffer;
  /** Adds to each new instance of the database what every session has. */
  readonly install: (engine: DuckDb) => void;
}): Promise<DuckDb> {
  installExtensionLoader(options.readExtension);
  const runtime = options.createRuntime(resolveFile);
  // The paths are never opened: the module is given below.
  const bundle = { mainModule: 'duckdb-eh.wasm', mainWorker: '' };
  // The types of duckdb-wasm hide what is needed here: its runtime interface is narrower than what it calls, and
  // `instantiateWasm` is protected although it is the only way to the raw exports.
  const db = (await createDuckDB(
    { mvp: bundle, eh: bundle } as never,
    new VoidLogger(),
    runtime as never,
  )) as unknown as BootableBindings;
  const captured = captureInstance(db, { ...options, runtime });
  await db.instantiate(() => {});
  const native = nativeOf(captured);
  giveFileFunctions(native, options.files);
  openDatabase(db);
  const open: Connection[] = [];
  const connect = (): Connection => {
    const { _conn: id } = db.connect();
    const connection = { id, pointer: id + CONNECTION_OFFSET };
    open.push(connection);
    return connection;
  };
  const disconnectAll = (): void => {
    for (const { id } of open.splice(0)) db.disconnect(id);
  };
  let leftOut: readonly string[] = [];
  const reopen = (): void => {
    disconnectAll();
    openDatabase(db);
    loadExtensions(engine, leftOut);
    options.install(engine);
    replacements.install(engine);
  };
  const leaveOut = (extensions: readonly string[]): void => {
    if (extensions.join() === leftOut.join()) return;
    leftOut = extensions;
    reopen();
  };
  let functionCount = 0;
  const nextFunctionNumber = (): number => functionCount++;
  const replacements = new ReplacementScan(native);
  const engine: DuckDb = {
    bindings: db,
    native,
    replacements,
    connect,
    nextFunctionNumber,
    disconnectAll,
    reopen,
    leaveOut,
  };
  selfTest(engine);
  loadExtensions(engine, leftOut);
  options.install(engine);
  replacements.install(engine);
  return engine;
}

function openDatabase(db: BootableBindings): void {
  db.open({
    path: ':memory:',
    // What its page cache holds of a database that it attaches again may be older than the file.
    useDirectIO: true,
    allowUnsignedExtensions: true,
    arrowLosslessConversion: true,
    query: { queryPollingInterval: POLL_MS },
  });
}

/** How long one poll of a pending query may compute before it looks up, milliseconds. */
const POLL_MS = 20;

interface BootableBindings extends Bindings {
  instantiate(onProgress: () => void): Promise<unknown>;
  open(config: object): void;
  connect(): { readonly _conn: number };
  instantiateWasm: (imports: WebAssembly.Imports, success: InstantiateCallback) => unknown;
}
type InstantiateCallback = (instance: WebAssembly.Instance, module: WebAssembly.Module) => void;

interface Captured {
  imports?: WebAssembly.Imports;
  instance?: WebAssembly.Instance;
}

/** Replaces the bindings' way to instantiate: from a compiled module, keeping hold of the exports. */
function captureInstance(
  db: BootableBindings,
  options: {
    readonly module: WebAssembly.Module;
    readonly runtime: object;
    readonly prepareImports: (imports: WebAssembly.Imports, memory: () => Uint8Array<ArrayBuffer>) => void;
  },
): Captured {
  const captured: Captured = {};
  db.instantiateWasm = (imports, success) => {
    // The engine's JavaScript calls its runtime through this global.
    (globalThis as { DUCKDB_RUNTIME?: object }).DUCKDB_RUNTIME = { ...options.runtime };
    captured.imports = imports;
    options.prepareImports(imports, () => new Uint8Array(memoryOf(imports).buffer));
    void WebAssembly.instantiate(options.module, imports).then((instance) => {
      captured.instance = instance;
      success(instance, options.module);
    });
    return [];
  };
  return captured;
}

function nativeOf(captured: Captured): Native {
  const exports = captured.instance?.exports;
  if (exports === undefined) throw new Error('the engine was not instantiated');
  const missing = C_API_NAMES.filter((name) => typeof exports[name] !== 'function');
  if (missing.length > 0)
    throw new Error(`the engine lacks ${missing.join(', ')}; is it duckdb-wasm 1.32.0?`);
  const env = captured.imports?.env ?? {};
  const { __indirect_function_table: table, __memory_base: base } = env;
  if (!(table instanceof WebAssembly.Table) || !(base instanceof WebAssembly.Global)) {
    throw new Error('the engine exposes no function table');
  }
  return new Native({ exports, memory: memoryOf(captured.imports), table, memoryBase: Number(base.value) });
}

function memoryOf(imports: WebAssembly.Imports | undefined): WebAssembly.Memory {
  const memory = imports?.env?.memory;
  if (!(memory instanceof WebAssembly.Memory)) throw new Error('the engine exposes no memory');
  return memory;
}

function resolveFile(module: EngineModule, fileId: number): EngineFile | null {
  // duckdb-wasm caches what it knows of a file; a path may have been dropped and registered anew since.
  NODE_RUNTIME._fileInfoCache.delete(fileId);
  return NODE_RUNTIME.resolveFileInfo(module as never, fileId);
}

/** Proves the undocumented offset and one call through the C API. */
function selfTest({ bindings, native, connect }: DuckDb): void {
  const connection = connect();
  const failed = native.withBlock(64, (result) => {
    const status = native.withText('select 42', (sql) =>
      native.api.duckdb_query(connection.pointer, sql, result),
    );
    native.api.duckdb_destroy_result(result);
    return status !== 0;
  });
  if (failed) throw new Error('the C API does not answer; is the engine duckdb-wasm 1.32.0?');
  bindings.runQuery(connection.id, 'select 42');
}

function loadExtensions(engine: DuckDb, leftOut: readonly string[]): void {
  const connection = engine.connect();
  for (const name of EXTENSIONS) {
    if (!leftOut.includes(name)) engine.bindings.runQuery(connection.id, `load ${name}`);
  }
}

/**
 * The engine loads extensions with a synchronous XMLHttpRequest. This stand-in is the only one there is: it answers
 * our own three from their files, and 404 for everything else, which the engine reports as a clean IO error.
 */
function installExtensionLoader(readExtension: (name: ExtensionName) => ArrayBuffer): void {
  class ExtensionRequest {
    status = 0;
    response: ArrayBuffer | undefined;
    responseType = '';
    #url = '';
    open(_method: string, url: string): void {
      this.#url = url;
    }
    setRequestHeader(): void {}
    getAllResponseHeaders(): string {
      return '';
    }
    getResponseHeader(): null {
      return null;
    }
    send(): void {
      const name = EXTENSIONS.find((extension) => this.#url.endsWith(`/${extension}.duckdb_extension.wasm`));
      this.status = name === undefined ? 404 : 200;
      if (name !== undefined) this.response = readExtension(name);
    }
  }
  (globalThis as { XMLHttpRequest?: unknown }).XMLHttpRequest = ExtensionRequest;
}
