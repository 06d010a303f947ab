import { DirectoryNode, type FsNode } from './directory-node.ts';
import { Refusal } from './errno.ts';
import { FileNode, Space } from './file-node.ts';
import { type Resolved, resolvePath } from './resolve-path.ts';

/** Caps and clock of a file system. */
export interface MemoryFileSystemOptions {
  /** All files together, in bytes. */
  readonly maxBytes: number;
  /** Files and directories, the root left out. */
  readonly maxNodes: number;
  /** Nanoseconds since 1970, for the times of files. */
  readonly nowNs: () => bigint;
}

/** How to open a path. */
export interface OpenOptions {
  readonly create: boolean;
  readonly exclusive: boolean;
  readonly directory: boolean;
  readonly truncate: boolean;
  /** Whether it is to be written, which a directory cannot be. */
  readonly write: boolean;
}

/**
 * Files and directories in memory, with the rules of POSIX but no links, owners or modes. Nothing of it touches a disk.
 * Paths are relative to a directory that the caller has, and cannot leave it: see `resolvePath` for what it refuses.
 */
export class MemoryFileSystem {
  readonly root: DirectoryNode;
  private readonly options: MemoryFileSystemOptions;
  private readonly space: Space;
  private nextInode = 2;

  constructor(options: MemoryFileSystemOptions) {
    this.options = options;
    this.space = new Space(options.maxBytes, options.maxNodes);
    this.root = new DirectoryNode(1, 0n, undefined);
  }

  /** @throws Refusal NOENT */
  lookup(from: DirectoryNode, path: string): FsNode {
    const { node } = resolvePath(from, path);
    if (node === undefined) throw new Refusal('NOENT');
    return node;
  }

  /**
   * Opens a file or directory; `release` it once for each time.
   *
   * @throws Refusal NOENT, EXIST, ISDIR, NOTDIR, NOSPC
   */
  open(from: DirectoryNode, path: string, options: OpenOptions): FsNode {
    const place = resolvePath(from, path);
    const node = place.node ?? this.createForOpen(place, options);
    if (place.node !== undefined && options.create && options.exclusive) throw new Refusal('EXIST');
    if (node.type === 'file' && options.directory) throw new Refusal('NOTDIR');
    if (node.type === 'directory' && !options.directory && (options.write || options.create)) {
      throw new Refusal('ISDIR');
    }
    if (node.type === 'file' && options.truncate && node.byteLength > 0) {
      node.resize(0);
      this.touch(node);
    }
    node.openCount++;
    return node;
  }

  /** Ends what `open` began; a file without a name or another descriptor is gone. */
  release(node: FsNode): void {
    node.openCount--;
    this.forget(node);
  }

  /** @throws Refusal EXIST, NOENT, NOSPC */
  createDirectory(from: DirectoryNode, path: string): void {
    const place = resolvePath(from, path);
    if (place.type === 'directory' || place.node !== undefined) throw new Refusal('EXIST');
    const { directory, name } = place;
    this.addNew(directory, name, (inode, nowNs) => new DirectoryNode(inode, nowNs, directory));
  }

  /** @throws Refusal NOTEMPTY, NOTDIR, NOENT, INVAL for `.` and `..` */
  removeDirectory(from: DirectoryNode, path: string): void {
    const { directory, name, node } = named(resolvePath(from, path));
    if (node === undefined) throw new Refusal('NOENT');
    if (node.type === 'file') throw new Refusal('NOTDIR');
    if (node.entryCount > 0) throw new Refusal('NOTEMPTY');
    this.remove(directory, name, node);
  }

  /** @throws Refusal ISDIR, NOENT, INVAL */
  unlink(from: DirectoryNode, path: string): void {
    const { directory, name, node } = named(resolvePath(from, path));
    if (node === undefined) throw new Refusal('NOENT');
    if (node.type === 'directory') throw new Refusal('ISDIR');
    this.remove(directory, name, node);
  }

  /**
   * Moves a file or directory; what has the new name and is of the same kind goes.
   *
   * @throws Refusal NOENT, ISDIR, NOTDIR, NOTEMPTY, INVAL for `.` and `..` and for a directory into itself
   */
  rename(from: DirectoryNode, path: string, to: DirectoryNode, newPath: string): void {
    const source = named(resolvePath(from, path));
    const target = named(resolvePath(to, newPath));
    const { node } = source;
    if (node === undefined) throw new Refusal('NOENT');
    if (node === target.node) return;
    if (target.mustBeDirectory && node.type === 'file') throw new Refusal('NOTDIR');
    if (node.type === 'directory' && isInside(target.directory, node)) throw new Refusal('INVAL');
    if (!target.directory.isNamed) throw new Refusal('NOENT');
    if (target.node !== undefined) {
      checkReplaceable(node, target.node);
      this.remove(target.directory, target.name, target.node);
    }
    source.directory.remove(source.name);
    target.directory.add(target.name, node);
    this.touch(source.directory);
    this.touch(target.directory);
  }

  /** @param byteLength that files are to grow by @throws Refusal NOSPC when they cannot */
  checkSpace(byteLength: number): void {
    this.space.check(byteLength);
  }

  /** Notes that something was changed now. */
  touch(node: FsNode): void {
    node.times.modifiedNs = node.times.changedNs = this.options.nowNs();
  }

  private createForOpen(place: Resolved, options: OpenOptions): FsNode {
    if (place.type === 'directory' || !options.create) throw new Refusal('NOENT');
    // `O_CREAT` makes files only, and a name with a slash at its end is no file's.
    if (options.directory) throw new Refusal('INVAL');
    if (place.mustBeDirectory) throw new Refusal('ISDIR');
    return this.addNew(place.directory, place.name, (inode, nowNs) => new FileNode(inode, nowNs, this.space));
  }

  private addNew(
    directory: DirectoryNode,
    name: string,
    create: (inode: number, nowNs: bigint) => FsNode,
  ): FsNode {
    if (!directory.isNamed) throw new Refusal('NOENT');
    this.space.takeNode();
    const node = create(this.nextInode++, this.options.nowNs());
    directory.add(name, node);
    this.touch(directory);
    return node;
  }

  private remove(directory: DirectoryNode, name: string, node: FsNode): void {
    directory.remove(name);
    this.touch(directory);
    this.forget(node);
  }

  private forget(node: FsNode): void {
    if (node.isNamed || node.openCount > 0) return;
    if (node.type === 'file') node.free();
    this.space.giveNode();
  }
}

function named(place: Resolved): Extract<Resolved, { type: 'name' }> {
  if (place.type === 'directory') throw new Refusal('INVAL');
  return place;
}

/** @throws Refusal when POSIX does not let the one take the other's place */
function checkReplaceable(node: FsNode, old: FsNode): void {
  if (node.type === 'file' && old.type === 'directory') throw new Refusal('ISDIR');
  if (node.type === 'directory' && old.type === 'file') throw new Refusal('NOTDIR');
  if (old.type === 'directory' && old.entryCount > 0) throw new Refusal('NOTEMPTY');
}

function isInside(directory: DirectoryNode, ancestor: DirectoryNode): boolean {
  for (let at: DirectoryNode | undefined = directory; at !== undefined; at = at.parent) {
    if (at === ancestor) return true;
  }
  return false;
}
