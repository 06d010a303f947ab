import type { PageReader } from '../pages.ts';
import { type RowWriter, uniqueNames, type WriterOptions } from './row-writer.ts';

/**
 * An array with one object a line. Numbers have all their digits, BIGINT, HUGEINT and DECIMAL too, so a reader that
 * wants them exact must not read them as doubles; NaN and the infinities are null; dates and times are strings.
 */
export function jsonFormat(options: WriterOptions): RowWriter {
  const object = objectWriter(options);
  let first = true;
  return {
    begin: () => '[',
    rows: (page) => {
      let text = '';
      for (let row = 0; row < page.rowCount; row++) {
        text += `${first ? '\n' : ',\n'}${object(page, row)}`;
        first = false;
      }
      return text;
    },
    end: () => (first ? ']\n' : '\n]\n'),
  };
}

/** One object a line, values as in `json`. */
export function ndjsonFormat(options: WriterOptions): RowWriter {
  const object = objectWriter(options);
  return {
    begin: () => '',
    rows: (page) => {
      let text = '';
      for (let row = 0; row < page.rowCount; row++) text += `${object(page, row)}\n`;
      return text;
    },
    end: () => '',
  };
}

/** An object has one member of a name: columns named alike get `_1`, `_2`. */
function objectWriter({ columns }: WriterOptions): (page: PageReader, row: number) => string {
  const keys = uniqueNames(columns.map(({ name }) => name)).map((name) => JSON.stringify(name));
  return (page, row) => `{${keys.map((key, column) => `${key}:${page.json(row, column)}`).join(',')}}`;
}
