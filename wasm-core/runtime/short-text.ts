/*
 * UTF-8 in guest memory and text, quickly for what most texts are: short, and ASCII. The platform's own encoder and
 * decoder cost a few hundred nanoseconds a call, whatever the length.
 */

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Above this many units the platform's functions are the faster ones. */
const SHORT_UNITS = 40;

/** The most bytes that a text takes in UTF-8. */
export function maxUtf8Length(text: string): number {
  return text.length * 3;
}

/**
 * Writes a text as UTF-8; a lone surrogate becomes U+FFFD.
 *
 * @param at where; behind it there is room for `maxUtf8Length(text)` bytes
 * @returns the bytes written
 */
export function writeUtf8(text: string, into: Uint8Array, at: number): number {
  const { length } = text;
  if (length > SHORT_UNITS) return encoder.encodeInto(text, into.subarray(at)).written;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return encoder.encodeInto(text, into.subarray(at)).written;
    into[at + i] = unit;
  }
  return length;
}

/** Text of UTF-8 bytes. @returns undefined when they are not valid UTF-8 */
export function readUtf8(from: Uint8Array, start: number, byteLength: number): string | undefined {
  if (byteLength <= SHORT_UNITS) {
    let text = '';
    let i = start;
    const end = start + byteLength;
    for (; i < end; i++) {
      const byte = from[i] ?? 0x80;
      if (byte > 0x7f) break;
      text += String.fromCharCode(byte);
    }
    if (i === end) return text;
  }
  try {
    return strictDecoder.decode(from.subarray(start, start + byteLength));
  } catch {
    return undefined;
  }
}
