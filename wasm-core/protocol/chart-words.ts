/*
 * The words of `-- @chart bar x=month y=revenue,"net sales"`, with their places: UTF-16 code units in the text behind
 * `@chart`.
 */

/** A piece of the directive. */
export interface PlacedText {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** One word: the kind, or a member with its value. */
export interface ChartWord extends PlacedText {
  /** What stands in front of `=`, in lower case; absent: there is no `=`. */
  readonly key?: PlacedText;
  /** What stands behind `=`, quotes and all; the word where there is no key. */
  readonly value: PlacedText;
}

/** The words of a directive, spaces inside of quotes kept; a quote without its second one lasts to the end. */
export function chartWords(text: string): readonly ChartWord[] {
  return [...text.matchAll(/(?:"(?:[^"]|"")*(?:"|$)|[^\s"])+/g)].map(({ 0: word, index: start }) => {
    const placed = { text: word, start, end: start + word.length };
    const [, key, value] = /^(\w+)=(.*)$/s.exec(word) ?? [];
    if (key === undefined || value === undefined) return { ...placed, value: placed };
    return {
      ...placed,
      key: { text: key.toLowerCase(), start, end: start + key.length },
      value: { text: value, start: placed.end - value.length, end: placed.end },
    };
  });
}

/** Whether each quote has its second one. */
export function isWholeDirective(text: string): boolean {
  return !text.replaceAll(/"(?:[^"]|"")*"/g, '').includes('"');
}

/** The names of a value with commas between them, quotes taken off; their places are with the quotes. */
export function namesIn(value: PlacedText): readonly PlacedText[] {
  return [...value.text.matchAll(/(?:"(?:[^"]|"")*(?:"|$)|[^,"])+/g)].map(({ 0: part, index }) => {
    const start = value.start + index;
    const name = /^".*"$/s.test(part) ? part.slice(1, -1).replaceAll('""', '"') : part;
    return { text: name, start, end: start + part.length };
  });
}

/** A name as it is written in a directive. */
export function chartName(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_.$-]*$/u.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
