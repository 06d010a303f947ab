import {
  type FromWasmPage,
  WASM_LISTS,
  type WasmList,
  type WasmQuestion,
} from '../../wasm-core/protocol/wasm-viewer.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A longer search finds nothing, UTF-16 code units. */
const MAX_SEARCH = 10_000;

/**
 * Checks a message that came from the page that shows a `.wasm` file.
 *
 * @returns undefined when it is none of the actions that a page may ask for
 */
export function parseFromWasmPage(value: unknown): FromWasmPage | undefined {
  if (!isObject(value)) return undefined;
  switch (value.type) {
    case 'ready':
    case 'compare':
      return { type: value.type };
    case 'copyWat':
      if (value.function === undefined) return { type: 'copyWat' };
      return isCount(value.function) ? { type: 'copyWat', function: value.function } : undefined;
    case 'ask': {
      const question = isObject(value.question) ? parseQuestion(value.question) : undefined;
      return isCount(value.id) && question !== undefined
        ? { type: 'ask', id: value.id, question }
        : undefined;
    }
    default:
      return undefined;
  }
}

function parseQuestion(question: Fields): WasmQuestion | undefined {
  const { kind, first, count, from, text } = question;
  switch (kind) {
    case 'overview':
      return { kind };
    case 'rows':
      return parseRows(question);
    case 'lines':
      if (!isCount(question.function) || !isCount(first) || !isCount(count)) return undefined;
      return { kind, function: question.function, first, count };
    case 'find':
      if (!isCount(question.function) || !isSearch(text) || !isCount(from)) return undefined;
      return { kind, function: question.function, text, from };
    case 'named':
      return isSearch(text) ? { kind, text } : undefined;
    case 'calls':
      return isCount(question.function) ? { kind, function: question.function } : undefined;
    default:
      return undefined;
  }
}

function parseRows({ list, search, sort, descending, first, count }: Fields): WasmQuestion | undefined {
  if (!isList(list) || !isSearch(search) || typeof descending !== 'boolean') return undefined;
  if (!isCount(first) || !isCount(count)) return undefined;
  const rows = { kind: 'rows', list, search, descending, first, count } as const;
  if (sort === undefined) return rows;
  return isCount(sort) ? { ...rows, sort } : undefined;
}

function isList(value: unknown): value is WasmList {
  return WASM_LISTS.some((list) => list === value);
}

function isSearch(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_SEARCH;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
