import { MAX_JSON_DEPTH } from '../../protocol/limits.ts';

/** The longest path, in bytes of UTF-8. A longer one names nothing. */
export const MAX_PATH_BYTES = 4096;

/**
 * The value of a field.
 *
 * @param fields what JSON can say, and bigints
 * @param path names and array indexes with dots between them, such as `author.name` or `tags.0`; a name that holds a
 *   dot cannot be reached
 * @returns undefined when there is no such field, or its value is null
 */
export function fieldAt(fields: Readonly<Record<string, unknown>>, path: string): unknown {
  const names = path.split('.', MAX_JSON_DEPTH + 1);
  if (names.length > MAX_JSON_DEPTH) return undefined;
  let value: unknown = fields;
  for (const name of names) value = member(value, name);
  return value ?? undefined;
}

/** A field as text: text as it is, anything else as JSON; undefined for what JSON cannot say. */
export function fieldText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
}

/** A field as a whole number from -2^63 to 2^63 - 1; decimal text counts, since a BIGINT may come as that. */
export function fieldInteger(value: unknown): bigint | undefined {
  const number = wholeNumber(value);
  return number !== undefined && BigInt.asIntN(64, number) === number ? number : undefined;
}

/** A field as a number; what `fieldInteger` reads is one too, rounded to the nearest double. */
export function fieldNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const integer = fieldInteger(value);
  return integer === undefined ? undefined : Number(integer);
}

/** Own members alone: what objects and arrays inherit is not the document's. */
function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return ARRAY_INDEX.test(name) ? value[Number(name)] : undefined;
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

const ARRAY_INDEX = /^(?:0|[1-9][0-9]{0,8})$/;

function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'string' && /^-?[0-9]{1,19}$/.test(value) ? BigInt(value) : undefined;
}
