import { open } from 'node:fs/promises';
import type { ColumnInfo, StatementResult } from '../../protocol/methods.ts';
import { type PageReader, readPage } from '../../results/pages.ts';

/** Rows of a statement as tests write them, one value after another, and the columns that they are of. */
export interface TestRows {
  readonly columns: readonly ColumnInfo[];
  readonly rowCount: number;
  /** Row by row; `rowCount` times the number of columns. */
  readonly values: readonly string[];
}

/** More values than these are not held against a file. */
const MAX_VALUES = 20_000_000;

/**
 * Reads what a statement gave, as DuckDB's test runner writes it: `NULL`, `(empty)` for empty text, 1 and 0 for booleans,
 * and what a cast to VARCHAR gives for anything else. A statement that changes things gives the number of rows that it
 * changed.
 *
 * @throws Error when there are too many values
 */
export async function readTestRows(statement: StatementResult): Promise<TestRows> {
  const { file, columns, rowCount } = statement;
  if (file === undefined) return countRow(statement);
  if (rowCount * columns.length > MAX_VALUES) throw new Error(`${rowCount} rows are too many to compare.`);
  const values: string[] = [];
  const handle = await open(file.path, 'r');
  try {
    const read = async (position: number, byteLength: number): Promise<Uint8Array> => {
      const { buffer } = await handle.read(Buffer.alloc(byteLength), 0, byteLength, position);
      return buffer;
    };
    const schema = await read(0, file.schemaByteLength);
    for (const page of file.pages) {
      const bytes = await read(page.offset, page.byteLength);
      addValues(values, readPage(schema, bytes, columns, page.rowCount), columns);
    }
  } finally {
    await handle.close();
  }
  return { columns, rowCount, values };
}

function countRow({ kind, rowCount }: StatementResult): TestRows {
  if (!COUNTING.has(kind)) return { columns: [], rowCount: 0, values: [] };
  return { columns: [{ name: 'Count', type: 'BIGINT' }], rowCount: 1, values: [String(rowCount)] };
}

/** Kinds of statements that answer with a count. */
const COUNTING: ReadonlySet<string> = new Set([
  ...['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'MERGE', 'COPY', 'CREATE', 'WITH', 'EXECUTE'],
]);

function addValues(values: string[], page: PageReader, columns: readonly ColumnInfo[]): void {
  for (let row = 0; row < page.rowCount; row++) {
    for (const [column, { type }] of columns.entries()) values.push(valueText(page, { row, column, type }));
  }
}

function valueText(
  page: PageReader,
  { row, column, type }: { readonly row: number; readonly column: number; readonly type: string },
): string {
  if (page.isNull(row, column)) return 'NULL';
  const text = page.text(row, column);
  if (type === 'BOOLEAN') return text === 'true' ? '1' : '0';
  return text === '' ? '(empty)' : text.replaceAll('\0', '\\0');
}
