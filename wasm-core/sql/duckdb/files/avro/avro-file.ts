import { Decompress } from 'fzstd';
import { Crc32 } from '../crc32.ts';
import type { DataFile } from '../data-file.ts';
import { badFile, type FilePlatform, readExactly } from '../file-table.ts';
import { AvroDataError, AvroDecoder } from './decoder.ts';
import { AvroSchemaError, type AvroType, readSchema } from './schema.ts';
import { unpackSnappy } from './snappy.ts';

/** The values of a block, not decoded yet. */
export interface AvroBlock {
  readonly rows: number;
  readonly decoder: AvroDecoder;
  /** In the file, for messages. */
  readonly start: number;
}

const MAGIC = 'Obj\u0001';
const SYNC_BYTES = 16;
/** A header is read in one piece of this, and where it is longer, in one eight times as long, to a cap. */
const FIRST_HEADER_BYTES = 2 ** 14;
const MAX_HEADER_BYTES = 2 ** 24;
const MAX_BLOCK_BYTES = 2 ** 28;
/** Two numbers of variable length. */
const BLOCK_HEAD_BYTES = 20;
/** So many rows that take no bytes may be in a block. */
const MAX_EMPTY_ROWS = 1_000_000;

const CODECS = ['null', 'deflate', 'snappy', 'zstandard'] as const;
type Codec = (typeof CODECS)[number];

/** An open object container file, whose blocks are read in order. */
export class AvroFile {
  readonly schema: AvroType;
  readonly #file: DataFile;
  readonly #platform: FilePlatform;
  readonly #codec: Codec;
  readonly #sync: Uint8Array;
  #position: number;

  /** Reads the header. @throws CoreError FORMAT_DATA */
  constructor(file: DataFile, platform: FilePlatform) {
    this.#file = file;
    this.#platform = platform;
    if (file.size === 0) throw badFile(file, 'it is empty');
    const magic = readExactly(file, 0, Math.min(file.size, MAGIC.length));
    if (String.fromCharCode(...magic) !== MAGIC) {
      throw badFile(file, 'it is not an Avro file, whatever its name says');
    }
    const { metadata, end } = this.#decoded(0, () => readHeader(file));
    const codec = metadata.get('avro.codec') ?? 'null';
    const known = CODECS.find((name) => name === codec);
    if (known === undefined)
      throw badFile(file, `its blocks are packed by '${codec.slice(0, 40)}', which is not read`);
    this.#codec = known;
    this.schema = this.#decoded(0, () => readSchema(JSON.parse(metadata.get('avro.schema') ?? '')));
    this.#position = 4 + end + SYNC_BYTES;
    this.#sync = readExactly(file, 4 + end, SYNC_BYTES);
  }

  /** The next block; undefined at the end. @throws CoreError FORMAT_DATA */
  next(): AvroBlock | undefined {
    const file = this.#file;
    const start = this.#position;
    if (start >= file.size) return undefined;
    const head = new AvroDecoder(readExactly(file, start, Math.min(BLOCK_HEAD_BYTES, file.size - start)));
    const [rows, byteLength] = this.#decoded(
      start,
      () => [Number(head.long()), Number(head.long())] as const,
    );
    if (rows < 0 || byteLength < 0 || byteLength > MAX_BLOCK_BYTES) {
      throw badFile(file, `the block at byte ${start} says that it has ${rows} rows in ${byteLength} bytes`);
    }
    const body = start + head.position;
    const packed = readExactly(file, body, byteLength);
    const sync = readExactly(file, body + byteLength, SYNC_BYTES);
    if (sync.some((byte, i) => byte !== this.#sync[i]))
      throw badFile(file, `the block at byte ${start} does not end as it should`);
    this.#position = body + byteLength + SYNC_BYTES;
    const bytes = this.#decoded(start, () => this.#unpack(packed));
    if (rows > Math.max(bytes.length, MAX_EMPTY_ROWS))
      throw badFile(file, `the block at byte ${start} says that it has ${rows} rows`);
    return { rows, decoder: new AvroDecoder(bytes), start };
  }

  /** Runs what reads bytes of a part; what is wrong with them is told with its place. */
  decode<T>(start: number, read: () => T): T {
    return this.#decoded(start, read);
  }

  #unpack(packed: Uint8Array): Uint8Array {
    switch (this.#codec) {
      case 'null':
        return packed;
      case 'deflate':
        return this.#platform.inflateRaw(packed, MAX_BLOCK_BYTES);
      case 'zstandard':
        return unpackZstd(packed);
      case 'snappy': {
        // A checksum of what comes out stands behind.
        const bytes = unpackSnappy(packed.subarray(0, Math.max(packed.length - 4, 0)), MAX_BLOCK_BYTES);
        const crc = new Crc32();
        crc.add(bytes);
        const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
        if (packed.length < 4 || view.getUint32(packed.length - 4, false) !== crc.value) {
          throw new AvroDataError('its checksum is another');
        }
        return bytes;
      }
    }
  }

  #decoded<T>(start: number, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof Error && 'kind' in error) throw error;
      const why = error instanceof Error ? error.message : String(error);
      if (error instanceof AvroSchemaError) throw badFile(this.#file, why);
      throw badFile(this.#file, `the part at byte ${start} is damaged: ${why.slice(0, 200)}`);
    }
  }
}

/** The file may lie on a network, so that no more of it is read than is needed. */
function readHeader(file: DataFile): ReturnType<typeof readMetadata> {
  const longest = Math.min(file.size, MAX_HEADER_BYTES);
  for (let most = FIRST_HEADER_BYTES; most < longest; most *= 8) {
    try {
      return readMetadata(readExactly(file, 0, most).subarray(MAGIC.length));
    } catch (error) {
      if (!(error instanceof AvroDataError)) throw error;
    }
  }
  return readMetadata(readExactly(file, 0, longest).subarray(MAGIC.length));
}

function readMetadata(bytes: Uint8Array): { readonly metadata: Map<string, string>; readonly end: number } {
  const decoder = new AvroDecoder(bytes);
  const metadata = new Map<string, string>();
  for (;;) {
    let count = Number(decoder.long());
    if (count === 0) return { metadata, end: decoder.position };
    if (count < 0) {
      count = -count;
      decoder.long();
    }
    if (count > bytes.length) throw new AvroDataError(`its header says that it has ${count} entries`);
    for (let i = 0; i < count; i++) metadata.set(decoder.string(), decoder.string());
  }
}

function unpackZstd(packed: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  let total = 0;
  const stream = new Decompress((piece) => {
    total += piece.length;
    if (total > MAX_BLOCK_BYTES) throw new AvroDataError(`more than ${MAX_BLOCK_BYTES} bytes come out`);
    pieces.push(piece.slice());
  });
  stream.push(packed, true);
  const all = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
