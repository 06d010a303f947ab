import { Inflate } from 'fflate';
import { Crc32 } from '../crc32.ts';
import type { DataFile } from '../data-file.ts';
import { badFile, readExactly } from '../file-table.ts';

/*
 * ZIP archives, read from the directory at their end (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT). Parts
 * are unpacked piece by piece when they are asked for, and never trusted to be as long as they say.
 */

interface ZipPart {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly crc: number;
  readonly packedBytes: number;
  readonly byteLength: number;
  readonly headerStart: number;
}

/** The end record, and the longest comment behind it. */
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
/** Far more than a workbook has. */
const MAX_DIRECTORY_BYTES = 2 ** 26;
const MAX_PART_BYTES = 2 ** 32;
/** Deflate makes no more out of less. */
const MAX_EXPANSION = 1033;
const PIECE_BYTES = 2 ** 14;

/** An archive whose parts are known. */
export class ZipArchive {
  readonly #file: DataFile;
  readonly #parts: ReadonlyMap<string, ZipPart>;

  /** @throws CoreError FORMAT_DATA when it is none */
  constructor(file: DataFile) {
    this.#file = file;
    this.#parts = new Map(readDirectory(file).map((part) => [part.name.toLowerCase(), part]));
  }

  has(name: string): boolean {
    return this.#parts.has(name.toLowerCase());
  }

  /** The pieces of a part, in order; its checksum is compared behind the last. @throws CoreError FORMAT_DATA */
  *pieces(name: string): Generator<Uint8Array, void, undefined> {
    const file = this.#file;
    const part = this.#parts.get(name.toLowerCase());
    if (part === undefined) throw badFile(file, `it has no part '${name}'`);
    if (part.isEncrypted) throw badFile(file, `its part '${name}' is encrypted`);
    if (part.method !== 0 && part.method !== 8) {
      throw badFile(file, `its part '${name}' is packed in a way that is not read (${part.method})`);
    }
    if (part.byteLength > MAX_PART_BYTES || part.byteLength > part.packedBytes * MAX_EXPANSION + 1024) {
      throw badFile(
        file,
        `its part '${name}' says that it has ${part.byteLength} bytes, packed into ${part.packedBytes}`,
      );
    }
    const crc = new Crc32();
    let total = 0;
    for (const piece of part.method === 0 ? this.#packed(part) : this.#inflated(part)) {
      total += piece.length;
      if (total > part.byteLength) throw badFile(file, `its part '${name}' is longer than it says`);
      crc.add(piece);
      yield piece;
    }
    if (total < part.byteLength) throw badFile(file, `its part '${name}' is shorter than it says`);
    if (crc.value !== part.crc) throw badFile(file, `its part '${name}' is damaged: the checksum is another`);
  }

  *#packed(part: ZipPart): Generator<Uint8Array, void, undefined> {
    const start = this.#bodyStart(part);
    for (let at = 0; at < part.packedBytes; at += PIECE_BYTES) {
      yield readExactly(this.#file, start + at, Math.min(PIECE_BYTES, part.packedBytes - at));
    }
  }

  *#inflated(part: ZipPart): Generator<Uint8Array, void, undefined> {
    const pieces: Uint8Array[] = [];
    const inflate = new Inflate((piece) => pieces.push(piece));
    let left = part.packedBytes;
    for (const packed of this.#packed(part)) {
      left -= packed.length;
      try {
        inflate.push(packed, left === 0);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw badFile(this.#file, `its part '${part.name}' is damaged: ${why}`);
      }
      for (const piece of pieces.splice(0)) if (piece.length > 0) yield piece;
    }
  }

  /** Behind the local header, whose name and extra field may be longer than those of the directory. */
  #bodyStart({ headerStart, name }: ZipPart): number {
    const header = viewOf(readExactly(this.#file, headerStart, 30));
    if (header.getUint32(0, true) !== 0x0403_4b50)
      throw badFile(this.#file, `its part '${name}' is not where it says`);
    return headerStart + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  }
}

function readDirectory(file: DataFile): ZipPart[] {
  const { start, byteLength } = directoryOf(file);
  if (byteLength > MAX_DIRECTORY_BYTES) throw badFile(file, `its directory has ${byteLength} bytes`);
  const bytes = readExactly(file, start, byteLength);
  const view = viewOf(bytes);
  const parts: ZipPart[] = [];
  try {
    for (let at = 0; at + 46 <= byteLength; ) {
      if (view.getUint32(at, true) !== 0x0201_4b50) break;
      const nameBytes = view.getUint16(at + 28, true);
      const extraBytes = view.getUint16(at + 30, true);
      const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes));
      const extra = bytes.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes);
      parts.push({
        name: name.replaceAll('\\', '/').replace(/^\//, ''),
        method: view.getUint16(at + 10, true),
        isEncrypted: (view.getUint16(at + 8, true) & 1) !== 0,
        crc: view.getUint32(at + 16, true),
        ...sizesOf(view, at, extra),
      });
      at += 46 + nameBytes + extraBytes + view.getUint16(at + 32, true);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw badFile(file, 'its directory is damaged');
  }
  return parts;
}

/** Sizes that do not fit into 32 bits stand in an extra field, in a fixed order. */
function sizesOf(
  view: DataView,
  at: number,
  extra: Uint8Array,
): Pick<ZipPart, 'packedBytes' | 'byteLength' | 'headerStart'> {
  const values = [
    view.getUint32(at + 24, true),
    view.getUint32(at + 20, true),
    view.getUint32(at + 42, true),
  ];
  const wide = wideField(extra);
  let next = 0;
  const [byteLength = 0, packedBytes = 0, headerStart = 0] = values.map((value) => {
    if (value !== 0xffff_ffff || wide === undefined) return value;
    const whole = Number(wide.getBigUint64(next, true));
    next += 8;
    return whole;
  });
  return { byteLength, packedBytes, headerStart };
}

function wideField(extra: Uint8Array): DataView | undefined {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) === 1)
      return viewOf(extra.subarray(at + 4, at + 4 + view.getUint16(at + 2, true)));
  }
  return undefined;
}

function directoryOf(file: DataFile): { readonly start: number; readonly byteLength: number } {
  const byteLength = Math.min(file.size, END_BYTES + MAX_COMMENT_BYTES);
  const base = file.size - byteLength;
  const view = viewOf(readExactly(file, base, byteLength));
  for (let at = byteLength - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x0605_4b50) continue;
    if (at + END_BYTES + view.getUint16(at + 20, true) > byteLength) continue;
    const start = view.getUint32(at + 16, true);
    if (start !== 0xffff_ffff) return { start, byteLength: view.getUint32(at + 12, true) };
    return wideDirectory(file, base + at);
  }
  throw badFile(file, 'it is cut off, or no workbook of Excel (.xlsx) at all');
}

/** The record of large archives, whose place stands in front of the end record. */
function wideDirectory(file: DataFile, end: number): { readonly start: number; readonly byteLength: number } {
  const locator = viewOf(readExactly(file, end - 20, 20));
  const record = viewOf(readExactly(file, Number(locator.getBigUint64(8, true)), 56));
  if (locator.getUint32(0, true) !== 0x0706_4b50 || record.getUint32(0, true) !== 0x0606_4b50) {
    throw badFile(file, 'its directory is damaged');
  }
  return { start: Number(record.getBigUint64(48, true)), byteLength: Number(record.getBigUint64(40, true)) };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
