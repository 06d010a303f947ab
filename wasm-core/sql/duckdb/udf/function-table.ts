import type { CoreError } from '../../../protocol/errors.ts';
import type { ModuleInfo } from '../../../protocol/methods.ts';
import type { PluginFunction } from '../../../protocol/plugins.ts';
import type { SessionPlugin } from '../../engine.ts';
import type { Connection, DuckDb } from '../boot.ts';
import { isAborted, queryRows } from '../context.ts';
import { Adapters } from './adapter.ts';
import { defineAggregates } from './aggregate-functions.ts';
import { withInternalAggregates } from './aggregate-names.ts';
import { ConnectionFunctions, NO_FUNCTIONS } from './connection-functions.ts';
import {
  type CallableFunction,
  FunctionCalls,
  type StatementLimits,
  type StatementUse,
} from './function-calls.ts';
import { InlineLoops } from './inline-loop.ts';
import type { PublicName } from './public-names.ts';
import { type DefinitionParts, defineScalars, type FunctionSet } from './scalar-functions.ts';
import { asksForViews, createSystemViews, type FunctionUse } from './system-views.ts';
import { defineTable } from './table-functions.ts';
import { StringWriter } from './text-vector.ts';

/** Functions of one name and one module, as DuckDB knows them. */
interface Registered extends PublicName {
  readonly digest: string;
  /** Tells versions apart. */
  readonly shape: string;
}

/** A statement, and where it runs. */
export interface StatementPlace {
  readonly sql: string;
  readonly connection: Connection;
}

/** Functions in the queries that the engine layer itself makes: no plugin may take their names. */
export const NAMES_WE_CALL = [
  'any_value',
  'array_to_string',
  'coalesce',
  'current_setting',
  'list',
  'query',
  'regexp_matches',
  'replace',
  'starts_with',
  'string_agg',
];

/**
 * The plugins' functions in DuckDB. A function is registered once under an internal name and never changed, on a
 * connection that nothing else happens on, so that no statement is disturbed and no transaction takes it back; its public
 * name is a temporary macro of each connection, which `set` points at the module's latest version.
 */
export class FunctionTable {
  readonly #db: DuckDb;
  readonly #definitions: Connection;
  readonly #checks: ConnectionFunctions;
  /** Of the connections that statements run on, by connection. */
  readonly #runs = new Map<Connection, ConnectionFunctions>();
  readonly #strings: StringWriter;
  readonly #adapters: Adapters;
  readonly #inlines: InlineLoops;
  readonly #calls: FunctionCalls;
  readonly #registered: Registered[] = [];
  readonly #callables: CallableFunction[] = [];
  #latest = NO_FUNCTIONS;
  #modules: readonly ModuleInfo[] = [];
  #reserved: ReadonlySet<string> | undefined;

  /**
   * @param options.definitions a connection for this alone
   * @param options.checks the connection on which statements are only prepared
   */
  constructor(options: {
    readonly db: DuckDb;
    readonly definitions: Connection;
    readonly checks: Connection;
    readonly signals: Int32Array;
  }) {
    this.#db = options.db;
    this.#definitions = options.definitions;
    this.#checks = new ConnectionFunctions(options.db, options.checks);
    this.#strings = new StringWriter(options.db.native);
    this.#adapters = new Adapters(options.db.native);
    this.#inlines = new InlineLoops(options.db.native);
    this.#calls = new FunctionCalls(options.signals);
  }

