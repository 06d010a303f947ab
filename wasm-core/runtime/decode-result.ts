import { assertNever } from '../protocol/assert-never.ts';
import { CoreError } from '../protocol/errors.ts';
import type { TypedValue } from '../protocol/methods.ts';
import type { PluginFunction } from '../protocol/plugins.ts';
import { encodeBase64 } from './base64.ts';
import type { Guest } from './guest.ts';
import { INTEGER_RANGES } from './integer-ranges.ts';

/**
 * The typed value of what a function returned: BIGINT and UBIGINT as decimal strings, a float that JSON cannot hold
 * as one of the strings `NaN`, `Infinity`, `-Infinity`, a BLOB as `{"base64"}`.
 *
 * @param raw what the export gave
 * @throws CoreError RESULT_INVALID when it does not fit its type or is not UTF-8, MEMORY_BOUNDS, OUTPUT_LIMIT
 */
export function decodeResult(
  guest: Guest,
  fn: PluginFunction,
  options: { readonly raw: unknown; readonly maxOutputBytes: number },
): TypedValue {
  const { raw, maxOutputBytes } = options;
  const type = fn.returns;
  switch (type) {
    case 'BOOLEAN':
      return asNumber(raw) !== 0;
    case 'TINYINT':
    case 'SMALLINT':
    case 'UTINYINT':
    case 'USMALLINT':
      return narrow(fn, asNumber(raw));
    case 'INTEGER':
      return asNumber(raw);
    case 'UINTEGER':
      return asNumber(raw) >>> 0;
    case 'BIGINT':
      return String(asBigInt(raw));
    case 'UBIGINT':
      return String(BigInt.asUintN(64, asBigInt(raw)));
    case 'FLOAT':
      return jsonNumber(shortestFloat(asNumber(raw)));
    case 'DOUBLE':
      return jsonNumber(asNumber(raw));
    case 'VARCHAR':
    case 'BLOB': {
      const bytes = readBytesResult(guest, fn, { packed: asBigInt(raw), maxOutputBytes });
      if (bytes === null) return null;
      return type === 'BLOB' ? { base64: encodeBase64(bytes) } : textOf(fn, bytes);
    }
    default:
      return assertNever(type);
  }
}

/**
 * The bytes of a VARCHAR or BLOB result, not copied: valid until the guest runs again; null for NULL.
 *
 * @param options.packed `len << 32 | ptr`, length -1 for NULL
 * @throws CoreError MEMORY_BOUNDS, OUTPUT_LIMIT
 */
export function readBytesResult(
  guest: Guest,
  fn: PluginFunction,
  options: { readonly packed: bigint; readonly maxOutputBytes: number },
): Uint8Array | null {
  const { packed, maxOutputBytes } = options;
  const byteLength = Number(BigInt.asIntN(32, packed >> 32n));
  if (byteLength === -1) return null;
  const bytes = guest.read(Number(BigInt.asUintN(32, packed)), byteLength);
  if (bytes.byteLength <= maxOutputBytes) return bytes;
  const message = `${fn.name} returned ${bytes.byteLength} bytes, more than the ${maxOutputBytes} allowed. Raise limits.maxOutputBytes.`;
  throw new CoreError('OUTPUT_LIMIT', message, { function: fn.name, byteLength: bytes.byteLength });
}

/** A result narrower than its i32 must fit its SQL type. */
function narrow(fn: PluginFunction, value: number): number {
  const type = fn.returns as 'TINYINT' | 'SMALLINT' | 'UTINYINT' | 'USMALLINT';
  const [low, high] = INTEGER_RANGES[type];
  if (value >= low && value <= high) return value;
  const message = `${fn.name} returned ${value}, which does not fit ${type} (${low} to ${high}). Declare a wider type or check the plugin.`;
  throw new CoreError('RESULT_INVALID', message, { function: fn.name, type, value });
}

function textOf(fn: PluginFunction, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const message = `${fn.name} returned ${bytes.byteLength} bytes that are not valid UTF-8. Declare it as returning BLOB, or check the plugin.`;
    throw new CoreError('RESULT_INVALID', message, { function: fn.name, type: fn.returns });
  }
}

function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** The shortest decimal that reads back as the same 32-bit float: 0.1 rather than 0.10000000149011612. */
function shortestFloat(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Object.is(Math.fround(short), value)) return short;
  }
  return value;
}

function asNumber(raw: unknown): number {
  if (typeof raw === 'number') return raw;
  throw new Error(`the export gave ${typeof raw} where its checked type says number`);
}

function asBigInt(raw: unknown): bigint {
  if (typeof raw === 'bigint') return raw;
  throw new Error(`the export gave ${typeof raw} where its checked type says bigint`);
}
