import { readFileSync } from 'node:fs';
import type { ColumnInfo, StatementResult } from '../../wasm-core/protocol/methods.ts';
import { type PageReader, readPage } from '../../wasm-core/results/pages.ts';

/** One value as the results layer reads it. */
export interface ResultValue {
  readonly isNull: boolean;
  readonly text: string;
  readonly json: string;
}

/** The pages of a statement's rows, each with its reader. */
export function resultPages(
  statement: StatementResult | undefined,
  columns: readonly ColumnInfo[] = statement?.columns ?? [],
): PageReader[] {
  if (statement?.file === undefined) throw new Error('the statement has no rows');
  const { path, schemaByteLength, pages } = statement.file;
  const bytes = readFileSync(path);
  const schema = bytes.subarray(0, schemaByteLength);
  return pages.map(({ offset, byteLength, rowCount }) =>
    readPage(schema, bytes.subarray(offset, offset + byteLength), columns, rowCount),
  );
}

/** Every value of a statement, row by row. */
export function resultValues(
  statement: StatementResult | undefined,
  columns?: readonly ColumnInfo[],
): ResultValue[][] {
  return resultPages(statement, columns).flatMap((page) =>
    Array.from({ length: page.rowCount }, (_, row) =>
      (statement?.columns ?? []).map((_column, column) => ({
        isNull: page.isNull(row, column),
        text: page.text(row, column),
        json: page.json(row, column),
      })),
    ),
  );
}
