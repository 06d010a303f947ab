/*
 * What a number of Excel means is in its format alone: dates are days, times are parts of a day. ECMA-376 part 1,
 * 18.8.30, lists the formats that have numbers only.
 */

/** How a number is shown. */
export type NumberKind = 'number' | 'date' | 'time' | 'timestamp' | 'duration' | 'text';

/** What the formats without a code of their own mean, by number. */
export function builtInKind(id: number): NumberKind {
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id === 36) return 'date';
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id === 45 || id === 47) return 'time';
  if (id === 22) return 'timestamp';
  if (id === 46) return 'duration';
  if (id >= 50 && id <= 58) return 'date';
  return id === 49 ? 'text' : 'number';
}

/** What a format's code means, such as `yyyy-mm-dd` or `0.00 "days"`. */
export function kindOfCode(code: string): NumberKind {
  // The first section is that of positive numbers.
  const letters = sectionLetters(code);
  if (/\[(h+|m+|s+)\]/i.test(letters)) return 'duration';
  const plain = letters.replace(/\[[^\]]*\]/g, '').toLowerCase();
  if (plain.trim() === '@') return 'text';
  if (plain.includes('general') || /[0#?]/.test(plain.replace(/s\.?0+/g, 's'))) return 'number';
  const hasTime = /[hs]|am\/pm|a\/p/.test(plain);
  const hasDate = /[ydbe]/.test(plain) || (plain.includes('m') && !hasTime);
  if (hasDate && hasTime) return 'timestamp';
  if (hasDate) return 'date';
  return hasTime ? 'time' : 'number';
}

/** The first section without literal text. */
function sectionLetters(code: string): string {
  let letters = '';
  for (let at = 0; at < code.length; at++) {
    const c = code[at] ?? '';
    if (c === ';') break;
    if (c === '"') {
      const end = code.indexOf('"', at + 1);
      at = end < 0 ? code.length : end;
    } else if (c === '\\' || c === '_' || c === '*') at++;
    else letters += c;
  }
  return letters;
}

const DAY_MILLIS = 86_400_000;
/** 1970-01-01 as Excel counts days. */
const EPOCH_1900 = 25_569;
const EPOCH_1904 = 24_107;

/** Which day is number 0. */
export type DateSystem = 1900 | 1904;

/**
 * Milliseconds since 1970 of a number of Excel's; it keeps no more than them.
 *
 * @returns undefined where there is no such day: before the first, or after the year 9999
 */
export function serialMillis(serial: number, system: DateSystem): number | undefined {
  if (!(serial >= 0 && serial < 2_958_466)) return undefined;
  // Excel has a day too many, 1900-02-29, which is number 60.
  const days = system === 1900 && serial < 60 ? serial + 1 : serial;
  if (system === 1900 && Math.floor(serial) === 60) return undefined;
  return Math.round((days - (system === 1900 ? EPOCH_1900 : EPOCH_1904)) * DAY_MILLIS);
}

/** Milliseconds of a part of a day, or of days. */
export function durationMillis(serial: number): number {
  return Math.round(serial * DAY_MILLIS);
}
