/*
 * Cells of a sheet (ECMA-376, part 1, 18.3.1.4) as XML. Excel computes in doubles, in a calendar that begins in March
 * 1900 as far as it is right, in milliseconds, and without time zones: what one of its numbers cannot hold exactly is
 * written as text.
 */

/** Styles of cells, by their place in the workbook's list. */
export const STYLE = { plain: 0, header: 1, date: 2, timestamp: 3, time: 4 } as const;

/** Characters that a cell of Excel holds, UTF-16 code units. */
export const MAX_CELL_TEXT = 32_767;

/** Writes the inside of a cell whose value is not NULL: its attributes behind `r`, and its content. */
export type CellWriter = (text: string) => string;

/** How values of a DuckDB type become cells, from the text that DuckDB's cast to VARCHAR gives. */
export function cellWriter(type: string): CellWriter {
  if (type === 'BOOLEAN') return (text) => ` t="b"><v>${text === 'true' ? 1 : 0}</v>`;
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT$|^U?INTEGER$|^BIGNUM$/.test(type) || type.startsWith('DECIMAL('))
    return exactNumber;
  if (type === 'DOUBLE' || type === 'FLOAT') return double;
  if (type === 'DATE') return (text) => dated(text, STYLE.date);
  if (/^TIMESTAMP(_S|_MS|_NS)?$/.test(type)) return (text) => dated(text, STYLE.timestamp);
  if (type === 'TIME' || type === 'TIME_NS') return time;
  return textCell;
}

/** Text as it is; it is never a formula. */
export function textCell(text: string): string {
  const space = /^\s|\s$|\n/.test(text) ? ' xml:space="preserve"' : '';
  return ` t="inlineStr"><is><t${space}>${escaped(text)}</t></is>`;
}

/** The letters of a column, from 0. */
export function columnLetters(column: number): string {
  const rest = Math.floor(column / 26) - 1;
  return (rest < 0 ? '' : columnLetters(rest)) + String.fromCharCode(65 + (column % 26));
}

/** What XML gives a meaning to, and what it cannot hold: `_x0007_`, as Excel itself writes it. */
export function escaped(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot hold
    /[&<>"]|[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/g,
    (character) => NAMED[character] ?? `_x${hex(character)}_`,
  );
}

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
}

/** A double tells numbers of up to 15 digits apart. */
function exactNumber(text: string): string {
  const digits = text.replace(/^-?0*\.?0*|\./g, '');
  return digits.length > 15 ? textCell(text) : numberCell(text.replace(/^(-?)\./, '$10.'));
}

function double(text: string): string {
  return /[^-+.\de]/.test(text) ? textCell(text) : numberCell(text);
}

function numberCell(text: string): string {
  return `><v>${text}</v>`;
}

const DAY_MS = 86_400_000;
/** Excel's number of 1970-01-01. */
const EPOCH_SERIAL = 25_569;
/** 1900-03-01: before that Excel counts a day that never was. */
const FIRST_SERIAL = 61;

function dated(text: string, style: number): string {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?)?$/.exec(text);
  // A year below 100 would be taken for one of the twentieth century.
  if (found === null || text < '1900') return textCell(text);
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = found
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const millis = Number((found[7] ?? '').padEnd(3, '0'));
  const serial = Date.UTC(year, month - 1, day, hours, minutes, seconds, millis) / DAY_MS + EPOCH_SERIAL;
  return serial < FIRST_SERIAL ? textCell(text) : styled(serial, style);
}

function time(text: string): string {
  const found = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?$/.exec(text);
  if (found === null || text.startsWith('24')) return textCell(text);
  const [hours = 0, minutes = 0, seconds = 0] = found.slice(1, 4).map(Number);
  const millis = Number((found[4] ?? '').padEnd(3, '0'));
  return styled((((hours * 60 + minutes) * 60 + seconds) * 1000 + millis) / DAY_MS, STYLE.time);
}

function styled(serial: number, style: number): string {
  return ` s="${style}"><v>${serial}</v>`;
}
