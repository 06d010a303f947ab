import { toOffset, type WasiCall, type WasiContext } from './context.ts';
import { type Descriptor, RIGHTS } from './descriptors.ts';
import type { FsNode } from './directory-node.ts';
import { Refusal } from './errno.ts';
import type { NodeTimes } from './file-node.ts';

/** The functions that ask about descriptors and change what is known of them. */
export function fdStatusFunctions(context: WasiContext) {
  const { memory, descriptors } = context;
  const check = (fd: number): void => void descriptors.get(fd);
  return {
    fd_close(fd: number) {
      descriptors.close(fd);
    },
    fd_renumber(fd: number, to: number) {
      descriptors.renumber(fd, to);
    },
    // What is in memory needs no writing out.
    fd_sync: check,
    fd_datasync: check,
    fd_advise(fd: number, offset: bigint, length: bigint, advice: number) {
      descriptors.file(fd);
      toOffset(offset);
      toOffset(length);
      if (advice >>> 0 > MAX_ADVICE) throw new Refusal('INVAL');
    },
    fd_fdstat_get(fd: number, result: number) {
      const found = descriptors.get(fd);
      const { view, at } = memory.place(result, 24);
      view.setUint8(at, fileType(found));
      view.setUint8(at + 1, 0);
      view.setUint16(at + 2, found.flags, true);
      view.setUint32(at + 4, 0, true);
      view.setBigUint64(at + 8, found.rights, true);
      view.setBigUint64(at + 16, found.type === 'directory' ? RIGHTS.ALL : 0n, true);
    },
    fd_fdstat_set_flags(fd: number, flags: number) {
      const found = descriptors.get(fd);
      if (flags >>> 0 > ALL_FLAGS) throw new Refusal('INVAL');
      found.flags = flags;
    },
    fd_fdstat_set_rights(fd: number, base: bigint, inheriting: bigint) {
      const found = descriptors.get(fd);
      const inherited = found.type === 'directory' ? RIGHTS.ALL : 0n;
      const wanted = BigInt.asUintN(64, base);
      if ((wanted & ~found.rights) !== 0n) throw new Refusal('NOTCAPABLE');
      if ((BigInt.asUintN(64, inheriting) & ~inherited) !== 0n) throw new Refusal('NOTCAPABLE');
      found.rights = wanted;
    },
    fd_filestat_get(fd: number, result: number) {
      writeStatus(context, descriptors.get(fd), result);
    },
    fd_filestat_set_times(fd: number, accessed: bigint, modified: bigint, flags: number) {
      const found = descriptors.get(fd);
      if (found.type !== 'file' && found.type !== 'directory') throw new Refusal('INVAL');
      setTimes(context, found.node, { accessed, modified, flags });
    },
    fd_prestat_get(fd: number, result: number) {
      preopen(descriptors.get(fd));
      const { view, at } = memory.place(result, 8);
      view.setUint32(at, 0, true);
      view.setUint32(at + 4, PREOPEN_NAME.byteLength, true);
    },
    fd_prestat_dir_name(fd: number, pointer: number, byteLength: number) {
      preopen(descriptors.get(fd));
      if (byteLength >>> 0 < PREOPEN_NAME.byteLength) throw new Refusal('NAMETOOLONG');
      memory.bytes(pointer, PREOPEN_NAME.byteLength).set(PREOPEN_NAME);
    },
    fd_readdir(fd: number, pointer: number, byteLength: number, cookie: bigint, result: number) {
      memory.place(result, 4);
      const { node } = descriptors.directory(fd);
      const into = memory.bytes(pointer, byteLength);
      const after = Number(BigInt.asUintN(64, cookie));
      let used = 0;
      for (const entry of node.entriesAfter(after)) {
        context.owner.charge(ENTRY_FUEL);
        if (entry === undefined) continue;
        const bytes = direntBytes(entry.name, entry.node, entry.cookie).subarray(0, into.byteLength - used);
        into.set(bytes, used);
        used += bytes.byteLength;
        if (used === into.byteLength) break;
      }
      memory.setU32(result, used);
    },
  } satisfies Record<string, WasiCall>;
}

/** Writes a `filestat` of 64 bytes. @throws Refusal FAULT */
export function writeStatus({ memory }: WasiContext, found: Descriptor | FsNode, pointer: number): void {
  const { view, at } = memory.place(pointer, 64);
  const node = 'inode' in found ? found : 'node' in found ? found.node : undefined;
  const times: NodeTimes = node?.times ?? { accessedNs: 0n, modifiedNs: 0n, changedNs: 0n };
  view.setBigUint64(at, node ? 1n : 0n, true);
  view.setBigUint64(at + 8, BigInt(node?.inode ?? 0), true);
  view.setBigUint64(at + 16, BigInt(fileType(found)), true);
  view.setBigUint64(at + 24, node?.isNamed === false ? 0n : 1n, true);
  view.setBigUint64(at + 32, BigInt(node?.type === 'file' ? node.byteLength : 0), true);
  view.setBigUint64(at + 40, times.accessedNs, true);
  view.setBigUint64(at + 48, times.modifiedNs, true);
  view.setBigUint64(at + 56, times.changedNs, true);
}

/** Sets times as `fd_filestat_set_times` is told. @throws Refusal INVAL when a time is to be both given and now */
export function setTimes(
  { time }: WasiContext,
  node: FsNode,
  wanted: { readonly accessed: bigint; readonly modified: bigint; readonly flags: number },
): void {
  const { flags } = wanted;
  if (flags >>> 0 > 15 || (flags & 3) === 3 || (flags & 12) === 12) throw new Refusal('INVAL');
  const now = time.realtimeNs();
  if (flags & 1) node.times.accessedNs = BigInt.asUintN(64, wanted.accessed);
  if (flags & 2) node.times.accessedNs = now;
  if (flags & 4) node.times.modifiedNs = BigInt.asUintN(64, wanted.modified);
  if (flags & 8) node.times.modifiedNs = now;
  node.times.changedNs = now;
}

/** All bits of `fdflags`. */
export const ALL_FLAGS = 31;

const MAX_ADVICE = 5;
const ENTRY_FUEL = 5;
const PREOPEN_NAME = new TextEncoder().encode('/');

/** Streams are of unknown type, like a pipe: a terminal would make C write each line by itself. */
function fileType({ type }: Descriptor | FsNode): number {
  return type === 'directory' ? 3 : type === 'file' ? 4 : 0;
}

function preopen(found: Descriptor): void {
  if (found.type !== 'directory' || !found.isPreopen) throw new Refusal('BADF');
}

function direntBytes(name: string, node: FsNode, cookie: number): Uint8Array {
  const text = new TextEncoder().encode(name);
  const bytes = new Uint8Array(24 + text.byteLength);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(cookie), true);
  view.setBigUint64(8, BigInt(node.inode), true);
  view.setUint32(16, text.byteLength, true);
  view.setUint8(20, fileType(node));
  bytes.set(text, 24);
  return bytes;
}
