// @ts-nocheck This is AssemblyScript: Quern checks it, and the types below are WebAssembly's.

/**
 * One part of a URL: 'scheme', 'user', 'host', 'port', 'path', 'query' or 'fragment'. Scheme and host are in small letters,
 * as they mean the same so; everything else is as it stands, nothing is decoded. NULL for a part that is not there, and for
 * another name; an empty query is '', and the path is always there. Source: RFC 3986, appendix B, which gives every text
 * its parts.
 *
 * url_part('https://Example.com:8080/a?b=c#d', 'host') is 'example.com'.
 * @udf
 */
export function url_part(url: string, part: string): string | null {
  const parsed = new Url(url);
  if (part === 'scheme') return parsed.scheme;
  if (part === 'user') return parsed.user;
  if (part === 'host') return parsed.host;
  if (part === 'port') return parsed.port;
  if (part === 'path') return parsed.path;
  if (part === 'query') return parsed.query;
  return part === 'fragment' ? parsed.fragment : null;
}

/**
 * All parts of a URL at once, as url_part gives each.
 *
 * url_parse('https://a.org/x').host is 'a.org'.
 * @udf
 */
export function url_parse(url: string): Url {
  return new Url(url);
}

/**
 * The first value of a name in a URL's query, decoded: %20 and + are spaces, and bytes that are no UTF-8 become U+FFFD.
 * NULL where the query has no such name; '' for a name without a value.
 *
 * url_parameter('https://a.org/?q=caf%C3%A9+au+lait&n=1', 'q') is 'café au lait'.
 * @udf
 */
export function url_parameter(url: string, name: string): string | null {
  const query = new Url(url).query;
  if (query === null) return null;
  const pairs = query.split('&');
  for (let i = 0; i < pairs.length; i++) {
    const pair = pairs[i];
    const equals = pair.indexOf('=');
    const key = equals < 0 ? pair : pair.substring(0, equals);
    if (pair.length > 0 && decoded(key) === name)
      return equals < 0 ? '' : decoded(pair.substring(equals + 1));
  }
  return null;
}

/** A URL in its parts; null for one that is not there. */
class Url {
  scheme: string | null = null;
  user: string | null = null;
  host: string | null = null;
  port: string | null = null;
  path: string = '';
  query: string | null = null;
  fragment: string | null = null;

  constructor(url: string) {
    let rest = url;
    const hash = rest.indexOf('#');
    if (hash >= 0) {
      this.fragment = rest.substring(hash + 1);
      rest = rest.substring(0, hash);
    }
    const mark = rest.indexOf('?');
    if (mark >= 0) {
      this.query = rest.substring(mark + 1);
      rest = rest.substring(0, mark);
    }
    const colon = rest.indexOf(':');
    if (isScheme(rest, colon)) {
      this.scheme = rest.substring(0, colon).toLowerCase();
      rest = rest.substring(colon + 1);
    }
    if (rest.startsWith('//')) {
      const slash = rest.indexOf('/', 2);
      const end = slash < 0 ? rest.length : slash;
      this.readAuthority(rest.substring(2, end));
      rest = rest.substring(end);
    }
    this.path = rest;
  }

  private readAuthority(authority: string): void {
    const sign = authority.lastIndexOf('@');
    if (sign >= 0) this.user = authority.substring(0, sign);
    const place = authority.substring(sign + 1);
    // The colons of an IPv6 address stand in brackets.
    const colon = place.indexOf(':', max(0, place.lastIndexOf(']')));
    this.host = (colon < 0 ? place : place.substring(0, colon)).toLowerCase();
    if (colon >= 0 && colon + 1 < place.length) this.port = place.substring(colon + 1);
  }
}

/** Whether a letter, and then letters, digits, +, - and dots stand before a colon. */
function isScheme(text: string, colon: i32): bool {
  if (colon < 1 || !isLetter(text.charCodeAt(0))) return false;
  for (let i = 1; i < colon; i++) {
    const c = text.charCodeAt(i);
    const isOther = (c >= 0x30 && c <= 0x39) || c === 0x2b || c === 0x2d || c === 0x2e;
    if (!isLetter(c) && !isOther) return false;
  }
  return true;
}

function isLetter(c: i32): bool {
  const small = c | 0x20;
  return small >= 0x61 && small <= 0x7a;
}

/** Text without its percent signs. */
function decoded(text: string): string {
  const from = Uint8Array.wrap(String.UTF8.encode(text));
  const to = new Uint8Array(from.length);
  let n = 0;
  for (let i = 0; i < from.length; i++) {
    const value = from[i] === 0x25 && i + 2 < from.length ? hexPair(from[i + 1], from[i + 2]) : -1;
    if (value >= 0) {
      to[n++] = <u8>value;
      i += 2;
    } else to[n++] = from[i] === 0x2b ? 0x20 : from[i];
  }
  return textOf(to, n);
}

function hexPair(high: u8, low: u8): i32 {
  const h = hexValue(high);
  const l = hexValue(low);
  return h < 0 || l < 0 ? -1 : (h << 4) | l;
}

function hexValue(c: u8): i32 {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  const small = c | 0x20;
  return small >= 0x61 && small <= 0x66 ? small - 0x57 : -1;
}

/** UTF-8 as text, with U+FFFD for each byte that belongs to no character. */
function textOf(bytes: Uint8Array, length: i32): string {
  let text = '';
  let start = 0;
  for (let i = 0; i < length; ) {
    const width = characterWidth(bytes, i, length);
    if (width > 0) {
      i += width;
      continue;
    }
    text += `${String.UTF8.decodeUnsafe(bytes.dataStart + start, i - start)}\ufffd`;
    start = ++i;
  }
  return text + String.UTF8.decodeUnsafe(bytes.dataStart + start, length - start);
}

/** How many bytes the character at a position takes; 0 where there is none. */
function characterWidth(bytes: Uint8Array, at: i32, length: i32): i32 {
  const first: i32 = bytes[at];
  if (first < 0x80) return 1;
  const width = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (width === 0 || at + width > length) return 0;
  const second: i32 = bytes[at + 1];
  if (first === 0xe0 && second < 0xa0) return 0;
  if (first === 0xed && second > 0x9f) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  if (first === 0xf4 && second > 0x8f) return 0;
  for (let i = 1; i < width; i++) if ((bytes[at + i] & 0xc0) !== 0x80) return 0;
  return width;
}
