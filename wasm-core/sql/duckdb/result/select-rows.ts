import { tableFromIPC } from 'apache-arrow';
import type { ExportedResult } from '../../../protocol/export.ts';
import type { RowSelection } from '../../../protocol/result-query.ts';
import { filtersSql, sortSql } from '../../result/filter-sql.ts';
import { type ColumnSql, storedColumns } from '../../result/result-columns.ts';
import type { RowsConnection } from '../export/rows-connection.ts';
import type { Slices } from '../slices.ts';
import { queryResult, queryTexts, RESULT_ROWS } from './query-result.ts';

/** Rows of a result that are selected, by their numbers. */
export interface SelectedRows {
  /** From 0, in the order in which they are wanted. */
  readonly rows: Uint32Array;
  /** How many there are, whatever `maxRows` keeps. */
  readonly matchCount: number;
}

/**
 * Finds out which rows of a result are selected, in which order. Only columns that the selection names leave the file.
 *
 * @param options.maxRows rows wanted
 * @throws CoreError as `queryResult`
 */
export async function selectRows(
  connection: RowsConnection,
  options: {
    readonly result: ExportedResult;
    readonly select: RowSelection;
    readonly maxRows: number;
    readonly slices: Slices;
  },
): Promise<SelectedRows> {
  const { result, select, maxRows, slices } = options;
  const { filters = [], sort = [] } = select;
  if (filters.length === 0 && sort.length === 0) {
    return { rows: firstNumbers(Math.min(maxRows, result.rowCount)), matchCount: result.rowCount };
  }
  const columns = storedColumns(result.columns);
  const condition = filtersSql(filters, columns);
  const where = condition === undefined ? '' : ` where ${condition}`;
  const used = [...filters, ...sort].map(({ column }) => column);
  const isCut = maxRows < result.rowCount;
  const rows = await numbersOf(connection, {
    result,
    columns: used,
    sql: `select r from ${RESULT_ROWS}${where}${orderSql(select, columns)}${isCut ? ` limit ${maxRows}` : ''}`,
    slices,
  });
  if (rows.length < maxRows) return { rows, matchCount: rows.length };
  if (condition === undefined) return { rows, matchCount: result.rowCount };
  const [[count] = []] = await queryTexts(connection, {
    result,
    columns: filters.map(({ column }) => column),
    sql: `select count(*) from ${RESULT_ROWS}${where}`,
    slices,
  });
  return { rows, matchCount: Number(count) };
}

/** Ties keep the order of the result, in which the engine scans the rows. */
function orderSql({ sort }: RowSelection, columns: readonly ColumnSql[]): string {
  const keys = sortSql(sort, columns);
  return keys.length === 0 ? '' : ` order by ${[...keys, 'r'].join(', ')}`;
}

function firstNumbers(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, row) => row);
}

async function numbersOf(
  connection: RowsConnection,
  query: Parameters<typeof queryResult>[1],
): Promise<Uint32Array> {
  let schema = new Uint8Array();
  const parts: Int32Array[] = [];
  await queryResult(connection, query, (message, isSchema) => {
    if (isSchema) schema = message.slice();
    else parts.push(tableFromIPC([schema, message]).getChildAt(0)?.toArray() as Int32Array);
  });
  const rows = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    rows.set(part, at);
    at += part.length;
  }
  return rows;
}
