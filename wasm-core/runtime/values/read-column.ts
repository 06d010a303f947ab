import { CoreError } from '../../protocol/errors.ts';
import type { SqlType } from '../../protocol/sql-types.ts';
import type { TypedValue } from '../../protocol/typed-values.ts';
import type { Guest } from '../guest.ts';
import { decodeLeaf } from './decode-leaf.ts';
import type { Leaf } from './encode-leaf.ts';
import { entryType, type LeafLayout, leafLayout } from './sql-type-of.ts';

/** What reading takes beside the column. */
export interface ReadContext {
  readonly guest: Guest;
  /** For messages. */
  readonly functionName: string;
  /** What may still be read: each value counts its bytes, and at least one. A column may name a billion values in 32 bytes. */
  readonly budget: { left: number; readonly maxOutputBytes: number };
}

/** A column's 32 bytes, as the guest wrote them. */
interface Header {
  readonly rows: number;
  readonly validity: number;
  readonly offsets: number;
  readonly data: number;
  readonly children: number;
  readonly childCount: number;
  readonly constant: boolean;
}

const COLUMN_BYTES = 32;

/**
 * Reads a column that a guest made, and trusts nothing of it.
 *
 * @param address of its 32 bytes
 * @param rows how many it has to have
 * @returns one value for each row
 * @throws CoreError MEMORY_BOUNDS, RESULT_INVALID, OUTPUT_LIMIT
 */
export function readColumn(
  context: ReadContext,
  column: { readonly address: number; readonly type: SqlType; readonly rows: number },
): TypedValue[] {
  const header = readHeader(context, column.address);
  if (header.rows !== column.rows) {
    throw broken(context, `a column of ${header.rows} rows where ${column.rows} belong`);
  }
  // The buffers of one value for all rows hold that one row.
  const stored = header.constant ? Math.min(1, header.rows) : header.rows;
  const read = reader(context, header, { type: column.type, rows: stored });
  return Array.from({ length: header.rows }, (_, row) => {
    spend(context, 1);
    const at = header.constant ? 0 : row;
    return isValid(context, header, at) ? read(at) : null;
  });
}

/** RESULT_INVALID for a batch or a column that does not hold. */
export function broken({ functionName }: ReadContext, what: string): CoreError {
  const message = `${functionName} returned ${what}. Check how the plugin lays out its batches (docs/plugin-abi.md, "Batches").`;
  return new CoreError('RESULT_INVALID', message, { function: functionName });
}

