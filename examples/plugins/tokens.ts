// @ts-nocheck This is AssemblyScript: Quern checks it, and the types below are WebAssembly's.

/**
 * The words of a text in small letters: runs of letters and digits of any script, with apostrophes between them. Scripts
 * without spaces come as one word.
 *
 * tokenise('Don''t panic – 42!') is ['don''t', 'panic', '42'].
 * @udf name: tokenise
 */
export function words(text: string): string[] {
  const found: string[] = [];
  let start = -1;
  for (let i = 0; i <= text.length; i++) {
    const inside = i < text.length && (isLetter(text.charCodeAt(i)) || isJoining(text, i));
    if (inside && start < 0) start = i;
    if (inside || start < 0) continue;
    found.push(text.substring(start, i).toLowerCase());
    start = -1;
  }
  return found;
}

/**
 * The runs of n characters (Unicode code points) of a text, in order; none where it is shorter, or n is below 1.
 *
 * ngrams('abcd', 3) is ['abc', 'bcd'].
 * @udf name: ngrams
 */
export function grams(text: string, n: i32): string[] {
  const starts: i32[] = [];
  for (let i = 0; i < text.length; i += text.codePointAt(i) > 0xffff ? 2 : 1) starts.push(i);
  const count = starts.length;
  starts.push(text.length);
  const found: string[] = [];
  if (n < 1) return found;
  for (let i = 0; i + n <= count; i++) found.push(text.substring(starts[i], starts[i + n]));
  return found;
}

/** Letters and digits of any script, as what is not ASCII, space or punctuation. */
function isLetter(c: i32): bool {
  if (c < 0x80) return (c >= 0x30 && c <= 0x39) || ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a);
  if (c < 0xc0) return c === 0xaa || c === 0xb5 || c === 0xba;
  if (c === 0xd7 || c === 0xf7 || c === 0xfeff) return false;
  return !(c >= 0x2000 && c <= 0x206f) && !(c >= 0x3000 && c <= 0x303f) && !(c >= 0xff00 && c <= 0xff0f);
}

/** Whether an apostrophe stands between letters. */
function isJoining(text: string, at: i32): bool {
  const c = text.charCodeAt(at);
  if ((c !== 0x27 && c !== 0x2019) || at === 0 || at + 1 >= text.length) return false;
  return isLetter(text.charCodeAt(at - 1)) && isLetter(text.charCodeAt(at + 1));
}
