import { CoreError } from '../../../protocol/errors.ts';
import { isRemoteAddress } from '../../remote/remote-address.ts';
import type { Connection, DuckDb } from '../boot.ts';
import type { Pointer } from '../c-api.ts';
import { typeId, withType } from '../logical-type.ts';
import type { Native } from '../native.ts';
import type { FileAccess } from './data-file.ts';
import { FileCalls } from './file-calls.ts';
import { COMMON_PARAMETERS } from './file-parameters.ts';
import { duckDbFile, type FileFormat, type FormatParts } from './file-table.ts';
import { addReplacementScan } from './replacement-scan.ts';

/**
 * The table functions that read files of formats which the engine does not know, and what makes a path mean one of them.
 * They are the engine's own, so that they work wherever a table does.
 */
export class FileFunctions {
  readonly #native: Native;
  readonly formats: readonly FileFormat[];
  readonly #callbacks: ReadonlyMap<FileFormat, Callbacks>;
  readonly #replace: number;
  readonly #access: FileAccess;

  constructor(parts: FormatParts, formats: readonly FileFormat[]) {
    this.#native = parts.native;
    this.#access = parts.access;
    this.formats = formats;
    this.#callbacks = new Map(formats.map((format) => [format, callbacksOf(parts, format)]));
    this.#replace = parts.native.addCallback((info: Pointer, name: Pointer) => this.#replaced(info, name));
  }

  /** Registers everything; once for each database instance, before sessions begin. */
  install(db: DuckDb): void {
    const connection = db.connect();
    for (const format of this.formats) this.#register(connection, format);
    addReplacementScan(db, { connection, callback: this.#replace });
  }

  #register(connection: Connection, format: FileFormat): void {
    const native = this.#native;
    const { api } = native;
    const callbacks = this.#callbacks.get(format);
    if (callbacks === undefined) return;
    const table = api.duckdb_create_table_function();
    try {
      native.withText(format.name, (name) => api.duckdb_table_function_set_name(table, name));
      // One path, or a list of them.
      const positional = ['ANY', ...format.positional.map(() => 'VARCHAR')];
      for (const type of positional) {
        withSimpleType(native, type, (t) => api.duckdb_table_function_add_parameter(table, t));
      }
      for (const [name, type] of Object.entries({ ...COMMON_PARAMETERS, ...format.named })) {
        native.withText(name, (text) =>
          withSimpleType(native, type, (t) => api.duckdb_table_function_add_named_parameter(table, text, t)),
        );
      }
      api.duckdb_table_function_set_bind(table, callbacks.bind);
      api.duckdb_table_function_set_init(table, callbacks.init);
      api.duckdb_table_function_set_function(table, callbacks.next);
      api.duckdb_table_function_supports_projection_pushdown(table, 1);
      if (api.duckdb_register_table_function(connection.pointer, table) !== 0) {
        throw new Error(`DuckDB did not take the table function ${format.name}`);
      }
    } finally {
      native.withPointer(table, (slot) => api.duckdb_destroy_table_function(slot));
    }
  }

  /** Called for each name that is no table: says which function is meant. */
  #replaced(info: Pointer, nameAt: Pointer): void {
    const native = this.#native;
    const { api } = native;
    const name = native.text(nameAt);
    const path = isRemoteAddress(name) ? name.replace(/[?#].*$/s, '') : name;
    const format = this.formats.find(({ pattern }) => pattern.test(path));
    if (format === undefined) {
      if (DUCKDB_FILE.test(path)) this.#refuse(info, name);
      return;
    }
    native.withText(format.name, (text) => api.duckdb_replacement_scan_set_function_name(info, text));
    const value = native.withText(name, (text) => api.duckdb_create_varchar(text));
    api.duckdb_replacement_scan_add_parameter(info, value);
    native.withPointer(value, (slot) => api.duckdb_destroy_value(slot));
  }

  /** A database of DuckDB has tables of its own, so that its path alone means none. */
  #refuse(info: Pointer, written: string): void {
    let error = duckDbFile({ written });
    try {
      this.#access.find(written);
    } catch (missing) {
      if (missing instanceof CoreError) error = missing;
    }
    this.#access.remember(error);
    this.#native.withText(error.message, (text) =>
      this.#native.api.duckdb_replacement_scan_set_error(info, text),
    );
  }
}

const DUCKDB_FILE = /\.(duckdb|ddb)$/i;

function withSimpleType(native: Native, name: string, use: (type: Pointer) => void): void {
  withType(native, native.api.duckdb_create_logical_type(typeId(name)), use);
}

interface Callbacks {
  readonly bind: number;
  readonly init: number;
  readonly next: number;
}

/** The engine's callbacks for one format. An exception must not pass through its frames. */
function callbacksOf(parts: FormatParts, format: FileFormat): Callbacks {
  const { native, access } = parts;
  const { api } = native;
  const calls = new FileCalls(parts, format);
  const info = { parameters: ['i32'] } as const;
  const guarded = (work: () => void, fail: (message: Pointer) => void): void => {
    try {
      work();
    } catch (error) {
      access.remember(error instanceof CoreError ? error : undefined);
      const message = error instanceof Error ? error.message : String(error);
      native.withText(message, fail);
    }
  };
  const release = native.addCallback((data: Pointer) => calls.release(data), info);
  const bind = native.addCallback(
    (bound: Pointer) =>
      guarded(
        () => api.duckdb_bind_set_bind_data(bound, calls.bind(bound), release),
        (message) => api.duckdb_bind_set_error(bound, message),
      ),
    info,
  );
  const init = native.addCallback(
    (started: Pointer) =>
      guarded(
        () => api.duckdb_init_set_init_data(started, calls.start(started), release),
        (message) => api.duckdb_init_set_error(started, message),
      ),
    info,
  );
  const next = native.addCallback(
    (running: Pointer, chunk: Pointer) =>
      guarded(
        () => calls.next(running, chunk),
        (message) => api.duckdb_function_set_error(running, message),
      ),
    { parameters: ['i32', 'i32'] },
  );
  return { bind, init, next };
}
