import { readFileSync } from 'node:fs';
import type { StatementResult } from '../../wasm-core/protocol/methods.ts';
import { readPage } from '../../wasm-core/results/pages.ts';
import type { TextRows } from './native-duckdb.ts';

/** A statement's rows from its results file, page by page as the editor's page reads them, NULL as null. */
export function resultRows({ columns, file }: StatementResult): TextRows {
  if (file === undefined) return [];
  const bytes = readFileSync(file.path);
  const schema = bytes.subarray(0, file.schemaByteLength);
  return file.pages.flatMap(({ offset, byteLength, rowCount }) => {
    const page = readPage(schema, bytes.subarray(offset, offset + byteLength), columns, rowCount);
    return Array.from({ length: rowCount }, (_, row) =>
      columns.map((_column, i) => (page.isNull(row, i) ? null : page.text(row, i))),
    );
  });
}
