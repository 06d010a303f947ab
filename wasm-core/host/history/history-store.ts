import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { HistoryEntry, HistoryListParams } from '../../protocol/history.ts';
import type { SealingKey } from '../../runtime/node/sealed/sealing-key.ts';
import type { SealingState } from '../sealing.ts';
import { readSegment, writeLine } from './segment-lines.ts';

/*
 * Recorded runs in files of one folder, segments, one JSON object a line. A segment is written by one process and never
 * written again after a failure, so that only its last line can be torn, and processes need not wait for each other.
 */

/** A segment that has so many bytes, or is so old, is followed by another one. */
const SEGMENT_BYTES = 1024 * 1024;
const SEGMENT_MS = 24 * 3_600_000;
/** What is older, or beyond so many bytes, is deleted, a segment at a time, when another one begins. */
const KEPT_MS = 90 * 24 * 3_600_000;
const KEPT_BYTES = 32 * 1024 * 1024;
/** What was written is put on the disk so long after, milliseconds: a power cut may cost what came since. */
const SYNC_MS = 1000;

const SEGMENT = /^\d{13}-\d+-[0-9a-f]{8}\.ndjson$/;

/** Which runs are wanted. */
export type HistoryQuery = Pick<HistoryListParams, 'folder' | 'text'> & { readonly limit: number };

/** What was found. */
export interface FoundRuns {
  /** The newest first. */
  readonly entries: readonly HistoryEntry[];
  /** Runs that were encrypted and cannot be read. */
  readonly locked: number;
}

/** Recorded runs on the disk. What a host that was killed had written is there; it is shared by all hosts of the home. */
export class HistoryStore {
  readonly #folder: string;
  readonly #keptBytes: number;
  readonly #sealing: () => SealingState;
  #segment: Segment | undefined;
  #syncTimer: NodeJS.Timeout | undefined;
  /** The end of the last change; changes go one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param options.folder absolute; made when there is something to keep
   * @param options.keptBytes of all segments, roughly
   * @param options.sealing whether runs are encrypted; absent: they are not
   */
  constructor(options: {
    readonly folder: string;
    readonly keptBytes?: number;
    readonly sealing?: () => SealingState;
  }) {
    this.#folder = options.folder;
    this.#sealing = options.sealing ?? (() => ({ type: 'plain' }));
    this.#keptBytes = options.keptBytes ?? KEPT_BYTES;
  }

