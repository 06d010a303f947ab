import { open, rm } from 'node:fs/promises';

/**
 * The bytes of a whole file, which is deleted.
 *
 * @param path absolute
 * @throws Error of the file system when it is not there
 */
export async function takeFile(path: string): Promise<ArrayBuffer> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const bytes = new Uint8Array(size);
    await handle.read(bytes, 0, size, 0);
    return bytes.buffer;
  } finally {
    await handle.close();
    await rm(path, { force: true });
  }
}
