import * as l10n from '@vscode/l10n';
import type { ColumnInfo } from '../../wasm-core/protocol/methods.ts';
import type { PageReader } from '../../wasm-core/results/pages.ts';
import { isNumeric } from '../../wasm-core/results/type-text.ts';

/** As what cells are copied. */
export type CopyFormat = 'tsv' | 'tsvWithNames' | 'csv' | 'json' | 'markdown' | 'sql';

/** A format as a menu names it. */
export interface NamedFormat {
  readonly format: CopyFormat;
  readonly label: string;
  readonly keys?: string;
}

/** The formats as a menu names them. */
export function copyFormats(): readonly NamedFormat[] {
  return [
    { format: 'tsv', label: l10n.t('Copy'), keys: 'Ctrl+C' },
    { format: 'tsvWithNames', label: l10n.t('Copy with names'), keys: 'Ctrl+Shift+C' },
    { format: 'csv', label: l10n.t('Copy as CSV') },
    { format: 'json', label: l10n.t('Copy as JSON') },
    { format: 'markdown', label: l10n.t('Copy as Markdown') },
    { format: 'sql', label: l10n.t('Copy as SQL INSERT') },
  ];
}

/** Rows of one INSERT statement. */
const INSERT_ROWS = 500;

/** A column that is copied. */
export interface CopiedColumn extends ColumnInfo {
  /** Its index in the result. */
  readonly column: number;
}

/** Writes rows in one format; the parts stand behind each other. */
export interface CopyWriter {
  readonly begin: string;
  /** A row with what stands between it and the one before; `number` counts from 0. */
  row(page: PageReader, at: number, number: number): string;
  readonly end: string;
}

/** What writes cells of these columns. @param isSingle of one cell alone, which stands as it is */
export function copyWriter(
  format: CopyFormat,
  columns: readonly CopiedColumn[],
  isSingle: boolean,
): CopyWriter {
  switch (format) {
    case 'tsv':
      return isSingle ? plainWriter(columns) : separated(columns, { mark: '\t', names: false });
    case 'tsvWithNames':
      return separated(columns, { mark: '\t', names: true });
    case 'csv':
      return separated(columns, { mark: ',', names: true });
    case 'json':
      return jsonWriter(columns);
    case 'markdown':
      return markdownWriter(columns);
    case 'sql':
      return insertWriter(columns);
  }
}

function plainWriter(columns: readonly CopiedColumn[]): CopyWriter {
  const row = (page: PageReader, at: number) =>
    columns.map(({ column }) => (page.isNull(at, column) ? '' : page.text(at, column))).join('');
  return { begin: '', row, end: '' };
}

/**
 * Lines of texts, as spreadsheets and `read_csv` read them: NULL is empty; what has the mark, quotes or line ends
 * stands in double quotes. In CSV an empty text does too, so that it is not NULL.
 */
function separated(
  columns: readonly CopiedColumn[],
  { mark, names }: { readonly mark: '\t' | ','; readonly names: boolean },
): CopyWriter {
  const special = mark === ',' ? /[",\n\r]|^$/ : /["\t\n\r]/;
  const field = (text: string) => (special.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const row = (page: PageReader, at: number, number: number) =>
    (number === 0 ? '' : '\n') +
    columns.map(({ column }) => (page.isNull(at, column) ? '' : field(page.text(at, column)))).join(mark);
  return {
    begin: names ? `${columns.map(({ name }) => field(name)).join(mark)}\n` : '',
    row,
    end: '',
  };
}

/** An array of objects; numbers keep all their digits. */
function jsonWriter(columns: readonly CopiedColumn[]): CopyWriter {
  const keys = uniqueNames(columns).map((name) => JSON.stringify(name));
  const row = (page: PageReader, at: number, number: number) => {
    const members = columns.map(({ column }, i) => `${keys[i]}:${page.json(at, column)}`);
    return `${number === 0 ? '' : ','}\n  {${members.join(',')}}`;
  };
  return { begin: '[', row, end: '\n]' };
}

function markdownWriter(columns: readonly CopiedColumn[]): CopyWriter {
  const field = (text: string) =>
    text
      .replace(/[\\|&<>*_`[\]]/g, (character) => MARKDOWN[character] ?? `\\${character}`)
      .replace(/\r\n|[\n\r]/g, '<br>');
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const row = (page: PageReader, at: number) =>
    `\n${line(columns.map(({ column }) => field(page.text(at, column))))}`;
  const names = line(columns.map(({ name }) => field(name)));
  const rule = line(columns.map(({ type }) => (isNumeric(type) ? '---:' : '---')));
  return { begin: `${names}\n${rule}`, row, end: '\n' };
}

const MARKDOWN: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** INSERT statements for a table that is called `result`. */
function insertWriter(columns: readonly CopiedColumn[]): CopyWriter {
  const names = uniqueNames(columns).map((name) => `"${name.replaceAll('"', '""')}"`);
  const insert = `INSERT INTO "result" (${names.join(', ')}) VALUES`;
  const row = (page: PageReader, at: number, number: number) => {
    const values = columns.map(({ column, type }) =>
      page.isNull(at, column) ? 'NULL' : literal(page.text(at, column), type),
    );
    const isFirst = number % INSERT_ROWS === 0;
    const before = isFirst ? `${number === 0 ? '' : ';\n'}${insert}\n` : ',\n';
    return `${before}  (${values.join(', ')})`;
  };
  return { begin: '', row, end: ';\n' };
}

/** A value as the engine reads it: digits as they are, texts in quotes, all else as a text that is cast. */
function literal(text: string, type: string): string {
  if (type === 'BOOLEAN' || (isNumeric(type) && /^[-+.\de]+$/i.test(text))) return text;
  // No literal may have NUL in it.
  const quoted = text
    .split('\u0000')
    .map((part) => `'${part.replaceAll("'", "''")}'`)
    .join(' || chr(0) || ');
  if (type === 'VARCHAR') return quoted;
  return quoted.includes(' || ') ? `(${quoted})::${type}` : `${quoted}::${type}`;
}

/** Names that occur once: `a`, `a_1`; a column without a name is called by its place. */
function uniqueNames(columns: readonly CopiedColumn[]): string[] {
  const taken = new Set<string>();
  return columns.map(({ name, column }) => {
    const base = name === '' ? `column${column}` : name;
    let unique = base;
    for (let i = 1; taken.has(unique); i++) unique = `${base}_${i}`;
    taken.add(unique);
    return unique;
  });
}
