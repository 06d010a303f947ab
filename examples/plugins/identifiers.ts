// @ts-nocheck This is AssemblyScript: Quern checks it, and the types below are WebAssembly's.

/**
 * When a ULID was made, in UTC, as text that casts to TIMESTAMP; NULL for a text that is no ULID. Small letters will do,
 * and I, L and O for 1, 1 and 0. Source: https://github.com/ulid/spec.
 *
 * ulid_time('01ARZ3NDEKTSV4RRFFQ69G5FAV') is '2016-07-30 23:54:10.259'.
 * @udf
 */
export function ulid_time(ulid: string): string | null {
  const bytes = ulidBytes(ulid);
  return bytes === null ? null : timeText(bigEndian(bytes, 0, 6) * 10_000);
}

/** What a ULID says. */
class Ulid {
  constructor(
    public time: string | null,
    public randomness: Uint8Array,
  ) {}
}

/**
 * The time of a ULID, as ulid_time gives it, and its random bytes; NULL for a text that is no ULID.
 *
 * ulid_parse('01ARZ3NDEKTSV4RRFFQ69G5FAV').time is '2016-07-30 23:54:10.259'.
 * @udf
 */
export function ulid_parse(ulid: string): Ulid | null {
  const bytes = ulidBytes(ulid);
  return bytes === null ? null : new Ulid(ulid_time(ulid), bytes.slice(6));
}

/**
 * The ten bytes of a ULID that are random; NULL for a text that is no ULID.
 *
 * hex(ulid_randomness('01ARZ3NDEKTSV4RRFFQ69G5FAV')) is 'D6764C61EFB99302BD5B'.
 * @udf
 */
export function ulid_randomness(ulid: string): Uint8Array | null {
  const bytes = ulidBytes(ulid);
  return bytes === null ? null : bytes.slice(6);
}

/**
 * The same 128 bits written as a UUID; NULL for a text that is no ULID. Sorts as the ULIDs do.
 *
 * ulid_to_uuid('01ARZ3NDEKTSV4RRFFQ69G5FAV') is '01563e3a-b5d3-d676-4c61-efb99302bd5b'.
 * @udf
 */
export function ulid_to_uuid(ulid: string): string | null {
  const bytes = ulidBytes(ulid);
  if (bytes === null) return null;
  let text = '';
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += HEX.charAt(bytes[i] >> 4) + HEX.charAt(bytes[i] & 15);
  }
  return text;
}

/**
 * The version of a UUID, 0 to 15, from its bits, whatever its variant; NULL for a text that is no UUID. Hyphens, braces and
 * "urn:uuid:" may be there or not. Source: RFC 9562.
 *
 * uuid_version('017f22e2-79b0-7cc3-98c4-dc0c0c07398f') is 7.
 * @udf
 */
export function uuid_version(uuid: string): Opt<i32> {
  const bytes = uuidBytes(uuid);
  return bytes === null ? Opt.none<i32>() : Opt.of<i32>(bytes[6] >> 4);
}

/** What a UUID says of itself. */
class UuidParts {
  constructor(
    public version: i32,
    public variant: string | null,
    public time: string | null,
  ) {}
}

/**
 * Version, variant and time of a UUID, as the functions of these names give them; NULL for a text that is no UUID.
 *
 * uuid_parse('017f22e2-79b0-7cc3-98c4-dc0c0c07398f').version is 7.
 * @udf
 */
export function uuid_parse(uuid: string): UuidParts | null {
  const bytes = uuidBytes(uuid);
  if (bytes === null) return null;
  return new UuidParts(bytes[6] >> 4, uuid_variant(uuid), uuid_time(uuid));
}

/**
 * Who lays down what the bits of a UUID mean: 'NCS', 'RFC 9562', 'Microsoft' or 'future'; NULL for a text that is no UUID.
 *
 * uuid_variant('017f22e2-79b0-7cc3-98c4-dc0c0c07398f') is 'RFC 9562'.
 * @udf
 */
export function uuid_variant(uuid: string): string | null {
  const bytes = uuidBytes(uuid);
  if (bytes === null) return null;
  const top = bytes[8] >> 5;
  if (top < 4) return 'NCS';
  if (top < 6) return 'RFC 9562';
  return top === 6 ? 'Microsoft' : 'future';
}

/**
 * When a UUID of version 1, 6 or 7 was made, in UTC, as text that casts to TIMESTAMP: milliseconds for version 7, else
 * tenths of microseconds. NULL for other versions and variants, and for a text that is no UUID.
 *
 * uuid_time('017f22e2-79b0-7cc3-98c4-dc0c0c07398f') is '2022-02-22 19:22:22'.
 * @udf
 */