/** A little-endian u32 of guest memory. @throws CoreError MEMORY_BOUNDS */
export function readU32({ guest }: ReadContext, address: number): number {
  const bytes = guest.read(address, 4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
}

function spend({ budget, functionName }: ReadContext, byteLength: number): void {
  budget.left -= byteLength;
  if (budget.left >= 0) return;
  const { maxOutputBytes } = budget;
  const message = `${functionName} returned more than the ${maxOutputBytes} bytes allowed. Raise limits.maxOutputBytes.`;
  throw new CoreError('OUTPUT_LIMIT', message, { function: functionName });
}

function readHeader(context: ReadContext, address: number): Header {
  const bytes = context.guest.read(address, COLUMN_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, COLUMN_BYTES);
  const at = (index: number): number => view.getUint32(4 * index, true);
  const header = {
    rows: at(0),
    validity: at(2),
    offsets: at(3),
    data: at(4),
    children: at(5),
    childCount: at(6),
  };
  const nulls = at(1);
  if (nulls > header.rows) throw broken(context, `a column with ${nulls} NULLs in ${header.rows} rows`);
  if (nulls > 0 && header.validity === 0) throw broken(context, 'a column with NULLs and no validity bitmap');
  if (at(7) > 1) throw broken(context, `a column whose constant flag is ${at(7)}, which is neither 0 nor 1`);
  return { ...header, constant: at(7) === 1 };
}

function isValid({ guest }: ReadContext, { validity }: Header, row: number): boolean {
  if (validity === 0) return true;
  const byte = guest.read(validity + (row >> 3), 1)[0] ?? 0;
  return ((byte >> (row & 7)) & 1) === 1;
}

type Read = (row: number) => TypedValue;

function reader(
  context: ReadContext,
  header: Header,
  { type, rows }: { readonly type: SqlType; readonly rows: number },
): Read {
  switch (type.kind) {
    case 'list':
      return listReader(context, header, type.element);
    case 'map': {
      const read = listReader(context, header, entryType(type));
      return (row) => checkedMap(context, read(row));
    }
    case 'array': {
      const values = readColumn(context, {
        ...child(context, header, 0),
        type: type.element,
        rows: rows * type.length,
      });
      return (row) => values.slice(row * type.length, (row + 1) * type.length);
    }
    case 'struct': {
      const columns = type.fields.map((field, index) =>
        readColumn(context, { ...child(context, header, index, type.fields.length), type: field.type, rows }),
      );
      return (row) =>
        Object.fromEntries(type.fields.map(({ name }, index) => [name, columns[index]?.[row] ?? null]));
    }
    default: {
      const layout = leafLayout(type);
      if (layout === undefined) throw new Error(`${type.kind} has no layout`);
      const isFloat = type.kind === 'simple' && (type.name === 'FLOAT' || type.name === 'DOUBLE');
      const unsigned =
        type.kind === 'simple' && type.name.startsWith('U') ? UNSIGNED_BITS.get(layout) : undefined;
      return (row) => {
        const leaf = readLeaf(context, header, { layout, isFloat, row });
        const plain = unsigned !== undefined && typeof leaf === 'number' ? leaf & unsigned : leaf;
        return decodeLeaf(plain, type, context.functionName);
      };
    }
  }
}

/** The address of a child column, once it is clear that the column has as many as its type. */
function child(context: ReadContext, header: Header, index: number, count = 1): { address: number } {
  if (header.childCount === count) return { address: header.children + COLUMN_BYTES * index };
  throw broken(context, `a column of ${header.childCount} children where its type has ${count}`);
}

/** Elements are read when a row names them, so that what no row names need not hold. */
function listReader(context: ReadContext, header: Header, element: SqlType): Read {
  const { address } = child(context, header, 0);
  const rows = readU32(context, address);
  let all: readonly TypedValue[] | undefined;
  return (row) => {
    const [start, end] = offsetsAt(context, header, row);
    if (end > rows) throw broken(context, `a list that ends at ${end}, behind the ${rows} rows of its child`);
    all ??= readColumn(context, { address, type: element, rows });
    return all.slice(start, end);
  };
}

function offsetsAt(context: ReadContext, { offsets }: Header, row: number): [number, number] {
  if (offsets === 0) throw broken(context, 'a column without the offsets that its type needs');
  const start = readU32(context, offsets + 4 * row) | 0;
  const end = readU32(context, offsets + 4 * row + 4) | 0;
  if (start >= 0 && end >= start) return [start, end];
  throw broken(context, `offsets that fall from ${start} to ${end}`);
}

function readLeaf(
  context: ReadContext,
  header: Header,
  { layout, isFloat, row }: { readonly layout: LeafLayout; readonly isFloat: boolean; readonly row: number },
): Leaf {
  const { guest } = context;
  if (layout === 'bits') {
    requireData(context, header);
    return ((guest.read(header.data + (row >> 3), 1)[0] ?? 0) >> (row & 7)) & 1;
  }
  if (layout === 'bytes') {
    const [start, end] = offsetsAt(context, header, row);
    spend(context, end - start);
    return guest.read(header.data + start, end - start);
  }
  requireData(context, header);
  spend(context, layout);
  const bytes = guest.read(header.data + layout * row, layout);
  return layout === 16 ? bytes : numberAt(bytes, { layout, isFloat });
}

/** Address 0 is inside memory, but it means that there is no data. */
function requireData(context: ReadContext, { data }: Header): void {
  if (data === 0) throw broken(context, 'a column without the data that its type needs');
}

/** Narrow types without a sign, which are read with one: the bits that count. */
const UNSIGNED_BITS: ReadonlyMap<LeafLayout, number> = new Map([
  [1, 0xff],
  [2, 0xffff],
]);

function numberAt(
  bytes: Uint8Array,
  { layout, isFloat }: { readonly layout: 1 | 2 | 4 | 8; readonly isFloat: boolean },
): number | bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, layout);
  if (isFloat) return layout === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  if (layout === 8) return view.getBigInt64(0, true);
  if (layout === 4) return view.getInt32(0, true);
  return layout === 2 ? view.getInt16(0, true) : view.getInt8(0);
}

function checkedMap(context: ReadContext, value: TypedValue): TypedValue {
  const entries = value as readonly ({ readonly key: TypedValue } | null)[];
  const keys = entries.map((entry) =>
    entry === null || entry.key === null ? undefined : JSON.stringify(entry.key),
  );
  if (keys.includes(undefined)) throw broken(context, 'a MAP with a key that is NULL');
  if (new Set(keys).size < keys.length) throw broken(context, 'a MAP that has a key twice');
  return value;
}
