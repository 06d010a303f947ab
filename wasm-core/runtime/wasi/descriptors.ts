import type { HostFunctionOwner } from '../host-functions/owner.ts';
import type { DirectoryNode } from './directory-node.ts';
import { Refusal } from './errno.ts';
import type { FileNode } from './file-node.ts';
import type { MemoryFileSystem } from './memory-file-system.ts';

/** Standard input, output or error. */
export interface StreamDescriptor {
  readonly type: 'stdin' | 'stdout' | 'stderr';
  /** How far standard input was read. */
  offset: number;
  flags: number;
  rights: bigint;
}

/** An open file. */
export interface FileDescriptor {
  readonly type: 'file';
  readonly node: FileNode;
  offset: number;
  flags: number;
  rights: bigint;
}

/** An open directory. */
export interface DirectoryDescriptor {
  readonly type: 'directory';
  readonly node: DirectoryNode;
  /** Whether it was there from the start, for `fd_prestat_get`. */
  readonly isPreopen: boolean;
  flags: number;
  rights: bigint;
}

export type Descriptor = StreamDescriptor | FileDescriptor | DirectoryDescriptor;

/** Rights of WASI that Quern looks at or gives; see `__wasi_rights_t`. */
export const RIGHTS = {
  READ: 1n << 1n,
  SEEK: 1n << 2n,
  TELL: 1n << 5n,
  WRITE: 1n << 6n,
  /** All that files know: sync, read, seek, flags, tell, write, advise, allocate, the file's status, poll. */
  FILE: 0x8e001ffn,
  /** All that directories know: flags, sync, the paths' functions, reading, the directory's status. */
  DIRECTORY: 0x7bffe98n,
  /** Reading, writing, flags, status and poll. */
  STREAM: 0x820004an,
  ALL: (1n << 30n) - 1n,
} as const;

/** The descriptors of one instance, by number. */
export class Descriptors {
  private readonly owner: HostFunctionOwner;
  private readonly files: MemoryFileSystem;
  private readonly slots: (Descriptor | undefined)[];

  /** Opens 0 to 2, and the root of the file system as 3. */
  constructor(owner: HostFunctionOwner, files: MemoryFileSystem) {
    this.owner = owner;
    this.files = files;
    files.root.openCount++;
    this.slots = [
      { type: 'stdin', offset: 0, flags: 0, rights: RIGHTS.STREAM & ~RIGHTS.WRITE },
      { type: 'stdout', offset: 0, flags: 0, rights: RIGHTS.STREAM & ~RIGHTS.READ },
      { type: 'stderr', offset: 0, flags: 0, rights: RIGHTS.STREAM & ~RIGHTS.READ },
      { type: 'directory', node: files.root, isPreopen: true, flags: 0, rights: RIGHTS.DIRECTORY },
    ];
  }

  /** @throws Refusal BADF, also for files and directories without the capability `fs` */
  get(fd: number): Descriptor {
    const found = this.slots[fd >>> 0];
    if (found === undefined) throw new Refusal('BADF');
    const isOfFiles = found.type === 'file' || found.type === 'directory';
    if (isOfFiles && !this.owner.run.capabilities.has('fs')) throw new Refusal('BADF');
    return found;
  }

  /** @throws Refusal BADF, SPIPE for a stream, ISDIR for a directory */
  file(fd: number): FileDescriptor {
    const found = this.get(fd);
    if (found.type === 'file') return found;
    throw new Refusal(found.type === 'directory' ? 'ISDIR' : 'SPIPE');
  }

  /** @throws Refusal BADF, NOTDIR */
  directory(fd: number): DirectoryDescriptor {
    const found = this.get(fd);
    if (found.type === 'directory') return found;
    throw new Refusal('NOTDIR');
  }

  /** Whether one more can be had. @throws Refusal MFILE */
  checkRoom(): void {
    this.freeNumber();
  }

  /** @returns the lowest free number @throws Refusal MFILE */
  add(descriptor: Descriptor): number {
    const fd = this.freeNumber();
    this.slots[fd] = descriptor;
    return fd;
  }

  /** @throws Refusal BADF */
  close(fd: number): void {
    const found = this.get(fd);
    this.slots[fd >>> 0] = undefined;
    if (found.type === 'file' || found.type === 'directory') this.files.release(found.node);
  }

  /** Gives `fd` the number `to`, closing what had it. @throws Refusal BADF */
  renumber(fd: number, to: number): void {
    const moved = this.get(fd);
    this.get(to);
    if (fd >>> 0 === to >>> 0) return;
    this.close(to);
    this.slots[to >>> 0] = moved;
    this.slots[fd >>> 0] = undefined;
  }

  private freeNumber(): number {
    const free = this.slots.indexOf(undefined);
    if (free !== -1) return free;
    if (this.slots.length === MAX_DESCRIPTORS) throw new Refusal('MFILE');
    return this.slots.length;
  }
}

const MAX_DESCRIPTORS = 1024;
