import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where the host writes long inputs and outputs of chains, which are ours to read and to delete. */
export class TraceFiles {
  #root: Promise<string> | undefined;
  #count = 0;

  /** A new folder for one run. @returns absolute */
  async newFolder(): Promise<string> {
    // Nobody else may read what plugins are given.
    this.#root ??= mkdtemp(path.join(tmpdir(), 'quern-chain-'));
    const folder = path.join(await this.#root, String(++this.#count));
    await mkdir(folder);
    return folder;
  }

  /** The bytes of a file that the host wrote. @throws Error of the file system */
  async read(file: string): Promise<Uint8Array> {
    return await readFile(file);
  }

  /** Deletes all of them; they may be made anew. */
  async clear(): Promise<void> {
    const root = this.#root;
    this.#root = undefined;
    if (root !== undefined) await rm(await root, { recursive: true, force: true });
  }
}
