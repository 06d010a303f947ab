/*
 * A host of a few lines, written from docs/plugin-abi.md alone: it shows that a compiled plugin needs nothing of ours.
 */

/** An instance of a plugin, with its arguments and results as JavaScript values. */
export interface BarePlugin {
  /** Calls a function of numbers (BigInt for i64). */
  number(name: string, ...args: readonly (number | bigint)[]): number | bigint;
  /** Calls a function of texts that gives text or NULL. */
  text(name: string, ...args: readonly string[]): string | null;
  /** Calls a function of bytes; gives whatever the function returns. */
  raw(name: string, ...args: readonly Uint8Array[]): number | bigint;
  /** The bytes that a packed result (`len << 32 | ptr`) names; null for length -1. */
  bytes(packed: bigint): Uint8Array | null;
  /** The bytes that a packed result of `process` (`ptr << 32 | len`) names. */
  process(input: Uint8Array): Uint8Array;
  /** Pages of memory, of 64 KiB. */
  pages(): number;
}

/** Makes an instance of a compiled plugin. */
export function instantiate(wasm: Uint8Array): BarePlugin {
  const env = {
    abort: (message: number, file: number, line: number, column: number) => {
      throw new Error(`abort at ${line}:${column} (${message}, ${file})`);
    },
  };
  const module = new WebAssembly.Module(new Uint8Array(wasm));
  const { exports } = new WebAssembly.Instance(module, { env, host: { log: () => undefined } });
  const memory = exports.memory instanceof WebAssembly.Memory ? exports.memory : undefined;
  const call = (name: string, args: readonly (number | bigint)[]): number | bigint => {
    const fn = exports[name];
    if (typeof fn !== 'function') throw new Error(`no function ${name}`);
    return fn(...args);
  };
  const view = () => {
    if (memory === undefined) throw new Error('no memory');
    return new Uint8Array(memory.buffer);
  };
  const buffer = makeBuffer(memory, exports, call);
  const raw = (name: string, args: readonly Uint8Array[]) => {
    const total = args.reduce((sum, a) => sum + a.length, 0);
    let at = buffer(total);
    const flat = args.flatMap((arg) => {
      view().set(arg, at);
      at += arg.length;
      return [at - arg.length, arg.length];
    });
    return call(name, flat);
  };
  const bytes = (packed: bigint) => {
    const length = Number(BigInt.asIntN(32, packed >> 32n));
    const pointer = Number(packed & 0xffffffffn);
    return length < 0 ? null : view().slice(pointer, pointer + length);
  };
  return {
    number: (name, ...args) => call(name, args),
    raw: (name, ...args) => raw(name, args),
    bytes,
    text: (name, ...args) => {
      const result = bytes(
        BigInt(
          raw(
            name,
            args.map((a) => new TextEncoder().encode(a)),
          ),
        ),
      );
      return result === null ? null : new TextDecoder('utf-8', { fatal: true }).decode(result);
    },
    process: (input) => {
      const packed = BigInt(raw('process', [input]));
      const pointer = Number(BigInt.asUintN(32, packed >> 32n));
      return view().slice(pointer, pointer + Number(packed & 0xffffffffn));
    },
    pages: () => view().length / 65_536,
  };
}

/** The argument buffer of the ABI: one, reused, from `alloc` or from pages at the end of memory. */
function makeBuffer(
  memory: WebAssembly.Memory | undefined,
  exports: WebAssembly.Exports,
  call: (name: string, args: readonly number[]) => number | bigint,
): (byteLength: number) => number {
  let pointer = 0;
  let size = -1;
  return (byteLength) => {
    if (byteLength <= size) return pointer;
    if (typeof exports.alloc === 'function') {
      if (size >= 0 && typeof exports.free === 'function') call('free', [pointer, size]);
      size = Math.max(256, byteLength);
      pointer = Number(call('alloc', [size])) >>> 0;
    } else {
      if (memory === undefined) throw new Error('no memory');
      const pages = Math.max(1, Math.ceil(byteLength / 65_536));
      pointer = memory.grow(pages) * 65_536;
      size = pages * 65_536;
    }
    return pointer;
  };
}
