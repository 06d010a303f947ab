import { existsSync } from 'node:fs';
import path from 'node:path';
import type { HostConnection } from '../../../connect/host-connection.ts';
import type { DiffSide } from '../../../protocol/diff.ts';
import { CoreError } from '../../../protocol/errors.ts';
import { splitStatements } from '../../../protocol/statements.ts';
import { UsageError } from '../report-error.ts';
import { readSqlSource, type SqlSource } from '../run/sql-source.ts';

/** One side of a comparison as the command line names it. */
export type NamedSide =
  | {
      readonly type: 'data';
      /** Absolute path or pattern. */
      readonly file: string;
      /** Absolute folder that the user has named with it. */
      readonly folder: string;
    }
  | { readonly type: 'sql'; readonly source: SqlSource };

/**
 * Tells what an argument is: a `.sql` file, another file or pattern, or SQL, which has a space in it and no such file.
 *
 * @throws UsageError for an empty one; CoreError FILE_NOT_FOUND, FORMAT_DATA
 */
export async function readSide(argument: string): Promise<NamedSide> {
  if (argument.trim() === '') throw new UsageError('a side to compare is empty; name a file, or give SQL');
  const isFile = existsSync(argument);
  if (/\.sql$/i.test(argument) && (isFile || !/\s/.test(argument))) {
    return { type: 'sql', source: await readSqlSource(argument, undefined) };
  }
  if (isFile || !/\s/.test(argument)) {
    const file = path.resolve(argument);
    return { type: 'data', file, folder: fixedFolder(file) };
  }
  return { type: 'sql', source: { text: argument, name: 'SQL', folder: process.cwd() } };
}

/** The folder where both sides are compared: that of their SQL, when it is one. */
export function commonFolder(sides: readonly NamedSide[]): string {
  const folders = new Set(sides.flatMap((side) => (side.type === 'sql' ? [side.source.folder] : [])));
  const [only] = folders;
  return folders.size === 1 && only !== undefined ? only : process.cwd();
}

/**
 * What the host is asked to compare. SQL of another folder, or of several statements, is run before, and its last rows
 * are compared.
 *
 * @param options.params of the run beside the text
 * @throws CoreError
 */
export async function diffSide(
  side: NamedSide,
  options: {
    readonly connection: HostConnection;
    readonly folder: string;
    readonly params: { readonly session: string };
    readonly signal: AbortSignal;
  },
): Promise<DiffSide> {
  if (side.type === 'data') return { file: side.file };
  const { text, folder, name } = side.source;
  if (splitStatements(text).length === 1 && folder === options.folder) return { sql: text };
  const { connection, params, signal } = options;
  const result = await connection.request('sql/run', { ...params, sql: text, folder }, { signal });
  const last = result.statements.findLast(({ file }) => file !== undefined);
  if (last?.file !== undefined) return { file: last.file.path };
  throw new CoreError('REQUEST_INVALID', `${name} gives no rows to compare; end it with a query.`);
}

/** The folder of a file; of a pattern the folders that it names in full. */
function fixedFolder(file: string): string {
  const parts = file.split(path.sep);
  const wild = parts.findIndex((part) => /[*?[]/.test(part));
  return wild < 0 ? path.dirname(file) : parts.slice(0, wild).join(path.sep) || path.sep;
}
