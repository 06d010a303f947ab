import { open } from 'node:fs/promises';
import { CoreError } from '../protocol/errors.ts';

/** The largest module that is read, bytes. */
const MAX_MODULE_BYTES = 256 * 1024 * 1024;

/**
 * Reads a module's file.
 *
 * @param file absolute path
 * @throws CoreError FILE_NOT_FOUND, FILE_IS_DIRECTORY, FILE_IO, INPUT_LIMIT
 */
export async function readModuleFile(file: string): Promise<Uint8Array> {
  try {
    // Stat and read go through one handle, so that both see the same file.
    const handle = await open(file, 'r');
    try {
      const stats = await handle.stat();
      checkStats(file, stats);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw toFileError(file, error);
  }
}

function checkStats(file: string, stats: { isFile(): boolean; isDirectory(): boolean; size: number }): void {
  if (stats.isDirectory()) {
    throw new CoreError('FILE_IS_DIRECTORY', `${file} is a folder; name a .wasm file in it.`, { path: file });
  }
  if (!stats.isFile()) throw new CoreError('FILE_IO', `${file} is not an ordinary file.`, { path: file });
  if (stats.size > MAX_MODULE_BYTES) {
    const message = `${file} has ${stats.size} bytes, and a module has at most ${MAX_MODULE_BYTES}.`;
    throw new CoreError('INPUT_LIMIT', message, { path: file });
  }
}

function toFileError(file: string, error: unknown): unknown {
  if (error instanceof CoreError || !(error instanceof Error)) return error;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new CoreError('FILE_NOT_FOUND', `There is no file ${file}.`, { path: file });
  }
  return new CoreError('FILE_IO', `${file} cannot be read (${String(code ?? error.message)}).`, {
    path: file,
  });
}
