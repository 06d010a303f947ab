import { CoreError } from '../../../protocol/errors.ts';
import type { ExportedResult } from '../../../protocol/export.ts';
import { mendedSchema } from '../../../results/mended-schema.ts';
import { readPage } from '../../../results/pages.ts';
import { countRows, readSchema, schemaColumns } from '../arrow-types.ts';
import type { EngineContext } from '../context.ts';
import type { StructureNode } from '../export/arrow-format.ts';
import { structureOf } from '../export/arrow-format.ts';
import type { BatchSource } from '../export/arrow-stream.ts';
import { ROWS_VIEW, type RowsConnection } from '../export/rows-connection.ts';
import { ColumnFile, type ColumnParts } from '../node/result/column-file.ts';
import { abandonQuery } from '../run-statement.ts';
import type { Slices } from '../slices.ts';

/** A question about the rows of a results file, in SQL. */
export interface ResultQuery {
  readonly result: ExportedResult;
  /**
   * Indexes of the columns that the query reads; of the others nothing leaves the file. They are called `c0`, `c1` and so
   * on by their places in the result (`storedName`), and hold what `storedColumns` says.
   */
  readonly columns: readonly number[];
  /**
   * Reads `RESULT_ROWS` exactly once: the rows come as a stream, in their order. The number of a row, from 0, is its
   * column `r`.
   */
  readonly sql: string;
  readonly slices: Slices;
}

/**
 * What a `ResultQuery` reads. The engine leaves simple conditions to the one who streams the rows, and forgets them; it
 * moves none of them behind a LIMIT, and one of this size costs nothing.
 */
export const RESULT_ROWS = `(from ${ROWS_VIEW} limit ${Number.MAX_SAFE_INTEGER})`;

/**
 * Asks the engine about the rows of a results file, which reach it column by column, on a connection of their own: the
 * session's tables, settings and transactions have no part in it.
 *
 * @param take gets the schema message first, then the messages of one record batch after another, valid until it returns
 * @throws CoreError FILE_NOT_FOUND when the file is gone, FORMAT_DATA when it is broken, SQL_BIND and others of the
 *   engine's, MEMORY_LIMIT, CANCELLED, DEADLINE_EXCEEDED
 */
export async function queryResult(
  connection: RowsConnection,
  query: ResultQuery,
  take: (message: Uint8Array, isSchema: boolean) => void,
): Promise<void> {
  const file = new ColumnFile(query.result.path, query.result.rowCount);
  try {
    const source = columnSource(file, query.result, query.columns);
    await connection.withRows(source, (context) => runQuery(context, query, take));
  } finally {
    file.close();
  }
}

/**
 * The answer to a `ResultQuery` as texts, as a result would show them; null is NULL. For answers of few rows.
 *
 * @throws CoreError as `queryResult`
 */
export async function queryTexts(
  connection: RowsConnection,
  query: ResultQuery,
): Promise<(string | null)[][]> {
  let schema: Uint8Array | undefined;
  const rows: (string | null)[][] = [];
  await queryResult(connection, query, (message, isSchema) => {
    if (isSchema) schema = message.slice();
    else if (schema !== undefined) rows.push(...rowTexts(schema, message));
  });
  return rows;
}

function rowTexts(schema: Uint8Array, message: Uint8Array): (string | null)[][] {
  const columns = schemaColumns(readSchema(schema));
  const page = readPage(mendedSchema(schema, columns), message, columns, countRows(message));
  return Array.from({ length: page.rowCount }, (_, row) =>
    columns.map((_, column) => (page.isNull(row, column) ? null : page.text(row, column))),
  );
}

async function runQuery(
  context: EngineContext,
  { sql, slices }: ResultQuery,
  take: (message: Uint8Array, isSchema: boolean) => void,
): Promise<void> {
  const { bindings } = context.db;
  const { id } = context.runs;
  try {
    let header = bindings.startPendingQuery(id, sql, true);
    while (header === null) {
      await slices.turn();
      header = bindings.pollPendingQuery(id);
    }
    take(header, true);
    for (;;) {
      const bytes = bindings.fetchQueryResults(id);
      if (bytes !== null && bytes.length === 0) return;
      if (bytes !== null) take(bytes, false);
      await slices.turn();
    }
  } catch (error) {
    abandonQuery(context);
    throw error;
  }
}

/** Rows of a file, as far as a query reads them. */
function columnSource(file: ColumnFile, { columns }: ExportedResult, wanted: readonly number[]): BatchSource {
  const structure = structureOf(readSchema(file.schema));
  if (structure.children.length !== columns.length) {
    throw new CoreError('FORMAT_DATA', 'The columns of the result are not those of its file.');
  }
  const parts = columnParts(structure);
  const chosen = [...new Set(wanted)].sort((a, b) => a - b);
  const children = chosen.map((index) => {
    const child = structure.children[index];
    if (child === undefined) throw new RangeError(`no column ${index}`);
    return { ...child, name: `c${index}` };
  });
  const chosenParts = chosen.flatMap((index) => parts[index] ?? []);
  let next = 0;
  const firstRows = file.firstRows();
  return {
    structure: { ...structure, children: [...children, ROW_NUMBER] },
    next: () => {
      const index = next++;
      const firstRow = firstRows[index];
      return firstRow === undefined ? undefined : numbered(file, { index, firstRow, parts: chosenParts });
    },
  };
}

const ROW_NUMBER: StructureNode = {
  name: 'r',
  format: 'i',
  metadata: [],
  bufferCount: 2,
  hasValidity: true,
  isSortedMap: false,
  children: [],
};

/** A batch with the numbers of its rows behind its columns. */
function numbered(
  file: ColumnFile,
  at: { readonly index: number; readonly firstRow: number; readonly parts: readonly ColumnParts[] },
) {
  const { index, firstRow, parts } = at;
  const batch = file.batch(index, parts, { spareBytes: 4 * file.batchRows(index) });
  const { rowCount, body } = batch;
  const offset = body.length - 4 * rowCount;
  const numbers = new Int32Array(body.buffer, body.byteOffset + offset, rowCount);
  for (let row = 0; row < rowCount; row++) numbers[row] = firstRow + row;
  const buffers = [
    { offset, length: 0 },
    { offset, length: 4 * rowCount },
  ];
  return {
    rowCount,
    nodes: [...batch.nodes, { length: rowCount, nullCount: 0 }],
    buffers: [...batch.buffers, ...buffers],
    body,
  };
}

/** Which nodes and buffers of a batch each column has. */
function columnParts({ children }: StructureNode): ColumnParts[] {
  let firstNode = 0;
  let firstBuffer = 0;
  return children.map((child) => {
    const size = sizeOf(child);
    const parts = { firstNode, firstBuffer, ...size };
    firstNode += size.nodeCount;
    firstBuffer += size.bufferCount;
    return parts;
  });
}

function sizeOf(node: StructureNode): { readonly nodeCount: number; readonly bufferCount: number } {
  return node.children.map(sizeOf).reduce(
    (sum, { nodeCount, bufferCount }) => ({
      nodeCount: sum.nodeCount + nodeCount,
      bufferCount: sum.bufferCount + bufferCount,
    }),
    { nodeCount: 1, bufferCount: node.bufferCount },
  );
}
