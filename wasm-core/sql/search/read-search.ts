import { JsonPlace } from '../../protocol/json-place.ts';
import type { Search, SearchQuery } from '../../protocol/search.ts';
import { fragmentFault } from './fragment.ts';

/** Members of a search, without those of the run. */
export const SEARCH_MEMBERS = [
  'from',
  'query',
  'columns',
  'orderBy',
  'limit',
  'documentId',
  'score',
] as const;

const NODES = ['expression', 'wasm_udf', 'python_udf', 'js_udf', 'and', 'or', 'not'] as const;

/** The deepest tree; the engine's own parser goes to a thousand levels, but on a stack that is not ours. */
const MAX_DEPTH = 64;
const MAX_NODES = 1000;
const MAX_SCRIPTS = 32;
const MAX_SQL_LENGTH = 65_536;
const MAX_CODE_LENGTH = 262_144;
const MAX_ARGUMENTS = 64;
const MAX_ROWS = 100_000_000;

/** A function name that SQL and scripts take without quotes. */
const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** What was counted of a tree so far. */
interface Counted {
  nodes: number;
  scripts: number;
}

/**
 * Reads a search strictly: every member is known, every piece of SQL is one piece, and the tree has a size that can be
 * planned.
 *
 * @param value an object that has the members of a search and may have others
 * @throws CoreError PARAMS_INVALID whose message and `path` name the place
 */
export function readSearch(value: unknown): Search {
  const place = new JsonPlace({ kind: 'PARAMS_INVALID', source: 'the search' });
  const { from, query, columns, orderBy, limit, documentId, score } = place.object(value);
  readSql(place.member('from'), from, { list: true });
  readNode(place.member('query'), query, { depth: 1, counted: { nodes: 0, scripts: 0 } });
  readSqlList(place.member('columns'), columns);
  readSqlList(place.member('orderBy'), orderBy);
  if (!isNothing(documentId)) readSql(place.member('documentId'), documentId, { list: false });
  if (!isNothing(score)) readSql(place.member('score'), score, { list: false });
  if (!isNothing(limit) && !isRowCount(limit)) {
    throw place.member('limit').fault(`must be a whole number from 1 to ${MAX_ROWS}`);
  }
  return value as Search;
}

/** JSON writers of other languages send null for what is left out. */
function isNothing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function isRowCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_ROWS;
}

function readNode(
  place: JsonPlace,
  value: unknown,
  at: { readonly depth: number; readonly counted: Counted },
): void {
  if (at.depth > MAX_DEPTH) throw place.fault(`is more than ${MAX_DEPTH} levels deep`);
  if (++at.counted.nodes > MAX_NODES) throw place.fault(`is one condition more than ${MAX_NODES}`);
  const node = place.object(value, NODES);
  const [name, ...others] = Object.keys(node) as (typeof NODES)[number][];
  if (name === undefined || others.length > 0) {
    throw place.fault(`has ${Object.keys(node).length} members; write one of ${NODES.join(', ')}`);
  }
  const inner = place.member(name);
  const content = node[name];
  if (name === 'expression') readSql(inner, content, { list: false });
  else if (name === 'not') readNode(inner, content, { ...at, depth: at.depth + 1 });
  else if (name === 'and' || name === 'or') {
    readNodes(inner, content, { ...at, depth: at.depth + 1 });
  } else if (name === 'wasm_udf') readWasm(inner, content);
  else {
    if (++at.counted.scripts > MAX_SCRIPTS) throw inner.fault(`is one script more than ${MAX_SCRIPTS}`);
    readScript(inner, content);
  }
}

function readNodes(
  place: JsonPlace,
  value: unknown,
  at: { readonly depth: number; readonly counted: Counted },
): void {
  if (!Array.isArray(value) || value.length === 0) {
    throw place.fault('must be an array of at least one condition');
  }
  const nodes: readonly SearchQuery[] = value;
  for (const [index, node] of nodes.entries()) readNode(place.item(index), node, at);
}

function readWasm(place: JsonPlace, value: unknown): void {
  const udf = place.object(value, ['function', 'arguments']);
  readName(place.member('function'), udf.function);
  readArguments(place.member('arguments'), udf.arguments);
}

function readScript(place: JsonPlace, value: unknown): void {
  const udf = place.object(value, ['code', 'function', 'arguments']);
  place.member('code').text(udf.code, MAX_CODE_LENGTH);
  if (!isNothing(udf.function)) readName(place.member('function'), udf.function);
  readArguments(place.member('arguments'), udf.arguments);
}

function readName(place: JsonPlace, value: unknown): void {
  const name = place.text(value, 200);
  if (!NAME.test(name)) throw place.fault(`is ${JSON.stringify(name)}; write a function's name`);
}

function readArguments(place: JsonPlace, value: unknown): void {
  if (isNothing(value)) return;
  if (!Array.isArray(value) || value.length > MAX_ARGUMENTS) {
    throw place.fault(`must be an array of at most ${MAX_ARGUMENTS} SQL expressions`);
  }
  for (const [index, item] of value.entries()) readSql(place.item(index), item, { list: false });
}

/** One text with commas, or one text for each item. */
function readSqlList(place: JsonPlace, value: unknown): void {
  if (isNothing(value)) return;
  if (!Array.isArray(value)) {
    readSql(place, value, { list: true });
    return;
  }
  if (value.length === 0) throw place.fault('is empty; leave it out, or name what you want');
  for (const [index, item] of value.entries()) readSql(place.item(index), item, { list: false });
}

function readSql(place: JsonPlace, value: unknown, options: { readonly list: boolean }): void {
  const fault = fragmentFault(place.text(value, MAX_SQL_LENGTH), options);
  if (fault !== undefined) throw place.fault(fault);
}
