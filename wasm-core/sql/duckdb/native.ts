import type { CApi, Pointer } from './c-api.ts';

/** The WebAssembly type of a callback. */
export interface CallbackType {
  readonly parameters: readonly ('i32' | 'i64')[];
  readonly result?: 'i32' | 'i64';
}

/** Where a function of a class of the engine's is found: mangled C++ names, which the engine exports. */
export interface VirtualFunction {
  readonly table: string;
  readonly name: string;
  /** How many places behind the named function it stands; one with 64-bit numbers is exported in another form. */
  readonly offset?: number;
}

/** A function of the engine's, called with its own arguments. */
export type EngineFunction = (...args: number[]) => unknown;

/** A JavaScript function that the engine calls: pointers are numbers, counts may be bigints, as its type says. */
// biome-ignore lint/suspicious/noExplicitAny: the type of each callback says what it gets
export type EngineCallback = (...args: any[]) => unknown;

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
  readonly #exports: WebAssembly.Instance['exports'];
  readonly #memoryBase: number;
  readonly #helpers = new Map<string, WebAssembly.Instance['exports']>();
  #bytes: Uint8Array;
  #words: Uint32Array;
  #doubles: Float64Array;

  /**
   * @param parts.exports the engine's
   * @param parts.memoryBase where its data begin: exported addresses count from there
   */
  constructor(parts: {
    readonly exports: WebAssembly.Instance['exports'];
    readonly memory: WebAssembly.Memory;
    readonly table: WebAssembly.Table;
    readonly memoryBase: number;
  }) {
    this.api = parts.exports as unknown as CApi;
    this.#exports = parts.exports;
    this.#memoryBase = parts.memoryBase;
    this.#memory = parts.memory;
    this.#table = parts.table;
    this.#bytes = new Uint8Array(parts.memory.buffer);
    this.#words = new Uint32Array(parts.memory.buffer);
    this.#doubles = new Float64Array(parts.memory.buffer);
  }

  /** The engine's memory, for modules that work on it. */
  get memory(): WebAssembly.Memory {
    return this.#memory;
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

  /** The memory as 64-bit floats: number `i` is at address `8 * i`. */
  doubles(): Float64Array {
    if (this.#doubles.length === 0) this.#doubles = new Float64Array(this.#memory.buffer);
    return this.#doubles;
  }

  double(pointer: Pointer): number {
    return this.doubles()[pointer >>> 3] ?? 0;
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
   * The exports of a module of ours that imports the engine's memory as `engine.memory`; it is made once.
   *
   * @param code base64
   */
  helper(code: string): WebAssembly.Instance['exports'] {
    const known = this.#helpers.get(code);
    if (known !== undefined) return known;
    const bytes = Uint8Array.from(atob(code), (character) => character.charCodeAt(0));
    const imports = { engine: { memory: this.#memory } };
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
    this.#helpers.set(code, exports);
    return exports;
  }

  /** Calls `use` with a slot that holds a pointer, as the C API's destructors take it. */
  withPointer<T>(pointer: Pointer, use: (slot: Pointer) => T): T {
    return this.withBlock(4, (slot) => {
      this.words()[slot >>> 2] = pointer;
      return use(slot);
    });
  }

  /**
   * Puts a JavaScript function into the engine's table.
   *
   * @param type absent: that of a scalar function, three pointers; a 64-bit parameter is a bigint
   * @returns the index to hand to the C API as a function pointer
   */
  addCallback(callback: EngineCallback, type: CallbackType = SCALAR): number {
    const index = this.#table.grow(1);
    this.#table.set(index, tableFunction(callback, type));
    return index;
  }

  /**
   * Puts a JavaScript function in the place of a virtual function of the engine, for all objects of its class.
   *
   * @returns the engine's own
   * @throws Error when the engine has no such function
   */
  replaceVirtual(
    { table, name, offset = 0 }: VirtualFunction,
    callback: EngineCallback,
    type: CallbackType,
  ): EngineFunction {
    const address = this.#exports[table];
    const replaced = this.#exports[name];
    if (address instanceof WebAssembly.Global && typeof replaced === 'function') {
      const first = this.#memoryBase + Number(address.value);
      for (let slot = 2; slot < MAX_VIRTUAL_SLOTS; slot++) {
        const index = this.word(first + 4 * slot);
        if (index >= this.#table.length || this.#table.get(index) !== replaced) continue;
        const replacedAt = first + 4 * (slot + offset);
        const own = this.#table.get(this.word(replacedAt)) as EngineFunction;
        if (own.length !== type.parameters.length) break;
        this.words()[replacedAt >>> 2] = this.addCallback(callback, type);
        return own;
      }
    }
    throw new Error(`the engine has no function ${name} in ${table}; is it duckdb-wasm 1.32.0?`);
  }

  /**
   * Calls a C++ function object, `std::function<void(const std::string &, bool)>`, once for each text. What it throws
   * goes on to whoever called us.
   *
   * @param pointer to libc++'s object: 16 bytes of room, then the pointer to what is called
   */
  callFunctionObject(
    pointer: Pointer,
    calls: readonly { readonly text: string; readonly flag: boolean }[],
  ): void {
    const object = this.word(pointer + 16);
    // Behind two destructors, two ways to copy and two to destroy.
    const call = this.#table.get(this.word(this.word(object) + 4 * 6)) as (...pointers: number[]) => void;
    for (const { text, flag } of calls) {
      this.withString(text, (string) =>
        this.withBlock(1, (boolean) => {
          this.bytes()[boolean] = flag ? 1 : 0;
          call(object, string, boolean);
        }),
      );
    }
  }

  /** The text of a `std::string` of libc++: its last byte tells a short one's length, or is negative. */
  stringAt(pointer: Pointer): string {
    const bytes = this.bytes();
    const tag = bytes[pointer + 11] ?? 0;
    const isLong = tag >= 0x80;
    const start = isLong ? this.word(pointer) : pointer;
    return decoder.decode(bytes.subarray(start, start + (isLong ? this.word(pointer + 4) : tag)));
  }

  /** Calls `use` with a `std::string`, freed afterwards. */
  withString<T>(text: string, use: (pointer: Pointer) => T): T {
    return this.withText(text, (start) =>
      this.withBlock(12, (pointer) => {
        const byteLength = this.bytes().indexOf(0, start) - start;
        this.words().set([start, byteLength, (0x8000_0000 | (byteLength + 1)) >>> 0], pointer >>> 2);
        return use(pointer);
      }),
    );
  }
}

/** No class of the engine has more virtual functions. */
const MAX_VIRTUAL_SLOTS = 100;

/** A JavaScript function as one that a WebAssembly table may hold. */
export function tableFunction(
  callback: EngineCallback,
  type: CallbackType,
): WebAssembly.ExportValue | undefined {
  const module = new WebAssembly.Module(callbackModule(type));
  return new WebAssembly.Instance(module, { e: { f: callback } }).exports.f;
}

/** `(func (param i32 i32 i32))`. */
const SCALAR: CallbackType = { parameters: ['i32', 'i32', 'i32'] };

const TYPE_CODES = { i32: 0x7f, i64: 0x7e } as const;

/**
 * `(module (import "e" "f" (func (param …) (result …))) (export "f" (func 0)))`: only a function that comes out of a
 * WebAssembly module may be put into a table.
 */
function callbackModule({ parameters, result }: CallbackType): Uint8Array<ArrayBuffer> {
  const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  const results = result === undefined ? [0] : [1, TYPE_CODES[result]];
  const type = [0x60, parameters.length, ...parameters.map((name) => TYPE_CODES[name]), ...results];
  const types = [0x01, type.length + 1, 0x01, ...type];
  const imports = [0x02, 0x07, 0x01, 0x01, 0x65, 0x01, 0x66, 0x00, 0x00];
  const exports = [0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00];
  return new Uint8Array([...magic, ...types, ...imports, ...exports]);
}
