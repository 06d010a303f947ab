import type { Pointer } from '../../c-api.ts';
import type { Native } from '../../native.ts';
import type { SharedBlocks } from './memory.ts';
import type { ArrowField } from './metadata.ts';

/*
 * Arrow's C data interface in the engine's memory, whose pointers have 32 bits:
 * https://arrow.apache.org/docs/format/CDataInterface.html#structure-definitions
 */

/** Bytes of a struct, and where its members lie, as indexes of 32-bit words. */
const SCHEMA = {
  bytes: 48,
  format: 0,
  name: 1,
  metadata: 2,
  flags: 4,
  childCount: 6,
  children: 8,
  dictionary: 9,
  release: 10,
};
const ARRAY = {
  bytes: 64,
  length: 0,
  nulls: 2,
  offset: 4,
  bufferCount: 6,
  childCount: 8,
  buffers: 10,
  children: 11,
  dictionary: 12,
  release: 13,
  owner: 14,
};
const NULLABLE = 2;

/** An array as it is to be described to the engine. */
export interface ArrayParts {
  readonly rows: number;
  readonly hasNulls: boolean;
  readonly buffers: readonly Pointer[];
  readonly children: readonly Pointer[];
  readonly dictionary?: Pointer;
}

/** Makes schemas and arrays, and frees what they hold when the engine releases them. */
export class CData {
  readonly #native: Native;
  readonly #owners = new Map<number, SharedBlocks>();
  readonly #releaseSchema: number;
  readonly #releaseArray: number;
  #lastOwner = 0;

  constructor(native: Native) {
    this.#native = native;
    const info = { parameters: ['i32'] } as const;
    this.#releaseSchema = native.addCallback((schema: Pointer) => {
      native.words()[(schema >>> 2) + SCHEMA.release] = 0;
    }, info);
    this.#releaseArray = native.addCallback((array: Pointer) => {
      const words = native.words();
      const owner = words[(array >>> 2) + ARRAY.owner] ?? 0;
      words[(array >>> 2) + ARRAY.release] = 0;
      this.#owners.get(owner)?.release();
      this.#owners.delete(owner);
    }, info);
  }

  /** A schema of some columns, which lives as long as `blocks`. */
  schema(blocks: SharedBlocks, fields: readonly ArrowField[]): Pointer {
    const children = fields.map((field) => this.#field(blocks, field));
    return this.#schema(blocks, { format: '+s', name: '', flags: 0, children });
  }

  /** One array, which lives as long as `blocks`. */
  array(blocks: SharedBlocks, { rows, hasNulls, buffers, children, dictionary = 0 }: ArrayParts): Pointer {
    const buffersAt = this.#pointers(blocks, buffers);
    const childrenAt = this.#pointers(blocks, children);
    const pointer = blocks.block(ARRAY.bytes);
    const words = this.#native.words();
    const at = pointer >>> 2;
    words[at + ARRAY.length] = rows;
    // How many does not matter to the engine; -1, for an unknown count, it takes for none where there is a dictionary.
    if (hasNulls) words[at + ARRAY.nulls] = 1;
    words[at + ARRAY.bufferCount] = buffers.length;
    words[at + ARRAY.childCount] = children.length;
    words[at + ARRAY.buffers] = buffersAt;
    words[at + ARRAY.children] = childrenAt;
    words[at + ARRAY.dictionary] = dictionary;
    // The engine calls it for the outermost array alone, and takes an array without one for released.
    words[at + ARRAY.release] = this.#releaseArray;
    return pointer;
  }

  /** The array of whole rows; `blocks` belong to the engine once it has taken it, which releases them then. */
  root(
    blocks: SharedBlocks,
    rows: number,
    columns: readonly Pointer[],
  ): { readonly pointer: Pointer; dropUnlessTaken(): void } {
    const pointer = this.array(blocks, { rows, hasNulls: false, buffers: [0], children: columns });
    const owner = ++this.#lastOwner;
    this.#owners.set(owner, blocks);
    this.#native.words()[(pointer >>> 2) + ARRAY.owner] = owner;
    const dropUnlessTaken = (): void => {
      const isOurs = (this.#native.words()[(pointer >>> 2) + ARRAY.release] ?? 0) !== 0;
      // Whoever takes an array marks the original as released.
      if (this.#owners.has(owner) && isOurs) {
        this.#owners.delete(owner);
        blocks.release();
      }
    };
    return { pointer, dropUnlessTaken };
  }

  #field(blocks: SharedBlocks, field: ArrowField): Pointer {
    const children = field.children.map((child) => this.#field(blocks, child));
    const flags = field.isNullable ? NULLABLE : 0;
    const values = { format: field.type.format, name: field.name, flags, children, metadata: field.metadata };
    if (field.dictionary === undefined) return this.#schema(blocks, values);
    const dictionary = this.#schema(blocks, { ...values, name: '' });
    const { format } = field.dictionary.index;
    return this.#schema(blocks, { format, name: field.name, flags, children: [], dictionary });
  }

  #schema(
    blocks: SharedBlocks,
    parts: {
      readonly format: string;
      readonly name: string;
      readonly flags: number;
      readonly children: readonly Pointer[];
      readonly metadata?: ReadonlyMap<string, string>;
      readonly dictionary?: Pointer;
    },
  ): Pointer {
    const [format, name] = [blocks.text(parts.format), blocks.text(parts.name)];
    const metadata = parts.metadata?.size ? blocks.copy(encodedMetadata(parts.metadata)) : 0;
    const children = this.#pointers(blocks, parts.children);
    const pointer = blocks.block(SCHEMA.bytes);
    const words = this.#native.words();
    const at = pointer >>> 2;
    words[at + SCHEMA.format] = format;
    words[at + SCHEMA.name] = name;
    words[at + SCHEMA.metadata] = metadata;
    words[at + SCHEMA.flags] = parts.flags;
    words[at + SCHEMA.childCount] = parts.children.length;
    words[at + SCHEMA.children] = children;
    words[at + SCHEMA.dictionary] = parts.dictionary ?? 0;
    words[at + SCHEMA.release] = this.#releaseSchema;
    return pointer;
  }

  #pointers(blocks: SharedBlocks, pointers: readonly Pointer[]): Pointer {
    const at = blocks.block(4 * pointers.length);
    this.#native.words().set(pointers, at >>> 2);
    return at;
  }
}

/** Counts and lengths are 32-bit numbers before what they count. */
function encodedMetadata(metadata: ReadonlyMap<string, string>): Uint8Array {
  const encoder = new TextEncoder();
  const texts = [...metadata].flat().map((text) => encoder.encode(text));
  const bytes = new Uint8Array(4 + texts.reduce((sum, text) => sum + 4 + text.length, 0));
  const view = new DataView(bytes.buffer);
  view.setInt32(0, metadata.size, true);
  let at = 4;
  for (const text of texts) {
    view.setInt32(at, text.length, true);
    bytes.set(text, at + 4);
    at += 4 + text.length;
  }
  return bytes;
}
