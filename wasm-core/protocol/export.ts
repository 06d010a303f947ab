import type { Limits } from './limits.ts';
import type { ColumnInfo, StatementResult } from './methods.ts';

/*
 * `sql/export`: rows into a file of one of these formats, by the host, whatever of them is shown.
 */

/** What is known of a format. */
export interface ExportFormatInfo {
  /** For a list of formats. */
  readonly title: string;
  /** Endings of its files, the usual one first, without the dot. */
  readonly endings: readonly string[];
  /** Members of `ExportOptions` that it takes. */
  readonly options: readonly (keyof ExportOptions)[];
}

/** Every format, in the order of lists. */
export const EXPORT_FORMATS = {
  csv: {
    title: 'CSV',
    endings: ['csv'],
    options: ['delimiter', 'header', 'nullText', 'compression'],
  },
  tsv: { title: 'TSV', endings: ['tsv', 'tab'], options: ['header', 'nullText', 'compression'] },
  parquet: { title: 'Parquet', endings: ['parquet'], options: ['compression'] },
  xlsx: { title: 'Excel', endings: ['xlsx'], options: ['header', 'sheet'] },
  json: { title: 'JSON', endings: ['json'], options: [] },
  ndjson: { title: 'NDJSON', endings: ['ndjson', 'jsonl'], options: [] },
  arrow: { title: 'Arrow file', endings: ['arrow', 'feather', 'ipc'], options: [] },
  'arrow-stream': { title: 'Arrow stream', endings: ['arrows'], options: [] },
  markdown: { title: 'Markdown', endings: ['md'], options: [] },
  sql: { title: 'SQL inserts', endings: ['sql'], options: ['table', 'createTable'] },
} as const satisfies Record<string, ExportFormatInfo>;

/** A format's name in the protocol and on the command line. */
export type ExportFormat = keyof typeof EXPORT_FORMATS;

/** How each compression is called in file endings; Parquet compresses inside. */
const TEXT_COMPRESSIONS: Readonly<Record<string, Compression>> = { gz: 'gzip', zst: 'zstd' };

export type Compression = 'none' | 'snappy' | 'gzip' | 'zstd' | 'lz4' | 'brotli';

/** What each format with `compression` can be compressed by; the first is its default. */
export const COMPRESSIONS: Readonly<Partial<Record<ExportFormat, readonly Compression[]>>> = {
  csv: ['none', 'gzip', 'zstd'],
  tsv: ['none', 'gzip', 'zstd'],
  parquet: ['snappy', 'none', 'gzip', 'zstd', 'lz4', 'brotli'],
};

/** Options of the formats; `EXPORT_FORMATS` says which takes which. */
export interface ExportOptions {
  /** One character between fields; absent: a comma. */
  readonly delimiter?: string;
  /** Whether the first line has the names of the columns; absent: it has. */
  readonly header?: boolean;
  /** What stands for NULL; absent: an empty field, empty text being `""`. */
  readonly nullText?: string;
  /** One of the format's `COMPRESSIONS`. */
  readonly compression?: Compression;
  /** The table that the inserts are for; absent: `result`. */
  readonly table?: string;
  /** Whether a CREATE TABLE goes before the inserts; absent: it does. */
  readonly createTable?: boolean;
  /** The sheet's name; absent: `Result`. */
  readonly sheet?: string;
}

/** Where the rows go. */
export interface ExportPlace {
  /** Absolute path of the file; its folder must be there. */
  readonly path: string;
  readonly format: ExportFormat;
  readonly options?: ExportOptions;
  /** Whether a file that is there is replaced; absent: it is left, and FILE_EXISTS is thrown. */
  readonly overwrite?: boolean;
  /**
   * Whether the user named this very path, as in a dialog: it may then lie outside the session's folders. Absent: it may
   * not.
   */
  readonly chosen?: boolean;
}

/** Rows of an earlier run, as its `StatementResult` tells of them. */
export interface ExportedResult {
  /** Path of its results file, in the session's folder for these. */
  readonly path: string;
  readonly columns: readonly ColumnInfo[];
  readonly rowCount: number;
}

/**
 * `sql/export`: writes rows to a file, which appears when it is whole. They come from an earlier run (`result`), or from
 * the last statement of a text (`sql`), whose other statements run before it. Exactly one of the two.
 */
export interface ExportParams extends ExportPlace {
  readonly session: string;
  readonly result?: ExportedResult;
  readonly sql?: string;
  /** As in `sql/run`, with `sql` alone. */
  readonly folder?: string;
  readonly parameters?: Readonly<Record<string, string | number | boolean | null>>;
  readonly limits?: Pick<Limits, 'timeoutMs' | 'memoryMb' | 'fuel'>;
  readonly maxRows?: number;
}
export interface ExportResult {
  /** Real path of the file. */
  readonly path: string;
  readonly rowCount: number;
  /** Of the file. */
  readonly byteLength: number;
  readonly micros: number;
  /** Of a text, what each statement gave; of the exported one without rows. Empty for rows of an earlier run. */
  readonly statements: readonly StatementResult[];
}

/** A format, and what the ending of a file says beside it. */
export interface FileFormat {
  readonly format: ExportFormat;
  readonly options: ExportOptions;
}

/** The format that a file's ending asks for, such as that of `rows.csv.gz`; undefined when it asks for none. */
export function formatOfFile(path: string): FileFormat | undefined {
  const [, ending = '', , compressed = ''] =
    /\.([a-z]+)(\.(gz|zst))?$/.exec(path.slice(-20).toLowerCase()) ?? [];
  for (const [format, { endings, options }] of exportFormats()) {
    if (!endings.includes(ending)) continue;
    const compression = TEXT_COMPRESSIONS[compressed];
    if (compression === undefined) return { format, options: {} };
    if (format !== 'parquet' && options.includes('compression')) return { format, options: { compression } };
  }
  return undefined;
}

/** Every format with what is known of it. */
export function exportFormats(): readonly (readonly [ExportFormat, ExportFormatInfo])[] {
  return Object.entries(EXPORT_FORMATS) as [ExportFormat, ExportFormatInfo][];
}
