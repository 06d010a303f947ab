import { CoreError } from '../../../../protocol/errors.ts';
import type { Pointer } from '../../c-api.ts';
import { typeText, withType } from '../../logical-type.ts';
import type { DataFile } from '../data-file.ts';
import {
  badFile,
  CHUNK_ROWS,
  type FileColumn,
  type FileFormat,
  type FileRequest,
  type FileScan,
  type FileShape,
  type FormatParts,
} from '../file-table.ts';
import { BatchBuffers } from './buffers.ts';
import { CData } from './c-data.ts';
import { type BatchColumn, batchColumns } from './columns.ts';
import { type DictionaryPart, type IpcFile, openIpc, type PlacedBatch } from './ipc-file.ts';
import { SharedBlocks } from './memory.ts';
import type { ArrowField } from './metadata.ts';
import { copyRows, type LoadedDictionary, type WindowParts } from './window.ts';

/*
 * Arrow IPC files and streams, and Feather version 2, which is the first. Of a batch as many rows as a chunk has are
 * copied at a time, of the wanted columns alone, and the engine's own code makes vectors of them.
 */

/** Far more than anybody writes at once; a file that lies must not be counted for hours. */
const MAX_BATCH_ROWS = 2 ** 31;

/** `read_arrow`. */
export function arrowFormat(parts: FormatParts): FileFormat {
  const engine = new ArrowEngine(parts);
  return {
    name: 'read_arrow',
    pattern: /\.(arrow|arrows|feather|ipc)$/i,
    positional: [],
    named: {},
    shape: ({ file }) => withFile(parts, { file }, (open) => engine.shape(open, openIpc(open).fields)),
    scan: ({ file, columns }) => {
      const open = parts.access.open(file);
      try {
        return new ArrowScan(parts, engine, { file: open, columns });
      } catch (error) {
        open.close();
        throw error;
      }
    },
  };
}

function withFile<T>(
  { access }: FormatParts,
  { file }: Pick<FileRequest, 'file'>,
  use: (file: DataFile) => T,
): T {
  const open = access.open(file);
  try {
    return use(open);
  } finally {
    open.close();
  }
}

/** The engine's conversions of Arrow's structs. */
class ArrowEngine {
  readonly cData: CData;
  readonly #parts: FormatParts;

  constructor(parts: FormatParts) {
    this.#parts = parts;
    this.cData = new CData(parts.native);
  }

  shape(file: DataFile, fields: readonly ArrowField[]): FileShape {
    if (fields.length === 0) throw badFile(file, 'it has no columns');
    return { columns: fields.map((field) => this.#column(file, field)) };
  }

  /** A schema as the engine keeps it, to be given back by `destroy`. @throws CoreError FORMAT_DATA */
  convert(file: DataFile, fields: readonly ArrowField[]): Pointer {
    const { native, connection } = this.#parts;
    const blocks = new SharedBlocks(native);
    try {
      const schema = this.cData.schema(blocks, fields);
      return native.withBlock(4, (out) => {
        const error = native.api.duckdb_schema_from_arrow(connection(), schema, out);
        this.#check(file, error);
        return native.word(out);
      });
    } finally {
      blocks.release();
    }
  }

  destroy(converted: Pointer): void {
    const { native } = this.#parts;
    native.withPointer(converted, (slot) => native.api.duckdb_destroy_arrow_converted_schema(slot));
  }

  /** Gives rows to the engine, and its vectors to `use`. `blocks` hold the columns, and are released. */
  chunk(
    from: { readonly file: DataFile; readonly converted: Pointer; readonly blocks: SharedBlocks },
    { rows, columns }: { readonly rows: number; readonly columns: readonly Pointer[] },
    use: (chunk: Pointer) => void,
  ): void {
    const { native, connection } = this.#parts;
    const root = this.cData.root(from.blocks, rows, columns);
    native.withBlock(4, (out) => {
      const error = native.api.duckdb_data_chunk_from_arrow(connection(), root.pointer, from.converted, out);
      if (error !== 0) root.dropUnlessTaken();
      this.#check(from.file, error);
      try {
        use(native.word(out));
      } finally {
        native.api.duckdb_destroy_data_chunk(out);
      }
    });
  }

  /** The type is that of an empty chunk, so that it is the engine's own word. */
  #column(file: DataFile, field: ArrowField): FileColumn {
    const createType = (): Pointer => this.#typeOf(file, field);
    const { native } = this.#parts;
    return {
      name: field.name,
      typeText: withType(native, createType(), (t) => typeText(native, t)),
      createType,
    };
  }

  #typeOf(file: DataFile, field: ArrowField): Pointer {
    const { native } = this.#parts;
    const converted = this.convert(file, [field]);
    try {
      const blocks = new SharedBlocks(native);
      let type = 0;
      const columns = [this.#empty(blocks, field)];
      this.chunk({ file, converted, blocks }, { rows: 0, columns }, (chunk) => {
        const vector = native.api.duckdb_data_chunk_get_vector(chunk, 0, 0);
        type = native.api.duckdb_vector_get_column_type(vector);
      });
      return type;
    } finally {
      this.destroy(converted);
    }
  }

  /** An array of no rows, with room for whatever the engine looks at. */
  #empty(blocks: SharedBlocks, field: ArrowField): Pointer {
    const room = blocks.block(64);
    const buffers = [0, room, room, room];
    const children = field.children.map((child) => this.#empty(blocks, child));
    const values = { rows: 0, hasNulls: false, buffers, children };
    if (field.dictionary === undefined) return this.cData.array(blocks, values);
    const dictionary = this.cData.array(blocks, values);
    return this.cData.array(blocks, { ...values, children: [], dictionary });
  }

  #check(file: DataFile, error: Pointer): void {
    if (error === 0) return;
    const { native } = this.#parts;
    const message = native.text(native.api.duckdb_error_data_message(error));
    native.withPointer(error, (slot) => native.api.duckdb_destroy_error_data(slot));
    if (/out of memory/i.test(message)) throw new CoreError('MEMORY_LIMIT', message);
    throw badFile(file, plain(message));
  }
}

