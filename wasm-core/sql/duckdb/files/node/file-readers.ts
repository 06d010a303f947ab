import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Connection, DuckDb } from '../../boot.ts';
import type { FileAccess as FileWays } from '../../node/file-runtime.ts';
import { arrowFormat } from '../arrow/arrow-format.ts';
import { avroFormat } from '../avro/avro-format.ts';
import type { FileAccess } from '../data-file.ts';
import { FileFunctions } from '../file-functions.ts';
import type { FileFormat, FormatParts } from '../file-table.ts';
import { SqliteAttachments } from '../sqlite/attach-sqlite.ts';
import { Sqlite } from '../sqlite/sqlite-database.ts';
import { sqliteFormats } from '../sqlite/sqlite-format.ts';
import { xlsxFormat } from '../xlsx/xlsx-format.ts';
import { NODE_PLATFORM, nodeFileAccess } from './file-access.ts';

/** The formats that the engine does not read by itself, for one worker. */
export class FileReaders {
  /** Databases of SQLite that are attached. */
  readonly attachments: SqliteAttachments;
  readonly #access: FileAccess;
  readonly #sqlite: Sqlite;
  #functions: FileFunctions | undefined;
  #conversions: Connection | undefined;

  /** @param distFolder absolute folder of `sqlite3.wasm` */
  constructor(ways: FileWays, distFolder: string) {
    this.#access = nodeFileAccess(ways);
    this.#sqlite = new Sqlite(this.#access, () => {
      const bytes = readFileSync(path.join(distFolder, 'sqlite3.wasm'));
      return new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
    });
    this.attachments = new SqliteAttachments(this.#access, this.#sqlite);
  }

  /** What is read, once they were installed. */
  get formats(): readonly FileFormat[] {
    return this.#functions?.formats ?? [];
  }

  /** Adds them to a new instance of the database. */
  install(db: DuckDb): void {
    this.#functions ??= this.#create(db);
    this.#functions.install(db);
  }

  /**
   * Says which connection the engine's conversions use. Nothing else happens on it: one with a query under way must not
   * be used for another.
   */
  convertWith(connection: Connection): void {
    this.#conversions = connection;
  }

  #create({ native }: DuckDb): FileFunctions {
    const parts: FormatParts = {
      native,
      connection: () => {
        if (this.#conversions === undefined) throw new Error('there is no session whose files are read');
        return this.#conversions.pointer;
      },
      access: this.#access,
      platform: NODE_PLATFORM,
    };
    return new FileFunctions(parts, [
      arrowFormat(parts),
      xlsxFormat(parts),
      avroFormat(parts),
      ...sqliteFormats(parts, this.#sqlite),
    ]);
  }
}
