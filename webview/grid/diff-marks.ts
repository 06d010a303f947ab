import type { ColumnInfo } from '../../wasm-core/protocol/methods.ts';
import type { CellValue } from '../page-store.ts';

/** The class of a cell that differs, or of a row that one side alone has; undefined for other cells. */
export type CellMark = (row: number, column: number) => string | undefined;

const ROW_MARKS: Readonly<Record<string, string>> = {
  added: 'diff-added',
  removed: 'diff-removed',
  duplicate: 'diff-duplicate',
};

/**
 * Marks the cells of `sql/diff`'s rows: `status` first, and behind `changed` each column twice, as it is and as it was.
 *
 * @param value looks a cell up; while a page is pending its rows have no marks
 */
export function diffMarks(
  columns: readonly ColumnInfo[],
  value: (row: number, column: number) => CellValue,
): CellMark {
  // It has a number behind its name where the key has a column that is called so.
  const changed = columns.findIndex(
    ({ name, type }) => /^changed( \d+)?$/.test(name) && type === 'VARCHAR[]',
  );
  const text = (row: number, column: number) => {
    const cell = value(row, column);
    return cell.state === 'value' && !cell.isNull ? cell.text : undefined;
  };
  return (row, column) => {
    const status = text(row, 0) ?? '';
    if (status !== 'changed' || changed < 0 || column <= changed) return ROW_MARKS[status];
    const isBefore = (column - changed) % 2 === 0;
    const name = columns[isBefore ? column - 1 : column]?.name ?? '';
    if (!listedNames(text(row, changed) ?? '').has(name)) return undefined;
    return isBefore ? 'diff-before' : 'diff-after';
  };
}

/** The names in DuckDB's text of a list, where those with commas, quotes or spaces at their ends stand in quotes. */
function listedNames(text: string): ReadonlySet<string> {
  const items = text.slice(1, -1).matchAll(/\s*'((?:[^'\\]|\\.)*)'\s*|[^,]+/g);
  return new Set(
    [...items].map(([all, quoted]) => (quoted === undefined ? all.trim() : quoted.replace(/\\(.)/g, '$1'))),
  );
}
