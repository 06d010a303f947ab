import type { RawProfile } from '../../../binary/profile/profile-map.ts';
import { CoreError } from '../../../protocol/errors.ts';
import type { FunctionLimits } from '../../../protocol/limits.ts';
import type { LogLine, PluginFunction } from '../../../protocol/plugins.ts';
import type { FunctionCost } from '../../../protocol/statement-cost.ts';
import type { CompiledModule } from '../../../runtime/compiled-module.ts';
import { UNLIMITED_FUEL } from '../../../runtime/fuel.ts';
import { Guest } from '../../../runtime/guest.ts';
import { MemoryPool } from '../../../runtime/memory-pool.ts';
import type { SessionPlugin } from '../../engine.ts';
import { SIGNAL } from '../worker-messages.ts';
import { createFunctionContext, type FunctionContext } from './function-context.ts';
import type { FunctionUse } from './system-views.ts';

/** What plugin functions may use during one statement. */
export interface StatementLimits {
  /** Of each instance, MiB. */
  readonly memoryMb: number;
  /** Instructions of all of them together; absent: as many as they need. */
  readonly fuel?: number | undefined;
  /** Profiled modules that run in the place of those with their digests; absent: none. */
  readonly profiled?: readonly CompiledModule[] | undefined;
}

/** What plugin functions did during one statement. */
export interface StatementUse {
  readonly micros: number;
  readonly transferMicros: number;
  readonly rows: number;
  readonly fuel: number;
  readonly functions: readonly FunctionCost[];
  readonly logs: readonly LogLine[];
  /** Of each instance of a profiled module. */
  readonly profiles: readonly RawProfile[];
}

/** A function that DuckDB knows: its number is what `SIGNAL.guestFunction` shows. */
export interface CallableFunction {
  readonly index: number;
  readonly fn: PluginFunction;
  /** The module that it is of. */
  readonly digest: string;
}

/** An instance with the context of its host functions. */
export interface StatementGuest {
  readonly guest: Guest;
  readonly context: FunctionContext;
}

/** Where the instance of some functions of a module is, while there is one. */
interface InstanceSlot {
  made: StatementGuest | undefined;
}

/** A function during one statement. */
interface Active {
  readonly tally: Tally;
  readonly slot: InstanceSlot;
  /** Its own cap of fuel; undefined: only the statement's. */
  readonly fuel: number | undefined;
}

interface Tally {
  calls: number;
  rows: number;
  micros: number;
  transferMicros: number;
  fuel: number;
}

/**
 * The calls of plugin functions: one instance of each module for each statement, made when a function is first called,
 * with the fuel, the memory and the rights that it may use, and an account of what it did.
 */
export class FunctionCalls {
  readonly #signals: Int32Array;
  readonly #memories = new MemoryPool();
  /** By `keyOf`. */
  readonly #slots = new Map<string, InstanceSlot>();
  /** By module digest: as the session has them now. */
  #latest: ReadonlyMap<string, SessionPlugin> = new Map();
  /** By module digest: those of the statement. */
  #plugins: ReadonlyMap<string, SessionPlugin> = new Map();
  /** Undefined while no statement runs. */
  #limits: StatementLimits | undefined;
  #fuelLeft = UNLIMITED_FUEL;
  #statement = new Map<CallableFunction, Active>();
  readonly #session = new Map<CallableFunction, Tally>();
  #logs: LogLine[] = [];
  #profiles: RawProfile[] = [];
  #error: CoreError | undefined;
  #epoch = 0;

  constructor(signals: Int32Array) {
    this.#signals = signals;
  }

  /** Takes the session's plugins as they are from the next statement on. */
  setPlugins(plugins: readonly SessionPlugin[]): void {
    this.#latest = byDigest(plugins);
  }

  /** The number of the statement; what an instance gave is worth nothing in another one. */
  get epoch(): number {
    return this.#epoch;
  }

  /** The statement's instance of a function's module, if there is one. */
  peek(callable: CallableFunction): Guest | undefined {
    return this.#active(callable).slot.made?.guest;
  }

  /** Whether a statement runs; while one is only checked, nothing may be called, and what is under way is left alone. */
  get isRunning(): boolean {
    return this.#limits !== undefined;
  }

