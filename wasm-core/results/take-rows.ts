import { type Data, type DataType, makeData, Type } from 'apache-arrow';
import { isNullAt, typeMembers } from './value-reader.ts';

/*
 * Rows of a column put into another order, byte by byte as they are: what a value means, and whether this program knows
 * its type, does not matter.
 */

/** Which rows: of one piece of the column each, from its first row. Both have the same length. */
export interface Picks {
  readonly pieces: Uint32Array;
  readonly rows: Uint32Array;
  /** Of all texts in a column, or in a part of its values; absent: as many as there are. */
  readonly maxBytes?: number;
}

/** Texts and bytes of the rows take more than they may; fewer rows have to be taken at once. */
export class TooManyBytes extends Error {}

/**
 * The values of some rows of a column.
 *
 * @param pieces the column in record batches that follow one another, all of one type
 * @returns new buffers, unless the column has none
 * @throws TooManyBytes when several texts take more than `maxBytes`
 */
export function takeRows(pieces: readonly Data[], picks: Picks): Data {
  const [first] = pieces;
  if (first === undefined) throw new Error('a column without a piece');
  const { type } = first;
  const length = picks.rows.length;
  switch (type.typeId) {
    case Type.Null:
      return made({ type, length });
    case Type.Union:
      return takeUnion(pieces, picks);
    case Type.Struct:
      return made({ type, length, ...validity(pieces, picks), children: takeChildren(pieces, picks) });
    case Type.List:
    case Type.Map:
      return takeLists(pieces, picks);
    case Type.FixedSizeList:
      return takeFixedLists(pieces, picks);
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Binary:
    case Type.LargeBinary:
      return takeTexts(pieces, picks);
    case Type.Bool:
      return made({ type, length, ...validity(pieces, picks), data: takeBits(pieces, picks) });
    default:
      return made({ type, length, ...validity(pieces, picks), data: takeFixed(pieces, picks) });
  }
}

/** What `makeData` takes, whose overloads cannot be told apart by a type that is only known when it runs. */
function made(parts: {
  readonly type: DataType;
  readonly length: number;
  readonly nullCount?: number;
  readonly nullBitmap?: Uint8Array;
  readonly data?: unknown;
  readonly valueOffsets?: unknown;
  readonly typeIds?: unknown;
  readonly child?: Data;
  readonly children?: readonly Data[];
}): Data {
  return makeData(parts as never) as Data;
}

interface Validity {
  readonly nullCount: number;
  readonly nullBitmap?: Uint8Array;
}

function validity(pieces: readonly Data[], { pieces: from, rows }: Picks): Validity {
  if (pieces.every(({ nullCount }) => nullCount === 0)) return { nullCount: 0 };
  const nullBitmap = new Uint8Array((rows.length + 7) >> 3);
  let nullCount = 0;
  for (let i = 0; i < rows.length; i++) {
    if (isNullAt(piece(pieces, from[i]), rows[i] ?? 0)) nullCount++;
    else setBit(nullBitmap, i);
  }
  return nullCount === 0 ? { nullCount } : { nullCount, nullBitmap };
}

