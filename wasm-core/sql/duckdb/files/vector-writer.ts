import type { SqlType } from '../../../protocol/sql-types.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import { setRowNull } from '../udf/null-rows.ts';

/**
 * A value as a reader of rows gives it: null is NULL; numbers for types of up to 32 bits and for floats; bigints for
 * BIGINT, HUGEINT, DECIMAL (unscaled), TIME and TIMESTAMP (microseconds); days for DATE; arrays for LIST; arrays in the
 * order of the fields for STRUCT; arrays of pairs for MAP.
 */
export type CellValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | CellInterval
  | readonly CellValue[];

export interface CellInterval {
  readonly months: number;
  readonly days: number;
  readonly micros: bigint;
}

/** Where values go: so many rows of a vector, from one on. */
interface Target {
  readonly vector: Pointer;
  readonly firstRow: number;
}

/** Writes values of one type into vectors of the engine. */
export class VectorWriter {
  readonly #native: Native;
  readonly #type: SqlType;

  constructor(native: Native, type: SqlType) {
    this.#native = native;
    this.#type = type;
  }

  /** @param values one for each row, from the first on */
  write(vector: Pointer, values: readonly CellValue[]): void {
    writeValues(this.#native, { type: this.#type, values }, { vector, firstRow: 0 });
  }
}

interface Values {
  readonly type: SqlType;
  readonly values: readonly CellValue[];
}

function writeValues(native: Native, { type, values }: Values, to: Target): void {
  for (const [index, value] of values.entries()) {
    if (value === null) setRowNull(native, { vector: to.vector, row: to.firstRow + index, type });
  }
  switch (type.kind) {
    case 'simple':
      writeSimple(native, { name: type.name, values }, to);
      break;
    case 'decimal':
      writeIntegers(native, { bytes: decimalBytes(type.width), values }, to);
      break;
    case 'list':
      writeLists(native, { element: type.element, values }, to);
      break;
    case 'map': {
      const element: SqlType = {
        kind: 'struct',
        fields: [
          { name: 'key', type: type.key },
          { name: 'value', type: type.value },
        ],
      };
      writeLists(native, { element, values }, to);
      break;
    }
    case 'struct':
      for (const [index, field] of type.fields.entries()) {
        const vector = native.api.duckdb_struct_vector_get_child(to.vector, index, 0);
        const parts = values.map((value) => (Array.isArray(value) ? (value[index] ?? null) : null));
        writeValues(native, { type: field.type, values: parts }, { vector, firstRow: to.firstRow });
      }
      break;
    case 'array':
      throw new Error('no format has an ARRAY');
  }
}

const FIXED_BYTES: Readonly<Partial<Record<string, number>>> = {
  TINYINT: 1,
  SMALLINT: 2,
  INTEGER: 4,
  BIGINT: 8,
  HUGEINT: 16,
  UBIGINT: 8,
  DATE: 4,
  TIME: 8,
  TIMESTAMP: 8,
  TIMESTAMP_MS: 8,
  TIMESTAMP_NS: 8,
  'TIMESTAMP WITH TIME ZONE': 8,
};

function writeSimple(
  native: Native,
  { name, values }: { readonly name: string; readonly values: readonly CellValue[] },
  to: Target,
): void {
  if (name === 'VARCHAR' || name === 'BLOB') {
    writeBytes(native, values, to);
    return;
  }
  const bytes = FIXED_BYTES[name];
  if (bytes !== undefined) {
    writeIntegers(native, { bytes, values }, to);
    return;
  }
  const data = native.api.duckdb_vector_get_data(to.vector);
  const view = new DataView(native.buffer);
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    const row = to.firstRow + index;
    if (name === 'BOOLEAN') view.setUint8(data + row, value === true ? 1 : 0);
    else if (name === 'DOUBLE') view.setFloat64(data + 8 * row, Number(value), true);
    else if (name === 'FLOAT') view.setFloat32(data + 4 * row, Number(value), true);
    else if (name === 'UUID') writeUuid(view, data + 16 * row, value as bigint);
    else if (name === 'INTERVAL') writeInterval(view, data + 16 * row, value as CellInterval);
    else throw new Error(`no values of ${name} are written`);
  }
}

