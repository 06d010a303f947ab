import { isReactor } from '../binary/abi.ts';
import { CONTROL, CONTROL_EXPORT } from '../binary/control-functions.ts';
import type { RawProfile } from '../binary/profile/profile-map.ts';
import { CoreError } from '../protocol/errors.ts';
import { PAGE_BYTES } from '../protocol/limits.ts';
import { ArgumentBuffer } from './argument-buffer.ts';
import { type CompiledModule, MEMORY_IMPORT } from './compiled-module.ts';
import { type Control, giveFuel, remainingFuel, UNLIMITED_FUEL } from './fuel.ts';
import { guestError, instantiationError } from './guest-errors.ts';
import { guestImports, importsWasi } from './guest-imports.ts';
import type { HostFunctionOwner, RunContext } from './host-functions/owner.ts';
import { InstanceMemory } from './instance-memory.ts';
import type { MemoryPool } from './memory-pool.ts';
import { type MemorySnapshot, restoreSnapshot, takeSnapshot } from './memory-snapshot.ts';
import { GuestProfile } from './profile/guest-profile.ts';
import { NO_CONTEXT } from './run-context.ts';
import { initializeReactor } from './wasi/program.ts';
import { WasiIo } from './wasi/wasi-io.ts';

/** What an instance may use. */
export interface GuestOptions {
  /** Cap of its memory in MiB, 1 to 4,096; `memory.grow` beyond it gives -1. */
  readonly memoryMb: number;
  /** Where its memory comes from and goes back to. */
  readonly memories: MemoryPool;
}

/** What one run gives its instance. */
export interface RunStart {
  /** Instructions that it may execute, 0 to 2^53 - 1; absent: as many as it needs. */
  readonly fuel?: number | undefined;
  /** What host functions may do; absent: nothing but to log into the void. */
  readonly context?: RunContext | undefined;
  /** Standard input and output, for a module that imports WASI; absent: nothing to read, and lines to log. */
  readonly io?: WasiIo | undefined;
}

/**
 * An instance of a module with a memory of its own, made fresh for each run: `begin`, any calls, `end`, and again.
 * Not safe against endless loops when the module is not metered or the fuel is not bounded: see the executor.
 */
export class Guest implements HostFunctionOwner {
  run: RunContext = NO_CONTEXT;
  readonly compiled: CompiledModule;
  private readonly memory: InstanceMemory;
  private readonly buffer: ArgumentBuffer;
  private readonly usesWasi: boolean;
  private readonly isReactor: boolean;
  private imports: WebAssembly.Imports | undefined;
  private instanceExports: Readonly<Record<string, WebAssembly.ExportValue>> = {};
  private control: Control | undefined;
  private snapshot: { readonly memory: MemorySnapshot; readonly startFuel: number } | undefined;
  private state: 'new' | 'running' | 'ended' | 'broken' = 'new';
  private givenFuel = 0;
  private failure: Error | undefined;
  /** Of the instance at hand, when the module is profiled. */
  private profile: GuestProfile | undefined;

  /**
   * Takes a memory; nothing of the guest runs yet.
   *
   * @throws CoreError MEMORY_LIMIT when it needs more memory than the cap or the machine gives
   */
  constructor(compiled: CompiledModule, options: GuestOptions) {
    this.compiled = compiled;
    this.usesWasi = importsWasi(compiled);
    this.isReactor = isReactor(compiled);
    this.memory = new InstanceMemory(compiled, options);
    this.buffer = new ArgumentBuffer(compiled, this);
  }

  /** The instance's exports, as WebAssembly gives them. */
  get exports(): Readonly<Record<string, WebAssembly.ExportValue>> {
    return this.instanceExports;
  }

  /**
   * Makes the instance a fresh one and gives it its fuel; its start function runs.
   *
   * @throws CoreError TRAP when the start function or a segment traps, FUEL_EXHAUSTED, IMPORT_UNKNOWN, MEMORY_LIMIT
   */
  begin(start: RunStart = {}): void {
    const { fuel = UNLIMITED_FUEL, context = NO_CONTEXT } = start;
    this.run = context;
    this.failure = undefined;
    this.givenFuel = fuel;
    if (this.snapshot !== undefined && this.state === 'ended') this.restore(this.snapshot, fuel);
    else this.instantiate(fuel, start.io);
    this.state = 'running';
  }

