/** The bytes of a memory that are not zero, in blocks, so that it can be made the same again quickly. */
export interface MemorySnapshot {
  readonly memoryByteLength: number;
  readonly blocks: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
}

const BLOCK_BYTES = 1024;

/** A module with more initialised data than this is instantiated anew: the snapshot would be kept for each instance. */
const MAX_SNAPSHOT_BYTES = 1024 * 1024;

/** @returns undefined when too much of the memory is not zero */
export function takeSnapshot(memory: Uint8Array): MemorySnapshot | undefined {
  const blocks: { offset: number; bytes: Uint8Array }[] = [];
  const words = new Uint32Array(memory.buffer, memory.byteOffset, memory.byteLength / 4);
  let total = 0;
  for (let offset = 0; offset < memory.byteLength; ) {
    const start = offset;
    while (offset < memory.byteLength && !isZero(words, offset)) offset += BLOCK_BYTES;
    if (offset === start) {
      offset += BLOCK_BYTES;
      continue;
    }
    total += offset - start;
    if (total > MAX_SNAPSHOT_BYTES) return undefined;
    blocks.push({ offset: start, bytes: memory.slice(start, offset) });
  }
  return { memoryByteLength: memory.byteLength, blocks };
}

/** Makes a memory of the snapshot's size what it was. */
export function restoreSnapshot(memory: Uint8Array, snapshot: MemorySnapshot): void {
  memory.fill(0);
  for (const { offset, bytes } of snapshot.blocks) memory.set(bytes, offset);
}

function isZero(words: Uint32Array, offset: number): boolean {
  const end = (offset + BLOCK_BYTES) / 4;
  for (let word = offset / 4; word < end; word++) if (words[word] !== 0) return false;
  return true;
}
