import { CoreError } from '../protocol/errors.ts';
import type { TypedValue } from '../protocol/methods.ts';
import type { PluginParameter, PluginType } from '../protocol/plugins.ts';
import { decodeBase64 } from './base64.ts';
import { INTEGER_RANGES, isIntegerType } from './integer-ranges.ts';

/** An argument as it crosses into a guest. */
export type EncodedArgument =
  | { readonly form: 'null' }
  | { readonly form: 'scalar'; readonly value: number | bigint }
  | { readonly form: 'bytes'; readonly bytes: Uint8Array };

/**
 * Checks one argument against its parameter. Integers come as numbers or decimal strings, floats as numbers or as
 * one of the strings `NaN`, `Infinity`, `-Infinity`, BLOBs as `{"base64"}`.
 *
 * @throws CoreError ARGUMENT_INVALID that names the parameter, its type and the value
 */
export function encodeArgument(value: TypedValue, parameter: PluginParameter): EncodedArgument {
  if (value === null) return { form: 'null' };
  const { type } = parameter;
  if (type === 'BOOLEAN') {
    if (typeof value !== 'boolean') throw invalid(value, parameter, 'true or false');
    return { form: 'scalar', value: value ? 1 : 0 };
  }
  if (type === 'VARCHAR') {
    if (typeof value !== 'string') throw invalid(value, parameter, 'a string');
    // A lone surrogate has no UTF-8; replacing it would change the argument silently.
    if (/\p{Surrogate}/u.test(value)) throw invalid(value, parameter, 'text without half a surrogate pair');
    return { form: 'bytes', bytes: new TextEncoder().encode(value) };
  }
  if (type === 'BLOB') return { form: 'bytes', bytes: blobBytes(value, parameter) };
  if (isIntegerType(type)) return { form: 'scalar', value: integerOf(value, parameter) };
  return { form: 'scalar', value: floatOf(value, parameter) };
}

function blobBytes(value: TypedValue, parameter: PluginParameter): Uint8Array {
  const text = typeof value === 'object' && value !== null ? value.base64 : undefined;
  const bytes = typeof text === 'string' ? decodeBase64(text) : undefined;
  if (bytes === undefined) throw invalid(value, parameter, '{"base64": "…"}');
  return bytes;
}

function integerOf(value: TypedValue, parameter: PluginParameter): number | bigint {
  const { type } = parameter;
  if (!isIntegerType(type)) throw new Error(`${type} is not an integer type`);
  const [low, high] = INTEGER_RANGES[type];
  const wanted = `a whole number from ${low} to ${high}`;
  const whole = typeof value === 'number' ? Number.isSafeInteger(value) : isDecimal(value);
  if (!whole) {
    const inexact = typeof value === 'number' && Number.isInteger(value);
    throw invalid(value, parameter, inexact ? `${wanted}, as a string beyond 2^53` : wanted);
  }
  const integer = BigInt(value as string | number);
  if (integer < low || integer > high) throw invalid(value, parameter, wanted);
  return type === 'BIGINT' || type === 'UBIGINT' ? integer : Number(integer);
}

/** Digits with a sign, few enough that a long string costs nothing. */
function isDecimal(value: TypedValue): boolean {
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value);
}

function floatOf(value: TypedValue, parameter: PluginParameter): number {
  const number = typeof value === 'string' ? FLOAT_WORDS[value] : value;
  if (typeof number !== 'number')
    throw invalid(value, parameter, 'a number, "NaN", "Infinity" or "-Infinity"');
  if (parameter.type === 'FLOAT' && Number.isFinite(number) && !Number.isFinite(Math.fround(number))) {
    throw invalid(value, parameter, 'a number within the range of 32-bit floats');
  }
  return number;
}

const FLOAT_WORDS: Readonly<Record<string, number | undefined>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

function invalid(value: TypedValue, parameter: PluginParameter, wanted: string): CoreError {
  const type: PluginType = parameter.type;
  const text = JSON.stringify(value) ?? String(value);
  const shown = text.length > 60 ? `${text.slice(0, 57)}…` : text;
  const message = `The argument ${parameter.name} is ${shown}, but its type is ${type}: give ${wanted}, or null.`;
  return new CoreError('ARGUMENT_INVALID', message, { parameter: parameter.name, type });
}
