import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';

/*
 * DuckDB's `duckdb_string_t`, 16 bytes: a 32-bit length, then up to 12 bytes in place, or 4 bytes of prefix and a
 * pointer. See `duckdb.h`.
 */

export const STRING_BYTES = 16;
export const INLINE_BYTES = 12;

/** Where the bytes of a row's string are. */
export function stringAt(
  native: Native,
  data: Pointer,
  row: number,
): { pointer: Pointer; byteLength: number } {
  const words = native.words();
  const at = data + row * STRING_BYTES;
  const byteLength = words[at >>> 2] ?? 0;
  const pointer = byteLength <= INLINE_BYTES ? at + 4 : (words[(at + 8) >>> 2] ?? 0);
  return { pointer, byteLength };
}

/** Copies bytes between two memories; a loop beats `subarray` and `set` for the short strings that SQL is made of. */
export function copyBytes(
  from: Uint8Array,
  start: number,
  byteLength: number,
  to: Uint8Array,
  target: number,
): void {
  if (byteLength > 48) {
    to.set(from.subarray(start, start + byteLength), target);
    return;
  }
  for (let i = 0; i < byteLength; i++) to[target + i] = from[start + i] ?? 0;
}

/** Writes strings into an output vector. Owns a block of engine memory, to be freed with `dispose`. */
export class StringWriter {
  readonly #native: Native;
  #block: Pointer = 0;
  #capacity = 0;
  #source: Uint8Array = new Uint8Array(0);
  #isCopied = false;

  constructor(native: Native) {
    this.#native = native;
  }

  /** Sets a row of `vector`, whose data is at `data`, to a copy of the bytes. */
  write(vector: Pointer, data: Pointer, row: number, bytes: Uint8Array): void {
    const { byteLength } = bytes;
    if (byteLength <= INLINE_BYTES) {
      this.#writeInline(data + row * STRING_BYTES, bytes);
      return;
    }
    this.#reserve(byteLength);
    this.#native.bytes().set(bytes, this.#block);
    this.#native.api.duckdb_vector_assign_string_element_len(vector, row, 0, this.#block, byteLength, 0);
  }

  /**
   * Takes over bytes of which `writePart` writes parts: those of a whole batch cross into the engine at once.
   *
   * @param bytes not kept, but looked at until the next call
   */
  begin(bytes: Uint8Array): void {
    this.#source = bytes;
    this.#isCopied = false;
  }

  /** Sets a row to a part of the bytes that `begin` took. */
  writePart(
    at: { readonly vector: Pointer; readonly data: Pointer; readonly row: number },
    start: number,
    byteLength: number,
  ): void {
    const slot = at.data + at.row * STRING_BYTES;
    const source = this.#source;
    if (byteLength <= INLINE_BYTES) {
      const target = this.#native.bytes();
      const words = this.#native.words();
      const word = slot >>> 2;
      words[word] = byteLength;
      // The engine compares strings by whole words: what is behind the text must be zero.
      words[word + 1] = 0;
      words[word + 2] = 0;
      words[word + 3] = 0;
      for (let i = 0; i < byteLength; i++) target[slot + 4 + i] = source[start + i] ?? 0;
      return;
    }
    if (!this.#isCopied) {
      this.#reserve(source.byteLength);
      this.#native.bytes().set(source, this.#block);
      this.#isCopied = true;
    }
    const { api } = this.#native;
    api.duckdb_vector_assign_string_element_len(at.vector, at.row, 0, this.#block + start, byteLength, 0);
  }

  /** Idempotent. */
  dispose(): void {
    if (this.#block !== 0) this.#native.api.free(this.#block);
    this.#block = 0;
    this.#capacity = 0;
  }

  #writeInline(at: Pointer, bytes: Uint8Array): void {
    const target = this.#native.bytes();
    // The engine compares strings by whole words: what is behind the text must be zero.
    target.fill(0, at, at + STRING_BYTES);
    this.#native.words()[at >>> 2] = bytes.byteLength;
    for (let i = 0; i < bytes.byteLength; i++) target[at + 4 + i] = bytes[i] ?? 0;
  }

  #reserve(byteLength: number): void {
    if (byteLength <= this.#capacity) return;
    this.dispose();
    this.#capacity = Math.max(4096, 2 ** Math.ceil(Math.log2(byteLength)));
    this.#block = this.#native.api.malloc(this.#capacity);
    if (this.#block === 0) {
      this.#capacity = 0;
      throw new Error(`the engine has no memory left for a text of ${byteLength} bytes`);
    }
  }
}
