import type {
  ColumnSummary,
  ResultSummaryResult,
  RowFilter,
  SummaryBar,
} from '../../../protocol/result-query.ts';
import { filterSql, filtersSql, nullSql, textOf } from '../../result/filter-sql.ts';
import { histogramBounds } from '../../result/histogram.ts';
import { type ColumnSql, storedColumns } from '../../result/result-columns.ts';
import type { ResultQuestion } from '../../result/result-question.ts';
import { queryTexts, RESULT_ROWS } from './query-result.ts';
import type { ResultQuestionParts } from './result-questions.ts';

type SummaryQuestion = Extract<ResultQuestion, { type: 'summary' }>;

/** Values are told apart exactly up to so many rows; with more the engine estimates. */
const MAX_EXACT_ROWS = 200_000;
/** Numbers and times with at most so many values are told of value by value. */
const MAX_FEW_VALUES = 12;
const MAX_TOP = 10;
/** Longer texts are no bars, and are cut where they are the least or the greatest, characters. */
const MAX_TEXT = 1000;
/** With more values, most of which occur once, the most frequent ones are not looked for. */
const MAX_GROUPS = 100_000;

/**
 * `result/summary`: a query or two for each column.
 *
 * @throws CoreError as `queryResult`
 */
export async function answerSummary(
  parts: ResultQuestionParts,
  question: SummaryQuestion,
): Promise<ResultSummaryResult> {
  const { result, filters = [] } = question;
  const columns = storedColumns(result.columns);
  const ask = (sql: string, more: readonly number[] = []) =>
    queryTexts(parts.connection, {
      result,
      columns: [...more, ...filters.map(({ column }) => column)],
      sql,
      slices: parts.slices,
    });
  const where = filtersSql(filters, columns);
  const wanted = question.columns ?? columns.map((_, index) => index);
  const summaries: ColumnSummary[] = [];
  for (const index of wanted) {
    const column = columns[index];
    if (column === undefined) throw new RangeError(`no column ${index}`);
    summaries.push(await summarize({ column, index, where, columns, ask, rowCount: result.rowCount }));
  }
  const [[count] = []] = await ask(`select count(*) from ${RESULT_ROWS}${clause(where)}`);
  return { rowCount: Number(count), columns: summaries };
}

interface Summarized {
  readonly column: ColumnSql;
  readonly index: number;
  /** What rows must be, if not all count. */
  readonly where: string | undefined;
  readonly columns: readonly ColumnSql[];
  /** Of the result. */
  readonly rowCount: number;
  readonly ask: (sql: string, columns?: readonly number[]) => Promise<(string | null)[][]>;
}

async function summarize(summarized: Summarized): Promise<ColumnSummary> {
  const { column, index, where, rowCount, ask } = summarized;
  const kind = kindOf(column.type);
  const isExact = rowCount <= MAX_EXACT_ROWS;
  const { value } = column;
  const finite = HAS_INFINITY.test(column.type) ? ` filter (isfinite(${value}))` : '';
  const isOrdered = kind !== 'nested';
  const text = (expression: string) => `cast(${expression} as varchar)`;
  const absent = 'null';
  const shown = (expression: string) => `left(${text(expression)}, ${MAX_TEXT + 1})`;
  const [row = []] = await ask(
    `select count(*) filter (${nullSql(column, true)}), count(*) filter (${nullSql(column)}),
       ${isExact ? `count(distinct ${column.name})` : `approx_count_distinct(${column.name})`},
       ${isOrdered ? shown(`min(${value})`) : absent}, ${isOrdered ? shown(`max(${value})`) : absent},
       ${kind === 'number' ? text(`avg(${summable(column)})`) : absent},
       ${QUARTERS.map((at) => (hasQuartiles(kind) ? text(`quantile_disc(${value}, ${at})`) : absent)).join(', ')},
       ${hasQuartiles(kind) ? text(`min(${value})${finite}`) : absent},
       ${hasQuartiles(kind) ? text(`max(${value})${finite}`) : absent}
     from ${RESULT_ROWS}${clause(where)}`,
    [index],
  );
  const [values, nulls, distinct, min, max, mean, first, second, third, low, high] = row;
  const facts = { values: Number(values), distinct: Math.min(Number(distinct), Number(values)) };
  const bars = await barsOf(summarized, { ...facts, low, high });
  return {
    column: index,
    nulls: Number(nulls),
    distinct: facts.distinct,
    isDistinctExact: isExact,
    ...(isText(min) && { min: cut(min) }),
    ...(isText(max) && { max: cut(max) }),
    ...(isText(mean) && { mean }),
    ...(isText(first) && isText(second) && isText(third) && { quartiles: [first, second, third] as const }),
    ...bars,
  };
}

