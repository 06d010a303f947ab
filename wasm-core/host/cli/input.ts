import { readFileSync } from 'node:fs';
import { CoreError } from '../../protocol/errors.ts';
import type { BytesValue } from '../../protocol/methods.ts';
import { encodeBytesValue } from '../../runtime/node/bytes-value.ts';
import { UsageError } from './report-error.ts';

/**
 * Reads a file that a user named.
 *
 * @param what how the message calls it, such as "SQL file"
 * @throws CoreError FILE_NOT_FOUND, FILE_IS_DIRECTORY, FILE_IO
 */
export function readInputFile(file: string, what: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const details = { path: file };
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new CoreError('FILE_NOT_FOUND', `There is no ${what} ${file}.`, details);
    }
    if (code === 'EISDIR') {
      throw new CoreError(
        'FILE_IS_DIRECTORY',
        `${file} is a folder, not a ${what}; name a file in it.`,
        details,
      );
    }
    throw new CoreError('FILE_IO', `The ${what} ${file} cannot be read (${code}).`, details);
  }
}

/** All of stdin. */
export async function readStdin(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Options that give a module its input. */
export interface InputOptions {
  readonly input?: string;
  readonly inputFile?: string;
}

/** The input of a run: `--input`, `--input-file`, or stdin. @throws UsageError, CoreError FILE_* */
export async function readInput(options: InputOptions): Promise<BytesValue> {
  if (options.input !== undefined && options.inputFile !== undefined) {
    throw new UsageError('give one of --input and --input-file, not both');
  }
  if (options.input !== undefined) return { utf8: options.input };
  const bytes =
    options.inputFile === undefined ? await readStdin() : readInputFile(options.inputFile, 'input file');
  return encodeBytesValue(bytes);
}
