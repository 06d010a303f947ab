import { isNumeric } from '../type-text.ts';
import type { RowWriter, WriterOptions } from './row-writer.ts';

/** A table as GitHub and others read it. NULL is written as NULL. */
export function markdownFormat({ columns }: WriterOptions): RowWriter {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return {
    begin: () =>
      line(columns.map(({ name }) => cell(name))) +
      line(columns.map(({ type }) => (isNumeric(type) ? '---:' : '---'))),
    rows: (page) => {
      let text = '';
      for (let row = 0; row < page.rowCount; row++) {
        text += line(columns.map((_, c) => (page.isNull(row, c) ? 'NULL' : cell(page.text(row, c)))));
      }
      return text;
    },
    end: () => '\n',
  };
}

function cell(text: string): string {
  return text.replace(/[\\|<]/g, '\\$&').replace(/\r\n|\r|\n/g, '<br>');
}