/** DuckDB keeps UUIDs with their first bit flipped, so that they sort as numbers do. */
function writeUuid(view: DataView, at: Pointer, value: bigint): void {
  view.setBigUint64(at, BigInt.asUintN(64, value), true);
  view.setBigUint64(at + 8, BigInt.asUintN(64, value >> 64n) ^ (1n << 63n), true);
}

function writeInterval(view: DataView, at: Pointer, { months, days, micros }: CellInterval): void {
  view.setInt32(at, months, true);
  view.setInt32(at + 4, days, true);
  view.setBigInt64(at + 8, micros, true);
}

function writeIntegers(
  native: Native,
  { bytes, values }: { readonly bytes: number; readonly values: readonly CellValue[] },
  to: Target,
): void {
  const data = native.api.duckdb_vector_get_data(to.vector) + bytes * to.firstRow;
  const view = new DataView(native.buffer);
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    const at = data + bytes * index;
    if (bytes === 1) view.setInt8(at, Number(value));
    else if (bytes === 2) view.setInt16(at, Number(value), true);
    else if (bytes === 4) view.setInt32(at, Number(value), true);
    else {
      const integer = BigInt(value as bigint | number);
      view.setBigInt64(at, BigInt.asIntN(64, integer), true);
      if (bytes === 16) view.setBigInt64(at + 8, BigInt.asIntN(64, integer >> 64n), true);
    }
  }
}

/** DECIMALs lie in the narrowest integers that hold their width. */
function decimalBytes(width: number): number {
  if (width <= 4) return 2;
  if (width <= 9) return 4;
  return width <= 18 ? 8 : 16;
}

/** Texts and bytes, by way of a block that they are put into first. */
function writeBytes(native: Native, values: readonly CellValue[], to: Target): void {
  const room = values.reduce<number>((most, value) => Math.max(most, byteLengthAtMost(value)), 0);
  const encoder = new TextEncoder();
  native.withBlock(room + 1, (block) => {
    for (const [index, value] of values.entries()) {
      if (value === null) continue;
      // The engine's memory may have grown since the last.
      const bytes = native.bytes().subarray(block, block + room);
      let byteLength: number;
      if (value instanceof Uint8Array) {
        bytes.set(value);
        byteLength = value.length;
      } else byteLength = encoder.encodeInto(String(value), bytes).written;
      native.api.duckdb_vector_assign_string_element_len(
        to.vector,
        to.firstRow + index,
        0,
        block,
        byteLength,
        0,
      );
    }
  });
}

function byteLengthAtMost(value: CellValue): number {
  if (value === null) return 0;
  return value instanceof Uint8Array ? value.length : 3 * String(value).length;
}

function writeLists(
  native: Native,
  { element, values }: { readonly element: SqlType; readonly values: readonly CellValue[] },
  to: Target,
): void {
  const { api } = native;
  const base = to.firstRow === 0 ? 0 : api.duckdb_list_vector_get_size(to.vector);
  const flat: CellValue[] = [];
  const entries: number[] = [];
  for (const value of values) {
    const items = Array.isArray(value) ? (value as readonly CellValue[]) : [];
    entries.push(base + flat.length, items.length);
    for (const item of items) flat.push(item);
  }
  const size = base + flat.length;
  if (api.duckdb_list_vector_reserve(to.vector, size, 0) !== 0) {
    throw new Error(`the engine has no memory left for a list of ${size} values`);
  }
  api.duckdb_list_vector_set_size(to.vector, size, 0);
  const data = (api.duckdb_vector_get_data(to.vector) >>> 2) + 4 * to.firstRow;
  const words = native.words();
  for (let index = 0; index < values.length; index++) {
    words.set([entries[2 * index] ?? 0, 0, entries[2 * index + 1] ?? 0, 0], data + 4 * index);
  }
  const child = api.duckdb_list_vector_get_child(to.vector);
  writeValues(native, { type: element, values: flat }, { vector: child, firstRow: base });
}