  /** What the statement's calls have taken so far, microseconds. */
  spentMicros(): number {
    let micros = 0;
    for (const { tally } of this.#statement.values()) micros += tally.micros;
    return micros;
  }

  /**
   * Begins a statement.
   *
   * @param plugins whose functions it knows; their rights and limits are those that the session has now, where it still
   *   has them
   */
  begin(limits: StatementLimits, plugins: readonly SessionPlugin[]): void {
    this.#plugins = new Map([...byDigest(plugins), ...this.#latest]);
    this.#epoch = (this.#epoch % MAX_EPOCH) + 1;
    this.#limits = limits;
    this.#fuelLeft = limits.fuel ?? UNLIMITED_FUEL;
    this.#statement = new Map();
    this.#logs = [];
    this.#profiles = [];
    this.#error = undefined;
  }

  /** Ends a statement: its instances are gone. A second time there is nothing to tell. */
  end(): StatementUse {
    this.#limits = undefined;
    for (const slot of this.#slots.values()) this.#discard(slot);
    this.#slots.clear();
    const statement = this.#statement;
    this.#statement = new Map();
    for (const [callable, { tally }] of statement) this.#addToSession(callable, tally);
    const called = [...statement].filter(([, { tally }]) => tally.calls > 0);
    const functions = called.map(([{ fn }, { tally }]) => ({
      name: fn.name,
      ...tally,
      micros: Math.round(tally.micros),
      transferMicros: Math.round(tally.transferMicros),
    }));
    const sum = (of: (cost: FunctionCost) => number): number =>
      functions.reduce((total, cost) => total + of(cost), 0);
    return {
      micros: sum(({ micros }) => micros),
      transferMicros: sum(({ transferMicros }) => transferMicros),
      rows: sum(({ rows }) => rows),
      fuel: sum(({ fuel }) => fuel),
      functions,
      logs: this.#logs,
      profiles: this.#profiles,
    };
  }

  /** What a function did in the session so far. */
  use(wanted: PluginFunction, plugin: SessionPlugin): FunctionUse {
    const total = { calls: 0, rows: 0, micros: 0, fuel: 0 };
    for (const [{ fn, digest }, tally] of this.#session) {
      if (digest !== plugin.compiled.digest || JSON.stringify(fn) !== JSON.stringify(wanted)) continue;
      total.calls += tally.calls;
      total.rows += tally.rows;
      total.micros += tally.micros;
      total.fuel += tally.fuel;
    }
    return total;
  }

  /** Runs `use` while functions refuse to be called: the binder folds constant calls even when it only prepares. */
  withoutCalls<T>(use: () => T): T {
    const limits = this.#limits;
    const error = this.#error;
    this.#limits = undefined;
    try {
      return use();
    } finally {
      this.#limits = limits;
      this.#error = error;
    }
  }

  /** The error that a function raised in this statement, whose text alone reached the engine. */
  takeError(): CoreError | undefined {
    const error = this.#error;
    this.#error = undefined;
    return error;
  }

  /** Notes the error that ends the statement; the first is kept. */
  noteError(error: CoreError): void {
    this.#error ??= error;
  }

  /** Rows that a function was given in this statement so far. */
  rowsSoFar(callable: CallableFunction): number {
    return this.#active(callable).tally.rows;
  }

  /** Instructions that a function has executed for a row in this statement so far, on average. */
  fuelPerRow(callable: CallableFunction): number {
    const { fuel, rows, calls } = this.#active(callable).tally;
    // The rows of the call that is under way are counted, and its fuel is not yet.
    return calls === 0 ? 0 : fuel / rows;
  }

  /**
   * Calls a function: `use` does with the instance what there is to do, and adds to the account what it did.
   *
   * @throws whatever `use` throws, after the account is settled; CoreError CAPABILITY_DENIED while a statement is only
   *   checked, MEMORY_LIMIT, FUEL_EXHAUSTED
   */
  call(callable: CallableFunction, use: (guest: StatementGuest, account: CallAccount) => void): void {
    if (!this.isRunning) throw denied();
    const started = performance.now();
    Atomics.store(this.#signals, SIGNAL.guestFunction, callable.index);
    Atomics.add(this.#signals, SIGNAL.guestEntries, 1);
    const active = this.#active(callable);
    const { tally, slot } = active;
    try {
      use(this.#guest(callable, active), tally);
      slot.made?.guest.checkFuel();
    } finally {
      this.#settle(active);
      Atomics.add(this.#signals, SIGNAL.guestEntries, 1);
      tally.calls++;
      tally.micros += (performance.now() - started) * 1000;
    }
  }

  /**
   * The statement's instance of a function's module, with the fuel that is left for this function.
   *
   * @throws CoreError CAPABILITY_DENIED while a statement is only checked, MEMORY_LIMIT, TRAP of a start function
   */
  guest(callable: CallableFunction): StatementGuest {
    if (!this.isRunning) throw denied();
    return this.#guest(callable, this.#active(callable));
  }

  #guest(callable: CallableFunction, { tally, slot, fuel: own }: Active): StatementGuest {
    // The functions of a statement share its fuel, whichever modules they are of; each may have a cap of its own.
    const fuel = own === undefined ? this.#fuelLeft : Math.min(this.#fuelLeft, Math.max(0, own - tally.fuel));
    if (slot.made !== undefined) {
      slot.made.guest.refuel(fuel);
      return slot.made;
    }
    const plugin = this.#plugins.get(callable.digest);
    if (plugin === undefined) throw new Error(`the module of ${callable.fn.name} is not in the session`);
    const context = createFunctionContext(plugin);
    const profiled = this.#limits?.profiled?.find(({ digest }) => digest === callable.digest);
    const guest = new Guest(profiled ?? plugin.compiled, {
      memoryMb: this.#memoryMb(plugin),
      memories: this.#memories,
    });
    guest.begin({ fuel, context: context.context });
    const made = { guest, context };
    slot.made = made;
    return made;
  }

  /** A fresh instance in the place of one that may hold broken state. */
  renew(callable: CallableFunction): StatementGuest {
    this.#settle(this.#active(callable));
    this.discard(callable);
    return this.guest(callable);
  }

  /** Gives an instance up: after a trap it may hold broken state. */
  discard(callable: CallableFunction): void {
    this.#discard(this.#active(callable).slot);
  }

  #discard(slot: InstanceSlot): void {
    const known = slot.made;
    if (known === undefined) return;
    this.#logs.push(...known.context.logs.slice(0, MAX_LOG_LINES - this.#logs.length));
    const profile = known.guest.takeProfile();
    if (profile !== undefined) this.#profiles.push(profile);
    known.guest.dispose();
    slot.made = undefined;
  }

  /** Limits of a function as the session has them now. */
  limitsOf({ digest, fn }: CallableFunction): FunctionLimits {
    return this.#latest.get(digest)?.limits?.[fn.name] ?? {};
  }

  /** Takes what an instance used since it was fuelled from what is left; to be done once for each time that it was. */
  #settle({ tally, slot }: Active): void {
    if (slot.made === undefined) return;
    const used = Math.min(slot.made.guest.fuelUsed() ?? 0, this.#fuelLeft);
    this.#fuelLeft -= used;
    tally.fuel += used;
  }

  #memoryMb({ functions, limits = {} }: SessionPlugin): number {
    const own = functions.map(({ name }) => limits[name]?.memoryMb ?? Number.POSITIVE_INFINITY);
    return Math.min(this.#limits?.memoryMb ?? 1, ...own);
  }

  #active(callable: CallableFunction): Active {
    const known = this.#statement.get(callable);
    if (known !== undefined) return known;
    const key = keyOf(callable);
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      slot = { made: undefined };
      this.#slots.set(key, slot);
    }
    const tally = { calls: 0, rows: 0, micros: 0, transferMicros: 0, fuel: 0 };
    const made = { tally, slot, fuel: this.#plugins.get(callable.digest)?.limits?.[callable.fn.name]?.fuel };
    this.#statement.set(callable, made);
    return made;
  }

  #addToSession(callable: CallableFunction, more: Tally): void {
    const tally = this.#session.get(callable);
    if (tally === undefined) {
      this.#session.set(callable, { ...more });
      return;
    }
    tally.calls += more.calls;
    tally.rows += more.rows;
    tally.micros += more.micros;
    tally.transferMicros += more.transferMicros;
    tally.fuel += more.fuel;
  }
}

/** What calls did, added up. */
export interface CallAccount {
  rows: number;
  /** Of the time, moving values to and fro. */
  transferMicros: number;
}

/**
 * Which instance a function is called in. Aggregates and table functions have one apart from the module's other functions:
 * it holds state for the whole statement, while theirs is given up when a call fails.
 */
function keyOf({ digest, fn }: CallableFunction): string {
  return fn.kind === undefined ? digest : `${digest} state`;
}

function byDigest(plugins: readonly SessionPlugin[]): Map<string, SessionPlugin> {
  return new Map(plugins.map((plugin) => [plugin.compiled.digest, plugin]));
}

function denied(): CoreError {
  return new CoreError('CAPABILITY_DENIED', 'Plugin functions do not run while a statement is only checked.');
}

/** Statements are numbered by 31 bits. */
const MAX_EPOCH = 2 ** 31 - 1;

/** Lines kept of a statement's log. */
const MAX_LOG_LINES = 1000;
