import type { ColumnInfo } from '../../../protocol/methods.ts';
import type { PageReader } from '../../../results/pages.ts';
import { csvFormat } from './csv.ts';
import { jsonFormat, ndjsonFormat } from './json.ts';
import { markdownFormat } from './markdown.ts';
import { tableFormat } from './table.ts';

/** A way to write rows as text. One writer is for one result. */
export interface RowWriter {
  /** What goes before the rows. */
  begin(): string;
  /** The rows of the next page. */
  rows(page: PageReader): string;
  /** What goes behind them. */
  end(): string;
}

/** What a writer is made for. */
export interface FormatOptions {
  readonly columns: readonly ColumnInfo[];
  /** Columns of the terminal; undefined when it is none. */
  readonly width: number | undefined;
}

/** Formats that are text; `arrow` and `parquet` are files of their own. */
export const TEXT_FORMATS: Readonly<Record<string, (options: FormatOptions) => RowWriter>> = {
  table: tableFormat,
  csv: csvFormat,
  json: jsonFormat,
  ndjson: ndjsonFormat,
  markdown: markdownFormat,
};

/** Every name that `--format` takes. */
export const FORMATS = [...Object.keys(TEXT_FORMATS), 'arrow', 'parquet'];

/** Formats for people, which show the rows of every statement; the others hold those of the last one. */
export const SHOWS_ALL = new Set(['table', 'markdown']);
