import type { PageReader } from '../../../results/pages.ts';
import { displayWidth, padTo, visible } from '../text-table.ts';
import type { FormatOptions, RowWriter } from './format.ts';
import { isNumeric } from './numeric.ts';

/** The widest that a column of text gets, columns of the terminal. */
const MAX_COLUMN_WIDTH = 60;
/** The narrowest that a column is squeezed to. */
const MIN_COLUMN_WIDTH = 6;
/** Widths are measured on so many rows; a later text that is wider is cut. */
const MEASURED_ROWS = 10_000;

/**
 * A table with lines, for eyes: numbers at the right and whole, text cut with an ellipsis where it is too wide, control
 * characters shown as pictures.
 */
export function tableFormat({ columns, width }: FormatOptions): RowWriter {
  const aligns = columns.map(({ type }) => (isNumeric(type) ? ('right' as const) : ('left' as const)));
  const names = columns.map(({ name }) => visible(name));
  let widths: readonly number[] | undefined;
  const header = (page?: PageReader): string => {
    widths = squeeze(measure(names, page), aligns, width);
    return rule(widths, '┌┬┐') + line(names, widths, aligns) + rule(widths, '├┼┤');
  };
  return {
    begin: () => '',
    rows: (page) => {
      let text = widths === undefined ? header(page) : '';
      for (let row = 0; row < page.rowCount; row++)
        text += line(cells(page, row, columns.length), widths ?? [], aligns);
      return text;
    },
    end: () => (widths === undefined ? header() : '') + rule(widths ?? [], '└┴┘'),
  };
}

function cells(page: PageReader, row: number, count: number): string[] {
  const texts: string[] = [];
  for (let c = 0; c < count; c++) texts.push(page.isNull(row, c) ? 'NULL' : visible(page.text(row, c)));
  return texts;
}

function measure(names: readonly string[], page: PageReader | undefined): number[] {
  const widths = names.map(displayWidth);
  const rowCount = Math.min(page?.rowCount ?? 0, MEASURED_ROWS);
  for (let row = 0; page && row < rowCount; row++) {
    cells(page, row, names.length).forEach((text, c) => {
      widths[c] = Math.max(widths[c] ?? 0, displayWidth(text));
    });
  }
  return widths;
}

/** Narrows text columns, the widest first, until the table fits. */
function squeeze(
  widths: readonly number[],
  aligns: readonly ('left' | 'right')[],
  available: number | undefined,
): number[] {
  const fitted = widths.map((w, c) => (aligns[c] === 'left' ? Math.min(w, MAX_COLUMN_WIDTH) : w));
  if (available === undefined) return fitted;
  let excess = fitted.reduce((sum, w) => sum + w + 3, 1) - available;
  while (excess > 0) {
    let widest = -1;
    fitted.forEach((w, c) => {
      if (aligns[c] === 'left' && w > MIN_COLUMN_WIDTH && w > (fitted[widest] ?? 0)) widest = c;
    });
    if (widest < 0) break;
    fitted[widest] = (fitted[widest] ?? 0) - 1;
    excess--;
  }
  return fitted;
}

function line(
  texts: readonly string[],
  widths: readonly number[],
  aligns: readonly ('left' | 'right')[],
): string {
  return `│ ${texts.map((text, c) => padTo(text, widths[c] ?? 0, aligns[c] ?? 'left')).join(' │ ')} │\n`;
}

function rule(widths: readonly number[], [left, middle, right]: string): string {
  return `${left}${widths.map((w) => '─'.repeat(w + 2)).join(middle)}${right}\n`;
}
