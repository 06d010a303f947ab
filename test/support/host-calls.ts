import { AVAILABLE_IMPORTS, type AvailableImport } from '../../wasm-core/binary/available-imports.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { CAPABILITIES } from '../../wasm-core/protocol/plugins.ts';
import { hostFunctions } from '../../wasm-core/runtime/host-functions/host-functions.ts';
import { createLogSink, type LogSink } from '../../wasm-core/runtime/host-functions/log.ts';
import type { HostFunctionOwner, RunContext } from '../../wasm-core/runtime/host-functions/owner.ts';
import { StateOverlay } from '../../wasm-core/runtime/state/state-overlay.ts';
import { assemble } from './wat.ts';

/** Size of the memory of a `HostCalls` when it begins. */
export const MEMORY_BYTES = 65_536;

/** Functions of the import module `host`. */
export const HOST_IMPORTS = AVAILABLE_IMPORTS.filter((i) => i.module === 'host');

/** An `alloc` that gives room from address 32,768 on. */
const BUMP_ALLOC = `
  (global $top (mut i32) (i32.const 32768))
  (func (export "alloc") (param $n i32) (result i32)
    (global.get $top)
    (global.set $top (i32.add (global.get $top) (local.get $n))))`;

/** A real module that calls each host function with the arguments of its export of the same name. */
export class HostCalls implements HostFunctionOwner {
  readonly memory: WebAssembly.Memory;
  readonly logs: LogSink;
  run: RunContext;
  /** What was charged so far. */
  fuel = 0;
  /** What `fail` noted last. */
  failure: Error | undefined;
  readonly #exports: Readonly<Record<string, unknown>>;

  /**
   * @param run what differs from a run that may do everything and has nothing
   * @param body WAT of further functions, in the place of `alloc`; `$name` calls a host function
   */
  static async create(run: Partial<RunContext> = {}, body = BUMP_ALLOC): Promise<HostCalls> {
    const imports = HOST_IMPORTS.map((i) => `(import "host" "${i.name}" (func $${i.name} ${typeOf(i)}))`);
    const wat = `(module ${imports.join('\n')} (memory (export "memory") 1) ${body}
      ${HOST_IMPORTS.map(forward).join('\n')})`;
    return new HostCalls(new WebAssembly.Module(Buffer.from(await assemble(wat))), run);
  }

  private constructor(module: WebAssembly.Module, run: Partial<RunContext>) {
    this.logs = createLogSink();
    this.run = { ...this.#everything(), ...run };
    const instance = new WebAssembly.Instance(module, { host: hostFunctions(this) });
    this.#exports = instance.exports;
    this.memory = instance.exports.memory as WebAssembly.Memory;
  }

  /** Calls an export; what `fail` noted is thrown whatever the guest did with it. */
  call(name: string, ...args: readonly (number | bigint)[]): number | bigint | undefined {
    this.failure = undefined;
    let result: number | bigint | undefined;
    try {
      result = this.#function(name)(...args);
    } catch (error) {
      throw this.failure ?? error;
    }
    if (this.failure !== undefined) throw this.failure;
    return result;
  }

  /** Writes bytes, or text as UTF-8, at an address. @returns pointer and length, as arguments */
  put(pointer: number, data: string | Uint8Array): [number, number] {
    const bytes = Buffer.from(data);
    this.view().set(bytes, pointer);
    return [pointer, bytes.byteLength];
  }

  /** Text of memory. */
  text(pointer: number, byteLength: number): string {
    return Buffer.from(this.read(pointer, byteLength)).toString('utf8');
  }

  view(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }

  read(pointer: number, byteLength: number): Uint8Array {
    const view = this.view();
    const [start, end] = [pointer >>> 0, (pointer >>> 0) + (byteLength >>> 0)];
    if (end > view.byteLength) throw new CoreError('MEMORY_BOUNDS', `${start} to ${end} is out of bounds.`);
    return view.subarray(start, end);
  }

  alloc(byteLength: number): number {
    const pointer = Number(this.#function('alloc')(byteLength));
    if (pointer === 0) throw new CoreError('MEMORY_LIMIT', 'alloc returned 0.');
    return pointer;
  }

  charge(fuel: number): void {
    this.fuel += fuel;
  }

  fail(error: Error): Error {
    this.failure = error;
    return error;
  }

  #function(name: string): GuestFunction {
    const value = this.#exports[name];
    if (typeof value === 'function') return value as GuestFunction;
    throw new CoreError('EXPORT_MISSING', `There is no export ${name}.`);
  }

  #everything(): RunContext {
    return {
      capabilities: new Set(CAPABILITIES),
      log: this.logs.log,
      state: new StateOverlay(new Map()),
      document: undefined,
      random: { fill: (bytes) => void bytes.fill(0xab) },
      clock: { realtimeNs: () => 1_700_000_000_123_456_789n, monotonicNs: () => 42n },
      config: undefined,
      args: [],
      env: {},
    };
  }
}

type GuestFunction = (...args: readonly (number | bigint)[]) => number | bigint | undefined;

function typeOf({ parameters, results }: AvailableImport): string {
  return [...parameters.map((p) => `(param ${p})`), ...results.map((r) => `(result ${r})`)].join(' ');
}

function forward(given: AvailableImport): string {
  const args = given.parameters.map((_, index) => `(local.get ${index})`).join(' ');
  return `(func (export "${given.name}") ${typeOf(given)} (call $${given.name} ${args}))`;
}
