import { CoreError } from '../../../protocol/errors.ts';
import type { PluginFunction, PluginType } from '../../../protocol/plugins.ts';
import type { CompiledModule } from '../../../runtime/compiled-module.ts';
import { UNLIMITED_FUEL } from '../../../runtime/fuel.ts';
import { Guest } from '../../../runtime/guest.ts';
import { MemoryPool } from '../../../runtime/memory-pool.ts';
import type { SessionPlugin } from '../../engine.ts';
import type { Connection, DuckDb } from '../boot.ts';
import type { Pointer } from '../c-api.ts';
import { queryRows } from '../context.ts';
import { quoteName, typeId, withType } from '../logical-type.ts';
import { SIGNAL } from '../worker-messages.ts';
import { callChunk } from './plugin-function.ts';
import { StringWriter } from './text-vector.ts';

/** What plugin functions did during one statement. */
export interface FunctionCost {
  micros: number;
  rows: number;
  /** Instructions that they executed. */
  fuel: number;
}

/** What plugin functions may use during one statement. */
export interface FunctionLimits {
  /** Of each instance, MiB. */
  readonly memoryMb: number;
  /** Instructions of all of them together; absent: as many as they need. */
  readonly fuel?: number | undefined;
}

interface Registered {
  readonly plugin: CompiledModule;
  readonly function: PluginFunction;
  /** Name in DuckDB, unique for this function of this module. */
  readonly internalName: string;
}

/** Functions in the queries that the engine layer itself makes. */
const NAMES_WE_CALL = [
  'any_value',
  'array_to_string',
  'coalesce',
  'current_setting',
  'list',
  'regexp_matches',
  'replace',
  'starts_with',
  'string_agg',
];

/**
 * The plugins' functions in DuckDB. A function is registered once under an internal name and never changed; its public
 * name is a temporary macro of each connection, which `set` points at the module's latest version.
 */
export class FunctionTable {
  readonly #db: DuckDb;
  readonly #connections: readonly Connection[];
  readonly #signals: Int32Array;
  readonly #strings: StringWriter;
  readonly #memories = new MemoryPool();
  readonly #registered: Registered[] = [];
  readonly #guests = new Map<string, Guest>();
  #public = new Map<string, Registered>();
  #memoryMb: number | undefined;
  #fuelLeft = UNLIMITED_FUEL;
  #cost: FunctionCost = { micros: 0, rows: 0, fuel: 0 };
  #error: CoreError | undefined;
  #reserved: ReadonlySet<string> | undefined;

  constructor(options: {
    readonly db: DuckDb;
    readonly connections: readonly Connection[];
    readonly signals: Int32Array;
  }) {
    this.#db = options.db;
    this.#connections = options.connections;
    this.#signals = options.signals;
    this.#strings = new StringWriter(options.db.native);
  }

  /** The functions' public names by the number that `SIGNAL.guestFunction` shows. */
  names(): string[] {
    return this.#registered.map((entry) => entry.function.name);
  }

  /**
   * Replaces the plugins: new functions are registered, public names moved, names that are gone dropped.
   *
   * @returns names that were left out because the engine's own macros, or our queries, call a function of that name
   */
  set(plugins: readonly SessionPlugin[]): string[] {
    this.#reserved ??= this.#reservedNames();
    const next = new Map<string, Registered>();
    const leftOut: string[] = [];
    for (const plugin of plugins) {
      for (const fn of plugin.functions) {
        if (this.#reserved.has(fn.name)) leftOut.push(fn.name);
        else next.set(fn.name, this.#register(plugin.compiled, fn));
      }
    }
    for (const connection of this.#connections) this.#moveNames(connection, next);
    this.#public = next;
    return leftOut;
  }

  /** Begins a statement: instances are made when a function is first called, with fresh memory. */
  begin({ memoryMb, fuel = UNLIMITED_FUEL }: FunctionLimits): void {
    this.#memoryMb = memoryMb;
    this.#fuelLeft = fuel;
    this.#cost = { micros: 0, rows: 0, fuel: 0 };
    this.#error = undefined;
  }

  /** Ends a statement: its instances are gone. */
  end(): FunctionCost {
    this.#memoryMb = undefined;
    for (const guest of this.#guests.values()) guest.dispose();
    this.#guests.clear();
    this.#strings.dispose();
    return this.#cost;
  }

  /** Runs `use` while plugin functions refuse to be called: the binder folds constant calls even when it only prepares. */
  withoutCalls<T>(use: () => T): T {
    const memoryMb = this.#memoryMb;
    const error = this.#error;
    this.#memoryMb = undefined;
    try {
      return use();
    } finally {
      this.#memoryMb = memoryMb;
      this.#error = error;
    }
  }

  /** The error that a function raised in this statement, whose text alone reached the engine. */
  takeError(): CoreError | undefined {
    const error = this.#error;
    this.#error = undefined;
    return error;
  }

  /** A public name shadows the built-in function; that may be wanted, but not inside the engine's own macros. */
  #reservedNames(): Set<string> {
    const [connection] = this.#connections;
    if (connection === undefined) return new Set();
    const sql =
      "select macro_definition as text from duckdb_functions() where database_name = 'system' and macro_definition is not null";
    const words = queryRows(this.#db, connection, sql).flatMap(
      (row) => String(row.text).match(/\w+(?=\()/g) ?? [],
    );
    return new Set([...words, ...NAMES_WE_CALL]);
  }

  #register(plugin: CompiledModule, fn: PluginFunction): Registered {
    const shape = JSON.stringify(fn);
    const known = this.#registered.find(
      (entry) => entry.plugin.digest === plugin.digest && JSON.stringify(entry.function) === shape,
    );
    if (known !== undefined) return known;
    const index = this.#registered.length;
    const entry = { plugin, function: fn, internalName: `__quern_${index}_${fn.name}` };
    this.#define(entry, index);
    this.#registered.push(entry);
    return entry;
  }

  #define(entry: Registered, index: number): void {
    const { native } = this.#db;
    const { api } = native;
    const scalar = api.duckdb_create_scalar_function();
    try {
      native.withText(entry.internalName, (name) => api.duckdb_scalar_function_set_name(scalar, name));
      for (const { type } of entry.function.parameters) {
        this.#withPluginType(type, (t) => api.duckdb_scalar_function_add_parameter(scalar, t));
      }
      this.#withPluginType(entry.function.returns, (t) =>
        api.duckdb_scalar_function_set_return_type(scalar, t),
      );
      if (!entry.function.deterministic) api.duckdb_scalar_function_set_volatile(scalar);
      const callback = native.addCallback((info, chunk, output) =>
        this.#call(entry, { index, info, chunk, output }),
      );
      api.duckdb_scalar_function_set_function(scalar, callback);
      const [connection] = this.#connections;
      if (connection === undefined || api.duckdb_register_scalar_function(connection.pointer, scalar) !== 0) {
        throw new Error(`DuckDB did not take the function ${entry.function.name}`);
      }
    } finally {
      native.withBlock(4, (slot) => {
        native.words()[slot >>> 2] = scalar;
        api.duckdb_destroy_scalar_function(slot);
      });
    }
  }

