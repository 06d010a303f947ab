import { CoreError } from '../../../../protocol/errors.ts';
import { nearNames } from '../../../../protocol/near-names.ts';
import type { Pointer } from '../../c-api.ts';
import { createType } from '../../logical-type.ts';
import type { ColumnCondition } from '../column-condition.ts';
import type { FoundFile } from '../data-file.ts';
import {
  CHUNK_ROWS,
  type FileFormat,
  type FileOptions,
  type FileScan,
  type FileShape,
  type FormatParts,
  type ScanRequest,
} from '../file-table.ts';
import { type CellValue, VectorWriter } from '../vector-writer.ts';
import type { Sqlite, SqliteDatabase, SqliteStatement } from './sqlite-database.ts';
import { convertValue, declaredType, type SqliteType, seenType } from './sqlite-types.ts';

/** Rows that tell the type of a column without a declaration. */
const SAMPLE_ROWS = 1000;

interface TableShape extends FileShape {
  readonly table: string;
  readonly types: readonly SqliteType[];
  /** Which columns SQLite compares as the engine compares their values. */
  readonly compared: readonly ('integer' | 'text' | undefined)[];
}

/** `read_sqlite`, whose table may be left out where there is one alone, and what DuckDB calls `sqlite_scan`. */
export function sqliteFormats(parts: FormatParts, sqlite: Sqlite): FileFormat[] {
  const format = (form: Pick<FileFormat, 'name' | 'pattern' | 'positional' | 'named'>): FileFormat => ({
    ...form,
    shape: ({ file, options }) => withDatabase(sqlite, file, (db) => shapeOf(parts, db, { file, options })),
    scan: (request) => new SqliteScan(parts, sqlite, request),
  });
  const never = /(?!)/;
  return [
    format({
      name: 'read_sqlite',
      pattern: /\.(sqlite|sqlite3|db|db3|s3db|sl3)$/i,
      positional: [],
      named: { table: 'VARCHAR', all_varchar: 'BOOLEAN' },
    }),
    format({ name: 'sqlite_scan', pattern: never, positional: ['table'], named: { all_varchar: 'BOOLEAN' } }),
  ];
}

/** Names of the tables and views of a database, in their order. @throws CoreError as `Sqlite.open` */
export function sqliteTables(sqlite: Sqlite, file: FoundFile): string[] {
  return withDatabase(sqlite, file, tablesOf);
}

function tablesOf(db: SqliteDatabase): string[] {
  const sql = `select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\' order by rowid`;
  return db.rows(sql).map(([name]) => String(name));
}

function withDatabase<T>(sqlite: Sqlite, file: FoundFile, use: (db: SqliteDatabase) => T): T {
  const db = sqlite.open(file);
  try {
    return use(db);
  } finally {
    db.close();
  }
}

function shapeOf(
  { native }: FormatParts,
  db: SqliteDatabase,
  { file, options }: { readonly file: FoundFile; readonly options: FileOptions },
): TableShape {
  const table = tableOf(db, { file, asked: options.text('table') });
  const declared = db.rows(
    `select name, type from pragma_table_xinfo(${quoteText(table)}) where hidden <> 1`,
  );
  const isText = options.flag('all_varchar') ?? false;
  const isComparable = !isText && isPlainTable(db, table);
  const found = declared.map(([name, type]) => {
    const column = String(name);
    return {
      column,
      type: isText ? 'VARCHAR' : (declaredType(String(type ?? '')) ?? sampledType(db, { table, column })),
      compared: isComparable ? comparedAs(String(type ?? '')) : undefined,
    };
  });
  const columns = found.map(({ column, type }) => ({
    name: column,
    typeText: type,
    createType: () => createType(native, { kind: 'simple', name: type }),
  }));
  const [types, compared] = [found.map(({ type }) => type), found.map((column) => column.compared)];
  return { columns, table, types, compared };
}

function sampledType(
  db: SqliteDatabase,
  { table, column }: { readonly table: string; readonly column: string },
) {
  const name = quoteSqlite(column);
  const rows = db.rows(
    `select distinct typeof(${name}) from (select ${name} from ${quoteSqlite(table)} limit ${SAMPLE_ROWS})`,
  );
  return seenType(rows.map(([type]) => String(type)));
}

/** Views have columns whose values are compared in no way that can be told, and virtual tables are anybody's code. */
function isPlainTable(db: SqliteDatabase, table: string): boolean {
  const sql = `select 1 from sqlite_master where name = ${quoteText(table)} and type = 'table' and sql not like 'create virtual%'`;
  return db.rows(sql).length > 0;
}

/**
 * How a column with a declaration compares: numbers as numbers, where it has an affinity for integers, and texts as texts
 * (https://sqlite.org/datatype3.html, sections 3.1 and 4.2).
 */
function comparedAs(declared: string): 'integer' | 'text' | undefined {
  if (/int/i.test(declared)) return 'integer';
  return /char|clob|text/i.test(declared) ? 'text' : undefined;
}

