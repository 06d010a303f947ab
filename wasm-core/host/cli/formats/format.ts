import { EXPORT_FORMATS } from '../../../protocol/export.ts';
import { csvFormat } from '../../../results/formats/csv.ts';
import { insertFormat } from '../../../results/formats/insert-statements.ts';
import { jsonFormat, ndjsonFormat } from '../../../results/formats/json.ts';
import { markdownFormat } from '../../../results/formats/markdown.ts';
import type { RowWriter, WriterOptions } from '../../../results/formats/row-writer.ts';
import { tableFormat } from './table.ts';

/** What a writer of text is made for. */
export interface FormatOptions extends WriterOptions {
  /** Columns of the terminal; undefined when it is none. */
  readonly width: number | undefined;
}

/** Formats that are text. */
export const TEXT_FORMATS: Readonly<Record<string, (options: FormatOptions) => RowWriter>> = {
  table: tableFormat,
  csv: csvFormat,
  tsv: (options) => csvFormat(options, '\t'),
  json: jsonFormat,
  ndjson: ndjsonFormat,
  markdown: markdownFormat,
  sql: (options) => insertFormat({ ...options, table: 'result', createTable: true }),
};

/** Formats that are files and nothing else. */
export const FILE_FORMATS: ReadonlySet<string> = new Set(['parquet', 'xlsx']);

/** Every name that `--format` takes. */
export const FORMATS = ['table', ...Object.keys(EXPORT_FORMATS)];

/** Formats for people, which show the rows of every statement; the others hold those of the last one. */
export const SHOWS_ALL = new Set(['table', 'markdown']);