  #withPluginType(type: PluginType, use: (type: Pointer) => void): void {
    const { native } = this.#db;
    withType(native, native.api.duckdb_create_logical_type(typeId(type)), use);
  }

  #moveNames(connection: Connection, next: ReadonlyMap<string, Registered>): void {
    const { bindings } = this.#db;
    for (const [name, entry] of next) {
      if (this.#public.get(name) === entry) continue;
      const parameters = entry.function.parameters.map((parameter) => quoteName(parameter.name)).join(', ');
      bindings.runQuery(
        connection.id,
        `create or replace temp macro ${quoteName(name)}(${parameters}) as ${entry.internalName}(${parameters})`,
      );
    }
    for (const name of this.#public.keys()) {
      if (!next.has(name)) bindings.runQuery(connection.id, `drop macro if exists temp.${quoteName(name)}`);
    }
  }

  /** DuckDB's callback for one chunk. Nothing may be thrown through the engine's frames. */
  #call(
    entry: Registered,
    at: { readonly index: number; readonly info: Pointer; readonly chunk: Pointer; readonly output: Pointer },
  ): void {
    const started = performance.now();
    Atomics.store(this.#signals, SIGNAL.guestFunction, at.index);
    Atomics.add(this.#signals, SIGNAL.guestEntries, 1);
    let guest: Guest | undefined;
    try {
      guest = this.#guest(entry.plugin);
      this.#cost.rows += callChunk({
        native: this.#db.native,
        guest,
        function: entry.function,
        strings: this.#strings,
        chunk: at.chunk,
        output: at.output,
      });
      guest.checkFuel();
      this.#spend(guest);
    } catch (error) {
      if (guest) this.#spend(guest);
      this.#fail(entry, at.info, error);
    } finally {
      Atomics.add(this.#signals, SIGNAL.guestEntries, 1);
      this.#cost.micros += (performance.now() - started) * 1000;
    }
  }

  /** The functions of a statement share its fuel, whichever modules they are of. */
  #spend(guest: Guest): void {
    const used = Math.min(guest.fuelUsed() ?? 0, this.#fuelLeft);
    this.#fuelLeft -= used;
    this.#cost.fuel += used;
  }

  #guest(plugin: CompiledModule): Guest {
    if (this.#memoryMb === undefined) {
      throw new CoreError(
        'CAPABILITY_DENIED',
        'Plugin functions do not run while a statement is only checked.',
      );
    }
    const known = this.#guests.get(plugin.digest);
    if (known !== undefined) {
      known.refuel(this.#fuelLeft);
      return known;
    }
    const guest = new Guest(plugin, { memoryMb: this.#memoryMb, memories: this.#memories });
    guest.begin({ fuel: this.#fuelLeft });
    this.#guests.set(plugin.digest, guest);
    return guest;
  }

  #fail(entry: Registered, info: Pointer, error: unknown): void {
    const { native } = this.#db;
    const failure =
      error instanceof CoreError
        ? error
        : new CoreError('INTERNAL', error instanceof Error ? error.message : String(error));
    const { name } = entry.function;
    this.#error ??= new CoreError(failure.kind, failure.message, { ...failure.details, function: name });
    // A trapped instance may hold broken state; the next call gets a fresh one.
    this.#guests.get(entry.plugin.digest)?.dispose();
    this.#guests.delete(entry.plugin.digest);
    native.withText(failure.message, (text) => native.api.duckdb_scalar_function_set_error(info, text));
  }
}
