import { isUtf8 } from 'node:buffer';
import { CoreError } from '../../protocol/errors.ts';
import type { BytesValue } from '../../protocol/methods.ts';

/**
 * The bytes of a `BytesValue` that came over a border.
 *
 * @param name the member, for messages
 * @throws CoreError PARAMS_INVALID when it is neither `{"utf8"}` nor `{"base64"}`, or its text is not well formed
 */
export function decodeBytesValue(value: unknown, name: string): Uint8Array {
  const given = typeof value === 'object' && value !== null ? value : {};
  const { utf8, base64, ...others } = given as Record<string, unknown>;
  if ((utf8 === undefined) === (base64 === undefined) || Object.keys(others).length > 0) {
    throw invalid(`${name} must be {"utf8": "…"} or {"base64": "…"}.`);
  }
  if (utf8 !== undefined) {
    if (typeof utf8 !== 'string') throw invalid(`${name}.utf8 must be a string.`);
    // A lone surrogate has no UTF-8; replacing it would change the input silently.
    if (/\p{Surrogate}/u.test(utf8)) throw invalid(`${name}.utf8 has half a surrogate pair; send base64.`);
    return Buffer.from(utf8, 'utf8');
  }
  if (typeof base64 !== 'string' || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) {
    throw invalid(`${name}.base64 must be base64 with padding and nothing else.`);
  }
  return Buffer.from(base64, 'base64');
}

/** Bytes for JSON: text when they are valid UTF-8, else base64. */
export function encodeBytesValue(bytes: Uint8Array): BytesValue {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(buffer) ? { utf8: buffer.toString('utf8') } : { base64: buffer.toString('base64') };
}

function invalid(message: string): CoreError {
  return new CoreError('PARAMS_INVALID', message);
}
