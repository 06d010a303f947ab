import type { PageReader } from '../pages.ts';
import { type RowWriter, uniqueNames, type WriterOptions } from './row-writer.ts';

/** Rows of one INSERT: enough to be fast to load, few enough for a line of an error to be found. */
const ROWS_A_STATEMENT = 500;

/** Where the inserts go. */
export interface InsertOptions extends WriterOptions {
  /** Any text: it becomes a quoted name. */
  readonly table: string;
  /** Whether a CREATE TABLE with DuckDB's types goes first. */
  readonly createTable: boolean;
}

/**
 * INSERT statements that give the same values when DuckDB runs them: doubles have an exponent, since digits with a point
 * alone are a DECIMAL, and what is neither a number nor a truth value is text, which the table's columns turn into their
 * type.
 */
export function insertFormat({ columns, table, createTable }: InsertOptions): RowWriter {
  const names = uniqueNames(
    columns.map(({ name }) => name),
    (name) => name.toLowerCase(),
  ).map(quoteName);
  const literals = columns.map(({ type }) => literalOf(type));
  const head = `INSERT INTO ${quoteName(table)} (${names.join(', ')}) VALUES\n`;
  let rowCount = 0;
  const rowText = (page: PageReader, row: number): string => {
    const values = literals.map((literal, c) => (page.isNull(row, c) ? 'NULL' : literal(page.text(row, c))));
    return `  (${values.join(', ')})`;
  };
  return {
    begin: () => (createTable ? createText(table, names, columns) : ''),
    rows: (page) => {
      let text = '';
      for (let row = 0; row < page.rowCount; row++) {
        if (rowCount % ROWS_A_STATEMENT === 0) text += `${rowCount === 0 ? '' : ';\n'}${head}`;
        else text += ',\n';
        text += rowText(page, row);
        rowCount++;
      }
      return text;
    },
    end: () => (rowCount === 0 ? '' : ';\n'),
  };
}

function createText(table: string, names: readonly string[], columns: WriterOptions['columns']): string {
  const lines = columns.map(({ type }, index) => `  ${names[index]} ${tableType(type)}`);
  return `CREATE TABLE ${quoteName(table)} (\n${lines.join(',\n')}\n);\n`;
}

/** A column that is nothing but NULL becomes what DuckDB makes of it in a table. */
function tableType(type: string): string {
  return type.replaceAll(/"NULL"(?=\[|$)/g, 'INTEGER');
}

function literalOf(type: string): (text: string) => string {
  if (type === 'BOOLEAN') return (text) => text;
  if (/^U?(TINY|SMALL|BIG)?INT$|^U?INTEGER$/.test(type) || type.startsWith('DECIMAL(')) return (text) => text;
  // A number of more digits would be taken for a double.
  if (/^U?HUGEINT$/.test(type)) return (text) => (text.length <= 18 ? text : quoteText(text));
  if (type === 'DOUBLE' || type === 'FLOAT') return floatLiteral;
  return quoteText;
}

function floatLiteral(text: string): string {
  if (/[^-+.\de]/.test(text)) return quoteText(text.replace('-nan', 'nan'));
  return text.includes('e') ? text : `${text}e0`;
}

/** A NUL character would end the statement. */
function quoteText(text: string): string {
  const quoted = (part: string): string => `'${part.replaceAll("'", "''")}'`;
  const parts = text.split('\0').map(quoted);
  return parts.length === 1 ? parts.join('') : `(${parts.join(' || chr(0) || ')})`;
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
