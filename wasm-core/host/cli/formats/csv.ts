import type { FormatOptions, RowWriter } from './format.ts';

/**
 * RFC 4180 with LF: fields with commas, quotes, line ends or outer spaces are quoted. NULL is an empty field, empty text
 * a quoted one.
 */
export function csvFormat({ columns }: FormatOptions): RowWriter {
  const indices = columns.map((_, index) => index);
  return {
    begin: () => `${columns.map(({ name }) => field(name)).join(',')}\n`,
    rows: (page) => {
      let text = '';
      for (let row = 0; row < page.rowCount; row++) {
        const cells = indices.map((c) => (page.isNull(row, c) ? '' : field(page.text(row, c))));
        text += `${cells.join(',')}\n`;
      }
      return text;
    },
    end: () => '',
  };
}

function field(text: string): string {
  return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
