import { decimalText } from '../../../results/number-text.ts';
import { dateText, intervalText, timestampText, timeText, zonedText } from '../../../results/time-text.ts';
import { encodeBase64 } from '../../../runtime/base64.ts';
import type { Pointer } from '../c-api.ts';
import { withType } from '../logical-type.ts';
import type { Native } from '../native.ts';
import { isNullAt } from './null-rows.ts';
import { stringAt } from './text-vector.ts';

/*
 * Values of DuckDB's vectors as JavaScript has them: for the fields of documents, and for messages. Numbers are numbers,
 * 64 and 128 bits bigints, DECIMALs numbers, dates and times DuckDB's text.
 */

/** Reads the value of a row; null for NULL. */
export type FieldReader = (row: number) => unknown;

/**
 * How values are given: `document` is for reading fields, with DECIMALs as numbers; `typed` is for JSON, exact, as
 * `TypedValue` has them.
 */
export type ValueStyle = 'document' | 'typed';

/** A reader for a flat vector of any type; values of types that cannot be read are undefined. */
export function fieldReader(native: Native, vector: Pointer, style: ValueStyle): FieldReader {
  return withType(native, native.api.duckdb_vector_get_column_type(vector), (type) =>
    readerOf(native, { vector, type, style }),
  );
}

/** The value of a row as JSON holds it, a `TypedValue`; null also where it cannot be read. */
export function typedValueAt(native: Native, vector: Pointer, row: number): unknown {
  return typed(fieldReader(native, vector, 'typed')(row));
}

function typed(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (value instanceof Uint8Array) return { base64: encodeBase64(value) };
  if (Array.isArray(value)) return value.map(typed);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, typed(part)]));
}

interface Column {
  readonly vector: Pointer;
  /** Logical type, alive during the call. */
  readonly type: Pointer;
  readonly style: ValueStyle;
}

function readerOf(native: Native, column: Column): FieldReader {
  const read = valueReader(native, column);
  const { vector } = column;
  return (row) => (isNullAt(native, { vector, row }) ? null : read(row));
}

function valueReader(native: Native, column: Column): FieldReader {
  const { api } = native;
  const { vector, type, style } = column;
  const id = api.duckdb_get_type_id(type);
  const fixed = FIXED[id];
  if (fixed !== undefined) return (row) => fixed(view(native), api.duckdb_vector_get_data(vector), row);
  switch (id) {
    case 15:
      return intervalReader(native, column);
    case 18:
      return (row) => bytesAt(native, vector, row).slice();
    case 17:
      return (row) => textAt(native, vector, row);
    case 19:
      return decimalReader(native, column);
    case 23:
      return enumReader(native, column);
    case 24:
    case 26:
      return listReader(native, column);
    case 25:
      return structReader(native, column);
    case 33: {
      const length = api.duckdb_array_type_array_size(type);
      const read = fieldReader(native, api.duckdb_array_vector_get_child(vector), style);
      return (row) => Array.from({ length }, (_, i) => read(row * length + i));
    }
    default:
      return () => undefined;
  }
}

/** Units in a second. */
const SECONDS = 1n;
const MILLIS = 1000n;
const MICROS = 1_000_000n;
const NANOS = 1_000_000_000n;

type Fixed = (view: DataView, data: Pointer, row: number) => unknown;

/** Types whose values have one size, by the ids of `duckdb.h`. */
const FIXED: Readonly<Record<number, Fixed | undefined>> = {
  1: (view, data, row) => view.getUint8(data + row) !== 0,
  2: (view, data, row) => view.getInt8(data + row),
  3: (view, data, row) => view.getInt16(data + 2 * row, true),
  4: (view, data, row) => view.getInt32(data + 4 * row, true),
  5: (view, data, row) => view.getBigInt64(data + 8 * row, true),
  6: (view, data, row) => view.getUint8(data + row),
  7: (view, data, row) => view.getUint16(data + 2 * row, true),
  8: (view, data, row) => view.getUint32(data + 4 * row, true),
  9: (view, data, row) => view.getBigUint64(data + 8 * row, true),
  10: (view, data, row) => view.getFloat32(data + 4 * row, true),
  11: (view, data, row) => view.getFloat64(data + 8 * row, true),
  12: (view, data, row) => timestampText(view.getBigInt64(data + 8 * row, true), MICROS),
  13: (view, data, row) => dateText(view.getInt32(data + 4 * row, true)),
  14: (view, data, row) => timeText(view.getBigInt64(data + 8 * row, true), MICROS),
  16: (view, data, row) => hugeAt(view, data + 16 * row),
  20: (view, data, row) => timestampText(view.getBigInt64(data + 8 * row, true), SECONDS),
  21: (view, data, row) => timestampText(view.getBigInt64(data + 8 * row, true), MILLIS),
  22: (view, data, row) => timestampText(view.getBigInt64(data + 8 * row, true), NANOS),
  27: (view, data, row) => uuidText(hugeAt(view, data + 16 * row)),
  31: (view, data, row) => zonedText(view.getBigInt64(data + 8 * row, true)),
  32: (view, data, row) => BigInt.asUintN(128, hugeAt(view, data + 16 * row)),
};

