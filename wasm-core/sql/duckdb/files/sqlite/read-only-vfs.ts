import { CoreError } from '../../../../protocol/errors.ts';
import type { DataFile } from '../data-file.ts';
import type { SqliteModule } from './sqlite-module.ts';

/*
 * A file system of SQLite's whose files are `DataFile`s: pages are read when SQLite asks for them, and nothing is ever
 * written, created or locked. Structs as in sqlite3.h, version 1, for pointers of 32 bits.
 */

/** Opens the database with no suffix, or what lies beside it with one, such as `-wal`; undefined when there is none. */
export type OpenBeside = (suffix: string) => DataFile | undefined;

const OK = 0;
const CANT_OPEN = 14;
const READ_ONLY = 8;
const NOT_FOUND = 12;
const IO_READ = 266;
const IO_SHORT_READ = 522;
const OPEN_READ_ONLY = 1;
const VFS_NAME = 'quern';
const MAX_PATH_BYTES = 4096;

/** The files that SQLite has open, by its number. */
export class ReadOnlyVfs {
  readonly #sqlite: SqliteModule;
  readonly #files = new Map<number, DataFile>();
  readonly #served = new Map<string, OpenBeside>();
  #lastNumber = 0;
  #failed: CoreError | undefined;

  /** Registers the file system as SQLite's only one. */
  constructor(sqlite: SqliteModule) {
    this.#sqlite = sqlite;
    const methods = this.#methods();
    this.#register(methods);
  }

  /** Adds a database. @returns the name under which SQLite finds it, until `forget` */
  serve(open: OpenBeside): string {
    const name = `/db${++this.#lastNumber}`;
    this.#served.set(name, open);
    return name;
  }

  forget(name: string): void {
    this.#served.delete(name);
  }

  /** What a read or an opening failed with since the last call: SQLite itself says no more than that it did. */
  takeFailure(): CoreError | undefined {
    const failed = this.#failed;
    this.#failed = undefined;
    return failed;
  }

