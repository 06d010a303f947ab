import type { SavedChart } from '../wasm-core/protocol/chart-directive.ts';
import { readChartSpec } from '../wasm-core/protocol/chart-spec.ts';
import type { CachedOrigin } from '../wasm-core/protocol/kept-results.ts';
import type { ColumnInfo, ResultPage, SqlErrorDetails } from '../wasm-core/protocol/methods.ts';
import type { FunctionCost, StatementCost } from '../wasm-core/protocol/statement-cost.ts';
import type { FailureView, ResultView, RunLabel, ToResultsPage } from '../wasm-core/protocol/webview.ts';
import { type Fields, isCount, isListOf, isNumber, isObject, isText } from './checks.ts';
import { parsePlan, parseTimeline } from './plan/parse-plan.ts';

/** A message as it arrived: an answer is checked by whoever asked. */
export type ReceivedMessage =
  | Exclude<ToResultsPage, { readonly type: 'answer' }>
  | { readonly type: 'answer'; readonly ask: number; readonly answer: unknown };

/**
 * Checks a message that arrived in the page.
 *
 * @returns undefined for anything that the extension does not send
 */
export function parseMessage(value: unknown): ReceivedMessage | undefined {
  if (!isObject(value)) return undefined;
  switch (value.type) {
    case 'running':
    case 'opening':
      return isText(value.title) ? { type: value.type, title: value.title } : undefined;
    case 'progress':
      if (!isNumber(value.percent)) return undefined;
      return {
        type: 'progress',
        percent: value.percent,
        ...(typeof value.message === 'string' && { message: value.message }),
      };
    case 'gone':
      return isText(value.title)
        ? { type: 'gone', title: value.title, isRestricted: value.isRestricted === true }
        : undefined;
    case 'cancelled':
      return { type: 'cancelled' };
    case 'failed':
      return isText(value.message)
        ? {
            type: 'failed',
            ...(isText(value.title) && { title: value.title }),
            message: value.message,
            details: isObject(value.details) ? details(value.details) : {},
          }
        : undefined;
    case 'results':
      return parseResults(value);
    case 'runs': {
      const { type, runs, chosen } = value;
      if (!isListOf(runs, isRunLabel)) return undefined;
      return { type, runs, ...(isText(chosen) && { chosen }) };
    }
    case 'empty':
      return { type: 'empty' };
    case 'grown': {
      const { type, id, pages, rowCount } = value;
      if (!isText(id) || !isCount(rowCount) || !isListOf(pages, isPage)) return undefined;
      return { type, id, pages, rowCount };
    }
    case 'outdated':
      return Array.isArray(value.changes) && value.changes.every(isText)
        ? { type: 'outdated', changes: value.changes }
        : undefined;
    case 'page':
    case 'pageFailed':
      return parsePage(value);
    case 'answer':
      return isCount(value.ask) ? { type: 'answer', ask: value.ask, answer: value.answer } : undefined;
    case 'refused':
      return isCount(value.ask) && isText(value.message)
        ? { type: 'refused', ask: value.ask, message: value.message }
        : undefined;
    default:
      return undefined;
  }
}

function parseResults({
  results,
  schemas,
  micros,
  failure,
  running,
  more,
  origin,
}: Fields): ToResultsPage | undefined {
  if (!Array.isArray(results) || !Array.isArray(schemas) || !isNumber(micros)) return undefined;
  const views = results.map(parseView).filter((view) => view !== undefined);
  const bytes = schemas.filter((schema) => schema instanceof ArrayBuffer);
  if (views.length !== results.length || bytes.length !== views.length) return undefined;
  const failed = parseFailure(failure);
  return {
    type: 'results',
    results: views,
    schemas: bytes,
    micros,
    ...(failed && { failure: failed }),
    ...(isObject(running) && isNumber(running.micros) && { running: { micros: running.micros } }),
    ...(isText(more) && { more }),
    ...(origin === 'file' && { origin }),
  };
}