function view(native: Native): DataView {
  return new DataView(native.buffer);
}

function hugeAt(view: DataView, at: Pointer): bigint {
  return (view.getBigInt64(at + 8, true) << 64n) | view.getBigUint64(at, true);
}

/** DuckDB keeps UUIDs with their first bit flipped, so that they sort as numbers do. */
function uuidText(stored: bigint): string {
  const bits = BigInt.asUintN(128, stored ^ (1n << 127n));
  const hex = bits.toString(16).padStart(32, '0');
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}

function intervalReader(native: Native, { vector, style }: Column): FieldReader {
  return (row) => {
    const at = native.api.duckdb_vector_get_data(vector) + 16 * row;
    const bytes = view(native);
    const months = bytes.getInt32(at, true);
    const days = bytes.getInt32(at + 4, true);
    const micros = bytes.getBigInt64(at + 8, true);
    return style === 'typed' ? { months, days, micros } : intervalText(months, days, micros);
  };
}

function bytesAt(native: Native, vector: Pointer, row: number): Uint8Array {
  const { pointer, byteLength } = stringAt(native, native.api.duckdb_vector_get_data(vector), row);
  return native.bytes().subarray(pointer, pointer + byteLength);
}

function textAt(native: Native, vector: Pointer, row: number): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytesAt(native, vector, row));
}

function decimalReader(native: Native, { vector, type, style }: Column): FieldReader {
  const { api } = native;
  const width = api.duckdb_decimal_width(type);
  const scale = api.duckdb_decimal_scale(type);
  return (row) => {
    const data = api.duckdb_vector_get_data(vector);
    const value = unscaled(view(native), data, { row, width });
    return style === 'typed' ? decimalText(value, { width, scale }) : Number(value) / 10 ** scale;
  };
}

/** DECIMALs lie in the narrowest integers that hold their width. */
function unscaled(
  view: DataView,
  data: Pointer,
  { row, width }: { readonly row: number; readonly width: number },
): bigint {
  if (width <= 4) return BigInt(view.getInt16(data + 2 * row, true));
  if (width <= 9) return BigInt(view.getInt32(data + 4 * row, true));
  return width <= 18 ? view.getBigInt64(data + 8 * row, true) : hugeAt(view, data + 16 * row);
}

function enumReader(native: Native, { vector, type }: Column): FieldReader {
  const { api } = native;
  const size = api.duckdb_enum_dictionary_size(type);
  const names = Array.from({ length: size }, (_, i) =>
    native.takeText(api.duckdb_enum_dictionary_value(type, i, 0)),
  );
  return (row) => {
    const data = api.duckdb_vector_get_data(vector);
    const bytes = view(native);
    if (size <= 0xff) return names[bytes.getUint8(data + row)];
    return names[
      size <= 0xffff ? bytes.getUint16(data + 2 * row, true) : bytes.getUint32(data + 4 * row, true)
    ];
  };
}

function listReader(native: Native, { vector, style }: Column): FieldReader {
  const { api } = native;
  const read = fieldReader(native, api.duckdb_list_vector_get_child(vector), style);
  return (row) => {
    const at = api.duckdb_vector_get_data(vector) + 16 * row;
    const first = native.word(at);
    return Array.from({ length: native.word(at + 8) }, (_, i) => read(first + i));
  };
}

function structReader(native: Native, { vector, type, style }: Column): FieldReader {
  const { api } = native;
  const fields = Array.from({ length: api.duckdb_struct_type_child_count(type) }, (_, i) => ({
    name: native.takeText(api.duckdb_struct_type_child_name(type, i, 0)),
    read: fieldReader(native, api.duckdb_struct_vector_get_child(vector, i, 0), style),
  }));
  return (row) => Object.fromEntries(fields.map(({ name, read }) => [name, read(row)]));
}
