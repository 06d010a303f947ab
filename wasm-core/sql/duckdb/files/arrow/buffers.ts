import { decompress } from 'fzstd';
import type { DataFile } from '../data-file.ts';
import { badFile, readExactly } from '../file-table.ts';
import type { PlacedBatch } from './ipc-file.ts';
import { unpackLz4 } from './lz4.ts';
import type { ArrowRegion } from './metadata.ts';

/** The bytes of one buffer of a batch. */
export interface BufferSource {
  readonly byteLength: number;
  /**
   * Bytes from a position on, valid until the next call.
   *
   * @throws CoreError FORMAT_DATA when the buffer ends before
   */
  bytes(from: number, byteLength: number): Uint8Array;
}

/** So much of a buffer is read ahead; of all buffers of a batch together no more than the second. */
const AHEAD_BYTES = 2 ** 18;
const ALL_AHEAD_BYTES = 2 ** 26;
/** A compressed buffer may become as long as this, and so many times longer than it was. */
const MAX_UNPACKED_BYTES = 2 ** 30;
const MAX_EXPANSION = 20_000;

/** The buffers of a batch, opened when they are asked for. */
export class BatchBuffers {
  readonly #file: DataFile;
  readonly #at: PlacedBatch;

  constructor(file: DataFile, at: PlacedBatch) {
    this.#file = file;
    this.#at = at;
  }

  /** @throws CoreError FORMAT_DATA when there is no such buffer in the batch's body */
  open(index: number): BufferSource {
    const { batch, bodyBytes, bodyStart } = this.#at;
    const region = batch.regions[index];
    if (region === undefined || region.offset + region.byteLength > bodyBytes) {
      throw badFile(this.#file, `a buffer lies outside of the part whose body begins at byte ${bodyStart}`);
    }
    const start = bodyStart + region.offset;
    this.#file.expect?.(start, region.byteLength);
    if (batch.codec === undefined || region.byteLength === 0) {
      const ahead = Math.min(AHEAD_BYTES, Math.ceil(ALL_AHEAD_BYTES / batch.regions.length));
      return new FileBuffer(this.#file, { start, byteLength: region.byteLength, ahead });
    }
    return this.#unpacked(start, region);
  }

  /** The length before it was compressed stands first; -1 says that it is not. */
  #unpacked(start: number, region: ArrowRegion): BufferSource {
    const file = this.#file;
    if (region.byteLength < 8) throw badFile(file, `the compressed buffer at byte ${start} is cut off`);
    const length = new DataView(readExactly(file, start, 8).buffer).getBigInt64(0, true);
    const packedBytes = region.byteLength - 8;
    if (length === -1n) {
      return new FileBuffer(file, { start: start + 8, byteLength: packedBytes, ahead: AHEAD_BYTES });
    }
    if (length < 0n || length > BigInt(Math.min(MAX_UNPACKED_BYTES, packedBytes * MAX_EXPANSION + 1024))) {
      throw badFile(file, `the compressed buffer at byte ${start} says that it has ${length} bytes`);
    }
    const packed = readExactly(file, start + 8, packedBytes);
    try {
      return new MemoryBuffer(file, this.#unpack(packed, Number(length)));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw badFile(file, `the compressed buffer at byte ${start} is damaged: ${why}`);
    }
  }

  #unpack(packed: Uint8Array, byteLength: number): Uint8Array {
    if (this.#at.batch.codec === 'LZ4') return unpackLz4(packed, byteLength);
    const out = decompress(packed, new Uint8Array(byteLength));
    if (out.length !== byteLength) throw new Error(`${out.length} bytes came out in place of ${byteLength}`);
    return out;
  }
}

class FileBuffer implements BufferSource {
  readonly byteLength: number;
  readonly #file: DataFile;
  readonly #start: number;
  readonly #ahead: number;
  #kept = new Uint8Array(0);
  #keptFrom = 0;

  constructor(
    file: DataFile,
    {
      start,
      byteLength,
      ahead,
    }: { readonly start: number; readonly byteLength: number; readonly ahead: number },
  ) {
    this.#file = file;
    this.#start = start;
    this.byteLength = byteLength;
    this.#ahead = ahead;
  }

  bytes(from: number, byteLength: number): Uint8Array {
    checkRange(this.#file, this.byteLength, { from, byteLength });
    const isKept = from >= this.#keptFrom && from + byteLength <= this.#keptFrom + this.#kept.length;
    if (!isKept) {
      const wanted = Math.min(this.byteLength - from, Math.max(byteLength, this.#ahead));
      this.#kept = readExactly(this.#file, this.#start + from, wanted) as Uint8Array<ArrayBuffer>;
      this.#keptFrom = from;
    }
    return this.#kept.subarray(from - this.#keptFrom, from - this.#keptFrom + byteLength);
  }
}

class MemoryBuffer implements BufferSource {
  readonly #file: DataFile;
  readonly #all: Uint8Array;

  constructor(file: DataFile, all: Uint8Array) {
    this.#file = file;
    this.#all = all;
  }

  get byteLength(): number {
    return this.#all.length;
  }

  bytes(from: number, byteLength: number): Uint8Array {
    checkRange(this.#file, this.#all.length, { from, byteLength });
    return this.#all.subarray(from, from + byteLength);
  }
}

function checkRange(
  file: DataFile,
  all: number,
  { from, byteLength }: { readonly from: number; readonly byteLength: number },
): void {
  if (from >= 0 && byteLength >= 0 && from + byteLength <= all) return;
  throw badFile(
    file,
    `a buffer of ${all} bytes is too short: bytes ${from} to ${from + byteLength} are needed`,
  );
}
