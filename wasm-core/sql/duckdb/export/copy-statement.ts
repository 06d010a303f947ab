import type { ExportFormat, ExportOptions } from '../../../protocol/export.ts';
import type { ColumnInfo } from '../../../protocol/methods.ts';
import type { ExportTarget } from '../../export-target.ts';
import { quoteText } from '../context.ts';
import { quoteName } from '../logical-type.ts';

/** The formats that the engine writes itself. */
export type CopyFormat = Extract<ExportFormat, 'csv' | 'tsv' | 'parquet'>;

export function isCopyFormat(format: ExportFormat): format is CopyFormat {
  return format === 'csv' || format === 'tsv' || format === 'parquet';
}

/** A COPY, and how much of it stands before the query. */
export interface CopyStatement {
  readonly sql: string;
  readonly headLength: number;
}

/**
 * The COPY that writes a query's rows to a file, each value so that it can be read back.
 *
 * @param columns of the query, names as the user knows them; undefined where they are not known
 * @param options.maxRows rows to write
 */
export function copyStatement(
  query: { readonly sql: string; readonly columns: readonly ColumnInfo[] | undefined },
  target: ExportTarget & { readonly format: CopyFormat },
  { maxRows }: { readonly maxRows: number },
): CopyStatement {
  const { sql, columns } = query;
  const limit = maxRows < Number.MAX_SAFE_INTEGER ? ` limit ${maxRows}` : '';
  const inner = columns?.map((_, index) => `c${index}`).join(', ');
  const select = columns === undefined ? 'from' : `select ${selected(columns, target.format)} from`;
  const alias = inner === undefined ? '' : ` as t(${inner})`;
  const head = `copy (${select} (\n`;
  return {
    sql: `${head}${sql}\n)${alias}${limit}) to ${quoteText(target.file)} (${copyOptions(target)})`,
    headLength: head.length,
  };
}

function selected(columns: readonly ColumnInfo[], format: CopyFormat): string {
  return columns
    .map(({ name, type }, index) => {
      const written = format === 'parquet' ? parquetType(type) : type;
      const value = written === type ? `c${index}` : `cast(c${index} as ${written})`;
      return `${value} as ${quoteName(name)}`;
    })
    .join(', ');
}

/**
 * The type as which a column is written to Parquet: its own, but for what DuckDB writes with a loss. It makes doubles of
 * HUGEINT and of BIGNUM, UTC of TIME WITH TIME ZONE, and milliseconds of INTERVAL. A HUGEINT of more than 38 digits is an
 * error then.
 */
export function parquetType(type: string): string {
  // The name of a type, unlike that of a member, is followed by nothing, by a bracket, or by a comma.
  return type.replace(
    /("(?:[^"]|"")*"|'(?:[^']|'')*')|(?<![\w"])(U?HUGEINT|BIGNUM|TIME WITH TIME ZONE|INTERVAL)(?=[[\]),]|$)/g,
    (whole: string, quoted: string | undefined) => {
      if (quoted !== undefined) return whole;
      return whole.endsWith('HUGEINT') ? 'DECIMAL(38,0)' : 'VARCHAR';
    },
  );
}

/**
 * Distinct values of a row group for which a dictionary is made. DuckDB makes some of up to a fifth of the rows, which in
 * WebAssembly takes more than half of the time; files got 17 % larger where columns had 10,000 values.
 */
const MAX_DICTIONARY = 4096;

function copyOptions({ format, options }: { readonly format: CopyFormat; readonly options: ExportOptions }) {
  const { compression, header = true, nullText } = options;
  // The file is new, and is put in its place by us.
  const common = [
    'use_tmp_file false',
    ...(compression ? [`compression ${compressionName(compression)}`] : []),
  ];
  if (format === 'parquet') {
    return [`format parquet, dictionary_size_limit ${MAX_DICTIONARY}`, ...common].join(', ');
  }
  const delimiter = format === 'tsv' ? '\t' : (options.delimiter ?? ',');
  const text = [`format csv, header ${header}, delimiter ${quoteText(delimiter)}`, ...common];
  if (nullText !== undefined) text.push(`nullstr ${quoteText(nullText)}`);
  return text.join(', ');
}

function compressionName(compression: NonNullable<ExportOptions['compression']>): string {
  return compression === 'none' ? "'uncompressed'" : quoteText(compression);
}
