import { rename, rm, writeFile } from 'node:fs/promises';
import { CoreError } from '../../protocol/errors.ts';

/**
 * Writes a text file whole or not at all.
 *
 * @param file absolute; its folder must be there
 * @throws CoreError FILE_IO
 */
export async function writeTextFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CoreError('FILE_IO', `${file} cannot be written (${code}).`, { path: file });
  }
}
