import { isUtf8 } from 'node:buffer';
import { CoreError } from '../../protocol/errors.ts';
import { MAX_LINE_BYTES } from '../../protocol/limits.ts';
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

/**
 * Bytes for JSON: text when they are valid UTF-8, else base64.
 *
 * @throws CoreError OUTPUT_LIMIT when they do not go into one line; found out without writing it
 */
export function encodeBytesValue(bytes: Uint8Array): BytesValue {
  // Most bytes are so few that no escapes can make them too many.
  if (bytes.byteLength * MOST_JSON_BYTES > MAX_LINE_BYTES) checkJsonSize(bytes);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(buffer) ? { utf8: buffer.toString('utf8') } : { base64: buffer.toString('base64') };
}

/** A control character as `\u0000`. */
const MOST_JSON_BYTES = 6;

function checkJsonSize(bytes: Uint8Array): void {
  let size = bytes.byteLength;
  for (const byte of bytes) {
    if (byte < 0x20) size += SHORT_ESCAPES.has(byte) ? 1 : MOST_JSON_BYTES - 1;
    else if (byte === 0x22 || byte === 0x5c) size++;
  }
  if (size <= MAX_LINE_BYTES) return;
  const message = `The output has ${bytes.byteLength} bytes, and as JSON more than the ${MAX_LINE_BYTES} that go in one line. Make the output smaller, or split the input.`;
  throw new CoreError('OUTPUT_LIMIT', message, {
    byteLength: bytes.byteLength,
    maxLineBytes: MAX_LINE_BYTES,
  });
}

/** Backspace, tab, line feed, form feed, carriage return. */
const SHORT_ESCAPES: ReadonlySet<number> = new Set([8, 9, 10, 12, 13]);

function invalid(message: string): CoreError {
  return new CoreError('PARAMS_INVALID', message);
}
