import { type JsonPlace, shown } from './json-place.ts';

/** How the file of a table is read. */
export const TABLE_FORMATS = ['csv', 'json', 'ndjson', 'parquet', 'arrow', 'xlsx', 'avro', 'sqlite'] as const;

/** The value of an option of a reader. */
export type TableOption = string | number | boolean | readonly (string | number | boolean)[];

/** A table that a `quern.json` names. */
export interface WorkspaceTable {
  /** One or more files or patterns, from the file's folder. */
  readonly path: string | readonly string[];
  /** Absent: by the ending. */
  readonly format?: (typeof TABLE_FORMATS)[number];
  /** Options of DuckDB's reader, such as `delim`. */
  readonly options?: Readonly<Record<string, TableOption>>;
  /** Types of columns by name, in DuckDB's words. */
  readonly columns?: Readonly<Record<string, string>>;
  readonly description?: string;
}

const MEMBERS = ['path', 'format', 'options', 'columns', 'description'];
const MAX_TEXT = 10_000;

/** Reads a table's description. @throws CoreError of the place's kind */
export function readTable(place: JsonPlace, value: unknown): WorkspaceTable {
  const table = place.object(value, MEMBERS);
  const { format } = table;
  const description = place.member('description').optionalText(table.description, MAX_TEXT);
  const options = readRecord(place.member('options'), table.options, readOption);
  const columns = readRecord(place.member('columns'), table.columns, (at, type) => at.text(type, 1000));
  return {
    path: readPath(place.member('path'), table.path),
    ...(format !== undefined && { format: place.member('format').word(format, TABLE_FORMATS) }),
    ...(options && { options }),
    ...(columns && { columns }),
    ...(description !== undefined && { description }),
  };
}

function readPath(place: JsonPlace, value: unknown): string | readonly string[] {
  if (!Array.isArray(value)) return place.text(value, 1000);
  if (value.length === 0) throw place.fault('is empty; write a path, or a list of paths');
  return value.map((item: unknown, index) => place.item(index).text(item, 1000));
}

function readOption(place: JsonPlace, value: unknown): TableOption {
  if (isPlainOption(value)) return value;
  if (Array.isArray(value) && value.every(isPlainOption)) return value;
  throw place.fault(`is ${shown(value)}; write text, a number, true, false, or a list of these`);
}

function isPlainOption(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function readRecord<T>(
  place: JsonPlace,
  value: unknown,
  read: (place: JsonPlace, value: unknown) => T,
): Readonly<Record<string, T>> | undefined {
  if (value === undefined) return undefined;
  const entries = Object.entries(place.object(value));
  return Object.fromEntries(entries.map(([name, item]) => [name, read(place.member(name), item)]));
}