  /** Ends the run; the instance can begin another one. @param options.broken true after a trap or any other error */
  end(options: { readonly broken: boolean }): void {
    this.run = NO_CONTEXT;
    this.state = options.broken ? 'broken' : 'ended';
    // A trapped instance is never used again, and one that has grown cannot be made what it was.
    if (options.broken || this.memory.hasGrown) this.snapshot = undefined;
    this.memory.giveUpGrown();
  }

  /** Gives the run other fuel in the place of what it has, and counts anew. */
  refuel(fuel: number): void {
    this.givenFuel = fuel;
    if (this.control === undefined || !this.compiled.metered) return;
    this.profile?.refuel(remainingFuel(this.control), fuel);
    giveFuel(this.control, fuel);
  }

  /** Instructions executed since `begin`, its start function's included; undefined when the module is not metered. */
  fuelUsed(): number | undefined {
    if (this.control === undefined || !this.compiled.metered) return undefined;
    return this.givenFuel - remainingFuel(this.control);
  }

  /** What the instance executed since it was made; undefined when the module is not profiled, or nothing ran. */
  takeProfile(): RawProfile | undefined {
    return this.control && this.profile?.take(remainingFuel(this.control));
  }

  /** Instructions that the run may still execute, below 0 when it went past its fuel; undefined when not metered. */
  fuelLeft(): number | undefined {
    if (this.control === undefined || !this.compiled.metered) return undefined;
    return remainingFuel(this.control);
  }

  /** @throws CoreError FUEL_EXHAUSTED when the run went past its fuel, if only by its last instructions */
  checkFuel(): void {
    if (this.control === undefined || !this.compiled.metered) return;
    if (remainingFuel(this.control) < 0) throw this.outOfFuel();
  }

  get hostStart(): number | undefined {
    return this.memory.hostStart;
  }

  view(): Uint8Array {
    return this.memory.view();
  }

  /**
   * The buffer for arguments, the same one from call to call unless it has to grow.
   *
   * @param byteLength how many bytes are to be written, below 2^32
   * @returns its pointer; that many bytes from there on are inside memory
   * @throws CoreError MEMORY_LIMIT when there is no room, MEMORY_BOUNDS when `alloc` gives a false pointer, TRAP
   */
  argumentBuffer(byteLength: number): number {
    return this.buffer.reserve(byteLength);
  }

  /** @throws CoreError EXPORT_MISSING when no function has that name */
  function(name: string): WebAssembly.GuestFunction {
    const value = this.instanceExports[name];
    if (typeof value === 'function') return value;
    throw new CoreError('EXPORT_MISSING', `${this.compiled.name} does not export a function ${name}.`, {
      module: this.compiled.name,
      export: name,
    });
  }

  read(pointer: number, byteLength: number): Uint8Array {
    return this.memory.read(pointer, byteLength);
  }

  alloc(byteLength: number): number {
    return this.buffer.allocate(byteLength);
  }

  charge(fuel: number): void {
    if (this.control === undefined || !this.compiled.metered) return;
    const left = remainingFuel(this.control) - fuel;
    if (left >= 0) giveFuel(this.control, left);
    else this.control(CONTROL.setFuel, Math.max(left, MIN_COUNTER), 0);
  }

  fail(error: Error): Error {
    this.failure ??= error;
    return error;
  }

  /** Size of memory in pages of 64 KiB. Memory never shrinks, so at the end of a run this is its peak. */
  pages(): number {
    return this.memory.view().byteLength / PAGE_BYTES;
  }

  /**
   * Adds pages at the end of memory for the host's own use.
   *
   * @throws CoreError MEMORY_LIMIT when the cap does not allow it
   */
  grow(pages: number): void {
    this.memory.grow(pages);
  }

  /**
   * Throws what a host function raised and the guest may have caught: it ends the run nevertheless.
   *
   * @param isFine tells an error that is none, such as a program's exit
   */
  throwFailure(isFine?: (failure: Error) => boolean): void {
    const { failure } = this;
    if (failure !== undefined && !isFine?.(failure)) throw failure;
  }

  /**
   * The error to report for what a call into the guest threw.
   *
   * @param functionName what was called, for the message
   * @returns TRAP with `details.stack`, the guest's functions from the innermost on; a CoreError as it is
   */
  toError(error: unknown, functionName: string): CoreError {
    if (this.profile && this.control) this.profile.unwind(remainingFuel(this.control));
    const cause = this.failure ?? (this.isOutOfFuel(error) ? this.outOfFuel() : error);
    this.failure = undefined;
    return guestError(cause, { functionName, compiled: this.compiled });
  }