  /** Adds a run behind all others; nothing is added while the key is not there. @throws Error of the file system; later runs are tried anew */
  append(entry: HistoryEntry): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#sealing().type === 'locked') return;
      const segment = await this.#writable();
      try {
        const place = { file: segment.file, index: segment.lineCount++ };
        const line = await writeLine(entry, place, this.#key);
        await segment.handle.appendFile(line);
        segment.byteLength += line.length;
        this.#syncSoon();
      } catch (error) {
        // Part of the line may be there: whatever follows goes elsewhere.
        await this.#leave();
        throw error;
      }
    });
  }

  /** Runs, the newest first, without lines that are torn or damaged. */
  list({ limit, folder, text }: HistoryQuery): Promise<FoundRuns> {
    return this.#inTurn(async () => {
      const wanted = (entry: HistoryEntry): boolean =>
        (folder === undefined || isInside(folder, entry.folder)) &&
        (text === undefined || entry.sql.toLowerCase().includes(text.toLowerCase()));
      let found: HistoryEntry[] = [];
      let locked = 0;
      for (const { file, modifiedMs } of await this.#files()) {
        // Segments of several processes overlap in time; one that ended before all that is found cannot add to it.
        const oldest = found[limit - 1]?.time;
        if (oldest !== undefined && modifiedMs < Date.parse(oldest)) break;
        const content = await readSegment(file, this.#key);
        locked += content.locked;
        found = [...found, ...content.entries.filter(wanted)]
          .sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0))
          .slice(0, limit);
      }
      return { entries: found, locked };
    });
  }

  /** The run with an id; undefined when it is not kept. */
  get(id: string): Promise<HistoryEntry | undefined> {
    return this.#inTurn(async () => {
      for (const { file } of await this.#files()) {
        const entry = (await readSegment(file, this.#key)).entries.find((each) => each.id === id);
        if (entry !== undefined) return entry;
      }
      return undefined;
    });
  }

  /**
   * Deletes runs, those of other hosts too.
   *
   * @param folder absolute: only runs of it and of folders in it; absent: all
   * @returns those
   */
  clear(folder?: string): Promise<HistoryEntry[]> {
    return this.#inTurn(async () => {
      await this.#leave();
      const deleted: HistoryEntry[] = [];
      for (const { file } of await this.#files()) deleted.push(...(await this.#clearSegment(file, folder)));
      return deleted;
    });
  }

  /**
   * Writes every run anew, those of other hosts too; what cannot be read is left as it is.
   *
   * @param change of what `sealing` says: runs are read as before, and written as after it
   */
  rewrite(change: () => Promise<void> = async () => {}): Promise<void> {
    return this.#inTurn(async () => {
      await this.#leave();
      const before = this.#key;
      await change();
      for (const { file } of await this.#files()) {
        const { entries, locked } = await readSegment(file, before);
        if (locked === 0) await this.#replace(file, entries, this.#key);
      }
    });
  }

  /** Puts what was written on the disk. Idempotent. */
  dispose(): Promise<void> {
    return this.#inTurn(() => this.#leave());
  }

  get #key(): SealingKey | undefined {
    const sealing = this.#sealing();
    return sealing.type === 'open' ? sealing.key : undefined;
  }

  /** Deletes runs of one segment. @returns those */
  async #clearSegment(file: string, folder: string | undefined): Promise<HistoryEntry[]> {
    const { entries, locked } = await readSegment(file, this.#key);
    if (folder === undefined) {
      await rm(file, { force: true });
      return [...entries];
    }
    const deleted = entries.filter((entry) => isInside(folder, entry.folder));
    if (deleted.length === 0 || locked > 0) return [];
    const kept = entries.filter((entry) => !deleted.includes(entry));
    await this.#replace(file, kept, this.#key);
    return deleted;
  }

  /** Whoever still appends to the file that is replaced sees that it is gone, and begins another one. */
  async #replace(file: string, entries: readonly HistoryEntry[], key: SealingKey | undefined): Promise<void> {
    if (entries.length === 0) return await rm(file, { force: true });
    const { atime, mtime } = await stat(file);
    const temporary = `${file}.${process.pid}.tmp`;
    const lines: Buffer[] = [];
    for (const [index, entry] of entries.entries()) lines.push(await writeLine(entry, { file, index }, key));
    await writeFile(temporary, Buffer.concat(lines), { mode: 0o600 });
    await utimes(temporary, atime, mtime);
    await rename(temporary, file);
  }

  /** The segment of this process, begun anew when it is full, or when somebody deleted it. */
  async #writable(): Promise<Segment> {
    const current = this.#segment;
    if (current !== undefined) {
      const isFull = current.byteLength >= SEGMENT_BYTES || Date.now() - current.startedMs >= SEGMENT_MS;
      const isThere = (await current.handle.stat()).nlink > 0;
      if (isThere && !isFull) return current;
      await this.#leave();
    }
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await this.#prune();
    const startedMs = Date.now();
    const name = `${String(startedMs).padStart(13, '0')}-${process.pid}-${randomBytes(4).toString('hex')}.ndjson`;
    const file = path.join(this.#folder, name);
    this.#segment = { file, startedMs, byteLength: 0, lineCount: 0, handle: await open(file, 'ax', 0o600) };
    return this.#segment;
  }

  #syncSoon(): void {
    this.#syncTimer ??= setTimeout(() => {
      this.#syncTimer = undefined;
      // A disk that fails is told of when the next run is written.
      void this.#inTurn(() => this.#segment?.handle.sync()).catch(() => {});
    }, SYNC_MS).unref();
  }

  async #leave(): Promise<void> {
    clearTimeout(this.#syncTimer);
    this.#syncTimer = undefined;
    const segment = this.#segment;
    this.#segment = undefined;
    if (segment === undefined) return;
    await segment.handle.sync().catch(() => {});
    await segment.handle.close().catch(() => {});
  }

  async #prune(): Promise<void> {
    let byteLength = 0;
    for (const { file, modifiedMs, size } of await this.#files()) {
      byteLength += size;
      if (Date.now() - modifiedMs < KEPT_MS && byteLength <= this.#keptBytes) continue;
      await rm(file, { force: true }).catch(() => {});
    }
  }

  /** The segments, the one written last first. */
  async #files(): Promise<{ file: string; modifiedMs: number; size: number }[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const files = names.filter((name) => SEGMENT.test(name)).map((name) => path.join(this.#folder, name));
    const found = await Promise.all(
      files.map(async (file) => {
        const stats = await stat(file).catch(() => undefined);
        return stats === undefined ? [] : [{ file, modifiedMs: stats.mtimeMs, size: stats.size }];
      }),
    );
    return found.flat().sort((a, b) => b.modifiedMs - a.modifiedMs || (a.file < b.file ? 1 : -1));
  }

  #inTurn<T>(work: () => Promise<T> | T): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

/** The file that this process appends to. */
interface Segment {
  readonly file: string;
  readonly handle: FileHandle;
  readonly startedMs: number;
  byteLength: number;
  lineCount: number;
}

function isInside(folder: string, inner: string): boolean {
  return inner === folder || inner.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}
