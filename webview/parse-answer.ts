import type { ChartShape } from '../wasm-core/protocol/chart.ts';
import type { ColumnSummary, SummaryBar } from '../wasm-core/protocol/result-query.ts';
import type { ResultAnswers, ResultQuestion } from '../wasm-core/protocol/result-questions.ts';
import { type Fields, isAbsentOr, isCount, isListOf, isNumber, isObject, isText } from './checks.ts';
import { isFilter } from './filter/parse-selection.ts';
import { isColumn, parseView } from './parse-message.ts';

/** Whether an answer of the extension is one to this question. */
export function isAnswerTo<Q extends ResultQuestion>(
  question: Q,
  answer: unknown,
): answer is ResultAnswers[Q['kind']] {
  if (!isObject(answer)) return false;
  switch (question.kind) {
    case 'rows':
      return (
        parseView(answer.view) !== undefined &&
        answer.schema instanceof ArrayBuffer &&
        isCount(answer.matchCount) &&
        isText(answer.sql)
      );
    case 'summary':
      return isCount(answer.rowCount) && isListOf(answer.columns, isColumnSummary);
    case 'find':
      return isCount(answer.count) && isAbsentOr(answer.index, isCount) && isAbsentOr(answer.cell, isCell);
    case 'chart':
      return isChartData(answer);
    default:
      return false;
  }
}

function isChartData(value: Fields): boolean {
  const { shape, x, y, seriesNames, aggregate, rowCount, leftOut, columns, drawnCount, bytes } = value;
  return (
    SHAPES.some((name) => name === shape) &&
    isAxis(x) &&
    isAxis(y) &&
    isAbsentOr(seriesNames, (names) => isListOf(names, isText)) &&
    isAbsentOr(aggregate, isText) &&
    isCount(rowCount) &&
    isCount(drawnCount) &&
    isObject(leftOut) &&
    [leftOut.rows, leftOut.categories, leftOut.series].every(isCount) &&
    isListOf(columns, isColumn) &&
    bytes instanceof ArrayBuffer
  );
}

const SHAPES: readonly ChartShape[] = ['values', 'points', 'density', 'bins', 'boxes', 'cells'];

function isAxis(value: unknown): boolean {
  if (!isObject(value) || !isText(value.class)) return false;
  const { bins } = value;
  return (
    bins === undefined || (isObject(bins) && [bins.start, bins.step].every(isNumber) && isCount(bins.count))
  );
}

function isCell(value: unknown): boolean {
  return isObject(value) && isCount(value.row) && isCount(value.column);
}

function isColumnSummary(value: unknown): value is ColumnSummary {
  if (!isObject(value)) return false;
  const { column, nulls, distinct, min, max, mean, quartiles, look, bars } = value;
  return (
    [column, nulls, distinct].every(isCount) &&
    typeof value.isDistinctExact === 'boolean' &&
    [min, max, mean].every((text) => isAbsentOr(text, isText)) &&
    isAbsentOr(quartiles, (texts) => isListOf(texts, isText) && texts.length === 3) &&
    (look === 'histogram' || look === 'top') &&
    isListOf(bars, isBar)
  );
}

function isBar(value: unknown): value is SummaryBar {
  return isObject(value) && isText(value.text) && isCount(value.rowCount) && isFilter(value.filter);
}
