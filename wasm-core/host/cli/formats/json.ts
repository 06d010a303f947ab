import type { PageReader } from '../../../results/pages.ts';
import type { FormatOptions, RowWriter } from './format.ts';

/**
 * An array with one object a line. Numbers have all their digits, BIGINT, HUGEINT and DECIMAL too, so a reader that
 * wants them exact must not read them as doubles; NaN and the infinities are null; dates and times are strings.
 */
export function jsonFormat(options: FormatOptions): RowWriter {
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
export function ndjsonFormat(options: FormatOptions): RowWriter {
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

function objectWriter({ columns }: FormatOptions): (page: PageReader, row: number) => string {
  const keys = uniqueNames(columns.map(({ name }) => name)).map((name) => JSON.stringify(name));
  return (page, row) => `{${keys.map((key, column) => `${key}:${page.json(row, column)}`).join(',')}}`;
}

/** An object has one member of a name: columns named alike get `_1`, `_2`. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let n = 1; seen.has(unique) || (unique !== name && taken.has(unique)); n++) unique = `${name}_${n}`;
    seen.add(unique);
    return unique;
  });
}