function parseFailure(value: unknown): FailureView | undefined {
  if (!isObject(value) || !isText(value.title) || !isText(value.message)) return undefined;
  const { title, message } = value;
  return { title, message, details: isObject(value.details) ? details(value.details) : {} };
}

function parsePage({ type, id, page, bytes, message }: Fields): ToResultsPage | undefined {
  if (!isText(id) || !isCount(page)) return undefined;
  if (type === 'pageFailed') return isText(message) ? { type, id, page, message } : undefined;
  return bytes instanceof ArrayBuffer ? { type: 'page', id, page, bytes } : undefined;
}

/** Checks what is told of a result; undefined when it is not that. */
export function parseView(value: unknown): ResultView | undefined {
  if (!isObject(value)) return undefined;
  const { id, title, columns, rowCount, truncated, pages, cost } = value;
  const look = value.look === 'plan' || value.look === 'diff' ? value.look : 'rows';
  if (!isText(id) || !isText(title) || !isCount(rowCount) || typeof truncated !== 'boolean') return undefined;
  if (!isListOf(columns, isColumn) || !isListOf(pages, isPage) || !isCost(cost)) return undefined;
  const cached = parseOrigin(value.cached);
  const plan = parsePlan(value.plan);
  const timeline = parseTimeline(value.timeline);
  const cut = value.cut === 'cancelled' || value.cut === 'failed' ? value.cut : undefined;
  const chart = parseChart(value.chart);
  return {
    id,
    title,
    columns,
    rowCount,
    truncated,
    pages,
    cost,
    look,
    ...(cached && { cached }),
    ...(plan && { plan }),
    ...(timeline && { timeline }),
    ...(cut && { cut }),
    ...(value.isGrowing === true && { isGrowing: true }),
    ...(value.isGone === true && { isGone: true }),
    ...(chart && { chart }),
  };
}

function parseChart(value: unknown): SavedChart | undefined {
  if (!isObject(value)) return undefined;
  const { type, message } = value;
  if (type === 'proposed') return { type };
  if (type === 'fault') return isText(message) ? { type, message } : undefined;
  const spec = readChartSpec(value.spec);
  return typeof spec === 'string' ? undefined : { type: 'spec', spec };
}

function isRunLabel(value: unknown): value is RunLabel {
  return (
    isObject(value) &&
    isText(value.id) &&
    isText(value.title) &&
    isText(value.detail) &&
    typeof value.isPinned === 'boolean' &&
    (value.isRunning === undefined || typeof value.isRunning === 'boolean')
  );
}

function parseOrigin(value: unknown): CachedOrigin | undefined {
  if (!isObject(value) || !isText(value.time) || !isNumber(value.micros)) return undefined;
  return { time: value.time, micros: value.micros };
}

function details({ start, end }: Fields): SqlErrorDetails {
  return { ...(isNumber(start) ? { start } : {}), ...(isNumber(end) ? { end } : {}) };
}

/** Whether a value tells of a column. */
export function isColumn(value: unknown): value is ColumnInfo {
  return isObject(value) && isText(value.name) && isText(value.type);
}

function isPage(value: unknown): value is ResultPage {
  return (
    isObject(value) &&
    isCount(value.firstRow) &&
    isCount(value.rowCount) &&
    isCount(value.offset) &&
    isCount(value.byteLength)
  );
}

function isCost(value: unknown): value is StatementCost {
  return (
    isObject(value) &&
    isNumber(value.micros) &&
    isNumber(value.functionMicros) &&
    isNumber(value.transferMicros) &&
    isNumber(value.functionRows) &&
    isNumber(value.functionFuel) &&
    (value.functions === undefined || isListOf(value.functions, isFunctionCost))
  );
}

function isFunctionCost(value: unknown): value is FunctionCost {
  return (
    isObject(value) &&
    isText(value.name) &&
    isNumber(value.calls) &&
    isNumber(value.rows) &&
    isNumber(value.micros) &&
    isNumber(value.transferMicros) &&
    isNumber(value.fuel)
  );
}
