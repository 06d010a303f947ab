// @ts-nocheck This is AssemblyScript: Quern checks it, and the types below are WebAssembly's.

/**
 * Lower-case ASCII words joined by hyphens, for addresses and file names. Latin letters lose their accents, apostrophes
 * vanish, everything else separates words.
 *
 * slug('Crème brûlée, à la carte') is 'creme-brulee-a-la-carte'.
 * @udf
 */
export function slug(s: string): string {
  let result = '';
  let gap = false;
  for (let i = 0; i < s.length; i++) {
    const piece = fold(s.charCodeAt(i));
    if (piece === SKIP) continue;
    if (piece === GAP) {
      gap = result.length > 0;
      continue;
    }
    if (gap) result += '-';
    gap = false;
    result += piece;
  }
  return result;
}

/**
 * How many single-character insertions, deletions and replacements turn one text into the other, counted in Unicode code
 * points. Takes time proportional to the product of the lengths.
 *
 * levenshtein('kitten', 'sitting') is 3.
 * @udf
 */
export function levenshtein(a: string, b: string): i32 {
  const from = codePoints(a);
  const to = codePoints(b);
  if (from.length === 0) return to.length;
  // row[j] is the distance from the first i code points of a to the first j of b.
  const row = new StaticArray<i32>(to.length + 1);
  for (let j = 0; j <= to.length; j++) row[j] = j;
  for (let i = 1; i <= from.length; i++) {
    let diagonal = row[0];
    row[0] = i;
    for (let j = 1; j <= to.length; j++) {
      const replaced = diagonal + (from[i - 1] === to[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = min(replaced, min(row[j], row[j - 1]) + 1);
    }
  }
  return row[to.length];
}

/**
 * Upper-cases the first letter of each word and lower-cases the others. Digits and apostrophes belong to words.
 *
 * title_case('o''neill''s GRAND tour') is 'O''neill''s Grand Tour'.
 * @udf
 */
export function title_case(s: string): string {
  let result = '';
  let start = 0;
  while (start < s.length) {
    const inWord = isWord(s.charCodeAt(start));
    let end = start + 1;
    while (end < s.length && isWord(s.charCodeAt(end)) === inWord) end++;
    const run = s.substring(start, end);
    result += inWord ? capitalised(run) : run;
    start = end;
  }
  return result;
}

const GAP = '-';
const SKIP = '';

/** What U+00C0 to U+017F become; a digit stands for two letters, see `pair`. */
const LATIN =
  'aaaaaa1ceeeeiiiidnooooo-ouuuuy23aaaaaa1ceeeeiiiidnooooo-ouuuuy2y' +
  'aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii44jjkkkllllllllllnnnnnnnnn' +
  'oooooo55rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs';

/** The letters that a UTF-16 code unit gives in a slug, GAP or SKIP. */
function fold(c: i32): string {
  if ((c >= 0x61 && c <= 0x7a) || (c >= 0x30 && c <= 0x39)) return String.fromCharCode(c);
  if (c >= 0x41 && c <= 0x5a) return String.fromCharCode(c + 0x20);
  // Apostrophes, and accents that stand as characters of their own after their letter.
  if (c === 0x27 || c === 0x2019 || (c >= 0x300 && c <= 0x36f)) return SKIP;
  if (c < 0xc0 || c > 0x17f) return GAP;
  const letter = LATIN.charCodeAt(c - 0xc0);
  return letter >= 0x31 && letter <= 0x35 ? pair(letter) : String.fromCharCode(letter);
}

function pair(digit: i32): string {
  if (digit === 0x31) return 'ae';
  if (digit === 0x32) return 'th';
  if (digit === 0x33) return 'ss';
  return digit === 0x34 ? 'ij' : 'oe';
}

function codePoints(s: string): StaticArray<i32> {
  let count = 0;
  for (let i = 0; i < s.length; i += width(s, i)) count++;
  const points = new StaticArray<i32>(count);
  let n = 0;
  for (let i = 0; i < s.length; i += width(s, i)) points[n++] = s.codePointAt(i);
  return points;
}

/** How many UTF-16 code units the character at a position takes. */
function width(s: string, at: i32): i32 {
  return s.codePointAt(at) > 0xffff ? 2 : 1;
}

/** Whether a code unit belongs to a word: letters of any script do, as what is not ASCII, space or punctuation. */
function isWord(c: i32): bool {
  if (c < 0x80) return isAlphanumeric(c) || c === 0x27;
  return c >= 0xc0 && !(c >= 0x2000 && c <= 0x206f && c !== 0x2019) && c !== 0x3000;
}

function isAlphanumeric(c: i32): bool {
  return (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);
}

function capitalised(word: string): string {
  const first = width(word, 0);
  return word.substring(0, first).toUpperCase() + word.substring(first).toLowerCase();
}
