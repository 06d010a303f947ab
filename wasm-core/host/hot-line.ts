/*
 * The request that comes a hundred thousand times a second, read from its bytes:
 *
 * {"jsonrpc":"2.0","id":7,"method":"module/execute","params":{"module":"upper","input":{"utf8":"hello"}}}
 *
 * `JSON.parse` alone takes longer than to read it, run the module and write the answer. Whatever differs from this shape
 * in any byte, be it an escape or a space, is left to the way that all requests go.
 */

/** Where the parts of a hot line are, positions in the line. */
export interface HotLine {
  id: number;
  nameStart: number;
  nameEnd: number;
  inputStart: number;
  inputEnd: number;
  /** Whether the input is ASCII; else it is not known to be UTF-8. */
  isAscii: boolean;
}

const HEAD = ascii('{"jsonrpc":"2.0","id":');
const METHOD = ascii(',"method":"module/execute","params":{"module":"');
const INPUT = ascii('","input":{"utf8":"');
const TAIL = ascii('"}}}');

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const NINE = 0x39;
const MAX_DIGITS = 15;

/** A place for `readHotLine` to write into, so that nothing is made for each line. */
export function hotLine(): HotLine {
  return { id: 0, nameStart: 0, nameEnd: 0, inputStart: 0, inputEnd: 0, isAscii: true };
}

/**
 * Reads a line of the shape above.
 *
 * @param line without its LF
 * @param into takes the parts; of no use when the result is false
 * @returns whether the line has the shape
 */
export function readHotLine(line: Uint8Array, into: HotLine): boolean {
  const end = line.length - TAIL.length;
  if (!has(line, 0, HEAD)) return false;
  const idStart = HEAD.length;
  const idEnd = readId(line, idStart, into);
  if (idEnd === idStart || !has(line, idEnd, METHOD)) return false;
  into.nameStart = idEnd + METHOD.length;
  into.nameEnd = plainEnd(line, into.nameStart, end);
  if (!has(line, into.nameEnd, INPUT)) return false;
  into.inputStart = into.nameEnd + INPUT.length;
  into.isAscii = true;
  into.inputEnd = textEnd(line, end, into);
  return into.inputEnd === end && has(line, end, TAIL);
}

/** Whether a byte stands in a JSON string as it is: not a control character, a quote or a backslash. */
export function isPlain(byte: number): boolean {
  return byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH;
}

/**
 * Writes a whole number in decimal.
 *
 * @param value 0 to 2^53 - 1
 * @returns the position behind it
 */
export function writeDecimal(into: Uint8Array, at: number, value: number): number {
  let digits = 1;
  for (let limit = 10; value >= limit && digits < 16; limit *= 10) digits++;
  let rest = value;
  for (let i = at + digits - 1; i >= at; i--) {
    const tenth = Math.floor(rest / 10);
    into[i] = ZERO + (rest - tenth * 10);
    rest = tenth;
  }
  return at + digits;
}

/** The position behind the id; its start when there is none that is a whole number as JSON has them. */
function readId(line: Uint8Array, start: number, into: HotLine): number {
  let value = 0;
  let at = start;
  for (; at < start + MAX_DIGITS; at++) {
    const byte = line[at] ?? 0;
    if (byte < ZERO || byte > NINE) break;
    value = value * 10 + (byte - ZERO);
  }
  if (line[start] === ZERO && at > start + 1) return start;
  into.id = value;
  return at;
}

/** Where plain ASCII ends. */
function plainEnd(line: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const byte = line[at] ?? 0;
    if (byte > 0x7f || !isPlain(byte)) return at;
  }
  return end;
}

/** Where text without escapes ends, noting whether it is ASCII. */
function textEnd(line: Uint8Array, end: number, into: HotLine): number {
  for (let at = into.inputStart; at < end; at++) {
    const byte = line[at] ?? 0;
    if (byte > 0x7f) into.isAscii = false;
    else if (!isPlain(byte)) return at;
  }
  return Math.max(end, into.inputStart);
}

function has(line: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (line[at + i] !== text[i]) return false;
  return true;
}

/** Bytes of an ASCII text. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