  /** Gives the memory back; the guest cannot be used afterwards. Idempotent. */
  dispose(): void {
    this.memory.dispose();
    this.instanceExports = {};
    this.control = undefined;
    this.snapshot = undefined;
    this.imports = undefined;
  }

  private instantiate(fuel: number, io: WasiIo | undefined): void {
    const { compiled } = this;
    // Where code runs before the host's page is added, memory is to be as the module declares it; else nobody can tell.
    const exact = compiled.hasStart || this.isReactor;
    if (this.state !== 'new') this.memory.renew({ exact });
    // Imports close over this guest and its memory, so a new instance over the same memory can have them again. WASI's
    // hold files and time of their own.
    if (this.imports === undefined || this.memory.isNew || this.usesWasi) this.imports = this.makeImports(io);
    this.snapshot = undefined;
    this.buffer.reset();
    try {
      this.instanceExports = new WebAssembly.Instance(compiled.module, this.imports).exports;
    } catch (error) {
      throw instantiationError(error, compiled);
    }
    this.profile = GuestProfile.of(compiled);
    this.profile?.attach(this.instanceExports);
    const control = this.instanceExports[CONTROL_EXPORT];
    this.control = typeof control === 'function' ? (control as unknown as Control) : undefined;
    if (this.control !== undefined) this.start(this.control, fuel);
  }

  private start(control: Control, fuel: number): void {
    this.profile?.refuel(undefined, fuel);
    giveFuel(control, fuel);
    try {
      if (this.compiled.hasStart) control(CONTROL.start, 0, 0);
      this.throwFailure();
    } catch (error) {
      throw this.toError(error, 'the start');
    }
    const { hasStart, resettable, imports, profile } = this.compiled;
    if (this.isReactor) initializeReactor(this);
    this.memory.addHostPage();
    this.buffer.reset();
    // What a start function does with host functions belongs to its run, so it has to run each time.
    const pure = !this.usesWasi && (!hasStart || imports.every(({ kind }) => kind !== 'function'));
    // Counters and calls of a profile are state that no snapshot holds.
    if (!resettable || !pure || profile !== undefined) return;
    const memory = takeSnapshot(this.memory.view());
    if (memory === undefined) return;
    this.snapshot = { memory, startFuel: fuel - remainingFuel(control) };
    control(CONTROL.save, 0, 0);
  }

  private restore(snapshot: NonNullable<Guest['snapshot']>, fuel: number): void {
    const { control } = this;
    if (control === undefined) throw new Error('an instance with a snapshot has lost its control');
    restoreSnapshot(this.memory.view(), snapshot.memory);
    this.buffer.reset();
    control(CONTROL.restore, 0, 0);
    if (fuel < snapshot.startFuel) throw this.outOfFuel();
    giveFuel(control, fuel - snapshot.startFuel);
  }

  private makeImports(given: WasiIo | undefined): WebAssembly.Imports {
    const memory = this.memory.object;
    const io = this.usesWasi ? (given ?? silentIo(this.compiled.name)) : undefined;
    return {
      ...guestImports(this, { wanted: this.compiled.imports, io }),
      ...(memory && { [MEMORY_IMPORT.module]: { [MEMORY_IMPORT.name]: memory } }),
    };
  }

  private isOutOfFuel(error: unknown): boolean {
    if (this.control === undefined || !(error instanceof WebAssembly.RuntimeError)) return false;
    return this.compiled.metered && this.control(CONTROL.reserve, 0, 0) < 0;
  }

  private outOfFuel(): CoreError {
    const message = `${this.compiled.name} used up its ${this.givenFuel} units of fuel. If it needs more, raise limits.fuel.`;
    return new CoreError('FUEL_EXHAUSTED', message, { module: this.compiled.name, fuel: this.givenFuel });
  }
}

function silentIo(programName: string): WasiIo {
  return new WasiIo({ input: new Uint8Array(0), maxOutputBytes: 0, programName, stdout: 'log' });
}

/** The counter is a 32-bit number: what is below this is not counted further, and the next check ends the run. */
const MIN_COUNTER = -(2 ** 30);
