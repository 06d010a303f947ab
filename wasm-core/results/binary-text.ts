/*
 * Values that arrive as bytes, as DuckDB's cast to VARCHAR writes them.
 */

/** A BLOB: printable ASCII as it is, every other byte, quotes and backslashes as `\xAB`. */
export function blobText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const plain = byte >= 32 && byte <= 126 && byte !== 0x5c && byte !== 0x27 && byte !== 0x22;
    text += plain ? String.fromCharCode(byte) : `\\x${hex(byte).toUpperCase()}`;
  }
  return text;
}

/** A BIT string: the first byte counts the bits of the second that only fill it up. */
export function bitText(bytes: Uint8Array): string {
  const [padding = 0, ...rest] = bytes;
  return rest
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
    .slice(padding);
}

/**
 * A BIGNUM: three bytes of sign and length, then the absolute value, big-endian; all of it inverted when negative.
 * The format is told in DuckDB's `bignum.hpp`.
 */
export function bignumText(bytes: Uint8Array): string {
  const negative = ((bytes[0] ?? 0) & 0x80) === 0;
  // From digits, since shifting byte by byte takes time that grows with the square of their number.
  const digits = Array.from(bytes.subarray(3), (byte) => hex(negative ? byte ^ 0xff : byte)).join('');
  const value = BigInt(`0x0${digits}`);
  return negative ? (-value).toString() : value.toString();
}

/** A UUID from its 16 bytes in order. */
export function uuidText(bytes: Uint8Array): string {
  const digits = Array.from(bytes, hex).join('');
  const at = [0, 8, 12, 16, 20, 32];
  return at
    .slice(1)
    .map((end, index) => digits.slice(at[index], end))
    .join('-');
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
