import type { SqlType } from '../../protocol/sql-types.ts';
import type { TypedValue } from '../../protocol/typed-values.ts';
import { decodeBase64 } from '../base64.ts';
import { INTEGER_RANGES, isIntegerType } from '../integer-ranges.ts';
import { type ArgumentPlace, invalidArgument } from './argument-error.ts';
import { parseDate, parseTime, parseTimestamp, parseZoned } from './time-values.ts';

/** A value without children as it crosses: a number, a 64-bit one as a bigint, or bytes (16 for a block). */
export type Leaf = number | bigint | Uint8Array;

/**
 * Checks a value against its type and turns it into what crosses.
 *
 * @param type one without children
 * @param value not null
 * @throws CoreError ARGUMENT_INVALID that names the place, the type and the value
 */
export function encodeLeaf(value: TypedValue, type: SqlType, place: ArgumentPlace): Leaf {
  if (type.kind === 'decimal') return decimalOf(value, type, place);
  if (type.kind !== 'simple') throw new Error(`${type.kind} has children`);
  const { name } = type;
  if (isIntegerType(name)) {
    const integer = integerOf(value, INTEGER_RANGES[name], place);
    return name === 'BIGINT' || name === 'UBIGINT' ? integer : Number(integer);
  }
  switch (name) {
    case 'BOOLEAN':
      if (typeof value === 'boolean') return value ? 1 : 0;
      throw invalidArgument(value, place, 'true or false');
    case 'VARCHAR':
      return textOf(value, place);
    case 'BLOB':
      return blobOf(value, place);
    case 'HUGEINT':
      return block(integerOf(value, [-(2n ** 127n), 2n ** 127n - 1n], place));
    case 'UHUGEINT':
      return block(integerOf(value, [0n, 2n ** 128n - 1n], place));
    case 'FLOAT':
    case 'DOUBLE':
      return floatOf(value, name, place);
    case 'INTERVAL':
      return intervalOf(value, place);
    case 'UUID':
      return uuidOf(value, place);
    default:
      return timeOf(value, TIME_FORMS[name], place);
  }
}

/** 16 bytes, little-endian. */
function block(value: bigint): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt.asUintN(64, value), true);
  view.setBigUint64(8, BigInt.asUintN(64, value >> 64n), true);
  return bytes;
}

function integerOf(value: TypedValue, [low, high]: readonly [bigint, bigint], place: ArgumentPlace): bigint {
  const wanted = `a whole number from ${low} to ${high}`;
  // Digits with a sign, few enough that a long string costs nothing.
  const isText = typeof value === 'string' && /^-?\d{1,40}$/.test(value);
  if (!isText && !(typeof value === 'number' && Number.isSafeInteger(value))) {
    const inexact = typeof value === 'number' && Number.isInteger(value);
    throw invalidArgument(value, place, inexact ? `${wanted}, as a string beyond 2^53` : wanted);
  }
  const integer = BigInt(value);
  if (integer < low || integer > high) throw invalidArgument(value, place, wanted);
  return integer;
}

function textOf(value: TypedValue, place: ArgumentPlace): Uint8Array {
  if (typeof value !== 'string') throw invalidArgument(value, place, 'a string');
  // A lone surrogate has no UTF-8; replacing it would change the argument silently.
  if (/\p{Surrogate}/u.test(value)) throw invalidArgument(value, place, 'text without half a surrogate pair');
  return new TextEncoder().encode(value);
}

function blobOf(value: TypedValue, place: ArgumentPlace): Uint8Array {
  const text = memberOf(value, 'base64');
  const bytes = typeof text === 'string' ? decodeBase64(text) : undefined;
  if (bytes === undefined) throw invalidArgument(value, place, '{"base64": "…"}');
  return bytes;
}

function memberOf(value: TypedValue, name: string): TypedValue | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as { readonly [name: string]: TypedValue })[name];
}

function floatOf(value: TypedValue, type: 'FLOAT' | 'DOUBLE', place: ArgumentPlace): number {
  const number = typeof value === 'string' ? FLOAT_WORDS.get(value) : value;
  if (typeof number !== 'number') {
    throw invalidArgument(value, place, 'a number, "NaN", "Infinity" or "-Infinity"');
  }
  if (type === 'FLOAT' && Number.isFinite(number) && !Number.isFinite(Math.fround(number))) {
    throw invalidArgument(value, place, 'a number within the range of 32-bit floats');
  }
  return number;
}

