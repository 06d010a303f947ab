import type { DataFile } from '../data-file.ts';
import { badFile, readExactly } from '../file-table.ts';
import { FlatBufferError } from './flat-buffer.ts';
import {
  type ArrowBatch,
  type ArrowBlock,
  type ArrowField,
  type ArrowMessage,
  readFooter,
  readMessage,
} from './metadata.ts';

/*
 * Walks the messages of an Arrow IPC stream in their order, or of a file as its footer lists them: not everybody writes
 * the schema in front of a file. Bodies are not read here.
 */

/** A batch and where its body lies. */
export interface PlacedBatch {
  readonly batch: ArrowBatch;
  /** In the file, bytes. */
  readonly bodyStart: number;
  readonly bodyBytes: number;
}

/** Values of a column, to which the batches behind it have indexes. */
export interface DictionaryPart extends PlacedBatch {
  readonly id: number;
}

/** What stands in a file beside its schema. */
export type IpcEntry =
  | { readonly kind: 'batch'; readonly at: PlacedBatch }
  | { readonly kind: 'dictionary'; readonly at: DictionaryPart };

/** An open IPC file or stream. */
export interface IpcFile {
  readonly fields: readonly ArrowField[];
  /** The next batch, or a dictionary of those behind it; undefined at the end. @throws CoreError FORMAT_DATA */
  next(): IpcEntry | undefined;
}

const MAGIC = 'ARROW1';
/** The magic word and the length of the footer stand at the end. */
const TAIL_BYTES = 10;

/** Reads the schema. @throws CoreError FORMAT_DATA when the file is neither */
export function openIpc(file: DataFile): IpcFile {
  if (file.size === 0) throw badFile(file, 'it is empty');
  const head = textAt(file, 0, Math.min(MAGIC.length, file.size));
  if (head.startsWith('FEA1')) {
    throw badFile(file, 'it is Feather version 1; write it again as version 2, which is Arrow');
  }
  if (head === MAGIC) return new IpcBlocks(file);
  checkStream(file);
  return new IpcStream(file);
}

function textAt(file: DataFile, position: number, length: number): string {
  return String.fromCharCode(...readExactly(file, position, length));
}

class IpcBlocks implements IpcFile {
  readonly fields: readonly ArrowField[];
  readonly #file: DataFile;
  readonly #blocks: readonly (readonly ['dictionary' | 'batch', ArrowBlock])[];
  #next = 0;

  constructor(file: DataFile) {
    this.#file = file;
    if (file.size < 2 * TAIL_BYTES || textAt(file, file.size - MAGIC.length, MAGIC.length) !== MAGIC) {
      throw badFile(file, 'it begins as an Arrow file, but its end is missing');
    }
    const tail = file.size - TAIL_BYTES;
    const byteLength = new DataView(readExactly(file, tail, 4).buffer).getUint32(0, true);
    const footer = decoded(file, tail, () => readFooter(readExactly(file, tail - byteLength, byteLength)));
    this.fields = footer.fields;
    this.#blocks = [
      ...footer.dictionaries.map((block) => ['dictionary', block] as const),
      ...footer.batches.map((block) => ['batch', block] as const),
    ];
  }

  next(): IpcEntry | undefined {
    const [kind, block] = this.#blocks[this.#next++] ?? [];
    if (block === undefined) return undefined;
    const { message, bodyStart } = messageAt(this.#file, block.start) ?? {};
    if (message === undefined || bodyStart === undefined || message.kind !== kind) {
      throw badFile(this.#file, `there is no ${kind} at byte ${block.start}, where its end says that one is`);
    }
    return entryOf(this.#file, message, bodyStart);
  }
}

class IpcStream implements IpcFile {
  readonly fields: readonly ArrowField[];
  readonly #file: DataFile;
  #position = 0;

  constructor(file: DataFile) {
    this.#file = file;
    const { message } = this.#message() ?? {};
    if (message?.kind !== 'schema') throw badFile(file, 'it does not begin with a schema');
    this.fields = message.fields;
  }

  next(): IpcEntry | undefined {
    for (;;) {
      const found = this.#message();
      if (found === undefined) return undefined;
      const entry = entryOf(this.#file, found.message, found.bodyStart);
      if (entry !== undefined) return entry;
    }
  }

  #message(): FoundMessage | undefined {
    // A stream may end without saying so.
    if (this.#position === this.#file.size) return undefined;
    const found = messageAt(this.#file, this.#position);
    if (found !== undefined) this.#position = found.bodyStart + found.message.bodyBytes;
    return found;
  }
}

interface FoundMessage {
  readonly message: ArrowMessage;
  readonly bodyStart: number;
}

/** @returns undefined for the mark at the end of a stream */
function messageAt(file: DataFile, start: number): FoundMessage | undefined {
  const head = new DataView(readExactly(file, start, Math.max(4, Math.min(8, file.size - start))).buffer);
  // Streams of before Arrow 0.15 have the length alone.
  const isOld = head.byteLength < 8 || head.getUint32(0, true) !== 0xffff_ffff;
  const byteLength = head.getUint32(isOld ? 0 : 4, true);
  if (byteLength === 0) return undefined;
  const metadataStart = start + (isOld ? 4 : 8);
  const bytes = readExactly(file, metadataStart, byteLength);
  const message = decoded(file, start, () => readMessage(bytes));
  const bodyStart = metadataStart + byteLength;
  const end = bodyStart + message.bodyBytes;
  if (end > file.size) {
    throw badFile(file, `it is cut off: the part at byte ${start} ends at byte ${end} of ${file.size}`);
  }
  return { message, bodyStart };
}

function entryOf(file: DataFile, message: ArrowMessage, bodyStart: number): IpcEntry | undefined {
  const { bodyBytes } = message;
  switch (message.kind) {
    case 'batch':
      return { kind: 'batch', at: { batch: message.batch, bodyStart, bodyBytes } };
    case 'dictionary': {
      const { id, isDelta, batch } = message;
      if (isDelta) throw badFile(file, 'it has dictionaries that grow, which are not read');
      return { kind: 'dictionary', at: { id, batch, bodyStart, bodyBytes } };
    }
    case 'schema':
      throw badFile(file, `it has a second schema in front of byte ${bodyStart}`);
    case 'other':
      return undefined;
  }
}

function decoded<T>(file: DataFile, start: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FlatBufferError)) throw error;
    throw badFile(file, `${error.message} (the part at byte ${start})`);
  }
}

/** As long as a schema may be. */
const MAX_SCHEMA_BYTES = 2 ** 28;

/** Tells a file that is something else altogether, which has no length at its beginning. */
function checkStream(file: DataFile): void {
  const head = new DataView(readExactly(file, 0, Math.min(8, file.size)).buffer);
  const word = (at: number) => (head.byteLength < at + 4 ? 0xffff_ffff : head.getUint32(at, true));
  const byteLength = word(0) === 0xffff_ffff ? word(4) : word(0);
  if (byteLength >= MAX_SCHEMA_BYTES || byteLength > file.size) {
    throw badFile(file, 'it is not an Arrow IPC file, whatever its name says');
  }
}
