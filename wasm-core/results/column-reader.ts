import { type Data, type Field, Type } from 'apache-arrow';
import { bignumText, bitText, blobText, uuidText } from './binary-text.ts';
import { listReader, mapReader, structReader, unionReader } from './nested-reader.ts';
import { decimalText, doubleText, floatText, littleEndian } from './number-text.ts';
import { dateText, intervalText, timestampText, timeText, zonedText, zonedTimeText } from './time-text.ts';
import type { TypeNode } from './type-text.ts';
import { utf8Text } from './utf8-text.ts';
import {
  type JsonForm,
  jsonAsIs,
  jsonString,
  scalarReader,
  typeMembers,
  type ValueReader,
} from './value-reader.ts';

/** One column of one record batch. */
export interface Column {
  readonly field: Field;
  readonly data: Data;
  /** In DuckDB's words. Arrow's own types say less, and their metadata gets lost inside maps. */
  readonly type: TypeNode;
}

/** The types whose values have parts are read with this again, hence they get it handed in. */
export type ReadColumn = (column: Column) => ValueReader;

/**
 * Reads a column as DuckDB-Wasm sends it with `arrowLosslessConversion`: types that Arrow does not have come as bytes
 * with an extension name in the field's metadata.
 *
 * @throws Error for an Arrow type that DuckDB does not send
 */
export function columnReader(column: Column): ValueReader {
  const { data } = column;
  switch (specialName(column)) {
    case 'BOOLEAN':
      return boolReader(data);
    case 'UUID':
      return bytesReader(data, { text: uuidText, json: jsonString });
    case 'JSON':
      return { ...scalarReader(data, { text: utf8At(data), json: jsonAsIs }), bare: 'lists' };
    case 'HUGEINT':
      return bytesReader(data, { text: (bytes) => littleEndian(bytes, SIGNED).toString(), json: jsonAsIs });
    case 'UHUGEINT':
      return bytesReader(data, { text: (bytes) => littleEndian(bytes, UNSIGNED).toString(), json: jsonAsIs });
    case 'BIGNUM':
      return bytesReader(data, { text: bignumText, json: jsonAsIs });
    case 'BIT':
      return bytesReader(data, { text: bitText, json: jsonString });
    case 'TIME WITH TIME ZONE':
      return bytesReader(data, {
        text: (bytes) => zonedTimeText(littleEndian(bytes, UNSIGNED)),
        json: jsonString,
      });
    default:
      return plainReader(column);
  }
}

const SIGNED = { signed: true };
const UNSIGNED = { signed: false };

/** Types that Arrow has not, by the extension that stands for each. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'arrow.bool8': 'BOOLEAN',
  'arrow.uuid': 'UUID',
  'arrow.json': 'JSON',
  hugeint: 'HUGEINT',
  uhugeint: 'UHUGEINT',
  bignum: 'BIGNUM',
  bit: 'BIT',
  time_tz: 'TIME WITH TIME ZONE',
};

function specialName({ field, type }: Column): string | undefined {
  const extension = field.metadata.get('ARROW:extension:name');
  if (extension === undefined) return type.name;
  return EXTENSIONS[extension === 'arrow.opaque' ? opaqueName(field) : extension];
}

function plainReader(column: Column): ValueReader {
  const { data } = column;
  switch (data.type.typeId) {
    case Type.Null:
      return { bare: 'nowhere', isNull: () => true, text: () => 'NULL', json: () => 'null' };
    case Type.Bool:
      return boolReader(data);
    case Type.Int:
      return integerReader(data);
    case Type.Float:
      return realReader(data);
    case Type.Decimal:
      return decimalReader(data);
    case Type.Utf8:
    case Type.LargeUtf8:
      return scalarReader(data, { text: utf8At(data), json: jsonString });
    case Type.Binary:
    case Type.LargeBinary:
    case Type.FixedSizeBinary:
      return bytesReader(data, { text: blobText, json: jsonString });
    case Type.List:
    case Type.FixedSizeList:
      return listReader(column, columnReader);
    case Type.Struct:
      return structReader(column, columnReader);
    case Type.Map:
      return mapReader(column, columnReader);
    case Type.Union:
      return unionReader(column, columnReader);
    default:
      return timeReader(data);
  }
}

/** The finest of Arrow's units of time; seconds are 0. */
const NANOSECONDS = 3;

