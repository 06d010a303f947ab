import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import type { ErrorKind } from '../../wasm-core/protocol/errors.ts';
import type { Limits } from '../../wasm-core/protocol/limits.ts';
import type { BytesValue, CallValue, ExecuteResult } from '../../wasm-core/protocol/methods.ts';
import type { PluginFunction } from '../../wasm-core/protocol/plugins.ts';
import type { TypedValue } from '../../wasm-core/protocol/typed-values.ts';
import { throwsKind } from './core-error.ts';
import { whileGood } from './good-client.ts';
import { HostHome } from './host-process.ts';
import { assemble, assemblePlugin } from './wat.ts';

/** What a run of a hostile guest ends with, and what its message says. */
export type Ending = readonly [kind: ErrorKind, message: RegExp];

/** Limits of a run that would not end by itself. */
export const SHORT: Limits = { timeoutMs: 400 };

/** A host of its own for hostile guests, each of which runs while a second client's good calls must all succeed. */
export class HostileHost {
  readonly home = new HostHome();
  #connection: HostConnection | undefined;
  #loads = 0;

  async start(): Promise<void> {
    await this.home.start();
    this.#connection = await this.home.connect();
  }

  dispose(): Promise<void> {
    return this.home.dispose();
  }

  get connection(): HostConnection {
    if (this.#connection === undefined) throw new Error('the host was not started');
    return this.#connection;
  }

  /** Loads a module of its own for the text. @returns its name */
  async load(wat: string, functions?: readonly PluginFunction[]): Promise<string> {
    const bytes = functions ? await assemblePlugin(wat, functions) : await assemble(wat);
    const name = `hostile-${this.#loads++}`;
    await this.connection.request('module/load', {
      bytes: { base64: Buffer.from(bytes).toString('base64') },
      name,
      // What is tested is what a plugin does with its rights, not that it has them.
      grant: ['state'],
    });
    return name;
  }

  /** Loads a module and runs its `process`, good calls beside it. */
  run(
    wat: string,
    options: { readonly input?: string; readonly limits?: Limits } = {},
  ): Promise<ExecuteResult> {
    const { input = '', limits } = options;
    return whileGood(this.home, async () => {
      const module = await this.load(wat);
      const params = { module, input: { utf8: input }, ...(limits && { limits }) };
      return this.connection.request('module/execute', params);
    });
  }

  /** Loads a plugin with one function and calls it, good calls beside it. */
  call(
    wat: string,
    fn: PluginFunction,
    options: { readonly arguments?: readonly TypedValue[]; readonly limits?: Limits } = {},
  ): Promise<CallValue> {
    const { arguments: args = [], limits } = options;
    return whileGood(this.home, async () => {
      const module = await this.load(wat, [fn]);
      const params = { module, function: fn.name, arguments: args, ...(limits && { limits }) };
      return (await this.connection.request('module/call', params)).result;
    });
  }

  /** Asserts that a run of `process` ends as told. */
  async ends(wat: string, [kind, message]: Ending, limits?: Limits): Promise<void> {
    await throwsKind(kind, message, () => this.run(wat, limits && { limits }));
  }

  /** The host's memory, bytes. */
  async rssBytes(): Promise<number> {
    return (await this.connection.request('host/stats', undefined)).rssBytes;
  }
}

/** A `process` with a body of its own, and one page of memory unless `extra` brings another. */
export function processWith(
  body: string,
  options: { readonly extra?: string; readonly result?: 'i32' | 'i64' } = {},
) {
  const { extra = '(memory (export "memory") 1)', result = 'i32' } = options;
  return `(module ${extra} (func $process (export "process") (param $p i32) (param $n i32) (result ${result})
    (local $i i32) ${body}))`;
}

/** Writes the number in local `i` as the output, prefixed form. */
export const GIVE_NUMBER = `(i32.store (i32.const 0) (i32.const 4)) (i32.store (i32.const 4) (local.get $i))
  (i32.const 0)`;

/** The bytes of an output, however it came. */
export function bytesOf(output: BytesValue): Buffer {
  return 'base64' in output ? Buffer.from(output.base64, 'base64') : Buffer.from(output.utf8, 'utf8');
}
