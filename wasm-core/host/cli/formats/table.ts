import type { RowWriter } from '../../../results/formats/row-writer.ts';
import type { PageReader } from '../../../results/pages.ts';
import { isNumeric } from '../../../results/type-text.ts';
import { displayWidth, padTo, visible } from '../text-table.ts';
import type { FormatOptions } from './format.ts';

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
    widths = squeeze(measure(names, aligns, page), width);
    const titles = names.map((name, c) => title(name, widths?.[c] ?? 0, aligns[c] ?? 'left'));
    return `${rule(widths, BORDER.top)}│ ${titles.join(' │ ')} │\n${rule(widths, BORDER.middle)}`;
  };
  return {
    begin: () => '',
    rows: (page) => {
      let text = widths === undefined ? header(page) : '';
      for (let row = 0; row < page.rowCount; row++) {
        const texts = cells(page, row, columns.length);
        text += `│ ${texts.map((cell, c) => padTo(cell, widths?.[c] ?? 0, aligns[c] ?? 'left')).join(' │ ')} │\n`;
      }
      return text;
    },
    end: () => (widths === undefined ? header() : '') + rule(widths ?? [], BORDER.bottom),
  };
}

const BORDER = { top: ['┌', '┬', '┐'], middle: ['├', '┼', '┤'], bottom: ['└', '┴', '┘'] } as const;

/** How wide a column is, and how narrow it may get. */
interface Measure {
  readonly width: number;
  readonly minimum: number;
}

function cells(page: PageReader, row: number, count: number): string[] {
  const texts: string[] = [];
  for (let c = 0; c < count; c++) texts.push(page.isNull(row, c) ? 'NULL' : visible(page.text(row, c)));
  return texts;
}

/** Text may be cut; of a column of numbers only the title. */
function measure(
  names: readonly string[],
  aligns: readonly ('left' | 'right')[],
  page: PageReader | undefined,
): Measure[] {
  const values = names.map(() => 0);
  const rowCount = Math.min(page?.rowCount ?? 0, MEASURED_ROWS);
  for (let row = 0; page && row < rowCount; row++) {
    cells(page, row, names.length).forEach((text, c) => {
      values[c] = Math.max(values[c] ?? 0, displayWidth(text));
    });
  }
  return names.map((name, c) => {
    const value = values[c] ?? 0;
    const width = Math.max(displayWidth(name), value);
    if (aligns[c] === 'right') return { width, minimum: Math.min(width, Math.max(value, MIN_COLUMN_WIDTH)) };
    const capped = Math.min(width, MAX_COLUMN_WIDTH);
    return { width: capped, minimum: Math.min(capped, MIN_COLUMN_WIDTH) };
  });
}

/** Narrows columns, the widest first, until the table fits or all are as narrow as they get. */
function squeeze(measures: readonly Measure[], available: number | undefined): number[] {
  const widths = measures.map(({ width }) => width);
  if (available === undefined) return widths;
  let excess = widths.reduce((sum, w) => sum + w + 3, 1) - available;
  for (; excess > 0; excess--) {
    let widest = -1;
    widths.forEach((w, c) => {
      if (w > (measures[c]?.minimum ?? w) && w > (widths[widest] ?? 0)) widest = c;
    });
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function title(name: string, width: number, align: 'left' | 'right'): string {
  return padTo(name, width, displayWidth(name) > width ? 'left' : align);
}

function rule(widths: readonly number[], [left, middle, right]: readonly [string, string, string]): string {
  return `${left}${widths.map((w) => '─'.repeat(w + 2)).join(middle)}${right}\n`;
}