/** A condition as SQLite evaluates it, by an index where there is one; nothing where it may compare in another way. */
function conditionSql(
  { columns, compared }: TableShape,
  { column, test, values }: ColumnCondition,
): string[] {
  const index = columns.findIndex(({ name }) => name.toLowerCase() === column.toLowerCase());
  const kind = compared[index];
  const literals = values.flatMap((value) => {
    if (value.kind !== kind) return [];
    // A text that the module gets ends at a zero byte.
    if (value.kind === 'text') return value.value.includes('\0') ? [] : [quoteText(value.value)];
    return [String(value.value)];
  });
  if (literals.length < values.length || (kind === 'text' && test !== 'in')) return [];
  const name = quoteSqlite(columns[index]?.name ?? '');
  const compare = kind === 'text' ? `${name} collate binary` : name;
  return [test === 'in' ? `${compare} in (${literals.join(', ')})` : `${compare} ${test} ${literals[0]}`];
}

function tableOf(
  db: SqliteDatabase,
  { file, asked }: { readonly file: FoundFile; readonly asked: string | undefined },
): string {
  const tables = tablesOf(db);
  const { written } = file;
  const list = tables.map((name) => `'${name}'`).join(', ');
  if (asked !== undefined) {
    const found =
      tables.find((name) => name === asked) ??
      tables.find((name) => name.toLowerCase() === asked.toLowerCase());
    if (found !== undefined) return found;
    const [near] = nearNames(asked, tables);
    const advice = near === undefined ? `It has ${list || 'none'}.` : `Did you mean '${near}'?`;
    throw new CoreError('SQL_BIND', `'${written}' has no table '${asked}'. ${advice}`, { written });
  }
  const [only, ...others] = tables;
  if (only === undefined) throw new CoreError('FORMAT_DATA', `'${written}' has no tables.`, { written });
  if (others.length === 0) return only;
  const message = `'${written}' has the tables ${list}: name one with sqlite_scan('${written}', ${quoteText(only)}), or run attach '${written}' as d, then from d.${only}.`;
  throw new CoreError('SQL_BIND', message, { written });
}

class SqliteScan implements FileScan {
  readonly #file: FoundFile;
  readonly #access: FormatParts['access'];
  readonly #stamp: string;
  readonly #shape: TableShape;
  readonly #columns: readonly { readonly index: number; readonly writer: VectorWriter }[];
  readonly #db: SqliteDatabase;
  readonly #statement: SqliteStatement;
  #isEnded = false;

  constructor(
    { native, access }: FormatParts,
    sqlite: Sqlite,
    { file, shape, columns, conditions }: ScanRequest,
  ) {
    this.#file = file;
    this.#access = access;
    this.#shape = shape as TableShape;
    this.#stamp = access.stampOf(file);
    this.#columns = columns.map((index) => {
      const name = this.#shape.types[index] ?? 'VARCHAR';
      return { index, writer: new VectorWriter(native, { kind: 'simple', name }) };
    });
    const names = columns.map((index) => quoteSqlite(shape.columns[index]?.name ?? '')).join(', ');
    this.#db = sqlite.open(file);
    try {
      const where = conditions.flatMap((condition) => conditionSql(this.#shape, condition));
      const filter = where.length === 0 ? '' : ` where ${where.join(' and ')}`;
      this.#statement = this.#db.prepare(
        `select ${names || '1'} from ${quoteSqlite(this.#shape.table)}${filter}`,
      );
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  next(vectors: readonly Pointer[]): number {
    if (this.#isEnded) return 0;
    const values: CellValue[][] = this.#columns.map(() => []);
    let rows = 0;
    while (rows < CHUNK_ROWS && this.#step()) {
      for (const [position, { index }] of this.#columns.entries()) {
        values[position]?.push(this.#value(position, index));
      }
      rows++;
    }
    for (const [position, { writer }] of this.#columns.entries()) {
      const vector = vectors[position];
      if (vector !== undefined) writer.write(vector, values[position] ?? []);
    }
    return rows;
  }

  close(): void {
    this.#statement.finalize();
    this.#db.close();
  }

  #step(): boolean {
    if (this.#isEnded) return false;
    if (this.#statement.step()) return true;
    this.#isEnded = true;
    // It is not locked, so that whoever writes to it goes on.
    if (this.#access.stampOf(this.#file) !== this.#stamp) {
      const { written } = this.#file;
      throw new CoreError(
        'FORMAT_DATA',
        `'${written}' was changed while it was read; run the statement again.`,
        { written },
      );
    }
    return false;
  }

  #value(position: number, index: number): CellValue {
    const value = this.#statement.value(position);
    const type = this.#shape.types[index] ?? 'VARCHAR';
    const converted = convertValue(value, type);
    if (converted !== undefined) return converted;
    const { name } = this.#shape.columns[index] ?? { name: '' };
    const shown = value instanceof Uint8Array ? `${value.length} bytes` : `'${String(value).slice(0, 60)}'`;
    const { written } = this.#file;
    throw new CoreError(
      'FORMAT_DATA',
      `'${written}': column '${name}' of table '${this.#shape.table}' is ${type}, but has ${shown}. Read it by sqlite_scan('${written}', ${quoteText(this.#shape.table)}, all_varchar := true), and cast what can be cast.`,
      { written },
    );
  }
}

function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function quoteSqlite(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
