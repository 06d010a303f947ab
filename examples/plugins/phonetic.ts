// @ts-nocheck This is AssemblyScript: Quern checks it, and the types below are WebAssembly's.

/**
 * The American Soundex code of a name: its first letter and three digits for the consonants that follow. Only the letters
 * A to Z count (text_normalise takes accents off); a text without any has the code ''. As in the rule of the US National
 * Archives (https://www.archives.gov/research/census/soundex), letters of one group count once, also with H or W between
 * them.
 *
 * soundex('Robert') is 'R163'.
 * @udf
 */
export function soundex(s: string): string {
  let code = '';
  let last: i32 = 0;
  for (let i = 0; i < s.length && code.length < 4; i++) {
    const letter = upper(s.charCodeAt(i));
    if (letter === 0) continue;
    const group = SOUNDEX_GROUPS.charCodeAt(letter - A);
    if (code.length === 0) code = String.fromCharCode(letter);
    else if (group > ZERO && group !== last) code += String.fromCharCode(group);
    // H and W stand between letters as if they were not there.
    if (group !== DASH) last = group;
  }
  return code.length === 0 ? code : code.padEnd(4, '0');
}

/**
 * How an English word sounds, in consonants: the original Metaphone, of any length. 0 is "th", X is "sh"; vowels stay only
 * at the beginning. Only the letters A to Z count. Source: L. Philips, "Hanging on the Metaphone", Computer Language 7:12,
 * 1990, with the silent G of -GN and -GNED and the K of CHR and SCH that its users added.
 *
 * metaphone('Thumb') is '0M', metaphone('Knight') is 'NT'.
 * @udf
 */
export function metaphone(s: string): string {
  const word = beginning(letters(s));
  let code = '';
  let i = 0;
  while (i < word.length) {
    const c = at(word, i);
    // Of doubled letters the second is silent, but for C.
    if (c !== C && i > 0 && at(word, i - 1) === c) {
      i++;
      continue;
    }
    code += sound(word, i);
    i += c === D && isSoftDg(word, i) ? 3 : 1;
  }
  return code;
}

/** The group of each letter, 0 for vowels, - for H and W. */
const SOUNDEX_GROUPS = '0123012-02245501262301-202';
const ZERO: i32 = 0x30;
const DASH: i32 = 0x2d;
const A: i32 = 0x41;
const C: i32 = 0x43;
const D: i32 = 0x44;
const E: i32 = 0x45;
const G: i32 = 0x47;
const H: i32 = 0x48;
const M: i32 = 0x4d;
const N: i32 = 0x4e;
const R: i32 = 0x52;
const S: i32 = 0x53;

/** The capital of an ASCII letter; 0 for anything else. */
function upper(c: i32): i32 {
  if (c >= 0x61 && c <= 0x7a) return c - 0x20;
  return c >= 0x41 && c <= 0x5a ? c : 0;
}

function letters(s: string): string {
  let result = '';
  for (let i = 0; i < s.length; i++) {
    const letter = upper(s.charCodeAt(i));
    if (letter !== 0) result += String.fromCharCode(letter);
  }
  return result;
}

/** A word without the letters that are silent at its beginning. */
function beginning(word: string): string {
  const two = word.substring(0, 2);
  if (two === 'KN' || two === 'GN' || two === 'PN' || two === 'AE' || two === 'WR') return word.substring(1);
  if (two === 'WH') return `W${word.substring(2)}`;
  return word.startsWith('X') ? `S${word.substring(1)}` : word;
}

/** The letter at a position; 0 outside of the word. */
function at(word: string, i: i32): i32 {
  return i >= 0 && i < word.length ? word.charCodeAt(i) : 0;
}

function isVowel(c: i32): bool {
  return c === A || c === E || c === 0x49 || c === 0x4f || c === 0x55;
}

/** E, I and Y make a C or a G before them soft. */
function isFront(c: i32): bool {
  return c === E || c === 0x49 || c === 0x59;
}

function isSoftDg(word: string, i: i32): bool {
  return at(word, i + 1) === G && isFront(at(word, i + 2));
}

function sound(word: string, i: i32): string {
  const c = at(word, i);
  const next = at(word, i + 1);
  if (isVowel(c)) return i === 0 ? String.fromCharCode(c) : '';
  const letter = String.fromCharCode(c);
  if (letter === 'B') return at(word, i - 1) === M && next === 0 ? '' : 'B';
  if (letter === 'C') return soundOfC(word, i);
  if (letter === 'D') return isSoftDg(word, i) ? 'J' : 'T';
  if (letter === 'G') return soundOfG(word, i);
  if (letter === 'H') return isVowel(next) && !isSilencing(at(word, i - 1)) ? 'H' : '';
  if (letter === 'K') return at(word, i - 1) === C ? '' : 'K';
  if (letter === 'P') return next === H ? 'F' : 'P';
  if (letter === 'Q') return 'K';
  if (letter === 'S') return next === H || isBeforeIaOrIo(word, i) ? 'X' : 'S';
  if (letter === 'T') return soundOfT(word, i);
  if (letter === 'V') return 'F';
  if (letter === 'W' || letter === 'Y') return isVowel(next) ? letter : '';
  if (letter === 'X') return 'KS';
  return letter === 'Z' ? 'S' : letter;
}

function soundOfC(word: string, i: i32): string {
  const next = at(word, i + 1);
  const afterS = at(word, i - 1) === S;
  if (isFront(next)) {
    if (afterS) return '';
    return word.substring(i, i + 3) === 'CIA' ? 'X' : 'S';
  }
  if (next === H) return afterS || at(word, i + 2) === R ? 'K' : 'X';
  return 'K';
}

function soundOfG(word: string, i: i32): string {
  const next = at(word, i + 1);
  if (next === H && !isVowel(at(word, i + 2))) return '';
  if (next === N && (word.length === i + 2 || word.substring(i + 1) === 'NED')) return '';
  return isFront(next) && at(word, i - 1) !== G ? 'J' : 'K';
}

function soundOfT(word: string, i: i32): string {
  if (isBeforeIaOrIo(word, i)) return 'X';
  if (at(word, i + 1) === H) return '0';
  return word.substring(i, i + 3) === 'TCH' ? '' : 'T';
}

function isBeforeIaOrIo(word: string, i: i32): bool {
  const two = word.substring(i + 1, i + 3);
  return two === 'IA' || two === 'IO';
}

/** An H behind C, G, P, S or T has had its say in that letter's sound. */
function isSilencing(c: i32): bool {
  return c === C || c === G || c === 0x50 || c === S || c === 0x54;
}
