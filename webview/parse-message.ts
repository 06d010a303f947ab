import type {
  ColumnInfo,
  ResultPage,
  SqlErrorDetails,
  StatementCost,
} from '../wasm-core/protocol/methods.ts';
import type { ResultView, ToResultsPage } from '../wasm-core/protocol/webview.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks a message that arrived in the page.
 *
 * @returns undefined for anything that the extension does not send
 */
export function parseMessage(value: unknown): ToResultsPage | undefined {
  if (!isObject(value)) return undefined;
  switch (value.type) {
    case 'running':
      return isText(value.title) ? { type: 'running', title: value.title } : undefined;
    case 'progress':
      return isNumber(value.percent) ? { type: 'progress', percent: value.percent } : undefined;
    case 'cancelled':
      return { type: 'cancelled' };
    case 'failed':
      return isText(value.message)
        ? {
            type: 'failed',
            message: value.message,
            details: isObject(value.details) ? details(value.details) : {},
          }
        : undefined;
    case 'results':
      return parseResults(value);
    case 'page':
    case 'pageFailed':
      return parsePage(value);
    default:
      return undefined;
  }
}

function parseResults({ results, schemas, micros }: Fields): ToResultsPage | undefined {
  if (!Array.isArray(results) || !Array.isArray(schemas) || !isNumber(micros)) return undefined;
  const views = results.map(parseView).filter((view) => view !== undefined);
  const bytes = schemas.filter((schema) => schema instanceof ArrayBuffer);
  if (views.length !== results.length || bytes.length !== views.length) return undefined;
  return { type: 'results', results: views, schemas: bytes, micros };
}

function parsePage({ type, id, page, bytes, message }: Fields): ToResultsPage | undefined {
  if (!isText(id) || !isCount(page)) return undefined;
  if (type === 'pageFailed') return isText(message) ? { type, id, page, message } : undefined;
  return bytes instanceof ArrayBuffer ? { type: 'page', id, page, bytes } : undefined;
}

function parseView(value: unknown): ResultView | undefined {
  if (!isObject(value)) return undefined;
  const { id, title, columns, rowCount, truncated, pages, cost } = value;
  if (!isText(id) || !isText(title) || !isCount(rowCount) || typeof truncated !== 'boolean') return undefined;
  if (!isListOf(columns, isColumn) || !isListOf(pages, isPage) || !isCost(cost)) return undefined;
  return { id, title, columns, rowCount, truncated, pages, cost };
}

function details({ start, end }: Fields): SqlErrorDetails {
  return { ...(isNumber(start) ? { start } : {}), ...(isNumber(end) ? { end } : {}) };
}

function isColumn(value: unknown): value is ColumnInfo {
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
    isNumber(value.functionRows) &&
    isNumber(value.functionFuel)
  );
}

function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(isItem);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
