import type { BatchParts } from './slice-columns.ts';

/*
 * Record batch messages of Arrow's IPC format that differ from a given one in their numbers alone. What describes a
 * batch is a flatbuffer of as many numbers as the schema has parts and buffers, so that the given one is copied and its
 * numbers are overwritten; to build it anew for thousands of columns takes several times as long as the engine needs for
 * their rows. https://arrow.apache.org/docs/format/Columnar.html#encapsulated-message-format and Message.fbs there.
 */

/** Buffers begin at multiples of this, bytes. */
const ALIGNMENT = 8;

/** Where the fields of a message and of a record batch are among those of their tables. */
const HEADER = 2;
const BODY_LENGTH = 3;
const LENGTH = 0;
const NODES = 1;
const BUFFERS = 2;

/** A record batch message to make others from. */
export class BatchTemplate {
  readonly #head: Uint8Array;
  readonly #places: BatchPlaces;
  /** Of the given message. */
  readonly byteLength: number;

  /** @param bytes begin with the message of a batch that has rows; its head is kept as a copy */
  constructor(bytes: Uint8Array) {
    const { byteOffset, buffer } = bytes;
    const headLength = 8 + new DataView(buffer, byteOffset).getInt32(4, true);
    this.#head = Uint8Array.from(bytes.subarray(0, headLength));
    const view = new DataView(this.#head.buffer);
    this.#places = findPlaces(view);
    this.byteLength = headLength + Number(view.getBigInt64(this.#places.bodyLength, true));
  }

  /**
   * The message of a batch of the same schema.
   *
   * @throws Error when it has other parts
   */
  message(rowCount: number, { nodes, buffers }: BatchParts): Uint8Array {
    const places = this.#places;
    if (nodes.length !== places.nodeCount || buffers.length !== places.bufferCount)
      throw new Error(`a batch of ${nodes.length} parts in place of ${places.nodeCount}`);
    const bodyLength = buffers.reduce((sum, { length }) => sum + padded(length), 0);
    const message = new Uint8Array(this.#head.length + bodyLength);
    message.set(this.#head);
    const view = new DataView(message.buffer);
    putLong(view, places.length, rowCount);
    putLong(view, places.bodyLength, bodyLength);
    for (const [index, { length, nullCount }] of nodes.entries()) {
      putLong(view, places.nodes + 16 * index, length);
      putLong(view, places.nodes + 16 * index + 8, nullCount);
    }
    let offset = 0;
    for (const [index, bytes] of buffers.entries()) {
      putLong(view, places.buffers + 16 * index, offset);
      putLong(view, places.buffers + 16 * index + 8, bytes.length);
      message.set(bytes, this.#head.length + offset);
      offset += padded(bytes.length);
    }
    return message;
  }
}

/** Where the numbers are in the head, bytes from its start. */
interface BatchPlaces {
  readonly length: number;
  readonly bodyLength: number;
  readonly nodes: number;
  readonly nodeCount: number;
  readonly buffers: number;
  readonly bufferCount: number;
}

function findPlaces(view: DataView): BatchPlaces {
  const root = follow(view, 8);
  const batch = follow(view, fieldAt(view, root, HEADER));
  const nodes = follow(view, fieldAt(view, batch, NODES));
  const buffers = follow(view, fieldAt(view, batch, BUFFERS));
  return {
    length: fieldAt(view, batch, LENGTH),
    bodyLength: fieldAt(view, root, BODY_LENGTH),
    nodes: nodes + 4,
    nodeCount: view.getUint32(nodes, true),
    buffers: buffers + 4,
    bufferCount: view.getUint32(buffers, true),
  };
}

function follow(view: DataView, at: number): number {
  return at + view.getUint32(at, true);
}

/** Where a table has a field. @throws Error when it has the default, which has no place */
function fieldAt(view: DataView, table: number, field: number): number {
  const fields = table - view.getInt32(table, true);
  const entry = 4 + 2 * field;
  const offset = entry < view.getUint16(fields, true) ? view.getUint16(fields + entry, true) : 0;
  if (offset === 0) throw new Error(`a record batch message without its field ${field}`);
  return table + offset;
}

function padded(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

function putLong(view: DataView, at: number, value: number): void {
  view.setUint32(at, value, true);
  view.setUint32(at + 4, value / 2 ** 32, true);
}
