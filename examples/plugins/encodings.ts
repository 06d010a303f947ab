// @ts-nocheck This is AssemblyScript: Quern checks it, and the types below are WebAssembly's.

/**
 * Bytes in Base32 with the alphabet A-Z, 2-7 and padding, after RFC 4648, section 6.
 *
 * base32_encode('foobar'::BLOB) is 'MZXW6YTBOI======'.
 * @udf
 */
export function base32_encode(data: Uint8Array): string {
  return encode(data, RFC4648, true);
}

/**
 * The bytes of Base32 text after RFC 4648, section 6, in capitals or small letters, with or without its padding. NULL
 * where it is none: another character, a length that no bytes have, or bits left over that are not 0.
 *
 * base32_decode('MZXW6YTBOI======') is 'foobar'::BLOB.
 * @udf
 */
export function base32_decode(text: string): Uint8Array | null {
  const end = withoutPadding(text);
  return end < 0 ? null : decode(text, end, RFC4648);
}

/**
 * Bytes in Crockford's Base32, without padding and check symbol; see https://www.crockford.com/base32.html. Bytes are taken
 * from the left, five bits a character, as in RFC 4648, with zero bits at the end.
 *
 * crockford32_encode('foobar'::BLOB) is 'CSQPYRK1E8'.
 * @udf
 */
export function crockford32_encode(data: Uint8Array): string {
  return encode(data, CROCKFORD, false);
}

/**
 * The bytes of Crockford's Base32 text: small letters are capitals, O is 0, I and L are 1, hyphens do not count. NULL where
 * it is none: another character, a length that no bytes have, or bits left over that are not 0.
 *
 * crockford32_decode('csqp-yrkl-e8') is 'foobar'::BLOB.
 * @udf
 */
export function crockford32_decode(text: string): Uint8Array | null {
  const digits = text.replaceAll('-', '');
  return decode(digits, digits.length, CROCKFORD);
}

const RFC4648 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const PADDING: u8 = 0x3d;

function encode(data: Uint8Array, alphabet: string, padded: bool): string {
  const length = (data.length * 8 + 4) / 5;
  const text = new Uint8Array(padded ? ((data.length + 4) / 5) * 8 : length);
  let bits: u32 = 0;
  let held = 0;
  let n = 0;
  for (let i = 0; i < data.length; i++) {
    bits = (bits << 8) | data[i];
    held += 8;
    while (held >= 5) {
      held -= 5;
      text[n++] = <u8>alphabet.charCodeAt((bits >> held) & 31);
    }
  }
  if (held > 0) text[n++] = <u8>alphabet.charCodeAt((bits << (5 - held)) & 31);
  while (n < text.length) text[n++] = PADDING;
  return String.UTF8.decodeUnsafe(text.dataStart, text.length);
}

/** Where the digits end; -1 when there is padding that does not fill up eight characters. */
function withoutPadding(text: string): i32 {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === <i32>PADDING) end--;
  return end === text.length || (text.length % 8 === 0 && text.length - end < 8) ? end : -1;
}

function decode(text: string, length: i32, alphabet: string): Uint8Array | null {
  // Left over from whole bytes are at most four bits; 1, 3 and 6 characters would leave five or more.
  if ((length * 5) % 8 >= 5) return null;
  const data = new Uint8Array((length * 5) / 8);
  let bits: u32 = 0;
  let held = 0;
  let n = 0;
  for (let i = 0; i < length; i++) {
    const value = digitValue(text.charCodeAt(i), alphabet);
    if (value < 0) return null;
    bits = (bits << 5) | value;
    held += 5;
    if (held < 8) continue;
    held -= 8;
    data[n++] = <u8>(bits >> held);
  }
  return (bits & ((1 << held) - 1)) === 0 ? data : null;
}

/** What a digit stands for; -1 for a character that is none. */
function digitValue(digit: i32, alphabet: string): i32 {
  // ASCII alone: toUpperCase would also take the long s for an S.
  const capital = digit >= 0x61 && digit <= 0x7a ? digit - 0x20 : digit;
  const value = alphabet.indexOf(String.fromCharCode(capital));
  if (value >= 0 || alphabet === RFC4648) return value;
  if (capital === 0x4f) return 0;
  return capital === 0x49 || capital === 0x4c ? 1 : -1;
}