const QUARTERS = [0.25, 0.5, 0.75];

type Kind = 'number' | 'time' | 'text' | 'nested';

/** The sum of wide numbers has no place in their type. */
function summable({ value, type }: ColumnSql): string {
  return /^(U?HUGEINT|DECIMAL\((19|2.|3.),.*\))$/.test(type) ? `cast(${value} as double)` : value;
}

const HAS_INFINITY = /^(DOUBLE|FLOAT|DATE|TIMESTAMP|TIMESTAMP WITH TIME ZONE)$/;

function kindOf(type: string): Kind {
  if (/^(U?(TINY|SMALL|BIG|HUGE)?INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\))$/.test(type)) return 'number';
  if (/^(DATE|TIME|TIMESTAMP(_S|_MS|_NS)?|TIMESTAMP WITH TIME ZONE)$/.test(type)) return 'time';
  return /^(STRUCT|MAP|UNION)\(|\]$|^(JSON|VARIANT|"NULL")$/.test(type) ? 'nested' : 'text';
}

function hasQuartiles(kind: Kind): boolean {
  return kind === 'number' || kind === 'time';
}

async function barsOf(
  summarized: Summarized,
  facts: {
    readonly values: number;
    readonly distinct: number;
    readonly low: string | null | undefined;
    readonly high: string | null | undefined;
  },
): Promise<Pick<ColumnSummary, 'look' | 'bars'>> {
  const { column, where } = summarized;
  const { values, distinct, low, high } = facts;
  if (distinct > MAX_FEW_VALUES && isText(low) && isText(high)) {
    const bounds = histogramBounds(column.type, low, high);
    if (bounds !== undefined) {
      return { look: 'histogram', bars: await histogram(summarized, [low, ...bounds, high]) };
    }
  }
  const areMany = distinct > MAX_GROUPS && distinct > values / 2;
  if (areMany || (distinct === values && values > MAX_TOP)) return { look: 'top', bars: [] };
  const condition = [...(where === undefined ? [] : [where]), nullSql(column, true)].join(' and ');
  const rows = await summarized.ask(
    `select shown, rows from (select ${textOf(column)} as shown, count(*) as rows from ${RESULT_ROWS} where ${condition} group by all)
     where length(shown) <= ${MAX_TEXT} order by rows desc, shown limit ${MAX_TOP}`,
    [summarized.index],
  );
  const bars = rows.map(([text, count]) => ({
    text: text ?? '',
    rowCount: Number(count),
    filter: { column: summarized.index, test: 'in', values: [text ?? ''] } as const,
  }));
  return { look: 'top', bars };
}

/** Each bar is counted by its own filter, so that these agree. */
async function histogram(summarized: Summarized, bounds: readonly string[]): Promise<SummaryBar[]> {
  const { index, where, columns, ask } = summarized;
  const filters = bounds.slice(0, -1).map((from, at): RowFilter => {
    const isLast = at === bounds.length - 2;
    const to = bounds[at + 1] ?? from;
    return { column: index, test: 'range', from, to, ...(!isLast && { isOpen: true }) };
  });
  const counts = filters.map((filter) => `count(*) filter (${filterSql(filter, columns)})`);
  const [row = []] = await ask(`select ${counts.join(', ')} from ${RESULT_ROWS}${clause(where)}`, [index]);
  return filters.map((filter, at) => ({
    text: `${bounds[at]} – ${bounds[at + 1]}`,
    rowCount: Number(row[at]),
    filter,
  }));
}

function clause(where: string | undefined): string {
  return where === undefined ? '' : ` where ${where}`;
}

function isText(text: string | null | undefined): text is string {
  return text !== null && text !== undefined;
}

function cut(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
}
