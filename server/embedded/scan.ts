/*
 * What scanners of host languages share. Positions are UTF-16 code units; none is ever beyond the text.
 */

/** The end of the line that a position is in, without its line break. */
export function lineEnd(text: string, at: number): number {
  const end = text.slice(at).search(/[\r\n]/);
  return end < 0 ? text.length : at + end;
}

/**
 * The position behind a quoted text, whose backslashes escape.
 *
 * @param at of the opening quote
 * @param options.lines whether it may have several lines; else it ends with its line, closed or not
 */
export function quotedEnd(text: string, at: number, options: { readonly lines: boolean }): number {
  const quote = text[at];
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) return i + 1;
    else if (!options.lines && (text[i] === '\n' || text[i] === '\r')) return i;
  }
  return text.length;
}

/** The position behind an escape that begins with the backslash at a position. */
export function escapeEnd(text: string, at: number): number {
  const sequence =
    /^\\(?:u\{[0-9A-Fa-f]{1,6}\}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|\r\n|[\s\S]?)/;
  return at + (sequence.exec(text.slice(at, at + 12))?.[0].length ?? 1);
}
