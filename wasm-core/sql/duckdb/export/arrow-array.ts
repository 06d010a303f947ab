import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import type { StructureNode } from './arrow-format.ts';

/*
 * A record batch in the engine's memory, as Arrow's C data interface describes it. Offsets are those of 32-bit machines,
 * with 64-bit numbers at multiples of 8.
 */

/** Places in an `ArrowArray`; `block` is its private data. */
export const ARRAY = {
  size: 64,
  length: 0,
  nullCount: 8,
  bufferCount: 24,
  childCount: 32,
  buffers: 40,
  children: 44,
  release: 52,
  block: 56,
};

/** As a count of NULLs. */
const UNKNOWN = -1;

/** A record batch as its message tells of it. */
export interface BatchValues {
  /** Rows that count; the batch may hold more. */
  readonly rowCount: number;
  /** Of each part of the columns, in the order of the structure. */
  readonly nodes: Iterable<{ readonly length: number; readonly nullCount: number }>;
  /** Of each part of the columns, in the same order, each at a multiple of 8 in the body. */
  readonly buffers: Iterable<{ readonly offset: number; readonly length: number }>;
  readonly body: Uint8Array;
}

/**
 * Copies a batch into the engine's memory and describes it. One block has the body and, behind it, the descriptions.
 *
 * @param options.out an `ArrowArray`
 * @param options.releaseArray,releasePart places of functions in the engine's table
 */
export function describeBatch(
  native: Native,
  options: {
    readonly batch: BatchValues;
    readonly structure: StructureNode;
    readonly out: Pointer;
    readonly releaseArray: number;
    readonly releasePart: number;
  },
): void {
  const { batch, structure, out, releaseArray, releasePart } = options;
  const { nodes, buffers, body, rowCount } = batch;
  const bodySize = (body.length + 7) & ~7;
  const block = allocate(native, bodySize + describedSize(structure));
  native.bytes().set(body, block);
  native.bytes().fill(0, out, out + ARRAY.size);
  const parts = {
    nodes: nodes[Symbol.iterator](),
    buffers: buffers[Symbol.iterator](),
    block,
    free: block + bodySize,
    rowCount,
    releasePart,
  };
  describe(native, parts, { node: structure, at: out, length: rowCount, nullCount: 0, depth: 0 });
  setWord(native, out + ARRAY.release, releaseArray);
  setWord(native, out + ARRAY.block, block);
}

/** A zeroed block, to be freed by the caller. @throws Error when the engine has no memory left */
export function allocate(native: Native, byteLength: number): Pointer {
  const pointer = native.api.malloc(byteLength) >>> 0;
  if (pointer === 0) throw new Error(`the engine has no memory left for ${byteLength} bytes`);
  native.bytes().fill(0, pointer, pointer + byteLength);
  return pointer;
}

/** Writes 32 bits of the engine's memory. */
export function setWord(native: Native, pointer: Pointer, word: number): void {
  native.words()[pointer >>> 2] = word;
}

/** What describes a batch while it is being described. */
interface BatchParts {
  /** What the message says of each part of the columns, and of each of their buffers, in the order of the structure. */
  readonly nodes: Iterator<{ readonly length: number; readonly nullCount: number }>;
  readonly buffers: Iterator<{ readonly offset: number; readonly length: number }>;
  readonly block: Pointer;
  /** Where in the block nothing is yet. */
  free: Pointer;
  readonly rowCount: number;
  readonly releasePart: number;
}

interface Described {
  readonly node: StructureNode;
  /** An `ArrowArray`, zeroed. */
  readonly at: Pointer;
  readonly length: number;
  readonly nullCount: number;
  /** 0 for the batch, 1 for its columns. */
  readonly depth: number;
}

function describe(
  native: Native,
  parts: BatchParts,
  { node, at, length, nullCount, depth }: Described,
): void {
  const set = (offset: number, word: number): void => setWord(native, at + offset, word);
  const pointers = take(parts, 4 * node.bufferCount);
  // The batch itself has no buffers in the message.
  for (let i = 0; depth > 0 && i < node.bufferCount; i++) {
    const buffer = parts.buffers.next().value ?? { offset: 0, length: 0 };
    const isAbsent = i === 0 && node.hasValidity && (Number(buffer.length) === 0 || nullCount === 0);
    setWord(native, pointers + 4 * i, isAbsent ? 0 : parts.block + Number(buffer.offset));
  }
  const children = take(parts, 4 * node.children.length);
  set(ARRAY.length, length);
  set(ARRAY.nullCount, nullCount);
  if (nullCount < 0) set(ARRAY.nullCount + 4, UNKNOWN);
  set(ARRAY.bufferCount, node.bufferCount);
  set(ARRAY.childCount, node.children.length);
  set(ARRAY.buffers, pointers);
  set(ARRAY.children, children);
  for (const [i, child] of node.children.entries()) {
    const pointer = take(parts, ARRAY.size);
    setWord(native, children + 4 * i, pointer);
    const field = parts.nodes.next().value ?? { length: 0, nullCount: 0 };
    describe(native, parts, { node: child, at: pointer, ...sizeOf(field, parts, depth), depth: depth + 1 });
    setWord(native, pointer + ARRAY.release, parts.releasePart);
  }
}

/** Of the columns of the last batch, rows that do not count are left out. */
function sizeOf(
  field: { readonly length: number; readonly nullCount: number },
  { rowCount }: BatchParts,
  depth: number,
): { readonly length: number; readonly nullCount: number } {
  const length = Number(field.length);
  if (depth === 0 && length > rowCount) return { length: rowCount, nullCount: UNKNOWN };
  return { length, nullCount: Number(field.nullCount) };
}

/** A piece of the block, at a multiple of 8. */
function take(parts: BatchParts, byteLength: number): Pointer {
  const pointer = parts.free;
  parts.free += (byteLength + 7) & ~7;
  return pointer;
}

/** Bytes that the descriptions of a batch take, each part rounded up to 8. */
function describedSize({ bufferCount, children }: StructureNode): number {
  const own = ARRAY.size + 4 * bufferCount + 8 + 4 * children.length + 8;
  return children.reduce((sum, child) => sum + describedSize(child), own);
}
