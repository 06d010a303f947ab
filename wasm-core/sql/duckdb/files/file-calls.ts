import { CoreError } from '../../../protocol/errors.ts';
import type { Pointer } from '../c-api.ts';
import { withType } from '../logical-type.ts';
import type { Native } from '../native.ts';
import { COMMON_PARAMETERS } from './file-parameters.ts';
import { type FileFormat, FileOptions, type FormatParts } from './file-table.ts';
import { FilesScan } from './files-scan.ts';
import { FileShapes, FilesTable } from './files-table.ts';

/** DuckDB's number of LIST. */
const LIST = 24;

/** What the engine keeps of the calls of one format's function, by the pointer that it holds. */
export class FileCalls {
  readonly #parts: FormatParts;
  readonly #native: Native;
  readonly #format: FileFormat;
  readonly #shapes: FileShapes;
  readonly #kept = new Map<Pointer, FilesTable | FilesScan>();

  constructor(parts: FormatParts, format: FileFormat) {
    this.#parts = parts;
    this.#native = parts.native;
    this.#format = format;
    this.#shapes = new FileShapes(parts.access, format);
  }

  /** Finds out what a call reads, and tells its columns. @returns a pointer for the engine to keep @throws CoreError */
  bind(info: Pointer): Pointer {
    const { api } = this.#native;
    const options = new FileOptions(this.#optionsOf(info));
    const paths = this.#take(api.duckdb_bind_get_parameter(info, 0, 0), (value) => this.#texts(value));
    if (paths.length === 0) {
      throw new CoreError(
        'PARAMS_INVALID',
        `${this.#format.name} needs the path of a file, or a list of paths.`,
      );
    }
    const files = paths.flatMap((path) => this.#parts.access.find(path));
    const table = new FilesTable(this.#native, { files, options, shapes: this.#shapes });
    for (const { name, createType } of table.columns) {
      this.#native.withText(name, (text) =>
        withType(this.#native, createType(), (type) => api.duckdb_bind_add_result_column(info, text, type)),
      );
    }
    return this.#keep(table);
  }

  /** Begins a scan. @returns a pointer for the engine to keep */
  start(info: Pointer): Pointer {
    const { api } = this.#native;
    const table = this.#kept.get(api.duckdb_init_get_bind_data(info));
    if (!(table instanceof FilesTable)) throw new Error('the engine lost what was bound');
    const columns = Array.from({ length: api.duckdb_init_get_column_count(info) }, (_, index) =>
      api.duckdb_init_get_column_index(info, index, 0),
    );
    const conditions = this.#parts.access.conditions();
    return this.#keep(new FilesScan(this.#parts, { format: this.#format, table, columns, conditions }));
  }

  /** Fills a chunk with the next rows; none at the end. @throws CoreError */
  next(info: Pointer, chunk: Pointer): void {
    const { api } = this.#native;
    const scan = this.#kept.get(api.duckdb_function_get_init_data(info));
    api.duckdb_data_chunk_set_size(chunk, 0, 0);
    if (!(scan instanceof FilesScan)) throw new Error('the engine lost its scan');
    const rows = scan.next(chunk);
    api.duckdb_data_chunk_set_size(chunk, rows, 0);
  }

  /** The engine needs something no more. */
  release(pointer: Pointer): void {
    const kept = this.#kept.get(pointer);
    this.#kept.delete(pointer);
    this.#native.api.free(pointer);
    if (kept instanceof FilesScan) kept.close();
  }

  #optionsOf(info: Pointer): Map<string, string> {
    const { api } = this.#native;
    const values = new Map<string, string>();
    for (const [index, name] of this.#format.positional.entries()) {
      const [text] = this.#take(api.duckdb_bind_get_parameter(info, index + 1, 0), (v) => this.#texts(v));
      if (text !== undefined) values.set(name, text);
    }
    for (const name of Object.keys({ ...COMMON_PARAMETERS, ...this.#format.named })) {
      const value = this.#native.withText(name, (text) => api.duckdb_bind_get_named_parameter(info, text));
      if (value === 0) continue;
      const [text] = this.#take(value, (v) => this.#texts(v));
      if (text !== undefined) values.set(name, text);
    }
    return values;
  }

  /** A value as text, or the values of a list; NULL is none. */
  #texts(value: Pointer): string[] {
    const { api } = this.#native;
    if (api.duckdb_is_null_value(value) !== 0) return [];
    if (api.duckdb_get_type_id(api.duckdb_get_value_type(value)) !== LIST) {
      return [this.#native.takeText(api.duckdb_get_varchar(value))];
    }
    return Array.from({ length: api.duckdb_get_list_size(value) }, (_, index) =>
      this.#take(api.duckdb_get_list_child(value, index, 0), (child) => this.#texts(child)),
    ).flat();
  }

  #take<T>(value: Pointer, use: (value: Pointer) => T): T {
    try {
      return use(value);
    } finally {
      this.#native.withPointer(value, (slot) => this.#native.api.duckdb_destroy_value(slot));
    }
  }

  #keep(what: FilesTable | FilesScan): Pointer {
    const pointer = this.#native.api.malloc(8);
    if (pointer === 0) throw new Error('the engine has no memory left to read a file');
    this.#kept.set(pointer, what);
    return pointer;
  }
}
