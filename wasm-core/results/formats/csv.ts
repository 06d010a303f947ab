import type { RowWriter, WriterOptions } from './row-writer.ts';

/**
 * RFC 4180 with LF: fields with delimiters, quotes, line ends or outer spaces are quoted. NULL is an empty field, empty
 * text a quoted one.
 */
export function csvFormat({ columns }: WriterOptions, delimiter: ',' | '\t' = ','): RowWriter {
  const field = (text: string): string => quoted(text, delimiter);
  const indices = columns.map((_, index) => index);
  return {
    begin: () => `${columns.map(({ name }) => field(name)).join(delimiter)}\n`,
    rows: (page) => {
      let text = '';
      for (let row = 0; row < page.rowCount; row++) {
        const cells = indices.map((c) => (page.isNull(row, c) ? '' : field(page.text(row, c))));
        text += `${cells.join(delimiter)}\n`;
      }
      return text;
    },
    end: () => '',
  };
}

function quoted(text: string, delimiter: string): string {
  const isPlain = text !== '' && !text.includes(delimiter) && !/["\r\n]|^\s|\s$/.test(text);
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}
