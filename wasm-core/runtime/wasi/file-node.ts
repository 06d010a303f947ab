import { Refusal } from './errno.ts';

/** When a file or directory was last read and changed, in nanoseconds since 1970. */
export interface NodeTimes {
  accessedNs: bigint;
  modifiedNs: bigint;
  changedNs: bigint;
}

/** What a file system may still hold. Open files count until they are closed, also when their names are gone. */
export class Space {
  private freeBytes: number;
  private freeNodes: number;

  constructor(maxBytes: number, maxNodes: number) {
    this.freeBytes = maxBytes;
    this.freeNodes = maxNodes;
  }

  /** @throws Refusal NOSPC */
  check(byteLength: number): void {
    if (byteLength > this.freeBytes) throw new Refusal('NOSPC');
  }

  /** @param byteLength negative to give back @throws Refusal NOSPC */
  take(byteLength: number): void {
    this.check(byteLength);
    this.freeBytes -= byteLength;
  }

  /** @throws Refusal NOSPC */
  takeNode(): void {
    if (this.freeNodes === 0) throw new Refusal('NOSPC');
    this.freeNodes--;
  }

  giveNode(): void {
    this.freeNodes++;
  }
}

/** A file in memory: its bytes, and who holds it. */
export class FileNode {
  readonly type = 'file';
  readonly inode: number;
  readonly times: NodeTimes;
  /** Whether a directory names it. */
  isNamed = true;
  /** How many descriptors have it open. */
  openCount = 0;
  private readonly space: Space;
  private buffer = new Uint8Array(0);
  private size = 0;

  constructor(inode: number, nowNs: bigint, space: Space) {
    this.inode = inode;
    this.space = space;
    this.times = { accessedNs: nowNs, modifiedNs: nowNs, changedNs: nowNs };
  }

  get byteLength(): number {
    return this.size;
  }

  /** Copies bytes out. @param offset a whole number @returns how many; fewer than asked for at the end of the file */
  read(offset: number, into: Uint8Array): number {
    if (offset >= this.size) return 0;
    const part = this.buffer.subarray(offset, Math.min(this.size, offset + into.byteLength));
    into.set(part);
    return part.byteLength;
  }

  /** Copies bytes in; a gap before them reads as zeros. @throws Refusal NOSPC, and nothing was written */
  write(offset: number, bytes: Uint8Array): void {
    if (bytes.byteLength === 0) return;
    const end = offset + bytes.byteLength;
    if (end > this.size) this.resize(end);
    this.buffer.set(bytes, offset);
  }

  /** Cuts the file, or fills it up with zeros. @throws Refusal NOSPC */
  resize(byteLength: number): void {
    this.space.take(byteLength - this.size);
    // What lies behind the end is always zero, so that growing again shows nothing old.
    if (byteLength < this.size) this.buffer.fill(0, byteLength, this.size);
    else if (byteLength > this.buffer.byteLength) this.reserve(byteLength);
    this.size = byteLength;
  }

  /** Lets go of the bytes. */
  free(): void {
    this.space.take(-this.size);
    this.size = 0;
    this.buffer = new Uint8Array(0);
  }

  private reserve(byteLength: number): void {
    try {
      const grown = new Uint8Array(Math.max(byteLength, 2 * this.buffer.byteLength, MIN_BYTES));
      grown.set(this.buffer.subarray(0, this.size));
      this.buffer = grown;
    } catch {
      // The machine has no memory left, which to the guest is a full disk.
      this.space.take(this.size - byteLength);
      throw new Refusal('NOSPC');
    }
  }
}

const MIN_BYTES = 256;
