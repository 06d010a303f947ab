import { statementWords } from '../../../../protocol/statement-words.ts';
import { isRemoteAddress } from '../../../remote/remote-address.ts';
import { quoteText } from '../../context.ts';
import { quoteName } from '../../logical-type.ts';
import type { FileAccess, FoundFile } from '../data-file.ts';
import { isSqlite, type Sqlite } from './sqlite-database.ts';
import { sqliteTables } from './sqlite-format.ts';

/*
 * ATTACH of a database of SQLite. The engine can be given no kinds of databases from outside, so it gets one in memory,
 * with a view over each table, which reads the file whenever it is used.
 */

/** Attaches databases of SQLite. */
export class SqliteAttachments {
  readonly #sqlite: Sqlite;
  readonly #access: FileAccess;
  #hasAny = false;

  constructor(access: FileAccess, sqlite: Sqlite) {
    this.#access = access;
    this.#sqlite = sqlite;
  }

  /** Whether one was attached, or is going to be. */
  get hasAny(): boolean {
    return this.#hasAny;
  }

  /**
   * What to run in place of an ATTACH statement.
   *
   * @returns undefined when it is none, or of a database of another kind
   * @throws CoreError of the file
   */
  inPlaceOf(sql: string): readonly string[] | undefined {
    const words = statementWords(sql);
    if (words[0]?.text !== 'ATTACH') return undefined;
    const path = words.find(({ kind }) => kind === 'text');
    // The engine refuses to attach what is on a network.
    if (path === undefined || isRemoteAddress(path.text)) return undefined;
    const kind = words[words.findIndex(({ text }) => text.toUpperCase() === 'TYPE') + 1]?.text.toUpperCase();
    const hasType = words.some(({ kind, text }) => kind === 'word' && text === 'TYPE');
    if (hasType && kind !== 'SQLITE') return undefined;
    const file = this.#find(path.text, hasType);
    if (file === undefined) return undefined;
    const as = words.findIndex(({ kind, text }) => kind === 'word' && text === 'AS');
    const alias = as < 0 ? undefined : words[as + 1];
    // The words of a statement are in upper case.
    const written = alias?.kind === 'word' ? sql.slice(alias.start, alias.end) : alias?.text;
    const name = written ?? nameOf(path.text);
    const isOptional = words.slice(1, 4).some(({ kind, text }) => kind === 'word' && text === 'EXISTS');
    return this.statements(file, { name, isOptional });
  }

  /** What attaches a file under a name. @throws CoreError of the file */
  statements(
    file: FoundFile,
    { name, isOptional = false }: { readonly name: string; readonly isOptional?: boolean },
  ): readonly string[] {
    this.#hasAny = true;
    const views = sqliteTables(this.#sqlite, file).map((table) => {
      const scan = `sqlite_scan(${quoteText(file.real)}, ${quoteText(table)})`;
      const exists = isOptional ? 'if not exists ' : '';
      return `create view ${exists}${quoteName(name)}.main.${quoteName(table)} as from ${scan}`;
    });
    return [`attach ${isOptional ? 'if not exists ' : ''}':memory:' as ${quoteName(name)}`, ...views];
  }

  /** Whether a file is one; false where it cannot be read. */
  isOne(file: FoundFile): boolean {
    try {
      const open = this.#access.open(file);
      try {
        return isSqlite(open);
      } finally {
        open.close();
      }
    } catch {
      return false;
    }
  }

  /** The file of a path, if it is a database of SQLite, or was said to be one. */
  #find(written: string, isSaid: boolean): FoundFile | undefined {
    if (isSaid) return this.#access.find(written)[0];
    try {
      const [file] = this.#access.find(written);
      return file !== undefined && this.isOne(file) ? file : undefined;
    } catch {
      // Of a path that is not there, or not allowed, the engine tells.
      return undefined;
    }
  }
}

/** The file's name up to its first dot, as DuckDB names databases. */
function nameOf(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? path).replace(/\..*$/, '');
}
