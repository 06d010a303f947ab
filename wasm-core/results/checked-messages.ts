/*
 * Arrow's messages, looked at before anything reads them. The reader of apache-arrow believes every length: a vector of a
 * billion fields in a message of two hundred bytes ends the process that reads it for lack of memory, which no caller
 * can catch. The layout is that of Message.fbs and Schema.fbs of Arrow's format, in FlatBuffers.
 */

const SCHEMA = 1;
const DICTIONARY_BATCH = 2;
const RECORD_BATCH = 3;

/** Bytes of a `FieldNode` and of a `Buffer`: two numbers of 64 bits. */
const STRUCT_BYTES = 16;

/**
 * Checks that the schema message and the batches behind it hold as much as they say, as far as reading them asks for
 * memory. What else may be wrong in them is the reader's to find.
 *
 * @param stream of one schema message and of batches
 * @throws Error when a length cannot be true
 */
export function checkMessages(stream: Uint8Array): void {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  try {
    for (let at: number | undefined = 0; at !== undefined; ) at = checkMessage(view, at);
  } catch (error) {
    // What a view says of a place outside of its bytes is for no person.
    if (error instanceof RangeError)
      throw new Error('The rows are damaged: a message reaches beyond its end.');
    throw error;
  }
}

/** @returns where the next message begins; undefined behind the last */
function checkMessage(view: DataView, at: number): number | undefined {
  if (at + 4 > view.byteLength) return undefined;
  const isMarked = view.getInt32(at, true) === -1;
  const start = at + (isMarked ? 8 : 4);
  if (start > view.byteLength) return undefined;
  const byteLength = view.getInt32(start - 4, true);
  if (byteLength === 0) return undefined;
  if (byteLength < 0 || start + byteLength > view.byteLength) throw new RangeError('metadata');
  const metadata = new FlatBuffer(view, start, byteLength);
  const message = metadata.root();
  const header = metadata.table(message, 2);
  const kind = metadata.byte(message, 1);
  if (header !== undefined) checkHeader(metadata, { kind, header });
  const bodyLength = metadata.long(message, 3);
  const end = start + byteLength + bodyLength;
  if (bodyLength < 0 || end > view.byteLength) throw new RangeError('body');
  return end;
}

function checkHeader(
  metadata: FlatBuffer,
  { kind, header }: { readonly kind: number; readonly header: number },
): void {
  if (kind === SCHEMA) checkFields(metadata, header, 1);
  const batch = kind === DICTIONARY_BATCH ? metadata.table(header, 1) : header;
  if ((kind !== RECORD_BATCH && kind !== DICTIONARY_BATCH) || batch === undefined) return;
  metadata.vector(batch, { field: 1, itemBytes: STRUCT_BYTES });
  metadata.vector(batch, { field: 2, itemBytes: STRUCT_BYTES });
  metadata.vector(batch, { field: 4, itemBytes: 8 });
}

/** Fields of a schema, or below a field. @param field of the vector in its table */
function checkFields(metadata: FlatBuffer, table: number, field: number): void {
  for (const place of metadata.offsets(table, field)) {
    checkFields(metadata, place, 5);
    metadata.vector(place, { field: 6, itemBytes: 4 });
    // A union's list of its members' numbers is the second of its type's fields; no other type has a vector.
    const type = metadata.table(place, 3);
    if (type !== undefined && metadata.byte(place, 2) === UNION) {
      metadata.vector(type, { field: 1, itemBytes: 4 });
    }
  }
}

/** Number of the type Union in Schema.fbs. */
const UNION = 14;

/** Tables and vectors of a buffer. Every place is one of the view; a place outside of it is a RangeError. */
class FlatBuffer {
  readonly #view: DataView;
  readonly #start: number;
  readonly #end: number;
  /** Tables that may still be visited: tables may share others, and so be more than there are bytes. */
  #left: number;

  constructor(view: DataView, start: number, byteLength: number) {
    this.#view = view;
    this.#start = start;
    this.#end = start + byteLength;
    this.#left = byteLength;
  }

  root(): number {
    return this.#start + this.#view.getInt32(this.#start, true);
  }

  /** A byte; 0 where the table leaves it out. */
  byte(table: number, field: number): number {
    const at = this.#field(table, field);
    return at === undefined ? 0 : this.#view.getUint8(at);
  }

  long(table: number, field: number): number {
    const at = this.#field(table, field);
    return at === undefined ? 0 : Number(this.#view.getBigInt64(at, true));
  }

  table(table: number, field: number): number | undefined {
    const at = this.#field(table, field);
    return at === undefined ? undefined : at + this.#view.getInt32(at, true);
  }

  /** Checks that a vector lies in the buffer. @returns its first item's place and how many there are */
  vector(
    table: number,
    { field, itemBytes }: { readonly field: number; readonly itemBytes: number },
  ): { readonly first: number; readonly count: number } {
    const at = this.table(table, field);
    if (at === undefined) return { first: 0, count: 0 };
    const count = this.#view.getInt32(at, true);
    if (count < 0 || at + 4 + count * itemBytes > this.#end) throw new RangeError('vector');
    return { first: at + 4, count };
  }

  /** The tables that a vector leads to. */
  offsets(table: number, field: number): number[] {
    const { first, count } = this.vector(table, { field, itemBytes: 4 });
    this.#left -= count;
    if (this.#left < 0) throw new RangeError('tables');
    return Array.from({ length: count }, (_, i) => {
      const at = first + 4 * i;
      return at + this.#view.getInt32(at, true);
    });
  }

  /** Where a table has a field; undefined where it leaves it out. */
  #field(table: number, field: number): number | undefined {
    const layout = table - this.#view.getInt32(table, true);
    const at = 4 + 2 * field;
    if (at + 2 > this.#view.getUint16(layout, true)) return undefined;
    const offset = this.#view.getUint16(layout + at, true);
    return offset === 0 ? undefined : table + offset;
  }
}