  #open(asked: string): DataFile | undefined {
    const [, name = '', suffix = ''] = /^(\/db\d+)(.*)$/.exec(asked) ?? [];
    return this.#served.get(name)?.(suffix);
  }

  #methods(): number {
    const sqlite = this.#sqlite;
    const fails = () => READ_ONLY;
    const done = () => OK;
    const callbacks: readonly (readonly [(...args: never[]) => number, number | 'offset'])[] = [
      [(file: number) => this.#close(file), 1],
      [
        (file: number, into: number, amount: number, offset: bigint) =>
          this.#read({ file, into, amount, offset }),
        'offset',
      ],
      [fails, 'offset'],
    ];
    const pointer = sqlite.allocate(4 * 13);
    const view = sqlite.view();
    const set = (slot: number, index: number) => sqlite.view().setInt32(pointer + 4 * slot, index, true);
    view.setInt32(pointer, 1, true);
    for (const [slot, [callback, shape]] of callbacks.entries()) {
      set(
        slot + 1,
        sqlite.addCallback(callback, {
          parameters: shape === 'offset' ? ['i32', 'i32', 'i32', 'i64'] : ['i32'],
          result: 'i32',
        }),
      );
    }
    // xTruncate, xSync, xFileSize, xLock, xUnlock, xCheckReservedLock, xFileControl, xSectorSize, xDeviceCharacteristics
    const two = { parameters: ['i32', 'i32'], result: 'i32' } as const;
    set(4, sqlite.addCallback(fails, { parameters: ['i32', 'i64'], result: 'i32' }));
    set(5, sqlite.addCallback(done, two));
    set(
      6,
      sqlite.addCallback((file: number, out: number) => this.#size(file, out), two),
    );
    set(7, sqlite.addCallback(done, two));
    set(8, sqlite.addCallback(done, two));
    set(
      9,
      sqlite.addCallback((_file: number, out: number) => this.#zero(out), two),
    );
    set(
      10,
      sqlite.addCallback(() => NOT_FOUND, { parameters: ['i32', 'i32', 'i32'], result: 'i32' }),
    );
    set(
      11,
      sqlite.addCallback(() => 4096, { parameters: ['i32'], result: 'i32' }),
    );
    set(12, sqlite.addCallback(done, { parameters: ['i32'], result: 'i32' }));
    return pointer;
  }

  #register(methods: number): void {
    const sqlite = this.#sqlite;
    const pointer = sqlite.allocate(72);
    const set = (offset: number, value: number) => sqlite.view().setInt32(pointer + offset, value, true);
    const name = new TextEncoder().encode(`${VFS_NAME}\0`);
    const nameAt = sqlite.allocate(name.length);
    sqlite.bytes().set(name, nameAt);
    const three = { parameters: ['i32', 'i32', 'i32'], result: 'i32' } as const;
    const four = { parameters: ['i32', 'i32', 'i32', 'i32'], result: 'i32' } as const;
    const five = { parameters: ['i32', 'i32', 'i32', 'i32', 'i32'], result: 'i32' } as const;
    const two = { parameters: ['i32', 'i32'], result: 'i32' } as const;
    set(0, 1);
    // An open file has its methods, and our number for it.
    set(4, 8);
    set(8, MAX_PATH_BYTES);
    set(16, nameAt);
    set(
      24,
      sqlite.addCallback(
        (_vfs: number, path: number, file: number, _flags: number, out: number) =>
          this.#openFile({ path, file, out, methods }),
        five,
      ),
    );
    set(
      28,
      sqlite.addCallback(() => READ_ONLY, three),
    );
    set(
      32,
      sqlite.addCallback(
        (_vfs: number, path: number, _flags: number, out: number) => this.#access(path, out),
        four,
      ),
    );
    set(
      36,
      sqlite.addCallback(
        (_vfs: number, path: number, byteLength: number, out: number) =>
          this.#fullPath({ path, byteLength, out }),
        four,
      ),
    );
    set(
      56,
      sqlite.addCallback(
        (_vfs: number, byteLength: number, out: number) => this.#random(byteLength, out),
        three,
      ),
    );
    set(
      60,
      sqlite.addCallback(() => OK, two),
    );
    set(
      64,
      sqlite.addCallback((_vfs: number, out: number) => this.#now(out), two),
    );
    set(
      68,
      sqlite.addCallback(() => OK, three),
    );
    if (sqlite.api.sqlite3_vfs_register(pointer, 1) !== OK)
      throw new Error('SQLite did not take its file system');
  }

  #openFile({
    path,
    file,
    out,
    methods,
  }: {
    readonly path: number;
    readonly file: number;
    readonly out: number;
    readonly methods: number;
  }): number {
    const view = this.#sqlite.view();
    view.setInt32(file, 0, true);
    // Without a name it would be a temporary file.
    const opened = path === 0 ? undefined : this.#attempt(() => this.#open(this.#sqlite.text(path)));
    if (opened === undefined) return CANT_OPEN;
    const number = ++this.#lastNumber;
    this.#files.set(number, opened);
    view.setInt32(file, methods, true);
    view.setInt32(file + 4, number, true);
    if (out !== 0) view.setInt32(out, OPEN_READ_ONLY, true);
    return OK;
  }

  #close(file: number): number {
    const number = this.#sqlite.view().getInt32(file + 4, true);
    this.#files.get(number)?.close();
    this.#files.delete(number);
    return OK;
  }

  #read({
    file,
    into,
    amount,
    offset,
  }: {
    readonly file: number;
    readonly into: number;
    readonly amount: number;
    readonly offset: bigint;
  }): number {
    const open = this.#fileAt(file);
    const bytes = this.#sqlite.bytes().subarray(into, into + amount);
    const count = this.#attempt(() => open?.read(bytes, Number(offset)));
    if (count === undefined) return IO_READ;
    if (count === amount) return OK;
    bytes.fill(0, count);
    return IO_SHORT_READ;
  }

  #size(file: number, out: number): number {
    const open = this.#fileAt(file);
    if (open === undefined) return IO_READ;
    this.#sqlite.view().setBigInt64(out, BigInt(open.size), true);
    return OK;
  }

  #access(path: number, out: number): number {
    const found = this.#attempt(() => this.#open(this.#sqlite.text(path)));
    found?.close();
    this.#sqlite.view().setInt32(out, found === undefined ? 0 : 1, true);
    return OK;
  }

  #fullPath({
    path,
    byteLength,
    out,
  }: {
    readonly path: number;
    readonly byteLength: number;
    readonly out: number;
  }): number {
    const bytes = this.#sqlite.bytes();
    const end = bytes.indexOf(0, path);
    if (end - path >= byteLength) return CANT_OPEN;
    bytes.copyWithin(out, path, end + 1);
    return OK;
  }

  /** Nothing that is only read depends on it. */
  #random(byteLength: number, out: number): number {
    this.#sqlite.bytes().fill(0, out, out + byteLength);
    return byteLength;
  }

  #now(out: number): number {
    this.#sqlite.view().setFloat64(out, Date.now() / 86_400_000 + 2_440_587.5, true);
    return OK;
  }

  #zero(out: number): number {
    this.#sqlite.view().setInt32(out, 0, true);
    return OK;
  }

  #fileAt(file: number): DataFile | undefined {
    return this.#files.get(this.#sqlite.view().getInt32(file + 4, true));
  }

  /** An exception must not pass through SQLite's frames. */
  #attempt<T>(use: () => T): T | undefined {
    try {
      return use();
    } catch (error) {
      if (error instanceof CoreError) this.#failed = error;
      return undefined;
    }
  }
}
