import {
  type ToWasmPage,
  WASM_COLUMNS,
  type WasmAnswers,
  type WasmQuestion,
} from '../../wasm-core/protocol/wasm-viewer.ts';
import { type Fields, isCount, isListOf, isObject, isText } from '../checks.ts';
import { isComparison, isOverview } from './check-overview.ts';

/** A message whose answer is still to be checked: what it must be, the question tells. */
export type UncheckedMessage =
  | Exclude<ToWasmPage, { readonly type: 'answer' }>
  | { readonly type: 'answer'; readonly id: number; readonly answer: unknown };

/**
 * Checks a message that arrived in the page.
 *
 * @returns undefined for anything that the extension does not send
 */
export function parseWasmMessage(value: unknown): UncheckedMessage | undefined {
  if (!isObject(value)) return undefined;
  const { type, id, name, message, isError, answer, comparison } = value;
  switch (type) {
    case 'opened':
      return isText(name) ? { type, name } : undefined;
    case 'answer':
      return isCount(id) ? { type, id, answer } : undefined;
    case 'refused':
      return isCount(id) && isText(message) ? { type, id, message } : undefined;
    case 'compared':
      return isComparison(comparison) ? { type, comparison } : undefined;
    case 'show':
      return isCount(value.function) ? { type, function: value.function } : undefined;
    case 'notice':
      return isText(message) && typeof isError === 'boolean' ? { type, message, isError } : undefined;
    default:
      return undefined;
  }
}

/** Whether an answer is one to the question. */
export function isAnswerTo<Q extends WasmQuestion>(
  question: Q,
  answer: unknown,
): answer is WasmAnswers[Q['kind']] {
  if (!isObject(answer)) return false;
  switch (question.kind) {
    case 'overview':
      return isOverview(answer);
    case 'rows': {
      const { length } = WASM_COLUMNS[question.list];
      return isPage(answer) && isListOf(answer.rows, (row) => isRow(row, length));
    }
    case 'lines':
      return isLines(answer);
    case 'find':
      return Number.isSafeInteger(answer.line);
    case 'named':
      return Number.isSafeInteger(answer.function);
    case 'calls':
      return isCalls(answer);
    default:
      return false;
  }
}

function isPage({ total, first }: Fields): boolean {
  return isCount(total) && isCount(first);
}

function isRow(value: unknown, columnCount: number): value is Fields {
  return (
    isObject(value) &&
    isListOf(value.cells, isText) &&
    value.cells.length === columnCount &&
    isOptional(value.function, isCount)
  );
}

function isLines(answer: Fields): boolean {
  return (
    isPage(answer) &&
    isFunctionRef(answer.function) &&
    isText(answer.heading) &&
    isText(answer.locals) &&
    isListOf(answer.lines, isLine) &&
    isOptional(answer.problem, isText)
  );
}

function isLine(value: unknown): value is Fields {
  return (
    isObject(value) &&
    isCount(value.offset) &&
    isCount(value.depth) &&
    isText(value.text) &&
    isOptional(value.target, isCount)
  );
}

function isCalls({
  callees,
  calleeCount,
  callers,
  callerCount,
  indirect,
  isInTable,
  reachable,
  ...rest
}: Fields): boolean {
  return (
    isFunctionRef(rest.function) &&
    isListOf(callees, isCall) &&
    isCount(calleeCount) &&
    isListOf(callers, isCall) &&
    isCount(callerCount) &&
    isListOf(indirect, isIndirect) &&
    typeof isInTable === 'boolean' &&
    isObject(reachable) &&
    isCount(reachable.functionCount) &&
    isCount(reachable.byteLength)
  );
}

function isCall(value: unknown): value is Fields {
  return isFunctionRef(value) && (value.how === 'calls' || value.how === 'refers');
}

function isIndirect(value: unknown): value is Fields {
  return (
    isObject(value) && isText(value.type) && isCount(value.total) && isListOf(value.functions, isFunctionRef)
  );
}

function isFunctionRef(value: unknown): value is Fields {
  return (
    isObject(value) &&
    isCount(value.index) &&
    isOptional(value.name, isText) &&
    isOptional(value.byteLength, isCount)
  );
}

function isOptional(value: unknown, isIt: (value: unknown) => boolean): boolean {
  return value === undefined || isIt(value);
}