const FLOAT_WORDS: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** Digits with at most `scale` of them, but zeros, behind the point. */
function decimalOf(
  value: TypedValue,
  type: Extract<SqlType, { kind: 'decimal' }>,
  place: ArgumentPlace,
): Leaf {
  const { width, scale } = type;
  const wanted = `a string of at most ${width - scale} digits before the point and ${scale} behind it`;
  const text = typeof value === 'number' ? String(value) : value;
  const found = typeof text === 'string' && text.length <= 80 ? DECIMAL.exec(text) : null;
  if (found === null) throw invalidArgument(value, place, wanted);
  const [, sign, whole = '', fraction = ''] = found;
  if (whole + fraction === '' || /[1-9]/.test(fraction.slice(scale)))
    throw invalidArgument(value, place, wanted);
  const size = BigInt(`0${whole}${fraction.slice(0, scale).padEnd(scale, '0')}`);
  if (size >= 10n ** BigInt(width)) throw invalidArgument(value, place, wanted);
  const unscaled = sign === '-' ? -size : size;
  return width <= 18 ? unscaled : block(unscaled);
}

const DECIMAL = /^(-?)(\d*)(?:\.(\d*))?$/;

function intervalOf(value: TypedValue, place: ArgumentPlace): Uint8Array {
  const wanted = '{"months": 0, "days": 0, "micros": 0} of whole numbers';
  const parts = ['months', 'days', 'micros'].map((name) => memberOf(value, name) ?? 0);
  const known = typeof value === 'object' && value !== null && !Array.isArray(value);
  const strangers = known ? Object.keys(value).filter((k) => !['months', 'days', 'micros'].includes(k)) : [];
  if (!known || strangers.length > 0) throw invalidArgument(value, place, wanted);
  const [months = 0, days = 0, micros = 0] = parts;
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  const inside = (name: string): ArgumentPlace => ({ ...place, name: `${place.name}.${name}` });
  view.setInt32(0, Number(integerOf(months, INTEGER_RANGES.INTEGER, inside('months'))), true);
  view.setInt32(4, Number(integerOf(days, INTEGER_RANGES.INTEGER, inside('days'))), true);
  view.setBigInt64(8, integerOf(micros, INTEGER_RANGES.BIGINT, inside('micros')), true);
  return bytes;
}

function uuidOf(value: TypedValue, place: ArgumentPlace): Uint8Array {
  if (typeof value !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) {
    throw invalidArgument(value, place, 'text such as "123e4567-e89b-12d3-a456-426614174000"');
  }
  const digits = value.replaceAll('-', '');
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** How a type of time is read, and how it is written, for messages. */
interface TimeForm {
  readonly parse: (text: string) => number | bigint | undefined;
  readonly example: string;
}

const STAMP = '2024-02-29 12:34:56';
const TIME_FORMS: Readonly<
  Record<
    'DATE' | 'TIME' | 'TIMESTAMP' | `TIMESTAMP_${'S' | 'MS' | 'NS'}` | 'TIMESTAMP WITH TIME ZONE',
    TimeForm
  >
> = {
  DATE: { parse: parseDate, example: '2024-02-29' },
  TIME: { parse: parseTime, example: '12:34:56.789' },
  TIMESTAMP: { parse: (text) => parseTimestamp(text, 1_000_000n), example: `${STAMP}.123456` },
  TIMESTAMP_S: { parse: (text) => parseTimestamp(text, 1n), example: STAMP },
  TIMESTAMP_MS: { parse: (text) => parseTimestamp(text, 1000n), example: `${STAMP}.123` },
  TIMESTAMP_NS: { parse: (text) => parseTimestamp(text, 1_000_000_000n), example: `${STAMP}.123456789` },
  'TIMESTAMP WITH TIME ZONE': { parse: parseZoned, example: `${STAMP}+00` },
};

function timeOf(value: TypedValue, { parse, example }: TimeForm, place: ArgumentPlace): number | bigint {
  const units = typeof value === 'string' ? parse(value) : undefined;
  if (units === undefined) throw invalidArgument(value, place, `text such as "${example}"`);
  return units;
}
