import { randomBytes } from 'node:crypto';
import {
  constants,
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import type { StatementResult } from '../../../protocol/methods.ts';
import { sealFile, unsealFile } from '../../../runtime/node/sealed/sealed-files.ts';
import { seal, unseal } from '../../../runtime/node/sealed/sealed-format.ts';
import type { SealingKey } from '../../../runtime/node/sealed/sealing-key.ts';
import { formatStored, parseStoredBody } from '../../../runtime/node/stored-json.ts';

/*
 * Results that outlive their session: for each a record, `<key>.json`, and the rows as the results file had them, under a
 * name that is never used again. A record is written last and whole, so that what it names is there or was deleted.
 */

/** What is kept of a statement's result beside its rows. */
export interface KeptRecord {
  readonly key: string;
  /** When it ran, ISO 8601. */
  readonly time: string;
  /** Without its place in a text and the path of its file. */
  readonly result: Omit<StatementResult, 'start' | 'end' | 'kept' | 'cached'>;
  /** Whether rows of the same query may be these. */
  readonly isReusable: boolean;
  /** What tells whether they still may: JSON of whoever keeps it. */
  readonly inputs: unknown;
}

/** The largest result that is kept, as a share of all that may be. */
const LARGEST_SHARE = 1 / 4;
/** Rows without a record are of a writer that was killed, when they are so old, milliseconds. */
const ORPHAN_MS = 3_600_000;

const KEY = /^[0-9a-f]{64}$/;

/** The kept results of a folder, which several processes may use at once. */
export class KeptResults {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #sealing: SealingKey | undefined;

  /**
   * @param options.folder absolute; made when there is something to keep
   * @param options.maxBytes of all rows; those that were used longest ago go first
   * @param options.key seals what is kept; what is not sealed with it is passed over. Absent: it is not sealed
   */
  constructor(options: {
    readonly folder: string;
    readonly maxBytes: number;
    readonly key?: SealingKey;
  }) {
    this.#folder = options.folder;
    this.#sealing = options.key;
    this.#maxBytes = options.maxBytes;
  }

  /** A key for a result that no query may be answered with. */
  static ownKey(): string {
    return randomBytes(32).toString('hex');
  }

  /** What is kept under a key; undefined when nothing is, or it is damaged. */
  async find(key: string): Promise<KeptRecord | undefined> {
    return (await this.#read(key))?.record;
  }

  /**
   * Puts the rows of a key into a file, which stays whatever becomes of the key.
   *
   * @param target absolute, not there yet
   * @returns the record; undefined when the rows are gone
   */
  async take(key: string, target: string): Promise<KeptRecord | undefined> {
    const found = await this.#read(key);
    if (found === undefined) return undefined;
    try {
      await this.#takeRows(found.rows, target);
      if ((await stat(target)).size !== found.record.result.file?.byteLength) throw new Error('other rows');
    } catch {
      await rm(target, { force: true });
      return undefined;
    }
    const now = new Date();
    await utimes(this.#recordFile(key), now, now).catch(() => {});
    return found.record;
  }

  /**
   * Keeps a result in the place of what its key had.
   *
   * @param rows absolute path of its rows, which must not change any more
   * @returns whether it is kept: not when it is large
   * @throws Error of the file system
   */
  async put(record: KeptRecord, rows: string): Promise<boolean> {
    const byteLength = record.result.file?.byteLength ?? 0;
    if (byteLength > this.#maxBytes * LARGEST_SHARE) return false;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const before = await this.#read(record.key);
    const name = `${record.key}-${randomBytes(6).toString('hex')}.rows`;
    await this.#putRows(rows, name);
    const file = this.#recordFile(record.key);
    const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
    const stored = formatStored({ ...record, rows: name });
    const sealing = this.#sealing;
    const bytes = sealing === undefined ? stored : await seal(sealing, stored, `result ${record.key}`);
    await writeFile(temporary, bytes, { mode: 0o600 });
    await rename(temporary, file);
    if (before !== undefined) await rm(path.join(this.#folder, before.rows), { force: true });
    await this.#makeRoom();
    return true;
  }

  /** Deletes what is kept under some keys. */
  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const rows = (await this.#read(key))?.rows;
      if (rows !== undefined) await this.#delete([path.basename(this.#recordFile(key)), rows]);
    }
  }

  /** Deletes everything. */
  async clear(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #read(key: string): Promise<{ readonly record: KeptRecord; readonly rows: string } | undefined> {
    if (!KEY.test(key)) return undefined;
    const body = parseStoredBody(await this.#recordText(key));
    if (body === undefined || body.key !== key || typeof body.rows !== 'string') return undefined;
    const { rows, ...record } = body;
    // Its checksum says that it is as we wrote it.
    return { record: record as unknown as KeptRecord, rows: path.basename(String(rows)) };
  }

  /** The text of a record; empty when there is none that can be read. */
  async #recordText(key: string): Promise<string> {
    try {
      const bytes = await readFile(this.#recordFile(key));
      if (this.#sealing === undefined) return bytes.toString('utf8');
      return Buffer.from(await unseal(this.#sealing, bytes, `result ${key}`)).toString('utf8');
    } catch {
      return '';
    }
  }

  #putRows(rows: string, name: string): Promise<void> {
    const to = path.join(this.#folder, name);
    if (this.#sealing === undefined) return linkOrCopy(rows, to);
    return sealFile(this.#sealing, { from: rows, to, context: `rows ${name}` });
  }

  #takeRows(name: string, to: string): Promise<void> {
    const from = path.join(this.#folder, name);
    if (this.#sealing === undefined) return linkOrCopy(from, to);
    return unsealFile(this.#sealing, { from, to, context: `rows ${name}` });
  }

  #recordFile(key: string): string {
    return path.join(this.#folder, `${key}.json`);
  }

  /** Deletes what was used longest ago until the rest may stay, and what writers that were killed left behind. */
  async #makeRoom(): Promise<void> {
    const files = await filesOf(this.#folder);
    const rowsByKey = new Map(
      files.filter(({ name }) => name.endsWith('.rows')).map((file) => [file.name.slice(0, 64), file]),
    );
    const records = files.filter(({ name }) => name.endsWith('.json')).sort((a, b) => b.usedMs - a.usedMs);
    let byteLength = 0;
    for (const { name } of records) {
      const key = name.slice(0, 64);
      const rows = rowsByKey.get(key);
      rowsByKey.delete(key);
      byteLength += rows?.byteLength ?? 0;
      if (rows !== undefined && byteLength <= this.#maxBytes) continue;
      await this.#delete([name, rows?.name]);
    }
    const isOld = ({ usedMs }: FoundFile): boolean => Date.now() - usedMs > ORPHAN_MS;
    const orphans = [...rowsByKey.values(), ...files.filter(({ name }) => name.endsWith('.tmp'))];
    await this.#delete(orphans.filter(isOld).map(({ name }) => name));
  }

  async #delete(names: readonly (string | undefined)[]): Promise<void> {
    for (const name of names) {
      if (name !== undefined) await rm(path.join(this.#folder, name), { force: true }).catch(() => {});
    }
  }
}

interface FoundFile {
  readonly name: string;
  readonly usedMs: number;
  readonly byteLength: number;
}

async function filesOf(folder: string): Promise<FoundFile[]> {
  const found = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const stats = await stat(path.join(folder, name)).catch(() => undefined);
      return stats === undefined ? [] : [{ name, usedMs: stats.mtimeMs, byteLength: stats.size }];
    }),
  );
  return found.flat();
}

/** The same file under another name, where the file system has that, else a copy. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}
