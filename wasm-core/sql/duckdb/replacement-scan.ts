import type { DuckDb } from './boot.ts';
import type { Pointer } from './c-api.ts';
import { addReplacementScan } from './files/replacement-scan.ts';
import type { Native } from './native.ts';

/** What stands for a name that the engine does not know as a table: a query, or why there is none. */
export type Replacement = { readonly sql: string } | { readonly fault: string };

/**
 * The engine asks here for names that are no tables, no views and no files. What it is told it reads by its table
 * function `query`, so that a name may stand for anything that a query says, and nothing is made before it is read.
 */
export class ReplacementScan {
  readonly #native: Native;
  readonly #callback: number;
  #find: (name: string) => Replacement | undefined = () => undefined;

  constructor(native: Native) {
    this.#native = native;
    this.#callback = native.addCallback((info: Pointer, name: Pointer) => this.#replace(info, name));
  }

  /** Says what names stand for, in the place of what was said before. @param find must not throw */
  use(find: (name: string) => Replacement | undefined): void {
    this.#find = find;
  }

  /**
   * Adds it to the engine's database, once for each that is opened.
   *
   * @throws Error when the engine is not the one that this code was written for
   */
  install(engine: DuckDb): void {
    addReplacementScan(engine, { connection: engine.connect(), callback: this.#callback });
  }

  #replace(info: Pointer, name: Pointer): void {
    const native = this.#native;
    const { api } = native;
    const found = this.#find(native.text(name));
    if (found === undefined) return;
    if ('fault' in found) {
      native.withText(found.fault, (text) => api.duckdb_replacement_scan_set_error(info, text));
      return;
    }
    native.withText('query', (text) => api.duckdb_replacement_scan_set_function_name(info, text));
    const value = native.withText(found.sql, (text) => api.duckdb_create_varchar(text));
    api.duckdb_replacement_scan_add_parameter(info, value);
    native.withPointer(value, (slot) => api.duckdb_destroy_value(slot));
  }
}
