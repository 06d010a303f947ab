import type { Limits } from './limits.ts';
import type { RunParams, StatementResult } from './methods.ts';

/*
 * `search/run`: a tree of conditions over the rows of a table or a file, which becomes one SQL statement.
 */

/** A language whose scripts run in a sandbox of ours. */
export type ScriptLanguage = 'python' | 'js';

/** A plugin function as a condition. */
export interface WasmCondition {
  /** The function's name in SQL. */
  readonly function: string;
  /** SQL expressions, one for each argument; absent: the row as a document. */
  readonly arguments?: readonly string[];
}

/** A script as a condition. */
export interface ScriptCondition {
  /** Source that defines the function; at most 262,144 characters. */
  readonly code: string;
  /** The function's name in the code; absent: `keep`. */
  readonly function?: string;
  /** SQL expressions, one for each argument; absent: the row as a document. */
  readonly arguments?: readonly string[];
}

/** A condition, or several of them combined. Each is true, false or NULL, as in SQL. */
export type SearchQuery =
  | { readonly expression: string }
  | { readonly wasm_udf: WasmCondition }
  | { readonly python_udf: ScriptCondition }
  | { readonly js_udf: ScriptCondition }
  | { readonly and: readonly SearchQuery[] }
  | { readonly or: readonly SearchQuery[] }
  | { readonly not: SearchQuery };

/** What is searched, and what is wanted of the rows that are found. */
export interface Search {
  /** What stands behind `from` in SQL: a table, a file in quotes, a subquery. */
  readonly from: string;
  readonly query: SearchQuery;
  /** SQL expressions, each with `as name` if it likes; absent: all columns. */
  readonly columns?: string | readonly string[];
  /** SQL expressions, each with `asc` or `desc` if it likes. */
  readonly orderBy?: string | readonly string[];
  /** Rows wanted, 1 to 100,000,000. */
  readonly limit?: number;
  /** A SQL expression whose value becomes the column `document_id`. */
  readonly documentId?: string;
  /** A SQL expression whose value becomes the column `score`. */
  readonly score?: string;
}

/** `search/run`: runs a search as one statement; what is not the search's own is as in `sql/run`. */
export interface SearchParams extends Search {
  readonly session: string;
  readonly folder?: string;
  readonly parameters?: RunParams['parameters'];
  readonly limits?: Pick<Limits, 'timeoutMs' | 'memoryMb' | 'fuel'>;
  readonly maxRows?: number;
  readonly parquetPath?: string;
}
export interface SearchResult {
  /** The statement that the search became; the places in `statements` are places in it. */
  readonly sql: string;
  /** One result, of that statement. */
  readonly statements: readonly StatementResult[];
  readonly micros: number;
}
