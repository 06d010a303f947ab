import { WASI_IMPORTS, WASI_MODULE, type WasiFunctionName } from '../../wasm-core/binary/wasi-imports.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { Capability } from '../../wasm-core/protocol/plugins.ts';
import type {
  HostFunctionOwner,
  HostFunctions,
  RunContext,
} from '../../wasm-core/runtime/host-functions/owner.ts';
import { createRandom } from '../../wasm-core/runtime/random.ts';
import { wasiFunctions } from '../../wasm-core/runtime/wasi/wasi-functions.ts';
import { WasiIo, type WasiIoOptions } from '../../wasm-core/runtime/wasi/wasi-io.ts';
import { assemble } from './wat.ts';

/** How a WASI instance in a test is set up; everything has a default. */
export interface WasiSetup extends Partial<WasiIoOptions> {
  readonly capabilities?: readonly Capability[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Charging more than this throws; no cap by default. */
  readonly fuel?: number;
}

/** The WASI functions over a real memory, and what they did. */
export interface WasiHarness {
  readonly owner: HostFunctionOwner;
  readonly io: WasiIo;
  readonly functions: HostFunctions;
  readonly logs: string[];
  /** Errors that were noted with `owner.fail`. */
  readonly failures: Error[];
  readonly fuelUsed: () => number;
}

/** What the real clock says in tests: 2021-01-01, and 5 s since the start. */
export const TEST_REALTIME_NS = 1_609_459_200_000_000_000n;

/** The WASI functions of one instance over a memory. */
export function wasiOver(memory: { readonly buffer: ArrayBuffer }, setup: WasiSetup = {}): WasiHarness {
  const logs: string[] = [];
  const failures: Error[] = [];
  let used = 0;
  const fail = (error: Error): Error => {
    failures.push(error);
    return error;
  };
  const owner: HostFunctionOwner = {
    view: () => new Uint8Array(memory.buffer),
    read() {
      throw new Error('WASI functions check pointers themselves');
    },
    alloc() {
      throw new Error('WASI functions do not allocate in the guest');
    },
    charge(fuel) {
      used += fuel;
      if (used > (setup.fuel ?? Number.POSITIVE_INFINITY)) {
        throw fail(new CoreError('FUEL_EXHAUSTED', 'The run used up its fuel.'));
      }
    },
    fail,
    run: runContext(setup, logs),
  };
  const io = new WasiIo({
    input: setup.input ?? new Uint8Array(0),
    maxOutputBytes: setup.maxOutputBytes ?? 1_000_000,
    programName: setup.programName ?? 'test',
    stdout: setup.stdout ?? 'output',
  });
  return { owner, io, functions: wasiFunctions(owner, io), logs, failures, fuelUsed: () => used };
}

function runContext(setup: WasiSetup, logs: string[]): RunContext {
  return {
    capabilities: new Set(setup.capabilities ?? []),
    log: (level, line) => void logs.push(`${level}: ${line}`),
    state: { get: () => undefined, set: () => {} },
    document: undefined,
    random: createRandom(42),
    clock: { realtimeNs: () => TEST_REALTIME_NS, monotonicNs: () => 5_000_000_000n },
    config: undefined,
    args: setup.args ?? [],
    env: setup.env ?? {},
  };
}

/** The `WebAssembly.Memory` that an instance exports, found when its functions are called. */
export interface WasiInstance extends WasiHarness {
  readonly exports: Readonly<Record<string, WebAssembly.ExportValue>>;
  readonly memory: WebAssembly.Memory;
}

/** Instantiates a module that imports WASI and nothing else. */
export function instantiateWasi(bytes: Uint8Array, setup: WasiSetup = {}): WasiInstance {
  let memory: WebAssembly.Memory | undefined;
  const harness = wasiOver(
    {
      get buffer() {
        return (memory?.buffer ?? new ArrayBuffer(0)) as ArrayBuffer;
      },
    },
    setup,
  );
  const module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
  const imports = { wasi_snapshot_preview1: harness.functions as Record<string, () => unknown> };
  const { exports } = new WebAssembly.Instance(module, imports);
  memory = exports.memory as WebAssembly.Memory;
  return { ...harness, exports, memory };
}

/** An instance as `runProgram` takes it. Errors other than CoreErrors are traps. */
export function programGuest({ exports, owner }: WasiInstance) {
  return {
    run: owner.run,
    function(name: string) {
      const value = exports[name];
      if (typeof value !== 'function') throw new CoreError('EXPORT_MISSING', `no ${name}`);
      return value as (...args: (number | bigint)[]) => number | bigint | undefined;
    },
    toError(error: unknown, name: string): CoreError {
      if (error instanceof CoreError) return error;
      if (error instanceof WebAssembly.RuntimeError) {
        return new CoreError('TRAP', `${name} trapped: ${error.message}`);
      }
      throw error;
    },
  };
}

/** A module of WAT that imports every WASI function and exports it again, so that calls pass WebAssembly's border. */
export function wasiModuleText(pages = 1): string {
  const imports = WASI_IMPORTS.map(({ name, parameters, results }) => {
    const type = `(param ${parameters.join(' ')}) (result ${results.join(' ')})`;
    return `(import "${WASI_MODULE}" "${name}" (func $${name} ${type}))`;
  });
  const exports = WASI_IMPORTS.map(({ name }) => `(export "${name}" (func $${name}))`);
  return `(module ${imports.join('\n')} (memory (export "memory") ${pages} 16) ${exports.join('\n')})`;
}

/** An instance of `wasiModuleText` with short ways to call it and to see its memory. */
export class WasiCalls {
  readonly instance: WasiInstance;

