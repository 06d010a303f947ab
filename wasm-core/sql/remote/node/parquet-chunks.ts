/*
 * Where the column chunks of a Parquet file lie, read from its footer, so that one column is fetched with one request for
 * each row group and no byte more. The footer is Thrift in its compact protocol:
 * https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */

/** A run of bytes that is read from its beginning to its end. */
export interface ByteRange {
  readonly start: number;
  /** Behind the last byte. */
  readonly end: number;
}

/** Bytes behind the footer: its length, and `PAR1`. */
export const PARQUET_TAIL_BYTES = 8;

/** The length of the footer that a file's last eight bytes tell; undefined when it is no Parquet file. */
export function parquetFooterLength(tail: Uint8Array): number | undefined {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  return view.getUint32(4, true) === 0x31524150 ? view.getUint32(0, true) : undefined;
}

/**
 * The column chunks of a file, by where they begin.
 *
 * @param footer the bytes before the last eight
 * @returns nothing for a footer that is not what it should be: then there is nothing to know ahead
 */
export function parquetChunks(footer: Uint8Array): readonly ByteRange[] {
  try {
    const chunks: ByteRange[] = [];
    new FooterReader(footer, (chunk) => chunks.push(chunk)).read();
    return chunks.sort((a, b) => a.start - b.start);
  } catch {
    return [];
  }
}

/** Types of the compact protocol. */
const TYPE = {
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
};

/** Deeper structs are no footer's. */
const MAX_DEPTH = 32;

/** The fields of Parquet's structs on the way to a chunk's place, by number. */
const FIELD = {
  rowGroups: 4,
  columns: 1,
  metaData: 3,
  totalCompressedSize: 7,
  dataPageOffset: 9,
  dictionaryPageOffset: 11,
};

class FooterReader {
  readonly #bytes: Uint8Array;
  readonly #found: (chunk: ByteRange) => void;
  #at = 0;

  constructor(bytes: Uint8Array, found: (chunk: ByteRange) => void) {
    this.#bytes = bytes;
    this.#found = found;
  }

  /** `FileMetaData`. @throws RangeError */
  read(): void {
    this.#struct((field) => {
      if (field.number !== FIELD.rowGroups || field.type !== TYPE.list) return false;
      this.#list(() => this.#rowGroup());
      return true;
    });
  }

  #rowGroup(): void {
    this.#struct((field) => {
      if (field.number !== FIELD.columns || field.type !== TYPE.list) return false;
      this.#list(() => this.#columnChunk());
      return true;
    });
  }

  #columnChunk(): void {
    this.#struct((field) => {
      if (field.number !== FIELD.metaData || field.type !== TYPE.struct) return false;
      this.#columnMetaData();
      return true;
    });
  }

  #columnMetaData(): void {
    const numbers = new Map<number, number>();
    this.#struct((field) => {
      if (field.type !== TYPE.i64) return false;
      numbers.set(field.number, this.#zigzag());
      return true;
    });
    const data = numbers.get(FIELD.dataPageOffset);
    const length = numbers.get(FIELD.totalCompressedSize) ?? 0;
    const dictionary = numbers.get(FIELD.dictionaryPageOffset) ?? 0;
    // A dictionary page that is there lies in front; some writers say 0 when it is not.
    const start = dictionary > 0 && data !== undefined ? Math.min(dictionary, data) : data;
    if (start !== undefined && start >= 0 && length > 0) this.#found({ start, end: start + length });
  }

  /** @param read takes a field's value, or leaves it to be passed over */
  #struct(read: (field: { readonly number: number; readonly type: number }) => boolean, depth = 0): void {
    if (depth > MAX_DEPTH) throw new RangeError('too deep');
    let number = 0;
    for (;;) {
      const head = this.#byte();
      if (head === 0) return;
      const delta = head >> 4;
      number = delta === 0 ? this.#zigzag() : number + delta;
      const type = head & 15;
      if (!read({ number, type })) this.#skip(type, depth);
    }
  }

  #list(item: () => void): void {
    const { count } = this.#listHead();
    for (let i = 0; i < count; i++) item();
  }

  #listHead(): { readonly count: number; readonly type: number } {
    const head = this.#byte();
    const short = head >> 4;
    const count = short === 15 ? this.#varint() : short;
    // Each item has a byte at least.
    if (count > this.#bytes.length) throw new RangeError('a list of more items than bytes');
    return { count, type: head & 15 };
  }

  #skip(type: number, depth: number): void {
    if (depth > MAX_DEPTH) throw new RangeError('too deep');
    switch (type) {
      case TYPE.true:
      case TYPE.false:
        break;
      case TYPE.byte:
        this.#pass(1);
        break;
      case TYPE.i16:
      case TYPE.i32:
      case TYPE.i64:
        this.#varint();
        break;
      case TYPE.double:
        this.#pass(8);
        break;
      case TYPE.binary:
        this.#pass(this.#varint());
        break;
      case TYPE.list:
      case TYPE.set: {
        const { count, type: of } = this.#listHead();
        // In lists, truth values have a byte each.
        for (let i = 0; i < count; i++) this.#skip(of <= TYPE.false ? TYPE.byte : of, depth + 1);
        break;
      }
      case TYPE.struct:
        this.#struct(() => false, depth + 1);
        break;
      default:
        throw new RangeError('a type that no footer has');
    }
  }

  #pass(byteLength: number): void {
    this.#at += byteLength;
    if (this.#at > this.#bytes.length) throw new RangeError('the end');
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError('the end');
    return byte;
  }

  /** Whole numbers up to 2^53; of a longer one the value is not used. */
  #varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      if (factor > 2 ** 63) throw new RangeError('a number that is too long');
    }
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