export function uuid_time(uuid: string): string | null {
  const bytes = uuidBytes(uuid);
  if (bytes === null || bytes[8] >> 6 !== 2) return null;
  const version = bytes[6] >> 4;
  if (version === 7) return timeText(bigEndian(bytes, 0, 6) * 10_000);
  const low = bigEndian(bytes, 0, 4);
  const middle = bigEndian(bytes, 4, 2);
  const last = bigEndian(bytes, 6, 2) & 0xfff;
  if (version === 1) return timeText(((last << 48) | (middle << 32) | low) - GREGORIAN);
  return version === 6 ? timeText(((low << 28) | (middle << 12) | last) - GREGORIAN) : null;
}

const HEX = '0123456789abcdef';
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** From the Gregorian reform, 1582-10-15, to 1970, in tenths of microseconds. */
const GREGORIAN: i64 = 122_192_928_000_000_000;
/** A day in tenths of microseconds. */
const DAY: i64 = 864_000_000_000;

/** The 16 bytes of a ULID; null for a text that is none, or that is larger than 128 bits. */
function ulidBytes(ulid: string): Uint8Array | null {
  if (ulid.length !== 26) return null;
  let high: u64 = 0;
  let low: u64 = 0;
  for (let i = 0; i < 26; i++) {
    const value = crockfordValue(ulid.charCodeAt(i));
    if (value < 0 || (i === 0 && value > 7)) return null;
    high = (high << 5) | (low >> 59);
    low = (low << 5) | <u64>value;
  }
  const bytes = new Uint8Array(16);
  store<u64>(bytes.dataStart, bswap<u64>(high));
  store<u64>(bytes.dataStart + 8, bswap<u64>(low));
  return bytes;
}

function crockfordValue(c: i32): i32 {
  const capital = c >= 0x61 && c <= 0x7a ? c - 0x20 : c;
  if (capital === 0x4f) return 0;
  if (capital === 0x49 || capital === 0x4c) return 1;
  return CROCKFORD.indexOf(String.fromCharCode(capital));
}

/** The 16 bytes of a UUID; null for a text that is none. */
function uuidBytes(uuid: string): Uint8Array | null {
  const digits = uuidDigits(uuid);
  if (digits.length !== 32) return null;
  const bytes = new Uint8Array(16);
  for (let i = 0; i < 32; i++) {
    const value = hexValue(digits.charCodeAt(i));
    if (value < 0) return null;
    bytes[i >> 1] = <u8>((bytes[i >> 1] << 4) | value);
  }
  return bytes;
}

/** The digits of one of the ways to write a UUID; empty for another way. */
function uuidDigits(uuid: string): string {
  let text = uuid;
  if (text.startsWith('urn:uuid:')) text = text.substring(9);
  else if (text.startsWith('{') && text.endsWith('}')) text = text.substring(1, text.length - 1);
  if (text.length !== 36) return text;
  const groups = text.split('-');
  if (groups.length !== 5 || groups[0].length !== 8 || groups[4].length !== 12) return '';
  if (groups[1].length !== 4 || groups[2].length !== 4) return '';
  return groups.join('');
}

function hexValue(c: i32): i32 {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  const small = c | 0x20;
  return small >= 0x61 && small <= 0x66 ? small - 0x57 : -1;
}

function bigEndian(bytes: Uint8Array, from: i32, count: i32): i64 {
  let value: i64 = 0;
  for (let i = 0; i < count; i++) value = (value << 8) | <i64>bytes[from + i];
  return value;
}

/** An instant, in tenths of microseconds since 1970, as SQL writes it, without zeros at the end of its fraction. */
function timeText(time: i64): string {
  const day = time / DAY - (time % DAY < 0 ? 1 : 0);
  const rest = time - day * DAY;
  const seconds = <i32>(rest / 10_000_000);
  const clock = `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
  const fraction = <i32>(rest % 10_000_000);
  const date = dateText(<i32>day);
  if (fraction === 0) return `${date} ${clock}`;
  let digits = fraction.toString().padStart(7, '0');
  while (digits.endsWith('0')) digits = digits.substring(0, digits.length - 1);
  return `${date} ${clock}.${digits}`;
}

/**
 * The date of a day counted from 1970-01-01. Years are counted from March, so that the leap day is their last; source: H.
 * Hinnant, https://howardhinnant.github.io/date_algorithms.html, civil_from_days.
 */
function dateText(day: i32): string {
  const shifted = day + 719_468;
  const era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097;
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const fromMarch = (5 * dayOfYear + 2) / 153;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${year.toString().padStart(4, '0')}-${two(month)}-${two(dayOfYear - (153 * fromMarch + 2) / 5 + 1)}`;
}

function two(n: i32): string {
  return n.toString().padStart(2, '0');
}
