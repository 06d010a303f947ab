import type { Capability, DocumentValue, LogLevel } from '../../protocol/plugins.ts';

/**
 * The instance that host functions act on. It is one and the same object for as long as the instance's imports live,
 * while the run may change, so host functions ask for `run` each time.
 */
export interface HostFunctionOwner {
  /** The whole memory as it is now. Ask again after every call into the guest: it may have grown. */
  view(): Uint8Array;
  /**
   * Bytes that the guest named, not copied.
   *
   * @param pointer i32, taken as unsigned
   * @param byteLength i32, taken as unsigned
   * @throws CoreError MEMORY_BOUNDS when they reach past the end of memory
   */
  read(pointer: number, byteLength: number): Uint8Array;
  /**
   * Room in guest memory that the guest's own `alloc` gives.
   *
   * @throws CoreError MEMORY_LIMIT, MEMORY_BOUNDS, EXPORT_MISSING without `alloc`
   */
  alloc(byteLength: number): number;
  /** Takes fuel for work that the host does for the guest, so that calling us in a loop is not free. */
  charge(fuel: number): void;
  /**
   * Notes an error that ends the run, whatever the guest does with it: a guest can catch what is thrown through its
   * frames. Use as `throw owner.fail(error)`.
   */
  fail(error: Error): Error;
  /** The run under way. */
  readonly run: RunContext;
}

/** What the host functions of one run may do, and what they do it with. */
export interface RunContext {
  readonly capabilities: ReadonlySet<Capability>;
  /** Granted to the module's name, and withheld until somebody allows them to its bytes: for messages. */
  readonly withheld?: readonly Capability[];
  /** Takes one line, already cut to its limits. */
  log(level: LogLevel, line: string): void;
  readonly state: StateView;
  /** The document of the call; undefined when it has none. */
  readonly document: DocumentValue | undefined;
  readonly random: RandomSource;
  readonly clock: Clock;
  /** Configuration of the call as JSON text; undefined when it has none. */
  readonly config: string | undefined;
  /** True where no grant gives state: in SQL. */
  readonly isStateless?: true;
  /** For programs: arguments behind the program's name. */
  readonly args: readonly string[];
  /** For programs: `NAME=value` pairs. */
  readonly env: Readonly<Record<string, string>>;
}

/** A module's state as one run sees it: what is committed, and over it what the run itself set. */
export interface StateView {
  /** @returns undefined when the key is not set; not to be changed */
  get(key: string): Uint8Array | undefined;
  /**
   * @param key not empty
   * @param value copied; undefined takes the key away
   * @throws CoreError STATE_LIMIT when the key, the value or the state would outgrow its cap
   */
  set(key: string, value: Uint8Array | undefined): void;
}

/** Fills bytes with random ones. */
export interface RandomSource {
  fill(bytes: Uint8Array): void;
}

/** Time as a guest sees it. */
export interface Clock {
  /** Nanoseconds since 1970. */
  realtimeNs(): bigint;
  /** Nanoseconds since some instant of the run; never goes back. */
  monotonicNs(): bigint;
}

/** The functions of one import module, by name. Each takes and gives WebAssembly values. */
export type HostFunctions = Readonly<Record<string, (...args: never[]) => unknown>>;
