import { randomBytes, webcrypto } from 'node:crypto';
import { CoreError } from '../../../protocol/errors.ts';
import type { SealingKey } from './sealing-key.ts';

/*
 * Sealed bytes, described in docs/history.md: a header, and chunks that are encrypted and authenticated each by itself, so
 * that files of any size stream. A chunk's nonce is the header's with the chunk's number in it, and what is authenticated
 * beside it is the header, the number and whether it is the last: chunks cannot be moved, repeated, left out, or taken
 * from another file, and an end that is missing is seen.
 */

const MAGIC = 'QUERNSEA';
const VERSION = 1;
/** Magic, version, id of the key, nonce. */
export const HEADER_BYTES = 8 + 1 + 8 + 8;
/** What is encrypted at once, bytes. */
export const CHUNK_BYTES = 256 * 1024;
/** AES-GCM's, behind each chunk, bytes. */
export const TAG_BYTES = 16;

/** The header of one sealed text or file. */
export interface SealedHeader {
  readonly bytes: Uint8Array;
  readonly nonce: Uint8Array;
}

/** A header with a nonce that was never used with any key. */
export function newHeader({ id }: SealingKey): SealedHeader {
  const nonce = randomBytes(8);
  return {
    bytes: Buffer.concat([Buffer.from(MAGIC), Buffer.from([VERSION]), Buffer.from(id, 'hex'), nonce]),
    nonce,
  };
}

/**
 * Reads a header.
 *
 * @param bytes at least as many as there are, up to `HEADER_BYTES`
 * @throws CoreError FORMAT_SEALED for what is not sealed, KEY_WRONG for what another key sealed
 */
export function readHeader(bytes: Uint8Array, { id }: SealingKey): SealedHeader {
  const header = Buffer.from(bytes.subarray(0, HEADER_BYTES));
  if (header.length < HEADER_BYTES || header.toString('latin1', 0, 8) !== MAGIC || header[8] !== VERSION) {
    throw damaged();
  }
  if (header.toString('hex', 9, 17) !== id) {
    throw new CoreError(
      'KEY_WRONG',
      'This was encrypted with another key; it is kept, and that key opens it.',
    );
  }
  return { bytes: header, nonce: header.subarray(17) };
}

/** Which chunk of its text it is. */
export interface ChunkPlace {
  readonly number: number;
  readonly isLast: boolean;
  /** Bytes that are authenticated besides: where the text belongs. */
  readonly context: Uint8Array;
}

/** Seals one chunk. @returns as many bytes and `TAG_BYTES` more */
export async function sealChunk(
  { key }: SealingKey,
  header: SealedHeader,
  place: ChunkPlace,
  bytes: Uint8Array,
): Promise<Uint8Array> {
  return new Uint8Array(await webcrypto.subtle.encrypt(algorithm(header, place), key, bytes));
}

/** Opens one chunk. @throws CoreError FORMAT_SEALED when anything of it is not as it was sealed */
export async function openChunk(
  { key }: SealingKey,
  header: SealedHeader,
  place: ChunkPlace,
  bytes: Uint8Array,
): Promise<Uint8Array> {
  try {
    return new Uint8Array(await webcrypto.subtle.decrypt(algorithm(header, place), key, bytes));
  } catch {
    throw damaged();
  }
}

/** Seals bytes that are at hand as a whole. @param context see `ChunkPlace` */
export async function seal(key: SealingKey, bytes: Uint8Array, context: string): Promise<Uint8Array> {
  const header = newHeader(key);
  const parts: Uint8Array[] = [header.bytes];
  const count = chunkCount(bytes.length, CHUNK_BYTES);
  for (let number = 0; number < count; number++) {
    const place = { number, isLast: number === count - 1, context: Buffer.from(context) };
    const chunk = bytes.subarray(number * CHUNK_BYTES, (number + 1) * CHUNK_BYTES);
    parts.push(await sealChunk(key, header, place, chunk));
  }
  return Buffer.concat(parts);
}

/** The bytes that `seal` was given. @throws CoreError FORMAT_SEALED, KEY_WRONG */
export async function unseal(key: SealingKey, sealed: Uint8Array, context: string): Promise<Uint8Array> {
  const header = readHeader(sealed, key);
  const body = sealed.subarray(HEADER_BYTES);
  const size = CHUNK_BYTES + TAG_BYTES;
  const count = chunkCount(body.length, size);
  const parts: Uint8Array[] = [];
  for (let number = 0; number < count; number++) {
    const place = { number, isLast: number === count - 1, context: Buffer.from(context) };
    parts.push(await openChunk(key, header, place, body.subarray(number * size, (number + 1) * size)));
  }
  return Buffer.concat(parts);
}

/** Chunks of a text of so many bytes: nothing has one, too, whose tag says that it is all. */
export function chunkCount(byteLength: number, chunkBytes: number): number {
  return Math.max(1, Math.ceil(byteLength / chunkBytes));
}

function algorithm(
  { bytes, nonce }: SealedHeader,
  { number, isLast, context }: ChunkPlace,
): webcrypto.AesGcmParams {
  const counter = Buffer.alloc(5);
  counter.writeUInt32BE(number);
  counter[4] = isLast ? 1 : 0;
  const iv = Buffer.concat([nonce, counter.subarray(0, 4)]);
  return {
    name: 'AES-GCM',
    iv,
    additionalData: Buffer.concat([bytes, counter, context]),
    tagLength: TAG_BYTES * 8,
  };
}

function damaged(): CoreError {
  return new CoreError(
    'FORMAT_SEALED',
    'What was encrypted is not as it was written: it is damaged, or was changed.',
  );
}