/** DuckDB's sentence without its kind, as the end of one of ours. */
function plain(message: string): string {
  const text = /"exception_message":"((?:[^"\\]|\\.)*)"/.exec(message)?.[1] ?? message;
  return text.replace(/^[\w ]+ Error: /, '').replace(/\.$/, '');
}

class ArrowScan implements FileScan {
  readonly #parts: FormatParts;
  readonly #engine: ArrowEngine;
  readonly #file: DataFile;
  readonly #ipc: IpcFile;
  readonly #wanted: readonly number[];
  readonly #converted: Pointer | undefined;
  readonly #dictionaries = new Map<number, LoadedDictionary>();
  readonly #window: WindowParts;
  #batch: PlacedBatch | undefined;
  #columns: readonly BatchColumn[] = [];
  #row = 0;

  constructor(
    parts: FormatParts,
    engine: ArrowEngine,
    options: { readonly file: DataFile; readonly columns: readonly number[] },
  ) {
    this.#parts = parts;
    this.#engine = engine;
    this.#file = options.file;
    this.#wanted = options.columns;
    this.#ipc = openIpc(options.file);
    const fields = this.#wanted.flatMap((index) => this.#ipc.fields[index] ?? []);
    if (fields.length < this.#wanted.length) throw badFile(options.file, 'it changed while it was read');
    this.#converted = fields.length === 0 ? undefined : engine.convert(options.file, fields);
    this.#window = {
      native: parts.native,
      cData: engine.cData,
      platform: parts.platform,
      file: options.file,
      dictionary: (id) => this.#dictionaries.get(id),
    };
  }

  next(vectors: readonly Pointer[]): number {
    while (this.#batch === undefined || this.#row >= this.#batch.batch.rows) {
      if (!this.#nextBatch()) return 0;
    }
    const rows = Math.min(CHUNK_ROWS, this.#batch.batch.rows - this.#row);
    const range = { first: this.#row, rows };
    this.#row += rows;
    if (this.#converted === undefined) return rows;
    const blocks = new SharedBlocks(this.#parts.native);
    let columns: Pointer[];
    try {
      columns = this.#columns.map((column) => copyRows(this.#window, { blocks, column, range }));
    } catch (error) {
      blocks.release();
      throw error;
    }
    const { api } = this.#parts.native;
    this.#engine.chunk(
      { file: this.#file, converted: this.#converted, blocks },
      { rows, columns },
      (chunk) => {
        for (const [index, vector] of vectors.entries()) {
          api.duckdb_vector_reference_vector(vector, api.duckdb_data_chunk_get_vector(chunk, index, 0));
        }
      },
    );
    return rows;
  }

  close(): void {
    this.#file.close();
    if (this.#converted !== undefined) this.#engine.destroy(this.#converted);
    for (const { blocks } of this.#dictionaries.values()) blocks.release();
    this.#dictionaries.clear();
  }

  /** @returns whether there is one */
  #nextBatch(): boolean {
    let entry = this.#ipc.next();
    for (; entry?.kind === 'dictionary'; entry = this.#ipc.next()) this.#load(entry.at);
    if (entry === undefined) return false;
    const { rows } = entry.at.batch;
    if (rows > MAX_BATCH_ROWS) throw badFile(this.#file, `it says that one part has ${rows} rows`);
    this.#batch = entry.at;
    this.#row = 0;
    const found = batchColumns(this.#ipc.fields, {
      batch: entry.at.batch,
      buffers: new BatchBuffers(this.#file, entry.at),
      file: this.#file,
      wanted: new Set(this.#wanted),
    });
    this.#columns = this.#wanted.flatMap((index) => found.get(index) ?? []);
    return true;
  }

  /** Takes a dictionary into the engine's memory, in place of an earlier one of its number. */
  #load(at: DictionaryPart): void {
    const field = dictionaryField(
      this.#wanted.flatMap((index) => this.#ipc.fields[index] ?? []),
      at.id,
    );
    // None of the wanted columns has it.
    if (field === undefined) return;
    const { dictionary: _, ...values } = field;
    const { batch } = at;
    const buffers = new BatchBuffers(this.#file, at);
    const found = batchColumns([values], { batch, buffers, file: this.#file, wanted: new Set([0]) });
    const column = found.get(0);
    if (column === undefined) return;
    const blocks = new SharedBlocks(this.#parts.native);
    try {
      const range = { first: 0, rows: batch.rows };
      const pointer = copyRows(this.#window, { blocks, column, range });
      this.#dictionaries.get(at.id)?.blocks.release();
      this.#dictionaries.set(at.id, { pointer, rows: batch.rows, blocks });
    } catch (error) {
      blocks.release();
      throw error;
    }
  }
}

/** The column, or part of one, that has a dictionary of some number. */
function dictionaryField(fields: readonly ArrowField[], id: number): ArrowField | undefined {
  for (const field of fields) {
    if (field.dictionary?.id === id) return field;
    const inside = dictionaryField(field.children, id);
    if (inside !== undefined) return inside;
  }
  return undefined;
}