  static async create(setup: WasiSetup = {}): Promise<WasiCalls> {
    return new WasiCalls(instantiateWasi(await assemble(wasiModuleText()), setup));
  }

  constructor(instance: WasiInstance) {
    this.instance = instance;
  }

  get view(): DataView {
    return new DataView(this.instance.memory.buffer);
  }

  /** Calls a function. @returns its error number */
  call(name: WasiFunctionName, ...args: (number | bigint)[]): number {
    const fn = this.instance.exports[name];
    if (typeof fn !== 'function') throw new Error(`no function ${name}`);
    return Number(fn(...args));
  }

  /** Calls a function with a text as pointer and length where the text stands; texts lie from 32768 on. */
  callWith(name: WasiFunctionName, ...args: (number | bigint | string)[]): number {
    let at = TEXTS_AT;
    const lowered = args.flatMap((arg) => {
      if (typeof arg !== 'string') return [arg];
      const byteLength = this.put(at, arg);
      at += byteLength;
      return [at - byteLength, byteLength];
    });
    return this.call(name, ...lowered);
  }

  /** Opens a path below the root. @returns the descriptor, or minus the error number */
  open(
    path: string,
    flags: { oflags?: number; rights?: bigint; fdflags?: number; from?: number } = {},
  ): number {
    const { oflags = 0, rights = ~0n, fdflags = 0, from = 3 } = flags;
    const errno = this.callWith('path_open', from, 0, path, oflags, rights, ~0n, fdflags, RESULT_AT);
    return errno === 0 ? this.view.getUint32(RESULT_AT, true) : -errno;
  }

  /** Writes text to a descriptor. @returns bytes written, or minus the error number */
  write(fd: number, text: string): number {
    const byteLength = this.put(TEXTS_AT, text);
    this.iovecs(IOVECS_AT, [[TEXTS_AT, byteLength]]);
    const errno = this.call('fd_write', fd, IOVECS_AT, 1, RESULT_AT);
    return errno === 0 ? this.view.getUint32(RESULT_AT, true) : -errno;
  }

  /** Reads from a descriptor. @returns the text, or minus the error number */
  read(fd: number, byteLength: number): string | number {
    this.iovecs(IOVECS_AT, [[TEXTS_AT, byteLength]]);
    const errno = this.call('fd_read', fd, IOVECS_AT, 1, RESULT_AT);
    return errno === 0 ? this.text(TEXTS_AT, this.view.getUint32(RESULT_AT, true)) : -errno;
  }

  /** Puts text into memory. @returns how many bytes it takes */
  put(pointer: number, text: string): number {
    const bytes = Buffer.from(text);
    new Uint8Array(this.instance.memory.buffer).set(bytes, pointer);
    return bytes.byteLength;
  }

  text(pointer: number, byteLength: number): string {
    return Buffer.from(this.instance.memory.buffer, pointer, byteLength).toString();
  }

  iovecs(pointer: number, list: readonly (readonly [number, number])[]): void {
    list.forEach(([at, byteLength], i) => {
      this.view.setUint32(pointer + 8 * i, at, true);
      this.view.setUint32(pointer + 8 * i + 4, byteLength, true);
    });
  }
}

/** Where `WasiCalls` keeps results, lists of buffers, and texts. */
export const RESULT_AT = 16;
export const IOVECS_AT = 1024;
export const TEXTS_AT = 32768;
