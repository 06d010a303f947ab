// @ts-nocheck This is AssemblyScript: Quern checks it, and the types below are WebAssembly's.

/**
 * Text in the form in which texts that look alike are equal: small letters, Latin letters without accents (and ae, oe, ss
 * for ligatures), straight quotes, plain hyphens for dashes, full-width forms and ligatures in plain letters, each run of
 * white space one space, none at the ends, and nothing that has no width. Accents of other scripts stay when they are part
 * of their letter. It is less than Unicode's NFKC (https://unicode.org/reports/tr15), and goes further in accents and case.
 *
 * text_normalise('  “Ｃafé” –  Straße ') is '"cafe" - strasse'.
 * @udf
 */
export function text_normalise(s: string): string {
  let result = '';
  let gap = false;
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i);
    if (isWithoutWidth(c)) continue;
    if (isSpace(c)) {
      gap = result.length > 0;
      continue;
    }
    if (gap) result += ' ';
    gap = false;
    // A character of two code units is put through whole, as its small letter may be one, too.
    const pair = (c & 0xfc00) === 0xd800 && i + 1 < s.length;
    result += pair ? s.substring(i, i + 2).toLowerCase() : plain(c);
    if (pair) i++;
  }
  return result;
}

/** What U+00C0 to U+017F become; a digit stands for two letters, see `pairOf`, and - for a sign that stays. */
const LATIN =
  'aaaaaa1ceeeeiiiidnooooo-ouuuuy23aaaaaa1ceeeeiiiidnooooo-ouuuuy2y' +
  'aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii44jjkkkllllllllllnnnnnnnnn' +
  'oooooo55rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs';

/** The same for U+1E00 to U+1EFF. */
const LATIN_ADDITIONAL =
  'aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrr' +
  'sssssssssstttttttt' +
  'uuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyas--3-' +
  'aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy------';

/** A code unit that is no space, as it is written in the result. */
function plain(c: i32): string {
  if (c < 0x80) return String.fromCharCode(c >= 0x41 && c <= 0x5a ? c + 0x20 : c);
  if (c >= 0xc0 && c <= 0x17f) return latin(LATIN.charCodeAt(c - 0xc0), c);
  if (c >= 0x1e00 && c <= 0x1eff) return latin(LATIN_ADDITIONAL.charCodeAt(c - 0x1e00), c);
  if (c >= 0x300 && c <= 0x36f) return '';
  if (c >= 0xff01 && c <= 0xff5e) return plain(c - 0xfee0);
  if (c === 0x3c2) return 'σ';
  const mark = punctuation(c);
  if (mark !== 0) return String.fromCharCode(mark);
  return expanded(c);
}

function latin(letter: i32, c: i32): string {
  if (letter === 0x2d) return String.fromCharCode(c).toLowerCase();
  return letter >= 0x31 && letter <= 0x35 ? pairOf(letter) : String.fromCharCode(letter);
}

function pairOf(digit: i32): string {
  if (digit === 0x31) return 'ae';
  if (digit === 0x32) return 'th';
  if (digit === 0x33) return 'ss';
  return digit === 0x34 ? 'ij' : 'oe';
}

/** The ASCII sign that a quote or a dash stands for; 0 for other characters. */
function punctuation(c: i32): i32 {
  if ((c >= 0x2018 && c <= 0x201b) || c === 0x2032 || c === 0xb4) return 0x27;
  if ((c >= 0x201c && c <= 0x201f) || c === 0x2033 || c === 0xab || c === 0xbb) return 0x22;
  return (c >= 0x2010 && c <= 0x2015) || c === 0x2212 ? 0x2d : 0;
}

/** Characters that stand for several; and of everything else the small letter. */
function expanded(c: i32): string {
  if (c === 0x2026) return '...';
  if (c === 0x2122) return 'tm';
  if (c === 0xb9) return '1';
  if (c === 0xb2 || c === 0xb3) return String.fromCharCode(c - 0x80);
  if (c === 0xfb00) return 'ff';
  if (c === 0xfb01) return 'fi';
  if (c === 0xfb02) return 'fl';
  if (c === 0xfb03) return 'ffi';
  if (c === 0xfb04) return 'ffl';
  if (c === 0xfb05 || c === 0xfb06) return 'st';
  return String.fromCharCode(c).toLowerCase();
}

function isSpace(c: i32): bool {
  if (c <= 0x20) return c === 0x20 || (c >= 0x09 && c <= 0x0d);
  if (c === 0xa0 || c === 0x85 || c === 0x1680 || c === 0x3000) return true;
  return (c >= 0x2000 && c <= 0x200a) || c === 0x2028 || c === 0x2029 || c === 0x202f || c === 0x205f;
}

/** Soft hyphens, joiners and marks of direction or order. */
function isWithoutWidth(c: i32): bool {
  return c === 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x2060 && c <= 0x2064) || c === 0xfeff;
}
