import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { RemoteCachedFile, RemoteCacheResult } from '../../../protocol/remote.ts';
import { formatIndex, parseIndex } from './cache-index.ts';
import { CachedFile, type CachedFileParts, type CacheRoom } from './cached-file.ts';
import { type FileVersion, versionName } from './file-version.ts';

/** What cannot be read is moved here. */
const SET_ASIDE = 'set-aside';

/** A file without an index that nothing was written to for so long is a leftover, milliseconds. */
const LEFTOVER_MS = 3_600_000;

/** The beginning of a file whose download was given up. */
export interface KeptPart {
  readonly path: string;
  readonly version: FileVersion;
  /** Bytes. */
  readonly size: number;
}

interface Entry {
  /** `<digest of the address>-<digest of the version>`, of `.data` and `.index`. */
  readonly name: string;
  readonly file: CachedFile;
  /** Statements that read it. */
  users: number;
}

/**
 * The folder in which parts of files on a network are kept, each state of a file for itself: `.data` has the pages at
 * their positions, `.index` says which, with their checksums. An index is written whole or not at all; pages that no
 * index names are not there.
 */
export class CacheStore implements CacheRoom {
  readonly #folder: string;
  readonly #capBytes: number;
  readonly #warn: (message: string) => void;
  readonly #open = new Map<string, Entry>();
  /** By the key of the file. */
  readonly #parts = new Map<string, KeptPart>();
  #usedBytes: number | undefined;
  /** Nothing more can be evicted before a statement lets go of what it reads. */
  #isFull = false;

  /** @param options.folder absolute; it is made when something is kept */
  constructor(options: {
    readonly folder: string;
    readonly capBytes: number;
    readonly warn: (message: string) => void;
  }) {
    this.#folder = options.folder;
    this.#capBytes = options.capBytes;
    this.#warn = options.warn;
  }

  get capBytes(): number {
    return this.#capBytes;
  }

