import { type FileHandle, open, rm } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';

/**
 * Results files, opened once so that their pages stay readable when the host deletes them under us: at the next run, or
 * when it is lost.
 */
export interface ResultFiles {
  /**
   * Reads a range of one file.
   *
   * @param index of the path given to `openResultFiles`
   * @param offset,byteLength in bytes
   * @returns fresh bytes
   * @throws Error when the range is not in the file, or the file has no path
   */
  read(index: number, offset: number, byteLength: number): Promise<ArrayBuffer>;
  /** Closes the files; idempotent. */
  close(): Promise<void>;
}

/**
 * Opens results files.
 *
 * @param paths absolute, by index; undefined where a statement has no rows
 * @throws Error of the file system when one cannot be opened
 */
export async function openResultFiles(paths: readonly (string | undefined)[]): Promise<ResultFiles> {
  const handles: (FileHandle | undefined)[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(handles.splice(0).map((handle) => handle?.close()));
  };
  try {
    for (const path of paths) handles.push(path === undefined ? undefined : await open(path, 'r'));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async read(index, offset, byteLength) {
      const handle = handles[index];
      if (handle === undefined) throw new Error(l10n.t('These rows are gone; run the statement again.'));
      const bytes = new ArrayBuffer(byteLength);
      const { bytesRead } = await handle.read(new Uint8Array(bytes), 0, byteLength, offset);
      if (bytesRead < byteLength)
        throw new Error(l10n.t('The results file is shorter than it should be; run the statement again.'));
      return bytes;
    },
    close,
  };
}

/** Deletes a results file that nobody needs any more; one that is gone already is no fault. */
export async function deleteFile(path: string): Promise<void> {
  // On Windows it may still be read; the host deletes it with its session.
  await rm(path, { force: true }).catch(() => {});
}
