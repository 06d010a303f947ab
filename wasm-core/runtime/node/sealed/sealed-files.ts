import { type FileHandle, open, rm } from 'node:fs/promises';
import {
  CHUNK_BYTES,
  chunkCount,
  HEADER_BYTES,
  newHeader,
  openChunk,
  readHeader,
  sealChunk,
  TAG_BYTES,
} from './sealed-format.ts';
import type { SealingKey } from './sealing-key.ts';

/** From one file into another, a chunk at a time. */
export interface FilePair {
  readonly from: string;
  /** Not there yet; it is gone again when something fails. */
  readonly to: string;
  /** Where the bytes belong: what they are opened with has to be the same. */
  readonly context: string;
}

/** Seals a file. @throws Error of the file system */
export function sealFile(key: SealingKey, pair: FilePair): Promise<void> {
  return throughFiles(pair, async (from, to) => {
    const header = newHeader(key);
    await to.appendFile(header.bytes);
    const { size } = await from.stat();
    const count = chunkCount(size, CHUNK_BYTES);
    for (let number = 0; number < count; number++) {
      const place = { number, isLast: number === count - 1, context: Buffer.from(pair.context) };
      const bytes = await readAt(from, number * CHUNK_BYTES, CHUNK_BYTES);
      await to.appendFile(await sealChunk(key, header, place, bytes));
    }
  });
}

/** Opens a file that `sealFile` made. @throws CoreError FORMAT_SEALED, KEY_WRONG; Error of the file system */
export function unsealFile(key: SealingKey, pair: FilePair): Promise<void> {
  return throughFiles(pair, async (from, to) => {
    const header = readHeader(await readAt(from, 0, HEADER_BYTES), key);
    const size = (await from.stat()).size - HEADER_BYTES;
    const chunk = CHUNK_BYTES + TAG_BYTES;
    const count = chunkCount(size, chunk);
    for (let number = 0; number < count; number++) {
      const place = { number, isLast: number === count - 1, context: Buffer.from(pair.context) };
      const bytes = await readAt(from, HEADER_BYTES + number * chunk, chunk);
      await to.appendFile(await openChunk(key, header, place, bytes));
    }
  });
}

async function throughFiles(
  { from, to }: FilePair,
  work: (from: FileHandle, to: FileHandle) => Promise<void>,
): Promise<void> {
  const source = await open(from, 'r');
  try {
    const target = await open(to, 'wx', 0o600);
    try {
      await work(source, target);
    } catch (error) {
      await rm(to, { force: true });
      throw error;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function readAt(file: FileHandle, position: number, byteLength: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(byteLength), 0, byteLength, position);
  return buffer.subarray(0, bytesRead);
}
