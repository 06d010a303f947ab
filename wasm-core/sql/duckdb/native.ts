import type { CApi, Pointer } from './c-api.ts';

/** A JavaScript function that DuckDB calls as a scalar function: function info, input chunk, output vector. */
export type ScalarCallback = (info: Pointer, chunk: Pointer, output: Pointer) => void;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The running engine seen from below: its C API, its memory, and its function table. Views are made anew whenever the
 * memory has grown, so that callers never hold a detached one across a call into the engine.
 */
export class Native {
  readonly api: CApi;
  readonly #memory: WebAssembly.Memory;
  readonly #table: WebAssembly.Table;
  #bytes: Uint8Array;
  #words: Uint32Array;
  #doubles: Float64Array;

  constructor(parts: {
    readonly api: CApi;
    readonly memory: WebAssembly.Memory;
    readonly table: WebAssembly.Table;
  }) {
    this.api = parts.api;
    this.#memory = parts.memory;
    this.#table = parts.table;
    this.#bytes = new Uint8Array(parts.memory.buffer);
    this.#words = new Uint32Array(parts.memory.buffer);
    this.#doubles = new Float64Array(parts.memory.buffer);
  }

  get buffer(): ArrayBuffer {
    return this.#memory.buffer;
  }

  bytes(): Uint8Array {
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(this.#memory.buffer);
    return this.#bytes;
  }

  /** The memory as little-endian 32-bit words: word `i` is at address `4 * i`. */
  words(): Uint32Array {
    if (this.#words.length === 0) this.#words = new Uint32Array(this.#memory.buffer);
    return this.#words;
  }

  word(pointer: Pointer): number {
    return this.words()[pointer >>> 2] ?? 0;
  }

  double(pointer: Pointer): number {
    if (this.#doubles.length === 0) this.#doubles = new Float64Array(this.#memory.buffer);
    return this.#doubles[pointer >>> 3] ?? 0;
  }

  /** The text at a pointer up to its NUL; empty for pointer 0. */
  text(pointer: Pointer): string {
    if (pointer === 0) return '';
    const bytes = this.bytes();
    return decoder.decode(bytes.subarray(pointer, bytes.indexOf(0, pointer)));
  }

  /** The text at a pointer that the caller owns, which is freed. */
  takeText(pointer: Pointer): string {
    const text = this.text(pointer);
    if (pointer !== 0) this.api.free(pointer);
    return text;
  }

  /** Calls `use` with a NUL-terminated copy of the text, freed afterwards. */
  withText<T>(text: string, use: (pointer: Pointer) => T): T {
    const encoded = encoder.encode(text);
    return this.withBlock(encoded.length + 1, (pointer) => {
      const bytes = this.bytes();
      bytes.set(encoded, pointer);
      bytes[pointer + encoded.length] = 0;
      return use(pointer);
    });
  }

  /** Calls `use` with a zeroed block, freed afterwards. */
  withBlock<T>(byteLength: number, use: (pointer: Pointer) => T): T {
    const pointer = this.api.malloc(byteLength);
    if (pointer === 0) throw new Error(`the engine has no memory left for ${byteLength} bytes`);
    try {
      this.bytes().fill(0, pointer, pointer + byteLength);
      return use(pointer);
    } finally {
      this.api.free(pointer);
    }
  }

  /**
   * Puts a JavaScript function into the engine's table.
   *
   * @param reuse an index that an earlier call gave and nothing uses any more
   * @returns the index to hand to the C API as a function pointer
   */
  addCallback(callback: ScalarCallback, reuse?: number): number {
    const instance = new WebAssembly.Instance(callbackModule(), { e: { f: callback } });
    const index = reuse ?? this.#table.grow(1);
    this.#table.set(index, instance.exports.f);
    return index;
  }
}

/**
 * `(module (import "e" "f" (func (param i32 i32 i32))) (export "f" (func 0)))`: only a function that comes out of a
 * WebAssembly module may be put into a table.
 */
function callbackModule(): WebAssembly.Module {
  const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  const types = [0x01, 0x07, 0x01, 0x60, 0x03, 0x7f, 0x7f, 0x7f, 0x00];
  const imports = [0x02, 0x07, 0x01, 0x01, 0x65, 0x01, 0x66, 0x00, 0x00];
  const exports = [0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00];
  return new WebAssembly.Module(new Uint8Array([...magic, ...types, ...imports, ...exports]));
}