  /** The state of a file that was fetched last; undefined when none is kept. `release` it afterwards. */
  newest(key: string): CachedFile | undefined {
    const prefix = `${addressName(key)}-`;
    const names = this.#names()
      .filter((name) => name.startsWith(prefix))
      .sort((a, b) => this.#usedAt(b) - this.#usedAt(a));
    for (const name of names) {
      const entry = this.#load(name);
      if (entry !== undefined) return this.#hold(entry);
    }
    return undefined;
  }

  /** Begins to keep a state of a file; older ones go. `release` it afterwards. */
  create(key: string, parts: Omit<CachedFileParts, 'dataPath' | 'fetchedAt' | 'sums'>): CachedFile {
    const name = this.#nameOf(key, parts);
    const known = this.#open.get(name) ?? this.#load(name);
    if (known !== undefined) return this.#hold(known);
    this.#dropOthers(key, name);
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const dataPath = this.#path(name, 'data');
    rmSync(dataPath, { force: true });
    const file = new CachedFile({ ...parts, dataPath, fetchedAt: Date.now() }, this);
    return this.#hold({ name, file, users: 0 });
  }

  /** A path for a file that is loaded as a whole, which `adopt` takes over. */
  newPart(): string {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    return path.join(this.#folder, `${randomUUID()}.part`);
  }

  /** Keeps the beginning of a file while the process lasts, until it is taken or too old. */
  keepPart(key: string, part: KeptPart): void {
    const before = this.#parts.get(key);
    if (before !== undefined) rmSync(before.path, { force: true });
    this.#parts.set(key, part);
    this.#usedBytes = undefined;
  }

  /** What was kept of a file, which is the caller's from then on; undefined when there is nothing. */
  takePart(key: string): KeptPart | undefined {
    const part = this.#parts.get(key);
    this.#parts.delete(key);
    return part !== undefined && existsSync(part.path) ? part : undefined;
  }

  /** Takes a file over that was loaded as a whole. @param sums of its pages */
  adopt(
    key: string,
    whole: Omit<CachedFileParts, 'dataPath' | 'fetchedAt'> & { readonly partPath: string },
  ): CachedFile {
    const name = this.#nameOf(key, whole);
    this.#dropOthers(key, name);
    const dataPath = this.#path(name, 'data');
    renameSync(whole.partPath, dataPath);
    const { partPath: _, ...parts } = whole;
    const file = new CachedFile({ ...parts, dataPath, fetchedAt: Date.now() }, this);
    const entry = { name, file, users: 0 };
    this.#save(entry);
    return this.#hold(entry);
  }

  /** What was fetched of it is known to the next start from then on. */
  save(file: CachedFile): void {
    const entry = this.#entryOf(file);
    if (entry !== undefined && file.isDirty) this.#save(entry);
  }

  /** A statement reads it no more; it is saved. */
  release(file: CachedFile): void {
    this.save(file);
    const entry = this.#entryOf(file);
    if (entry === undefined) return;
    this.#isFull = false;
    if (--entry.users > 0) return;
    this.#open.delete(entry.name);
    file.close();
  }

  reserve(byteLength: number): boolean {
    if (this.#isFull) return false;
    if (this.#used() + byteLength > this.#capBytes) this.#evict(byteLength);
    this.#isFull = this.#used() + byteLength > this.#capBytes;
    if (this.#isFull) return false;
    this.#usedBytes = this.#used() + byteLength;
    return true;
  }

  setAside(dataPath: string): void {
    this.#moveAside(path.basename(dataPath, '.data'));
  }

  /** What is kept. @param options.clear deletes what nobody reads, and tells of that */
  list({ clear }: { readonly clear: boolean }): RemoteCacheResult {
    for (const entry of this.#open.values()) if (entry.file.isDirty) this.#save(entry);
    const names = this.#names()
      .filter((name) => !(clear && this.#open.has(name)))
      .sort((a, b) => this.#usedAt(b) - this.#usedAt(a));
    const files = names.flatMap((name): RemoteCachedFile[] => {
      const file = this.#open.get(name)?.file ?? this.#load(name)?.file;
      if (file === undefined) return [];
      const usedAt = new Date(this.#usedAt(name)).toISOString();
      return [{ url: file.parts.shown, size: file.size, byteLength: file.byteLength, usedAt }];
    });
    if (clear) {
      for (const name of names) this.#delete(name);
      this.#deleteParts();
      rmSync(path.join(this.#folder, SET_ASIDE), { recursive: true, force: true });
      this.#usedBytes = undefined;
    }
    const byteLength = files.reduce((sum, file) => sum + file.byteLength, 0);
    return { folder: this.#folder, byteLength, capBytes: this.#capBytes, files };
  }

  #entryOf(file: CachedFile): Entry | undefined {
    return [...this.#open.values()].find((known) => known.file === file);
  }

  #nameOf(key: string, { version, size }: { readonly version: FileVersion; readonly size: number }): string {
    return `${addressName(key)}-${versionName(version, size)}`;
  }

  #path(name: string, ending: 'data' | 'index'): string {
    return path.join(this.#folder, `${name}.${ending}`);
  }

  /** Entries that have an index, and those that are open and have none yet. */
  #names(): string[] {
    const listed = entriesOf(this.#folder).flatMap((file) =>
      file.endsWith('.index') ? [file.slice(0, -'.index'.length)] : [],
    );
    return [...new Set([...listed, ...this.#open.keys()])];
  }

  #usedAt(name: string): number {
    return statSync(this.#path(name, 'index'), { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  }

  #load(name: string): Entry | undefined {
    const open = this.#open.get(name);
    if (open !== undefined) return open;
    try {
      const index = parseIndex(readFileSync(this.#path(name, 'index'), 'utf8'));
      const file = new CachedFile({ ...index, dataPath: this.#path(name, 'data') }, this);
      return { name, file, users: 0 };
    } catch (error) {
      if (statSync(this.#path(name, 'index'), { throwIfNoEntry: false }) !== undefined) {
        this.#moveAside(name, error);
      }
      return undefined;
    }
  }

  #hold(entry: Entry): CachedFile {
    this.#open.set(entry.name, entry);
    entry.users++;
    const now = new Date();
    try {
      utimesSync(this.#path(entry.name, 'index'), now, now);
    } catch {
      // It has no index yet.
    }
    return entry.file;
  }

  #save({ name, file }: Entry): void {
    const temporary = path.join(this.#folder, `${name}.${process.pid}.tmp`);
    try {
      writeFileSync(temporary, formatIndex(file.parts, file.takeSums()), { mode: 0o600 });
      renameSync(temporary, this.#path(name, 'index'));
    } catch (error) {
      rmSync(temporary, { force: true });
      this.#warn(`What was fetched of ${file.parts.shown} is not kept: ${String(error)}`);
    }
  }

  #dropOthers(key: string, name: string): void {
    const prefix = `${addressName(key)}-`;
    for (const other of this.#names()) {
      if (other.startsWith(prefix) && other !== name && !this.#open.has(other)) this.#delete(other);
    }
  }

  /** Deletes what was used longest ago, until there is room. */
  #evict(byteLength: number): void {
    const names = this.#names()
      .filter((name) => !this.#open.has(name))
      .sort((a, b) => this.#usedAt(a) - this.#usedAt(b));
    rmSync(path.join(this.#folder, SET_ASIDE), { recursive: true, force: true });
    this.#deleteParts();
    this.#usedBytes = undefined;
    for (const name of names) {
      if (this.#used() + byteLength <= this.#capBytes) return;
      this.#delete(name);
    }
  }

  #deleteParts(): void {
    for (const part of this.#parts.values()) rmSync(part.path, { force: true });
    this.#parts.clear();
  }

  #delete(name: string): void {
    for (const ending of ['index', 'data'] as const) rmSync(this.#path(name, ending), { force: true });
    this.#usedBytes = undefined;
  }

  #moveAside(name: string, reason?: unknown): void {
    const folder = path.join(this.#folder, SET_ASIDE);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const ending of ['index', 'data'] as const) {
      try {
        renameSync(this.#path(name, ending), path.join(folder, `${Date.now()}-${name}.${ending}`));
      } catch {
        // Only one of both is there.
      }
    }
    this.#warn(
      `A kept file was damaged and is fetched again; it lies in ${folder}${reason === undefined ? '.' : ` (${String(reason)}).`}`,
    );
  }

  /** Deletes what a host left that ended while it fetched. */
  #sweep(): void {
    const names = new Set(this.#names());
    for (const file of entriesOf(this.#folder)) {
      const [, name = '', ending] = /^(.+)\.(data|part|tmp)$/.exec(file) ?? [];
      if (ending === undefined || names.has(name)) continue;
      const full = path.join(this.#folder, file);
      const stats = statSync(full, { throwIfNoEntry: false });
      // Another host may be fetching it at this moment.
      if (stats !== undefined && Date.now() - stats.mtimeMs > LEFTOVER_MS) rmSync(full, { force: true });
    }
  }

  /** Bytes that the folder takes on the disk. */
  #used(): number {
    if (this.#usedBytes === undefined) this.#sweep();
    this.#usedBytes ??= folderBytes(this.#folder) + folderBytes(path.join(this.#folder, SET_ASIDE));
    return this.#usedBytes;
  }
}

function addressName(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function folderBytes(folder: string): number {
  return entriesOf(folder).reduce((sum, name) => {
    const stats = statSync(path.join(folder, name), { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile()) return sum;
    // Pages that are not there take no room.
    return sum + (stats.blocks === undefined ? stats.size : stats.blocks * 512);
  }, 0);
}
