import { CoreError } from '../../../protocol/errors.ts';
import { isRemoteAddress } from '../../remote/remote-address.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import type { ColumnCondition } from './column-condition.ts';
import type { DataFile, FileAccess, FoundFile } from './data-file.ts';

/** A column of a file. */
export interface FileColumn {
  readonly name: string;
  /** Its type in DuckDB's words; columns of several files fit together when these are equal. */
  readonly typeText: string;
  /** A new logical type, owned by the caller: give it to `withType`. */
  createType(): Pointer;
}

/** What a file is found to hold when a statement is planned. */
export interface FileShape {
  readonly columns: readonly FileColumn[];
}

/** Reads rows of one file. */
export interface FileScan {
  /**
   * Fills the vectors of a chunk, of which the first rows count.
   *
   * @param vectors one for each wanted column
   * @returns how many rows there are, at most `CHUNK_ROWS`; 0 at the end
   * @throws CoreError
   */
  next(vectors: readonly Pointer[]): number;
  /** Lets go of the file; rows that were given stay. */
  close(): void;
}

/** A file with the options of the call that reads it. */
export interface FileRequest {
  readonly file: FoundFile;
  readonly options: FileOptions;
}

/** A format that a table function reads. */
export interface FileFormat {
  /** The table function. */
  readonly name: string;
  /** Which paths without a function mean this one. */
  readonly pattern: RegExp;
  /** Texts behind the paths that are given by position. */
  readonly positional: readonly string[];
  /** Parameters that are given by name. */
  readonly named: Readonly<Record<string, 'VARCHAR' | 'BOOLEAN' | 'BIGINT'>>;
  /** @throws CoreError FORMAT_DATA, PARAMS_INVALID */
  shape(request: FileRequest): FileShape;
  scan(request: ScanRequest): FileScan;
}

/** What is wanted of a file. */
export interface ScanRequest extends FileRequest {
  readonly shape: FileShape;
  /** Indexes into the shape's columns, in the order that they are wanted in. */
  readonly columns: readonly number[];
  /** Rows that do not fulfil all of them may be left out. */
  readonly conditions: readonly ColumnCondition[];
}

/** What every format works with. */
export interface FormatParts {
  readonly native: Native;
  /** A connection whose settings the engine's own conversions use. */
  readonly connection: () => Pointer;
  readonly access: FileAccess;
  readonly platform: FilePlatform;
}

/** What a platform does faster or better than JavaScript. */
export interface FilePlatform {
  isUtf8(bytes: Uint8Array): boolean;
  /** Unpacks deflate without a header. @throws Error when it is damaged, or longer than `most` bytes */
  inflateRaw(packed: Uint8Array, most: number): Uint8Array;
}

/** Rows that a chunk of the engine's holds. */
export const CHUNK_ROWS = 2048;

/** Values of a call's parameters, as texts; absent ones are undefined. */
export class FileOptions {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /** Tells calls of one file apart. */
  get key(): string {
    return JSON.stringify([...this.#values]);
  }

  text(name: string): string | undefined {
    return this.#values.get(name);
  }

  flag(name: string): boolean | undefined {
    const value = this.#values.get(name);
    return value === undefined ? undefined : value === 'true';
  }

  integer(name: string): number | undefined {
    const value = this.#values.get(name);
    return value === undefined ? undefined : Number(value);
  }
}

/** Reads bytes that must be there. @throws CoreError FORMAT_DATA when the file ends before */
export function readExactly(file: DataFile, position: number, byteLength: number): Uint8Array {
  if (position < 0 || byteLength < 0 || position + byteLength > file.size) {
    throw badFile(
      file,
      `it is cut off or damaged: ${byteLength} bytes are missing at byte ${position} of ${file.size}`,
    );
  }
  const bytes = new Uint8Array(byteLength);
  const count = file.read(bytes, position);
  if (count < byteLength) throw badFile(file, `it became shorter while it was read, at byte ${position}`);
  return bytes;
}

/** The error of a file that is not what it should be. @param why continues the sentence "'x' cannot be read: " */
export function badFile(file: { readonly written: string }, why: string): CoreError {
  return new CoreError('FORMAT_DATA', `'${file.written}' cannot be read: ${why}.`, { written: file.written });
}

/** What to do with a database of DuckDB where a table is needed. */
export function duckDbFile({ written }: { readonly written: string }): CoreError {
  if (isRemoteAddress(written)) {
    const message = `'${written.replace(/\?.*$/s, '?…')}' is a database of DuckDB, which is not read over a network; download it and attach the file.`;
    return new CoreError('FORMAT_DATA', message, { written });
  }
  const quoted = `'${written.replaceAll("'", "''")}'`;
  return new CoreError(
    'FORMAT_DATA',
    `'${written}' is a database of DuckDB, which may have many tables. Run attach ${quoted} as d (read_only), then from d.its_table; or write -- @db ${written} above the statement.`,
    { written },
  );
}
