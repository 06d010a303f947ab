import type { ResultFindResult } from '../../../protocol/result-query.ts';
import { textOf } from '../../result/filter-sql.ts';
import { textLiteral } from '../../result/literals.ts';
import { type ColumnSql, storedColumns } from '../../result/result-columns.ts';
import type { ResultQuestion } from '../../result/result-question.ts';
import { queryTexts, RESULT_ROWS } from './query-result.ts';
import type { ResultQuestionParts } from './result-questions.ts';

type FindQuestion = Extract<ResultQuestion, { type: 'find' }>;

/** Cells that are counted. */
const MAX_COUNT = 10_000;

/** Columns that one query looks through: each is a bit of a whole number. */
const BLOCK = 48;

/** A cell by its row, and by its column's place among those that are searched. */
interface Place {
  readonly row: number;
  readonly place: number;
}

/**
 * `result/find`: the next cell that has a text, and how many there are.
 *
 * @throws CoreError as `queryResult`
 */
export async function answerFind(
  parts: ResultQuestionParts,
  question: FindQuestion,
): Promise<ResultFindResult> {
  const { result, from, backwards = false } = question;
  const columns = question.columns ?? result.columns.map((_, index) => index);
  const search = { question, columns, stored: storedColumns(result.columns) };
  const counted = await cells(parts, search, { where: 'true', backwards: false, limit: MAX_COUNT });
  const at = { row: from.row, place: columns.indexOf(from.column) };
  if (counted.length < MAX_COUNT) {
    const index = nextIndex(counted, at, backwards);
    return found(counted[index], { columns, count: counted.length, index });
  }
  const next = await nextBeyond(parts, search, { at, backwards });
  const index = counted.findIndex(({ row, place }) => row === next?.row && place === next.place);
  return found(next, { columns, count: MAX_COUNT, index });
}

function found(
  cell: Place | undefined,
  options: { readonly columns: readonly number[]; readonly count: number; readonly index: number },
): ResultFindResult {
  const { columns, count, index } = options;
  if (cell === undefined) return { count };
  const { row, place } = cell;
  return { cell: { row, column: columns[place] ?? 0 }, count, ...(index >= 0 && { index }) };
}

/** The first cell behind another, or the last one before it, around the end of the rows. */
function nextIndex(cells: readonly Place[], at: Place, backwards: boolean): number {
  if (backwards) {
    const last = cells.findLastIndex((cell) => compare(cell, at) < 0);
    return last >= 0 ? last : cells.length - 1;
  }
  return Math.max(
    cells.findIndex((cell) => compare(cell, at) > 0),
    0,
  );
}

function compare(a: Place, b: Place): number {
  return a.row - b.row || a.place - b.place;
}

interface Search {
  readonly question: FindQuestion;
  readonly columns: readonly number[];
  readonly stored: readonly ColumnSql[];
}

/** The same where there are too many cells to look through all of them. */
async function nextBeyond(
  parts: ResultQuestionParts,
  search: Search,
  { at, backwards }: { readonly at: Place; readonly backwards: boolean },
): Promise<Place | undefined> {
  // One row may have as many cells as there are columns, all of them on the wrong side.
  const limit = search.columns.length + 1;
  const where = backwards ? `r <= ${at.row}` : `r >= ${at.row}`;
  const near = await cells(parts, search, { where, backwards, limit });
  const next = near.find((cell) => (backwards ? compare(cell, at) < 0 : compare(cell, at) > 0));
  return next ?? (await cells(parts, search, { where: 'true', backwards, limit: 1 }))[0];
}

/** Cells that have the text, in their order, or from the last on. */
async function cells(
  { connection, slices }: ResultQuestionParts,
  { question, columns, stored }: Search,
  options: { readonly where: string; readonly backwards: boolean; readonly limit: number },
): Promise<Place[]> {
  const { where, backwards, limit } = options;
  const all: Place[] = [];
  for (let first = 0; first < columns.length; first += BLOCK) {
    const block = columns.slice(first, first + BLOCK);
    const bits = block.map((column, bit) => `if(${hasText(stored[column], question)}, ${2 ** bit}, 0)`);
    const order = backwards ? ' order by r desc' : '';
    const sql = `select r, bits from (select r, (${bits.join(' + ')})::bigint as bits from ${RESULT_ROWS} where ${where})
      where bits <> 0${order} limit ${limit}`;
    const rows = await queryTexts(connection, { result: question.result, columns: block, sql, slices });
    for (const [row, bits] of rows) {
      for (let bit = 0; bit < block.length; bit++) {
        if ((BigInt(bits ?? 0) >> BigInt(bit)) & 1n) all.push({ row: Number(row), place: first + bit });
      }
    }
  }
  all.sort((a, b) => (backwards ? compare(b, a) : compare(a, b)));
  return all.slice(0, limit);
}

function hasText(column: ColumnSql | undefined, { text, matchCase }: FindQuestion): string {
  if (column === undefined) return 'false';
  const [value, wanted] = [textOf(column), textLiteral(text)];
  return matchCase ? `contains(${value}, ${wanted})` : `contains(lower(${value}), lower(${wanted}))`;
}
