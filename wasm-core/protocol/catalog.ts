import type { ColumnInfo } from './methods.ts';

/*
 * `sql/catalog`; `methods.ts` has the other requests.
 */

/** `sql/catalog`: what a session's engine knows, for completion and hover. */
export interface CatalogParams extends DatabaseToRead {
  readonly session: string;
  /** Of an answer that the client has: while nothing has changed since, the catalog is not sent again. */
  readonly version?: string;
}

/** The database that the statement in question reads beside the session's own. */
export interface DatabaseToRead {
  /** As `-- @db` names it. */
  readonly database?: string;
  /** Absolute: its path starts here; absent: the session's. */
  readonly folder?: string;
}
export interface CatalogResult {
  /** Names what the session knows; another text after anything that may have changed it. */
  readonly version: string;
  /** Absent when it is still as in the version that was asked about. */
  readonly catalog?: Catalog;
}

/** What a session's engine knows. */
export interface Catalog {
  /** Where names without a database and a schema are looked up; with `database` one of its schemas. */
  readonly current: CatalogSchema;
  /** Attached databases, without the engine's own. */
  readonly databases: readonly string[];
  readonly schemas: readonly CatalogSchema[];
  /** Tables and views, without the engine's own. */
  readonly tables: readonly CatalogTable[];
  /** By name; without operators, and without the functions of plugins. */
  readonly functions: readonly CatalogFunction[];
  readonly keywords: readonly string[];
  /** Keywords that are no names unless they are quoted. */
  readonly reserved: readonly string[];
  readonly types: readonly CatalogType[];
  readonly settings: readonly CatalogSetting[];
  /** Tables of the folder's `quern.json`; statements read them by name where the session has no table of that name. */
  readonly named: readonly CatalogNamedTable[];
}

/** A table that a `quern.json` names. */
export interface CatalogNamedTable {
  readonly name: string;
  readonly description?: string;
  /** Files and patterns, absolute, or addresses. */
  readonly files: readonly string[];
  /** Why it cannot be read, where its entry is at fault. */
  readonly fault?: string;
}

/** A schema in its database. */
export interface CatalogSchema {
  readonly database: string;
  readonly schema: string;
}

/** A table or view. */
export interface CatalogTable extends CatalogSchema {
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly columns: readonly ColumnInfo[];
}

/** The functions of one name and kind. */
export interface CatalogFunction {
  readonly name: string;
  /** `scalar`, `aggregate`, `table`, `pragma`, `macro` or `table_macro`. */
  readonly kind: string;
  /** One text for each overload, such as `lower(VARCHAR) -> VARCHAR`; of a macro with the names of its parameters. */
  readonly signatures: readonly string[];
  /** Of a table function: those that are given by name, such as `header` of `read_csv`. */
  readonly named: readonly ColumnInfo[];
  readonly doc: string;
  /** Whether a statement of the session made it; absent: the engine brings it along. */
  readonly isUser?: boolean;
}

/** A type of SQL. */
export interface CatalogType {
  readonly name: string;
  /** Whether `CREATE TYPE` made it. */
  readonly isUser: boolean;
}

/** A setting of the engine. */
export interface CatalogSetting {
  readonly name: string;
  /** As it is now, as text. */
  readonly value: string;
  /** Of its values, such as `BOOLEAN`. */
  readonly type: string;
  readonly doc: string;
}
