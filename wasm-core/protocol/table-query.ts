import type { TableOption, WorkspaceTable } from './workspace-tables.ts';

/*
 * The query that a named table of a `quern.json` stands for. The host reads tables by it, and the editor checks it.
 */

/** What reads a table, or why nothing does. */
export type TableReading = { readonly sql: string } | { readonly fault: string };

/**
 * The query that reads a table.
 *
 * @param folder absolute, of the `quern.json`
 */
export function tableReading(table: WorkspaceTable, folder: string): TableReading {
  const files = tableFiles(table, folder);
  const { options = {}, columns = {} } = table;
  const strange = Object.keys(options).find((name) => !/^[a-z_]\w*$/i.test(name));
  if (strange !== undefined) return { fault: `options.${strange} is no name of an option.` };
  const reader = readerOf(table);
  const isPlain = table.format === undefined && Object.keys(options).length === 0;
  const types = reader === 'read_csv' && !TYPE_OPTIONS.some((name) => name in options) ? columns : {};
  const casts = Object.entries(columns).filter(([name]) => !(name in types));
  const list = casts.map(([name, type]) => `cast(${quotedName(name)} as ${type}) as ${quotedName(name)}`);
  const head = list.length === 0 ? 'select *' : `select * replace (${list.join(', ')})`;
  if (isPlain && (files.length === 1 || reader === undefined) && Object.keys(types).length === 0) {
    const parts = files.map((file) => `${head} from ${quotedText(file)}`);
    return { sql: parts.join(' union all by name ') };
  }
  if (reader === undefined)
    return { fault: 'its files have no ending that tells how they are read; write format.' };
  const typed = Object.entries(types).map(([name, type]) => `${quotedText(name)}: ${quotedText(type)}`);
  const given = [
    files.length === 1 ? quotedText(files[0] ?? '') : literal(files),
    // Quoted, for some are words that the engine reserves, such as table.
    ...Object.entries(options).map(([name, value]) => `${quotedName(name)} = ${literal(value)}`),
    ...(typed.length > 0 ? [`types = {${typed.join(', ')}}`] : []),
  ];
  return { sql: `${head} from ${reader}(${given.join(', ')})` };
}

/** The files and patterns of a table, absolute, or addresses as they are written. @param folder absolute */
export function tableFiles({ path }: WorkspaceTable, folder: string): string[] {
  return (typeof path === 'string' ? [path] : path).map((file) =>
    /^(?:[\\/]|[a-z]:[\\/]|[a-z][a-z0-9+.-]+:\/\/)/i.test(file) ? file : joined(folder, file),
  );
}

/** Functions that read a format and take options. */
const READERS = {
  csv: 'read_csv',
  json: 'read_json',
  ndjson: 'read_ndjson',
  parquet: 'read_parquet',
  xlsx: 'read_xlsx',
  arrow: 'read_arrow',
  avro: 'read_avro',
  sqlite: 'read_sqlite',
} as const;

const BY_ENDING: readonly (readonly [RegExp, keyof typeof READERS])[] = [
  [/\.(csv|tsv)(\.gz|\.zst)?$/i, 'csv'],
  [/\.(ndjson|jsonl)(\.gz|\.zst)?$/i, 'ndjson'],
  [/\.json(\.gz|\.zst)?$/i, 'json'],
  [/\.parquet$/i, 'parquet'],
  [/\.xlsx$/i, 'xlsx'],
  [/\.(arrow|arrows|ipc|feather)$/i, 'arrow'],
  [/\.avro$/i, 'avro'],
  [/\.(sqlite|sqlite3|db3|s3db|sl3)$/i, 'sqlite'],
];

/** Options of `read_csv` that say the types of columns; `types` may then not be given. */
const TYPE_OPTIONS = ['types', 'dtypes', 'column_types', 'columns'];

function readerOf({ format, path }: WorkspaceTable): string | undefined {
  if (format !== undefined) return READERS[format];
  const files = typeof path === 'string' ? [path] : path;
  const formats = files.map((file) => BY_ENDING.find(([ending]) => ending.test(file))?.[1]);
  const [first] = formats;
  return first !== undefined && formats.every((other) => other === first) ? READERS[first] : undefined;
}

function joined(folder: string, file: string): string {
  // What the folder itself is called is no pattern.
  const base = folder.replace(/[\\/]$/, '').replace(/[[*?]/g, '[$&]');
  return `${base}/${file.replace(/^(?:\.[\\/])+/, '')}`;
}

function literal(value: TableOption): string {
  if (typeof value === 'string') return quotedText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return `[${value.map(literal).join(', ')}]`;
}

function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
