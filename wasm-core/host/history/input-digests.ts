import { createHash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { HistoryInput } from '../../protocol/history.ts';
import type { InputFile } from '../../sql/engine.ts';

/** Files of at most so many bytes are read whole for their digest. */
const WHOLE_BYTES = 1024 * 1024;
/** Of a larger one so many blocks of this size are: the first, the last, and those evenly between. */
const BLOCKS = 16;
const BLOCK_BYTES = 64 * 1024;
/** Digests of so many files are kept. */
const MAX_KEPT = 500;
/** A file that changed within so many milliseconds may change again without another time. */
const UNSETTLED_MS = 2500;

/** What tells the inputs of runs from those of other runs. docs/history.md describes the digests. */
export class InputDigests {
  readonly #kept = new Map<string, string>();

  /** An input as it is recorded: with a digest, if the file is still what the run found. */
  async describe(file: InputFile): Promise<HistoryInput> {
    const { path, byteLength, modifiedNs } = file;
    const modifiedMs = Number(modifiedNs) / 1e6;
    const digest = await this.#digest(file, Date.now() - modifiedMs > UNSETTLED_MS).catch(() => undefined);
    return {
      path,
      byteLength,
      modified: new Date(modifiedMs).toISOString(),
      ...(digest !== undefined && { digest }),
    };
  }

  async #digest(file: InputFile, isSettled: boolean): Promise<string | undefined> {
    const key = `${file.path}\0${file.byteLength}\0${file.modifiedNs}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    if (!(await isUnchanged(file))) return undefined;
    const digest = await fileDigest(file.path, file.byteLength);
    if (!(await isUnchanged(file))) return undefined;
    if (isSettled) this.#kept.set(key, digest);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return digest;
  }
}

async function isUnchanged({ path, byteLength, modifiedNs }: InputFile): Promise<boolean> {
  const stats = await stat(path, { bigint: true });
  return Number(stats.size) === byteLength && String(stats.mtimeNs) === modifiedNs;
}

/** The digest of a file's bytes, or of blocks of a large one's with its size. */
async function fileDigest(file: string, byteLength: number): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(file, 'r');
  try {
    if (byteLength <= WHOLE_BYTES) return `sha256:${hash.update(await handle.readFile()).digest('hex')}`;
    hash.update(`${byteLength}\n`);
    const last = byteLength - BLOCK_BYTES;
    for (let block = 0; block < BLOCKS; block++) {
      hash.update(await readBlock(handle, Math.floor((last * block) / (BLOCKS - 1))));
    }
    return `sample1:${hash.digest('hex')}`;
  } finally {
    await handle.close();
  }
}

async function readBlock(handle: FileHandle, position: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(BLOCK_BYTES), 0, BLOCK_BYTES, position);
  return buffer.subarray(0, bytesRead);
}
