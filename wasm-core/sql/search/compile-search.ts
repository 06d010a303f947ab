import type { ScriptCondition, ScriptLanguage, Search, SearchQuery } from '../../protocol/search.ts';
import { fragmentTokens } from './fragment.ts';
import { readSearch } from './read-search.ts';
import { SqlPieces } from './sql-pieces.ts';

/** A script that a statement calls, by its number. */
export interface SearchScript {
  readonly language: ScriptLanguage;
  readonly code: string;
  /** The function that the code defines. */
  readonly function: string;
  /** Where it stands in the request: a JSON path. */
  readonly path: string;
}

/** A search as SQL. */
export interface CompiledSearch {
  /** One SELECT. */
  readonly sql: string;
  /** What the number in `SCRIPT_FUNCTION(number, arguments)` means, from 0. */
  readonly scripts: readonly SearchScript[];
  /** The JSON path of what stands at a position of `sql`; undefined for what is not from the request. */
  pathAt(offset: number): string | undefined;
}

/**
 * The scalar function that calls scripts: `(INTEGER, VARCHAR) -> BOOLEAN`, the script's number and a JSON array of its
 * arguments.
 */
export const SCRIPT_FUNCTION = '__quern_script';

/** How the searched rows are called when `from` does not say. */
const ROW_NAME = 't';

/**
 * Compiles a search into one statement. What the request gives as SQL stands in parentheses, on lines of its own.
 *
 * @param value an object with the members of a search, and perhaps those of a run
 * @throws CoreError PARAMS_INVALID whose message and `path` name the place
 */
export function compileSearch(value: unknown): CompiledSearch {
  const search = readSearch(value);
  const pieces = new SqlPieces();
  const scripts: SearchScript[] = [];
  const name = rowName(search.from);
  pieces.add('select ');
  addList(pieces, search.columns ?? '*', '$.columns');
  addFrom(pieces, search, name);
  pieces.add('\nwhere ');
  addQuery({ pieces, scripts, name }, search.query, '$.query');
  if (isThere(search.orderBy)) {
    pieces.add('\norder by ');
    addList(pieces, search.orderBy, '$.orderBy');
  }
  if (isThere(search.limit)) pieces.add(`\nlimit ${search.limit}`);
  const { sql } = pieces;
  return { sql, scripts, pathAt: (offset) => pieces.pathAt(offset) };
}

function isThere<T>(value: T | undefined | null): value is T {
  return value !== undefined && value !== null;
}

/** The name by which conditions may qualify columns, quoted where it was: an alias at the end of `from`, or the table. */
function rowName(from: string): string {
  const tokens = fragmentTokens(from);
  const last = tokens.at(-1) ?? '';
  const isName = /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(last) || /^".+"$/s.test(last);
  const isAlias = tokens.length === 1 || tokens.at(-2)?.toLowerCase() === 'as';
  return isName && isAlias ? last : ROW_NAME;
}

function addFrom(pieces: SqlPieces, search: Search, name: string): void {
  pieces.add('\nfrom (select *');
  if (isThere(search.documentId)) addColumn(pieces, search.documentId, 'document_id', '$.documentId');
  if (isThere(search.score)) addColumn(pieces, search.score, 'score', '$.score');
  pieces.add(' from ').addFrom(search.from, '$.from').add(`\n) as ${name}`);
}

/** A column that has the name already is not made again: the row would have it twice. */
function addColumn(pieces: SqlPieces, sql: string, column: string, path: string): void {
  if (fragmentTokens(sql).join('').toLowerCase() === column) return;
  pieces.add(', (').addFrom(sql, path).add(`\n) as ${column}`);
}

function addList(pieces: SqlPieces, items: string | readonly string[], path: string): void {
  if (typeof items === 'string') pieces.addFrom(items, path);
  else {
    items.forEach((item, index) => {
      pieces.add(index === 0 ? '' : '\n, ').addFrom(item, `${path}[${index}]`);
    });
  }
}

interface Target {
  readonly pieces: SqlPieces;
  readonly scripts: SearchScript[];
  readonly name: string;
}

function addQuery(target: Target, query: SearchQuery, path: string): void {
  const { pieces } = target;
  if ('expression' in query) {
    pieces.add('(').addFrom(query.expression, `${path}.expression`).add('\n)');
  } else if ('and' in query) addNodes(target, query.and, { word: 'and', path: `${path}.and` });
  else if ('or' in query) addNodes(target, query.or, { word: 'or', path: `${path}.or` });
  else if ('not' in query) {
    pieces.add('(not ');
    addQuery(target, query.not, `${path}.not`);
    pieces.add(')');
  } else if ('wasm_udf' in query) {
    pieces.addFrom(`"${query.wasm_udf.function}"`, `${path}.wasm_udf`).add('(');
    addArguments(target, query.wasm_udf.arguments, `${path}.wasm_udf.arguments`);
    pieces.add(')');
  } else if ('python_udf' in query) {
    addScript(target, query.python_udf, { language: 'python', path: `${path}.python_udf` });
  } else addScript(target, query.js_udf, { language: 'js', path: `${path}.js_udf` });
}

function addNodes(
  target: Target,
  nodes: readonly SearchQuery[],
  at: { readonly word: 'and' | 'or'; readonly path: string },
): void {
  target.pieces.add('(');
  nodes.forEach((node, index) => {
    if (index > 0) target.pieces.add(` ${at.word} `);
    addQuery(target, node, `${at.path}[${index}]`);
  });
  target.pieces.add(')');
}

function addScript(
  target: Target,
  script: ScriptCondition,
  at: { readonly language: ScriptLanguage; readonly path: string },
): void {
  const { pieces, scripts } = target;
  pieces.addFrom(SCRIPT_FUNCTION, at.path).add(`(${scripts.length}, json_array(`);
  scripts.push({ ...at, code: script.code, function: script.function ?? 'keep' });
  addArguments(target, script.arguments, `${at.path}.arguments`);
  pieces.add(')::varchar)');
}

function addArguments(target: Target, items: readonly string[] | undefined, path: string): void {
  if (!isThere(items)) {
    target.pieces.add(target.name);
    return;
  }
  items.forEach((item, index) => {
    target.pieces
      .add(index === 0 ? '(' : ', (')
      .addFrom(item, `${path}[${index}]`)
      .add('\n)');
  });
}
