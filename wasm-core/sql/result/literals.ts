import { doubleText, floatText } from '../../results/number-text.ts';
import { parseType } from '../../results/type-text.ts';

/*
 * Literals of SQL for values as results show them. A literal stands for a text alone when the type has exactly one value
 * that is shown so; where that is not certain, values are compared by their texts.
 */

/** A text as a SQL literal; the parser of the engine ends at a NUL character, so that such a text is put together. */
export function textLiteral(text: string): string {
  const parts = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? (parts[0] ?? "''") : `(${parts.join(' || chr(0) || ')})`;
}

/**
 * The literal of the one value of a type that is shown as a text.
 *
 * @param type in DuckDB's words
 * @returns undefined where no value, or more than one, may be shown so
 */
export function exactLiteral(type: string, text: string): string | undefined {
  if (type === 'VARCHAR' || parseType(type).name === 'ENUM') return textLiteral(text);
  const integer = INTEGERS[type];
  if (integer !== undefined) return integerLiteral({ ...integer, type }, text);
  const [, width, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? [];
  if (width !== undefined) return decimalLiteral({ type, width: Number(width), scale: Number(scale) }, text);
  switch (type) {
    case 'BOOLEAN':
      return text === 'true' || text === 'false' ? text : undefined;
    case 'DOUBLE':
      return doubleLiteral(text);
    case 'FLOAT':
      return isShownReal(text, (value) => floatText(Math.fround(value))) ? cast(text, type) : undefined;
    case 'UUID':
      return UUID.test(text) ? cast(text, type) : undefined;
    case 'DATE':
      return isDate(text) ? `date '${text}'` : undefined;
    case 'TIME':
      return isTime(text, 6) ? `time '${text}'` : undefined;
    default:
      return timestampLiteral(type, text);
  }
}

/** The literal of a value that somebody may have written; the engine says so when it cannot be read. */
export function valueLiteral(type: string, text: string): string {
  const exact = exactLiteral(type, text);
  if (exact !== undefined) return exact;
  return type === 'DOUBLE' && SHORT_NUMBER.test(text) ? text : `cast(${textLiteral(text)} as ${type})`;
}

/** Bounds of the whole numbers, in powers of two. */
const INTEGERS: Readonly<Record<string, { readonly bits: number; readonly signed: boolean }>> = {
  TINYINT: { bits: 8, signed: true },
  SMALLINT: { bits: 16, signed: true },
  INTEGER: { bits: 32, signed: true },
  BIGINT: { bits: 64, signed: true },
  HUGEINT: { bits: 128, signed: true },
  UTINYINT: { bits: 8, signed: false },
  USMALLINT: { bits: 16, signed: false },
  UINTEGER: { bits: 32, signed: false },
  UBIGINT: { bits: 64, signed: false },
  UHUGEINT: { bits: 128, signed: false },
};

/** Digits that the engine reads as a BIGINT, or as a DECIMAL in 64 bits. */
const PLAIN_DIGITS = 18;
/** Digits with which every decimal is a DOUBLE of its own, and a quotient of two whole ones. */
const DOUBLE_DIGITS = 15;

/** A number that is written without an exponent, and with few enough digits to be the DOUBLE that is nearest. */
const SHORT_NUMBER = /^-?(?:\d{1,8}|\d{1,8}\.\d{1,7})$/;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function cast(text: string, type: string): string {
  return `'${text}'::${type}`;
}

function integerLiteral(
  { type, bits, signed }: { readonly type: string; readonly bits: number; readonly signed: boolean },
  text: string,
): string | undefined {
  if (!/^(0|-?[1-9]\d*)$/.test(text) || text.length > 40) return undefined;
  const value = BigInt(text);
  const isHeld = signed ? BigInt.asIntN(bits, value) === value : BigInt.asUintN(bits, value) === value;
  if (!isHeld) return undefined;
  return text.length <= PLAIN_DIGITS ? text : cast(text, type);
}

function decimalLiteral(
  { type, width, scale }: { readonly type: string; readonly width: number; readonly scale: number },
  text: string,
): string | undefined {
  const whole = width === scale ? '' : '(?:0|[1-9]\\d*)';
  const fraction = scale === 0 ? '' : `\\.\\d{${scale}}`;
  const isShown = new RegExp(`^-?${whole}${fraction}$`).test(text);
  const digits = text.replace(/[-.]/g, '').replace(/^0+/, '');
  if (!isShown || digits.length > width || (digits === '' && text.startsWith('-'))) return undefined;
  return text.length <= PLAIN_DIGITS && whole !== '' ? text : cast(text, type);
}

function doubleLiteral(text: string): string | undefined {
  if (!isShownReal(text, doubleText)) return undefined;
  const isShort = !text.includes('e') && text.replace(/[-.]/g, '').length <= DOUBLE_DIGITS;
  return isShort ? text : cast(text, 'DOUBLE');
}

/** Zero has two texts and one value, and so have the numbers that are none. */
function isShownReal(text: string, shown: (value: number) => string): boolean {
  const value = Number(text);
  return /\d/.test(text) && Number.isFinite(value) && value !== 0 && shown(value) === text;
}

function timestampLiteral(type: string, text: string): string | undefined {
  const form = TIMESTAMPS[type];
  if (form === undefined || !text.endsWith(form.ending)) return undefined;
  const [date = '', time = '', ...more] = text.slice(0, text.length - form.ending.length).split(' ');
  if (more.length > 0 || !isDate(date) || !isTime(time, form.digits)) return undefined;
  // Nanoseconds since 1970 reach from 1677 to 2262.
  if (form.digits === 9 && !/^(1[789]|20|21)/.test(date)) return undefined;
  return form.keyword === undefined ? cast(text, type) : `${form.keyword} '${text}'`;
}

const TIMESTAMPS: Readonly<
  Record<string, { readonly digits: number; readonly ending: string; readonly keyword?: string }>
> = {
  TIMESTAMP: { digits: 6, ending: '', keyword: 'timestamp' },
  TIMESTAMP_S: { digits: 0, ending: '' },
  TIMESTAMP_MS: { digits: 3, ending: '' },
  TIMESTAMP_NS: { digits: 9, ending: '' },
  'TIMESTAMP WITH TIME ZONE': { digits: 6, ending: '+00', keyword: 'timestamptz' },
};

/** A day from the year 1 to 9999. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text.startsWith('0000')) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}

/** A time of a day, its fraction without zeros at its end. */
function isTime(text: string, digits: number): boolean {
  const [, hours, minutes, seconds, fraction] = /^(\d\d):(\d\d):(\d\d)(?:\.(\d*[1-9]))?$/.exec(text) ?? [];
  if (hours === undefined) return false;
  const isClock = Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60;
  return isClock && (fraction?.length ?? 0) <= digits;
}
