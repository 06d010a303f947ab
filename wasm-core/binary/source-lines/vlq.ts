/*
 * Numbers of source maps: base 64, five bits a character, the lowest bit the sign
 * (https://tc39.es/ecma426/#sec-base64-vlq).
 */

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** @param value a whole number of at most 31 bits */
export function vlqText(value: number): string {
  let rest = value < 0 ? -value * 2 + 1 : value * 2;
  let text = '';
  do {
    const digit = rest % 32;
    rest = Math.floor(rest / 32);
    text += DIGITS[rest > 0 ? digit + 32 : digit] ?? '';
  } while (rest > 0);
  return text;
}

/**
 * The numbers of one segment.
 *
 * @returns undefined for a text that is none, and for one with a number of more than 31 bits
 */
export function vlqNumbers(segment: string): number[] | undefined {
  const numbers: number[] = [];
  let value = 0;
  let scale = 1;
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    if (digit < 0 || scale > 2 ** 30) return undefined;
    value += (digit & 31) * scale;
    scale *= 32;
    if (digit >= 32) continue;
    const size = Math.floor(value / 2);
    if (size > 0x7fff_ffff) return undefined;
    numbers.push(value % 2 === 1 ? -size : size);
    value = 0;
    scale = 1;
  }
  return scale === 1 ? numbers : undefined;
}
