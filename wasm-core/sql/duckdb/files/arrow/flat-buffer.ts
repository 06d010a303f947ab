/*
 * Reads FlatBuffers, the format of Arrow's metadata, without trusting them: every offset and count is checked against
 * the bytes that there are, so that a file which lies costs no more than its size. https://flatbuffers.dev/internals
 */

/** Bytes that are no FlatBuffer of the kind that was expected. */
export class FlatBufferError extends Error {}

/** A table: fields by slot, each of which may be absent. */
export class FlatTable {
  readonly #view: DataView;
  readonly #at: number;
  readonly #slots: number;
  readonly #slotCount: number;

  private constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
    const slots = at - view.getInt32(at, true);
    const byteLength = view.getUint16(slots, true);
    this.#slots = slots;
    this.#slotCount = byteLength < 4 ? 0 : (byteLength - 4) >>> 1;
  }

  /** The root table of some bytes. @throws FlatBufferError */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return checked(() => new FlatTable(view, view.getUint32(0, true)));
  }

  byte(slot: number, otherwise = 0): number {
    return this.#scalar(slot, otherwise, (at) => this.#view.getUint8(at));
  }

  short(slot: number, otherwise = 0): number {
    return this.#scalar(slot, otherwise, (at) => this.#view.getInt16(at, true));
  }

  int(slot: number, otherwise = 0): number {
    return this.#scalar(slot, otherwise, (at) => this.#view.getInt32(at, true));
  }

  /** A 64-bit count or position. @throws FlatBufferError when it is negative or beyond 2^53 */
  count(slot: number): number {
    return this.#scalar(slot, 0, (at) => countAt(this.#view, at));
  }

  text(slot: number): string | undefined {
    return checked(() => {
      const field = this.#field(slot);
      if (field === undefined) return undefined;
      const at = this.#target(field);
      const length = this.#view.getUint32(at, true);
      const from = at + 4;
      if (from + length > this.#view.byteLength) throw new FlatBufferError('a text ends behind its metadata');
      return new TextDecoder().decode(
        new Uint8Array(this.#view.buffer, this.#view.byteOffset + from, length),
      );
    });
  }

  table(slot: number): FlatTable | undefined {
    return checked(() => {
      const field = this.#field(slot);
      return field === undefined ? undefined : new FlatTable(this.#view, this.#target(field));
    });
  }

  tables(slot: number): FlatTable[] {
    return this.#elements(slot, 4, (at) => new FlatTable(this.#view, this.#target(at)));
  }

  ints(slot: number): number[] {
    return this.#elements(slot, 4, (at) => this.#view.getInt32(at, true));
  }

  counts(slot: number): number[] {
    return this.#elements(slot, 8, (at) => countAt(this.#view, at));
  }

  /** Structs of two 64-bit counts. */
  pairs(slot: number): (readonly [number, number])[] {
    return this.#elements(slot, 16, (at) => [countAt(this.#view, at), countAt(this.#view, at + 8)] as const);
  }

  /** Structs of two 64-bit counts with a 32-bit one, and room of as much, between them. */
  blocks(slot: number): { readonly start: number; readonly headBytes: number; readonly bodyBytes: number }[] {
    return this.#elements(slot, 24, (at) => ({
      start: countAt(this.#view, at),
      headBytes: this.#view.getUint32(at + 8, true),
      bodyBytes: countAt(this.#view, at + 16),
    }));
  }

  #scalar(slot: number, otherwise: number, read: (at: number) => number): number {
    return checked(() => {
      const at = this.#field(slot);
      return at === undefined ? otherwise : read(at);
    });
  }

  #field(slot: number): number | undefined {
    if (slot >= this.#slotCount) return undefined;
    const offset = this.#view.getUint16(this.#slots + 4 + 2 * slot, true);
    return offset === 0 ? undefined : this.#at + offset;
  }

  #target(at: number): number {
    return at + this.#view.getUint32(at, true);
  }

  #elements<T>(slot: number, byteLength: number, read: (at: number) => T): T[] {
    return checked(() => {
      const field = this.#field(slot);
      if (field === undefined) return [];
      const at = this.#target(field);
      const count = this.#view.getUint32(at, true);
      if (at + 4 + count * byteLength > this.#view.byteLength) {
        throw new FlatBufferError(`a list of ${count} ends behind its metadata`);
      }
      return Array.from({ length: count }, (_, index) => read(at + 4 + index * byteLength));
    });
  }
}

function countAt(view: DataView, at: number): number {
  const value = view.getBigInt64(at, true);
  if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new FlatBufferError(`a count is ${value}`);
  }
  return Number(value);
}

/** A read behind the end is an error of the bytes. */
function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new FlatBufferError('an offset leads out of its metadata');
    throw error;
  }
}
