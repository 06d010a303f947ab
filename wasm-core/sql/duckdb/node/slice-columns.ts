import { type Data, Type } from 'apache-arrow';

/** Some rows of columns as a record batch has them: parts and their buffers, in the order of their types. */
export interface BatchParts {
  readonly nodes: BatchNode[];
  readonly buffers: Uint8Array[];
}

interface BatchNode {
  readonly length: number;
  readonly nullCount: number;
}

/** Rows from `from` on. */
interface RowRange {
  readonly from: number;
  readonly count: number;
}

/**
 * Rows that follow one another, of columns as they were read from a message. Buffers are views where they can be.
 *
 * @throws Error for a union whose members have rows of their own, which the engine does not send
 */
export function sliceColumns(columns: readonly Data[], range: RowRange): BatchParts {
  const parts: BatchParts = { nodes: [], buffers: [] };
  for (const column of columns) slice(column, range, parts);
  return parts;
}

function slice(data: Data, range: RowRange, parts: BatchParts): void {
  const { from, count } = range;
  const { typeId } = data.type;
  if (typeId === Type.Null) {
    parts.nodes.push({ length: count, nullCount: count });
    return;
  }
  if (typeId === Type.Union) {
    if (data.valueOffsets !== undefined) throw new Error('a union whose members have rows of their own');
    parts.nodes.push({ length: count, nullCount: 0 });
    parts.buffers.push(bytesOf(data.typeIds, from, count));
    for (const child of data.children) slice(child, range, parts);
    return;
  }
  pushValidity(data, range, parts);
  switch (typeId) {
    case Type.Struct:
      for (const child of data.children) slice(child, range, parts);
      return;
    case Type.FixedSizeList:
      sliceChild(data, { from: from * data.stride, count: count * data.stride }, parts);
      return;
    case Type.List:
    case Type.Map:
      sliceChild(data, pushOffsets(data, range, parts), parts);
      return;
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Binary:
    case Type.LargeBinary: {
      const bytes = pushOffsets(data, range, parts);
      parts.buffers.push(bytesOf(data.values, bytes.from, bytes.count));
      return;
    }
    case Type.Bool:
      parts.buffers.push(bits(data.values as Uint8Array, range));
      return;
    default:
      parts.buffers.push(bytesOf(data.values, from * data.stride, count * data.stride));
  }
}

function sliceChild({ children }: Data, range: RowRange, parts: BatchParts): void {
  for (const child of children) slice(child, range, parts);
}

function pushValidity(data: Data, range: RowRange, { nodes, buffers }: BatchParts): void {
  const isFull = data.nullCount === 0;
  const bitmap = isFull ? new Uint8Array() : bits(data.nullBitmap as Uint8Array, range);
  nodes.push({ length: range.count, nullCount: isFull ? 0 : range.count - onesOf(bitmap, range.count) });
  buffers.push(bitmap);
}

/** Adds the offsets of some rows, from 0. @returns what they are offsets into */
function pushOffsets(data: Data, { from, count }: RowRange, { buffers }: BatchParts): RowRange {
  const offsets = data.valueOffsets as Int32Array | BigInt64Array;
  const start = offsets[from] ?? 0;
  const end = Number(offsets[from + count] ?? start);
  const own =
    offsets instanceof BigInt64Array
      ? offsets.slice(from, from + count + 1).map((offset) => offset - BigInt(start))
      : offsets.slice(from, from + count + 1).map((offset) => offset - Number(start));
  buffers.push(new Uint8Array(own.buffer, own.byteOffset, own.byteLength));
  return { from: Number(start), count: end - Number(start) };
}

function bytesOf(values: unknown, from: number, count: number): Uint8Array {
  const { buffer, byteOffset, BYTES_PER_ELEMENT: size } = values as Uint8Array;
  return new Uint8Array(buffer, byteOffset + from * size, count * size);
}

function bits(bitmap: Uint8Array, { from, count }: RowRange): Uint8Array {
  const [first, shift] = [from >> 3, from & 7];
  const length = (count + 7) >> 3;
  if (shift === 0) return bitmap.subarray(first, first + length);
  return Uint8Array.from({ length }, (_, i) => {
    const [low = 0, high = 0] = [bitmap[first + i], bitmap[first + i + 1]];
    return (low >> shift) | (high << (8 - shift));
  });
}

function onesOf(bitmap: Uint8Array, count: number): number {
  let ones = 0;
  for (let i = 0; i < count; i++) ones += ((bitmap[i >> 3] ?? 0) >> (i & 7)) & 1;
  return ones;
}
