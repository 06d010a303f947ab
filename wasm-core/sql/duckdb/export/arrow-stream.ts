import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import { ARRAY, allocate, type BatchValues, describeBatch, setWord } from './arrow-array.ts';
import type { StructureNode } from './arrow-format.ts';

/*
 * Record batches for the engine, through Arrow's C stream interface
 * (https://arrow.apache.org/docs/format/CStreamInterface.html): the engine asks for one after another, and frees each.
 * Offsets are those of 32-bit machines, with 64-bit numbers at multiples of 8.
 */

const SCHEMA = { size: 48, name: 4, metadata: 8, flags: 16, childCount: 24, children: 32, release: 40 };
const STREAM = { size: 20, release: 12, key: 16 };
const NULLABLE = 2;
const SORTED_MAP = 4;
/** `EIO` of the interface's convention: any number but 0 is a failure. */
const FAILED = 5;

/** What a stream reads from. */
export interface BatchSource {
  readonly structure: StructureNode;
  /** The next batch; undefined behind the last. */
  next(): BatchValues | undefined;
}

/** A stream that the engine may read. */
export interface OpenStream {
  /** An `ArrowArrayStream`. */
  readonly pointer: Pointer;
  /** Why the engine was given no more; undefined when nothing failed. */
  readonly failure: unknown;
  /** Frees it; the engine must have let go of it. */
  dispose(): void;
}

/** Makes streams. The functions that the engine calls stay in its table, so there is one maker for an engine. */
export class ArrowStreams {
  readonly #native: Native;
  readonly #callbacks: Releases & {
    readonly getSchema: number;
    readonly getNext: number;
    readonly getError: number;
    readonly releaseStream: number;
  };
  readonly #open = new Map<Pointer, Stream>();

  constructor(native: Native) {
    this.#native = native;
    const pair = { parameters: ['i32', 'i32'], result: 'i32' } as const;
    const one = { parameters: ['i32'] } as const;
    // The engine reads from copies of what it was given.
    const stream = (at: Pointer): Stream | undefined => this.#open.get(native.word((at >>> 0) + STREAM.key));
    this.#callbacks = {
      getSchema: native.addCallback(
        (at: Pointer, out: Pointer) => stream(at)?.getSchema(out) ?? FAILED,
        pair,
      ),
      getNext: native.addCallback((at: Pointer, out: Pointer) => stream(at)?.getNext(out) ?? FAILED, pair),
      getError: native.addCallback((at: Pointer) => stream(at)?.message ?? 0, { ...one, result: 'i32' }),
      // What the stream is made of is freed by whoever opened it.
      releaseStream: native.addCallback((at: Pointer) => setWord(native, at + STREAM.release, 0), one),
      releaseSchema: native.addCallback((at: Pointer) => setWord(native, at + SCHEMA.release, 0), one),
      releaseArray: native.addCallback((at: Pointer) => {
        native.api.free(native.word(at + ARRAY.block));
        setWord(native, at + ARRAY.release, 0);
      }, one),
      // A part is freed with its batch, and yet may not look released.
      releasePart: native.addCallback((at: Pointer) => setWord(native, at + ARRAY.release, 0), one),
    };
  }

  open(source: BatchSource): OpenStream {
    const native = this.#native;
    const pointer = native.api.malloc(STREAM.size);
    const { getSchema, getNext, getError, releaseStream } = this.#callbacks;
    const words = [getSchema, getNext, getError, releaseStream, pointer];
    for (const [index, word] of words.entries()) setWord(native, pointer + 4 * index, word);
    const stream = new Stream(native, source, this.#callbacks);
    this.#open.set(pointer, stream);
    return {
      pointer,
      get failure() {
        return stream.failure;
      },
      dispose: () => {
        if (!this.#open.delete(pointer)) return;
        stream.dispose();
        native.api.free(pointer);
      },
    };
  }
}

/** Places in the engine's table of functions. */
interface Releases {
  readonly releaseSchema: number;
  readonly releaseArray: number;
  readonly releasePart: number;
}

class Stream {
  readonly #native: Native;
  readonly #source: BatchSource;
  readonly #releases: Releases;
  readonly #blocks: Pointer[] = [];
  #schema: Pointer | undefined;
  failure: unknown;
  /** What the engine is told of a failure, in its memory; whoever opened the stream asks for `failure`. */
  readonly message: Pointer;

  constructor(native: Native, source: BatchSource, releases: Releases) {
    this.#native = native;
    this.#source = source;
    this.#releases = releases;
    // Made now, since there may be no memory left to say so.
    this.message = this.#text('the rows cannot be read');
  }

  getSchema(out: Pointer): number {
    return this.#attempt(() => {
      this.#schema ??= this.#makeSchema(this.#source.structure);
      const bytes = this.#native.bytes();
      bytes.copyWithin(out >>> 0, this.#schema, this.#schema + SCHEMA.size);
    });
  }

  getNext(out: Pointer): number {
    return this.#attempt(() => {
      const batch = this.#source.next();
      // A released array says that there are no more.
      if (batch === undefined) setWord(this.#native, (out >>> 0) + ARRAY.release, 0);
      else
        describeBatch(this.#native, {
          batch,
          structure: this.#source.structure,
          out: out >>> 0,
          ...this.#releases,
        });
    });
  }

  dispose(): void {
    for (const block of this.#blocks.splice(0)) this.#native.api.free(block);
  }

  #attempt(operation: () => void): number {
    try {
      operation();
      return 0;
    } catch (error) {
      this.failure = error;
      return FAILED;
    }
  }

  /** A block that lives as long as the stream. */
  #allocate(byteLength: number): Pointer {
    const pointer = allocate(this.#native, byteLength);
    this.#blocks.push(pointer);
    return pointer;
  }

  #text(text: string): Pointer {
    const encoded = new TextEncoder().encode(text);
    const pointer = this.#allocate(encoded.length + 1);
    this.#native.bytes().set(encoded, pointer);
    return pointer;
  }

  #makeSchema(node: StructureNode): Pointer {
    const pointer = this.#allocate(SCHEMA.size);
    const children = this.#allocate(4 * Math.max(1, node.children.length));
    node.children.forEach((child, i) => {
      setWord(this.#native, children + 4 * i, this.#makeSchema(child));
    });
    const set = (offset: number, word: number): void => setWord(this.#native, pointer + offset, word);
    set(0, this.#text(node.format));
    set(SCHEMA.name, this.#text(node.name));
    set(SCHEMA.metadata, node.metadata.length === 0 ? 0 : this.#makeMetadata(node.metadata));
    set(SCHEMA.flags, NULLABLE | (node.isSortedMap ? SORTED_MAP : 0));
    set(SCHEMA.childCount, node.children.length);
    set(SCHEMA.children, children);
    set(SCHEMA.release, this.#releases.releaseSchema);
    return pointer;
  }

  /** A count of pairs, and each text behind its length. */
  #makeMetadata(pairs: StructureNode['metadata']): Pointer {
    const texts = pairs.flat().map((text) => new TextEncoder().encode(text));
    const bytes = new Uint8Array(4 + texts.reduce((sum, { length }) => sum + 4 + length, 0));
    const view = new DataView(bytes.buffer);
    view.setInt32(0, pairs.length, true);
    let at = 4;
    for (const text of texts) {
      view.setInt32(at, text.length, true);
      bytes.set(text, at + 4);
      at += 4 + text.length;
    }
    const pointer = this.#allocate(bytes.length);
    this.#native.bytes().set(bytes, pointer);
    return pointer;
  }
}
