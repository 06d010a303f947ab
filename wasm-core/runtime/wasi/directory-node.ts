import { Refusal } from './errno.ts';
import type { FileNode, NodeTimes } from './file-node.ts';

/** A file or a directory in memory. */
export type FsNode = FileNode | DirectoryNode;

/** One name in a directory. Its cookie grows with each name added, and says from where to go on reading. */
export interface DirectoryEntry {
  readonly name: string;
  readonly node: FsNode;
  readonly cookie: number;
}

/** A directory in memory. */
export class DirectoryNode {
  readonly type = 'directory';
  readonly inode: number;
  readonly times: NodeTimes;
  /** The directory above it; undefined for the root and for one that was removed. */
  parent: DirectoryNode | undefined;
  /** Whether it is the root or another directory names it. */
  isNamed = true;
  /** How many descriptors have it open. */
  openCount = 0;
  private readonly names = new Map<string, DirectoryEntry>();
  private nextCookie = FIRST_COOKIE;

  constructor(inode: number, nowNs: bigint, parent: DirectoryNode | undefined) {
    this.inode = inode;
    this.parent = parent;
    this.times = { accessedNs: nowNs, modifiedNs: nowNs, changedNs: nowNs };
  }

  get entryCount(): number {
    return this.names.size;
  }

  get(name: string): FsNode | undefined {
    return this.names.get(name)?.node;
  }

  /** @throws Refusal NOENT when the directory itself was removed */
  add(name: string, node: FsNode): void {
    if (!this.isNamed) throw new Refusal('NOENT');
    this.names.set(name, { name, node, cookie: this.nextCookie++ });
    node.isNamed = true;
    if (node.type === 'directory') node.parent = this;
  }

  remove(name: string): void {
    const entry = this.names.get(name);
    if (entry === undefined) return;
    this.names.delete(name);
    entry.node.isNamed = false;
    // Or an open directory would keep all that was above it, uncounted.
    if (entry.node.type === 'directory') entry.node.parent = undefined;
  }

  /**
   * Names in the order in which they were added, first `.` and `..`.
   *
   * @param cookie of the last entry read; 0 from the start
   * @yields undefined for an entry that is skipped, so that the caller can charge for it
   */
  *entriesAfter(cookie: number): Generator<DirectoryEntry | undefined> {
    const special = [
      { name: '.', node: this, cookie: 1 },
      { name: '..', node: this.parent ?? this, cookie: 2 },
    ];
    for (const entry of special) yield entry.cookie > cookie ? entry : undefined;
    for (const entry of this.names.values()) yield entry.cookie > cookie ? entry : undefined;
  }
}

const FIRST_COOKIE = 3;
