import { isUtf8 } from 'node:buffer';
import path from 'node:path';
import { CoreError } from '../../../protocol/errors.ts';
import { readInputFile, readStdin } from '../input.ts';
import { UsageError } from '../report-error.ts';

/** The statements to run, and where they came from. */
export interface SqlSource {
  readonly text: string;
  /** How messages call it: the file as the user named it, `-e` or `stdin`. */
  readonly name: string;
  /** Absolute folder for relative paths: the file's, else the current one. */
  readonly folder: string;
}

/**
 * Reads what to run: a file, `-` for stdin, or the text of `-e`.
 *
 * @throws UsageError when there is none or both; CoreError FILE_*, FORMAT_DATA
 */
export async function readSqlSource(file: string | undefined, text: string | undefined): Promise<SqlSource> {
  if (file !== undefined && text !== undefined) throw new UsageError('give a file or -e, not both');
  if (text !== undefined) return { text, name: '-e', folder: process.cwd() };
  if (file === '-') return { text: decode(await readStdin(), 'stdin'), name: 'stdin', folder: process.cwd() };
  if (!file) throw new UsageError('name a .sql file, give SQL with -e "SQL", or - for stdin');
  const bytes = readInputFile(file, 'SQL file');
  return { text: decode(bytes, file), name: file, folder: path.dirname(path.resolve(file)) };
}

function decode(bytes: Buffer, name: string): string {
  if (!isUtf8(bytes) || bytes.includes(0)) {
    throw new CoreError('FORMAT_DATA', `${name} is not a text file in UTF-8, so it is not SQL.`, {
      path: name,
    });
  }
  // An editor's byte order mark is not part of the first statement.
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}