function takeBits(pieces: readonly Data[], { pieces: from, rows }: Picks): Uint8Array {
  const bits = new Uint8Array((rows.length + 7) >> 3);
  for (let i = 0; i < rows.length; i++) {
    const data = piece(pieces, from[i]);
    const bit = (rows[i] ?? 0) + (data.offset % 8);
    if (((((data.values as Uint8Array)[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1) setBit(bits, i);
  }
  return bits;
}

type Words = Uint8Array | Uint16Array | Uint32Array;

/**
 * Values of equal length, moved as whole numbers: 64-bit ones would become objects one by one, and NaN may lose bits.
 */
function takeFixed(pieces: readonly Data[], { pieces: from, rows }: Picks): unknown {
  const [first] = pieces;
  if (first === undefined) return new Uint8Array();
  const values = first.values as Uint8Array;
  const size = first.stride * values.BYTES_PER_ELEMENT;
  const words = pieces.map((data) => wordsOf(data.values as Uint8Array, size));
  const Form = (words[0] ?? new Uint8Array()).constructor as new (length: number) => Words;
  const taken = new Form((rows.length * size) / (words[0]?.BYTES_PER_ELEMENT ?? 1));
  const width = size / taken.BYTES_PER_ELEMENT;
  for (let i = 0, to = 0; i < rows.length; i++) {
    const source = words[from[i] ?? 0];
    const at = (rows[i] ?? 0) * width;
    if (source === undefined) throw new RangeError('no such piece of a column');
    for (let word = 0; word < width; word++) taken[to++] = source[at + word] ?? 0;
  }
  const Values = values.constructor as new (buffer: ArrayBufferLike) => unknown;
  return new Values(taken.buffer);
}

function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array, size: number): Words {
  if (size % 4 === 0 && byteOffset % 4 === 0) return new Uint32Array(buffer, byteOffset, byteLength >> 2);
  if (size % 2 === 0 && byteOffset % 2 === 0) return new Uint16Array(buffer, byteOffset, byteLength >> 1);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

type Offsets = Int32Array | BigInt64Array;

function takeTexts(pieces: readonly Data[], picks: Picks): Data {
  const { pieces: from, rows } = picks;
  const { type } = piece(pieces, 0);
  const offsets = new Float64Array(rows.length + 1);
  const starts = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const [start, end] = range(piece(pieces, from[i]), rows[i] ?? 0);
    starts[i] = start;
    offsets[i + 1] = (offsets[i] ?? 0) + end - start;
  }
  const byteLength = offsets[rows.length] ?? 0;
  if (byteLength > (picks.maxBytes ?? byteLength) && rows.length > 1) throw new TooManyBytes();
  const bytes = new Uint8Array(byteLength);
  const sources = pieces.map(({ values }) => values as Uint8Array);
  for (let i = 0; i < rows.length; i++) {
    const [to = 0, end = 0, start = 0] = [offsets[i], offsets[i + 1], starts[i]];
    copyBytes(sources[from[i] ?? 0] ?? bytes, { start, into: bytes, to, length: end - to });
  }
  const isLarge = type.typeId === Type.LargeUtf8 || type.typeId === Type.LargeBinary;
  const valueOffsets = isLarge ? BigInt64Array.from(offsets, BigInt) : Int32Array.from(offsets);
  return made({ type, length: rows.length, ...validity(pieces, picks), valueOffsets, data: bytes });
}

/** A call for each short text would take longer than its bytes do. */
const SHORT = 24;

function copyBytes(
  source: Uint8Array,
  at: { readonly start: number; readonly into: Uint8Array; readonly to: number; readonly length: number },
): void {
  const { start, into, to, length } = at;
  if (length > SHORT) into.set(source.subarray(start, start + length), to);
  else for (let i = 0; i < length; i++) into[to + i] = source[start + i] ?? 0;
}

function takeLists(pieces: readonly Data[], picks: Picks): Data {
  const { pieces: from, rows } = picks;
  const { type } = piece(pieces, 0);
  const valueOffsets = new Int32Array(rows.length + 1);
  for (let i = 0; i < rows.length; i++) {
    const [start, end] = range(piece(pieces, from[i]), rows[i] ?? 0);
    valueOffsets[i + 1] = (valueOffsets[i] ?? 0) + end - start;
  }
  const count = valueOffsets[rows.length] ?? 0;
  const inner = { ...picks, pieces: new Uint32Array(count), rows: new Uint32Array(count) };
  for (let i = 0, to = 0; i < rows.length; i++) {
    const [start, end] = range(piece(pieces, from[i]), rows[i] ?? 0);
    for (let at = start; at < end; at++, to++) {
      inner.pieces[to] = from[i] ?? 0;
      inner.rows[to] = at;
    }
  }
  const child = takeChild(pieces, { index: 0, picks: inner });
  return made({ type, length: rows.length, ...validity(pieces, picks), valueOffsets, child });
}

function takeFixedLists(pieces: readonly Data[], picks: Picks): Data {
  const { pieces: from, rows } = picks;
  const data = piece(pieces, 0);
  const { listSize } = typeMembers(data);
  const count = rows.length * listSize;
  const inner = { ...picks, pieces: new Uint32Array(count), rows: new Uint32Array(count) };
  for (let to = 0; to < count; to++) {
    const i = Math.floor(to / listSize);
    inner.pieces[to] = from[i] ?? 0;
    inner.rows[to] = (rows[i] ?? 0) * listSize + (to % listSize);
  }
  const child = takeChild(pieces, { index: 0, picks: inner });
  return made({ type: data.type, length: rows.length, ...validity(pieces, picks), child });
}

function takeUnion(pieces: readonly Data[], picks: Picks): Data {
  const { pieces: from, rows } = picks;
  const first = piece(pieces, 0);
  const { type } = first;
  // DuckDB sends all members for every row.
  if (first.valueOffsets !== undefined) throw new Error('a union whose members have rows of their own');
  const typeIds = new Int8Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    typeIds[i] = (piece(pieces, from[i]).typeIds as Int8Array)[rows[i] ?? 0] ?? 0;
  }
  return made({ type, length: rows.length, nullCount: 0, typeIds, children: takeChildren(pieces, picks) });
}

function takeChildren(pieces: readonly Data[], picks: Picks): Data[] {
  return piece(pieces, 0).children.map((_, index) => takeChild(pieces, { index, picks }));
}

function takeChild(
  pieces: readonly Data[],
  { index, picks }: { readonly index: number; readonly picks: Picks },
): Data {
  return takeRows(
    pieces.map(({ children }) => children[index] as Data),
    picks,
  );
}

/** Where a value's bytes or elements begin and end in those of its piece. */
function range(data: Data, row: number): readonly [start: number, end: number] {
  const offsets = data.valueOffsets as Offsets;
  return [Number(offsets[row]), Number(offsets[row + 1])];
}

function piece(pieces: readonly Data[], index = 0): Data {
  const data = pieces[index];
  if (data === undefined) throw new RangeError(`no piece ${index} of a column`);
  return data;
}

function setBit(bits: Uint8Array, index: number): void {
  bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
}
