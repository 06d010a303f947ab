import type { Pointer } from '../../c-api.ts';
import type { Native } from '../../native.ts';

/** Blocks in the engine's memory that are freed together, when nobody holds them any more. */
export class SharedBlocks {
  readonly #native: Native;
  readonly #blocks: Pointer[] = [];
  readonly #held: SharedBlocks[] = [];
  #holders = 1;

  constructor(native: Native) {
    this.#native = native;
  }

  /** A zeroed block. @throws Error when the engine has no memory left */
  block(byteLength: number): Pointer {
    // Some bytes more, since the engine may look at whole words.
    const size = byteLength + 16;
    const pointer = this.#native.api.malloc(size);
    if (pointer === 0) throw new Error(`the engine has no memory left for ${size} bytes`);
    this.#blocks.push(pointer);
    this.#native.bytes().fill(0, pointer, pointer + size);
    return pointer;
  }

  copy(bytes: Uint8Array): Pointer {
    const pointer = this.block(bytes.length);
    this.#native.bytes().set(bytes, pointer);
    return pointer;
  }

  text(text: string): Pointer {
    return this.copy(new TextEncoder().encode(`${text}\0`));
  }

  /** Keeps other blocks as long as these. */
  hold(others: SharedBlocks): void {
    others.#holders++;
    this.#held.push(others);
  }

  /** Whoever made them, or was given them, needs them no more. */
  release(): void {
    if (--this.#holders > 0) return;
    for (const block of this.#blocks.splice(0)) this.#native.api.free(block);
    for (const others of this.#held.splice(0)) others.release();
  }
}