function timeReader(data: Data): ValueReader {
  const write = (text: (row: number) => string) => scalarReader(data, { text, json: jsonString });
  const { unit = 2, timezone } = typeMembers(data);
  if (!(unit >= 0 && unit <= NANOSECONDS)) throw new Error(`Arrow has no unit of time ${unit}.`);
  const perSecond = 10n ** BigInt(unit * 3);
  const values = data.values as Int32Array | BigInt64Array;
  const at = (row: number) => BigInt(values[row] ?? 0);
  switch (data.type.typeId) {
    case Type.Date:
      return write((row) => dateText(Number(at(row))));
    case Type.Time:
      return write((row) => timeText(at(row), perSecond));
    case Type.Timestamp:
      return write((row) => (timezone ? zonedText(at(row)) : timestampText(at(row), perSecond)));
    case Type.Interval:
      return write(intervalAt(data));
    default:
      throw new Error(`Quern cannot show Arrow values of type ${data.type}; please report this.`);
  }
}

/**
 * A bit a value, whatever the schema says: DuckDB-Wasm 1.32 declares `arrow.bool8`, a byte a value, and yet packs the
 * bits; what follows them in the buffer is not part of any value.
 */
function boolReader(data: Data): ValueReader {
  const { buffer, byteOffset, byteLength } = data.values as Uint8Array;
  const bits = new Uint8Array(buffer, byteOffset, byteLength);
  const text = (row: number) => String((((bits[row >> 3] ?? 0) >> (row & 7)) & 1) === 1);
  return scalarReader(data, { text, json: jsonAsIs });
}

function integerReader(data: Data): ValueReader {
  const values = data.values as ArrayLike<number | bigint>;
  return scalarReader(data, { text: (row) => String(values[row]), json: jsonAsIs });
}

function realReader(data: Data): ValueReader {
  const values = data.values as Float32Array | Float64Array;
  const write = values instanceof Float32Array ? floatText : doubleText;
  const json = (text: string) => (/[a-df-z]/.test(text) ? 'null' : text);
  const text = (row: number) => {
    const value = values[row] ?? 0;
    // DuckDB shows the sign of a NaN, which only its bits tell.
    return Number.isNaN(value) && hasSignBit(values, row) ? '-nan' : write(value);
  };
  return scalarReader(data, { text, json });
}

function hasSignBit(values: Float32Array | Float64Array, row: number): boolean {
  const { buffer, byteOffset, BYTES_PER_ELEMENT: size } = values;
  const highest = new Uint8Array(buffer, byteOffset + row * size + size - 1, 1)[0] ?? 0;
  return highest >= 0x80;
}

/** Of Arrow's widest decimals, 256 bits; DuckDB's have 38. */
const MAX_DECIMAL_DIGITS = 76;

function decimalReader(data: Data): ValueReader {
  const { scale, precision, bitWidth } = typeMembers(data);
  // A damaged page may ask for millions of digits a value.
  if (!(scale >= 0 && scale <= MAX_DECIMAL_DIGITS)) {
    throw new Error(`A DECIMAL cannot have ${scale} digits behind its point.`);
  }
  const { buffer, byteOffset, byteLength } = data.values as Uint32Array;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  const size = bitWidth / 8;
  const text = (row: number) => {
    const value = littleEndian(bytes.subarray(row * size, (row + 1) * size), { signed: true });
    return decimalText(value, { width: precision, scale });
  };
  // JSON wants a digit before the point.
  return scalarReader(data, { text, json: (digits) => digits.replace(/^(-?)\./, '$10.') });
}

function bytesReader(
  data: Data,
  write: { readonly text: (bytes: Uint8Array) => string; readonly json: JsonForm },
): ValueReader {
  return scalarReader(data, { text: (row) => write.text(bytesAt(data, row)), json: write.json });
}

/** Months, days and nanoseconds: 32, 32 and 64 bits. */
function intervalAt(data: Data): (row: number) => string {
  const words = data.values as Int32Array;
  return (row) => {
    const [months = 0, days = 0, low = 0, high = 0] = words.subarray(row * 4, row * 4 + 4);
    const nanos = (BigInt(high) << 32n) | BigInt(low >>> 0);
    return intervalText(months, days, nanos / 1000n);
  };
}

function bytesAt(data: Data, row: number): Uint8Array {
  const bytes = data.values as Uint8Array;
  if (data.type.typeId === Type.FixedSizeBinary) {
    const { byteWidth } = typeMembers(data);
    return bytes.subarray(row * byteWidth, (row + 1) * byteWidth);
  }
  const offsets = data.valueOffsets as ArrayLike<number | bigint>;
  return bytes.subarray(Number(offsets[row]), Number(offsets[row + 1]));
}

function utf8At(data: Data): (row: number) => string {
  return (row) => utf8Text(bytesAt(data, row));
}

function opaqueName(field: Field): string {
  const { type_name } = JSON.parse(field.metadata.get('ARROW:extension:metadata') || '{}') as {
    type_name?: string;
  };
  return type_name ?? '';
}
