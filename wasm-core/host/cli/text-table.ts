/*
 * Text in columns, for terminals: how wide it is, and how it is cut.
 */

/** Columns of a terminal that a text takes. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/**
 * A text in exactly `width` columns: filled with spaces, or cut with an ellipsis.
 *
 * @param align `right` for numbers, which are never cut
 */
export function padTo(text: string, width: number, align: 'left' | 'right'): string {
  const own = displayWidth(text);
  if (own <= width) {
    const space = ' '.repeat(width - own);
    return align === 'right' ? space + text : text + space;
  }
  return align === 'right' ? text : cut(text, width);
}

/** Text that cannot move the cursor or change colours: control characters become their pictures, such as ␊. */
export function visible(text: string): string {
  return text.replace(CONTROL, (c) => {
    const code = c.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '␡' : '\ufffd';
  });
}

/**
 * Rows as aligned lines, for lists.
 *
 * @param rows equally many cells each
 * @param sides of each column; absent: left
 * @returns lines without trailing space, each with its LF
 */
export function alignColumns(
  rows: readonly (readonly string[])[],
  sides: readonly ('left' | 'right')[] = [],
): string {
  const count = rows[0]?.length ?? 0;
  const widths = Array.from({ length: count }, (_, i) =>
    Math.max(...rows.map((row) => displayWidth(row[i] ?? ''))),
  );
  return rows
    .map((row) => row.map((cell, i) => padTo(cell, widths[i] ?? 0, sides[i] ?? 'left')).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const CONTROL = /[\x00-\x1f\x7f-\x9f]/g;
const ASCII = /^[\x20-\x7e]*$/;
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

/** Code points that terminals show in two columns: East Asian wide and full-width, and emoji. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
];

function characterWidth(character: string): number {
  if (ZERO_WIDTH.test(character)) return 0;
  const code = character.codePointAt(0) ?? 0;
  return WIDE.some(([low, high]) => code >= low && code <= high) ? 2 : 1;
}

function cut(text: string, width: number): string {
  let out = '';
  let left = width - 1;
  for (const character of text) {
    left -= characterWidth(character);
    if (left < 0) break;
    out += character;
  }
  return `${out}…${' '.repeat(Math.max(0, width - 1 - displayWidth(out)))}`;
}
