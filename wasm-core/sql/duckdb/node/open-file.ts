import { closeSync, fstatSync, fsyncSync, ftruncateSync, readSync, writeSync } from 'node:fs';

/** What tells one state of a file from another. */
export interface FileState {
  readonly inode: bigint;
  /** Bytes. */
  readonly size: bigint;
  /** Of the last change, nanoseconds since 1970. */
  readonly modifiedNs: bigint;
}

/** A file that the engine has open. */
export class OpenFile {
  readonly #descriptor: number;
  readonly #isLog: boolean;
  readonly isWritable: boolean;
  readonly openedAs: FileState;
  #closedAs: FileState | undefined;
  #isDirty = false;
  /** Size of a log when the engine last had its bytes put on the disk. */
  #syncedBytes: number;
  #hasWritten = false;

  /**
   * @param options.log whether it is a database's log, to which the engine appends: it counts positions from 0 whatever
   *   the file has, so that they are not used
   */
  constructor(
    descriptor: number,
    { log, isWritable }: { readonly log: boolean; readonly isWritable: boolean },
  ) {
    this.#descriptor = descriptor;
    this.isWritable = isWritable;
    this.#isLog = log;
    this.openedAs = stateOf(descriptor);
    this.#syncedBytes = Number(this.openedAs.size);
  }

  /** As it is now; once it is closed, as it was then. */
  lastState(): FileState {
    return this.#closedAs ?? stateOf(this.#descriptor);
  }

  /** Bytes. */
  get size(): number {
    return fstatSync(this.#descriptor).size;
  }

  /** Seconds since 1970. */
  get modified(): number {
    return fstatSync(this.#descriptor).mtimeMs / 1000;
  }

  /** Fills `bytes` from a position. @returns how many there were */
  read(bytes: Uint8Array, position: number): number {
    return readSync(this.#descriptor, bytes, 0, bytes.length, position);
  }

  /** @returns how many bytes were written */
  write(bytes: Uint8Array, position: number): number {
    this.#isDirty = true;
    this.#hasWritten = true;
    return writeSync(this.#descriptor, bytes, 0, bytes.length, this.#isLog ? this.size : position);
  }

  /** Cuts a file; a log that was written to is emptied, or loses the commit that failed, since its sizes are not ours. */
  truncate(size: number): void {
    this.#isDirty = true;
    const isRevert = this.#isLog && this.#hasWritten && size > 0;
    ftruncateSync(this.#descriptor, isRevert ? this.#syncedBytes : size);
    if (!isRevert) this.#syncedBytes = size;
  }

  sync(): void {
    if (this.#isDirty) fsyncSync(this.#descriptor);
    this.#syncedBytes = this.size;
  }

  /** What was written is on the disk then. */
  close(): void {
    try {
      this.#closedAs = stateOf(this.#descriptor);
      if (this.#isDirty) fsyncSync(this.#descriptor);
    } finally {
      closeSync(this.#descriptor);
    }
  }
}

function stateOf(descriptor: number): FileState {
  const { ino, size, mtimeNs } = fstatSync(descriptor, { bigint: true });
  return { inode: ino, size, modifiedNs: mtimeNs };
}