  /** The functions by the number that `SIGNAL.guestFunction` shows, each with its time for a chunk where it has one. */
  functions(): { readonly name: string; readonly timeoutMs?: number | undefined }[] {
    return this.#callables.map((callable) => ({
      name: callable.fn.name,
      timeoutMs: this.#calls.limitsOf(callable).timeoutMs,
    }));
  }

  /**
   * Replaces the plugins: new functions are registered, public names moved, names that are gone dropped. Checks know them
   * at once, connections that run statements when they settle.
   *
   * @param modules for `quern_modules()`
   * @returns names that were left out because the engine's own macros, or our queries, call a function of that name
   */
  set(plugins: readonly SessionPlugin[], modules: readonly ModuleInfo[]): string[] {
    this.#reserved ??= this.#reservedNames();
    const next = new Map<string, Registered>();
    const leftOut = new Set<string>();
    for (const plugin of plugins) {
      for (const [name, functions] of byName(plugin.functions)) {
        if (this.#reserved.has(name)) leftOut.add(name);
        else next.set(name, this.#register(plugin, functions));
      }
    }
    this.#calls.setPlugins(plugins);
    const aggregates = [...next.values()].filter(({ functions }) => functions[0]?.kind === 'aggregate');
    this.#latest = {
      plugins,
      names: next,
      aggregates: new Map(aggregates.map(({ name, internalName }) => [name, internalName])),
    };
    this.#modules = modules;
    this.#checks.move(this.#latest);
    this.#createViews(this.#checks.connection);
    return [...leftOut];
  }

  /** Gives a connection that runs statements the functions, whenever it settles. */
  join(connection: Connection): void {
    this.#runs.set(connection, new ConnectionFunctions(this.#db, connection));
  }

  /** Whether a connection does not know a function yet, since its user's transaction is open. @param name in any case */
  awaits(name: string, connection: Connection): boolean {
    const known = this.#runs.get(connection)?.known;
    const key = name.toLowerCase();
    return known !== undefined && !known.names.has(key) && this.#latest.names.has(key);
  }

  /**
   * A statement as the engine takes it on a connection: see `withInternalAggregates`. Columns may then be called by
   * internal names.
   */
  engineText(sql: string, connection: Connection): string {
    const { known } = this.#runs.get(connection) ?? this.#checks;
    return withInternalAggregates(sql, known.aggregates);
  }

  /** Has a connection that runs nothing take up the functions that came since, unless a transaction of its user is open. */
  settle(connection: Connection): void {
    if (this.#runs.get(connection)?.settle(this.#latest)) this.#createViews(connection);
  }

  /** The plugins whose functions a connection that runs statements knows. */
  pluginsOf(connection: Connection): readonly SessionPlugin[] {
    return this.#runs.get(connection)?.known.plugins ?? [];
  }

  /** Begins a statement on a connection: instances are made when a function is first called, with fresh memory. */
  begin(limits: StatementLimits, { sql, connection }: StatementPlace): void {
    // They tell what functions did so far.
    if (asksForViews(sql)) this.#createViews(connection);
    this.#calls.begin(limits, this.pluginsOf(connection));
  }

  /** What the statement's calls have taken so far, microseconds. */
  spentMicros(): number {
    return this.#calls.spentMicros();
  }

  /** Ends a statement: its instances are gone. */
  end(): StatementUse {
    this.#strings.dispose();
    return this.#calls.end();
  }

  /** Runs `use` while plugin functions refuse to be called: the binder folds constant calls even when it only prepares. */
  withoutCalls<T>(use: () => T): T {
    return this.#calls.withoutCalls(use);
  }

  /** What the functions of a name did in the session so far. @param name in any case */
  useOf(name: string): FunctionUse {
    const total = { calls: 0, rows: 0, micros: 0, fuel: 0 };
    for (const plugin of this.#latest.plugins) {
      for (const fn of plugin.functions) {
        if (fn.name !== name.toLowerCase()) continue;
        const { calls, rows, micros, fuel } = this.#calls.use(fn, plugin);
        total.calls += calls;
        total.rows += rows;
        total.micros += micros;
        total.fuel += fuel;
      }
    }
    return total;
  }

  /** The error that a function raised in this statement, whose text alone reached the engine. */
  takeError(): CoreError | undefined {
    return this.#calls.takeError();
  }

  /** A public name shadows the built-in function; that may be wanted, but not inside the engine's own macros. */
  #reservedNames(): Set<string> {
    const sql =
      "select macro_definition as text from duckdb_functions() where database_name = 'system' and macro_definition is not null";
    const words = queryRows(this.#db, this.#definitions, sql).flatMap(
      (row) => String(row.text).match(/\w+(?=\()/g) ?? [],
    );
    return new Set([...words, ...NAMES_WE_CALL]);
  }

  #createViews(connection: Connection): void {
    const facts = {
      plugins: this.#latest.plugins,
      modules: this.#modules,
      use: (fn: PluginFunction, plugin: SessionPlugin) => this.#calls.use(fn, plugin),
    };
    try {
      createSystemViews(this.#db, connection, facts);
    } catch (error) {
      // They are made again before a statement that asks for them, which an aborted transaction takes none of.
      if (!isAborted(error)) throw error;
    }
  }

  #register({ compiled }: SessionPlugin, functions: readonly PluginFunction[]): Registered {
    const shape = JSON.stringify(functions);
    const { digest } = compiled;
    const known = this.#registered.find((entry) => entry.digest === digest && entry.shape === shape);
    if (known !== undefined) return known;
    const name = functions[0]?.name ?? '';
    const internalName = `__quern_${this.#db.nextFunctionNumber()}_${name}`;
    const callables = functions.map((fn, index) => ({
      index: this.#callables.length + index,
      fn,
      digest,
    }));
    define(this.#parts(), { internalName, compiled, callables });
    this.#callables.push(...callables);
    const entry = { name, internalName, functions, digest, shape };
    this.#registered.push(entry);
    return entry;
  }

  #parts(): DefinitionParts {
    return {
      db: this.#db,
      connection: this.#definitions,
      calls: this.#calls,
      strings: this.#strings,
      adapters: this.#adapters,
      inlines: this.#inlines,
    };
  }
}

function define(parts: DefinitionParts, set: FunctionSet): void {
  switch (set.callables[0]?.fn.kind) {
    case 'aggregate':
      defineAggregates(parts, set);
      break;
    case 'table':
      defineTable(parts, set);
      break;
    default:
      defineScalars(parts, set);
  }
}

function byName(functions: readonly PluginFunction[]): Map<string, PluginFunction[]> {
  const named = new Map<string, PluginFunction[]>();
  for (const fn of functions) named.set(fn.name, [...(named.get(fn.name) ?? []), fn]);
  return named;
}
