import { toOffset, type WasiCall, type WasiContext } from './context.ts';
import { type FileDescriptor, RIGHTS } from './descriptors.ts';
import { Refusal } from './errno.ts';
import type { FileNode } from './file-node.ts';

/** The functions that move bytes through descriptors, and the place where they do. */
export function fdIoFunctions(context: WasiContext) {
  const { memory, descriptors } = context;
  return {
    fd_read(fd: number, iovs: number, count: number, result: number) {
      memory.place(result, 4);
      memory.setU32(result, read(context, fd, buffers(context, iovs, count)));
    },
    fd_write(fd: number, iovs: number, count: number, result: number) {
      memory.place(result, 4);
      memory.setU32(result, write(context, fd, buffers(context, iovs, count)));
    },
    fd_pread(fd: number, iovs: number, count: number, offset: bigint, result: number) {
      memory.place(result, 4);
      const file = withRight(descriptors.file(fd), RIGHTS.READ);
      memory.setU32(result, readFile(context, file.node, toOffset(offset), buffers(context, iovs, count)));
    },
    fd_pwrite(fd: number, iovs: number, count: number, offset: bigint, result: number) {
      memory.place(result, 4);
      const file = withRight(descriptors.file(fd), RIGHTS.WRITE);
      memory.setU32(result, writeFile(context, file.node, toOffset(offset), buffers(context, iovs, count)));
    },
    fd_seek(fd: number, delta: bigint, whence: number, result: number) {
      memory.place(result, 8);
      const file = descriptors.file(fd);
      file.offset = toOffset(seekBase(file, whence) + BigInt.asIntN(64, delta));
      memory.setU64(result, BigInt(file.offset));
    },
    fd_tell(fd: number, result: number) {
      memory.setU64(result, BigInt(descriptors.file(fd).offset));
    },
    fd_allocate(fd: number, offset: bigint, length: bigint) {
      const { node } = withRight(descriptors.file(fd), RIGHTS.WRITE);
      if (length === 0n) throw new Refusal('INVAL');
      const end = toOffset(offset) + toOffset(length);
      if (end > node.byteLength) resize(context, node, end);
    },
    fd_filestat_set_size(fd: number, size: bigint) {
      const { node } = withRight(descriptors.file(fd), RIGHTS.WRITE);
      resize(context, node, toOffset(size));
    },
  } satisfies Record<string, WasiCall>;
}

/** A transfer is at most so long, as in Linux; programs go on with the rest. */
const MAX_TRANSFER_BYTES = 0x7fff_f000;

/** What lies behind this many buffers of a call is left for the next call. */
const MAX_BUFFERS = 1024;

/** The buffers that a guest listed, all checked before any byte moves. @throws Refusal FAULT */
function buffers({ memory, owner }: WasiContext, iovs: number, count: number): Uint8Array[] {
  const listed = count >>> 0;
  const { view, at } = memory.place(iovs, listed * IOVEC_BYTES);
  const used = Math.min(listed, MAX_BUFFERS);
  owner.charge(TRANSFER_FUEL + used * BUFFER_FUEL);
  const found: Uint8Array[] = [];
  let room = MAX_TRANSFER_BYTES;
  for (let i = 0; i < used; i++) {
    const iovec = at + i * IOVEC_BYTES;
    const bytes = memory.bytes(view.getUint32(iovec, true), view.getUint32(iovec + 4, true));
    found.push(bytes.byteLength > room ? bytes.subarray(0, room) : bytes);
    room = Math.max(0, room - bytes.byteLength);
  }
  return found;
}

const IOVEC_BYTES = 8;
const TRANSFER_FUEL = 300;
const BUFFER_FUEL = 100;

function read(context: WasiContext, fd: number, into: readonly Uint8Array[]): number {
  const from = context.descriptors.get(fd);
  switch (from.type) {
    case 'stdin': {
      const count = readInput(context, from.offset, into);
      from.offset += count;
      return count;
    }
    case 'file': {
      const count = readFile(context, withRight(from, RIGHTS.READ).node, from.offset, into);
      from.offset += count;
      return count;
    }
    case 'directory':
      throw new Refusal('ISDIR');
    default:
      throw new Refusal('BADF');
  }
}

function write(context: WasiContext, fd: number, bytes: readonly Uint8Array[]): number {
  const { owner, io, descriptors } = context;
  const to = descriptors.get(fd);
  switch (to.type) {
    case 'stdout':
    case 'stderr': {
      owner.charge(total(bytes));
      for (const part of bytes) {
        if (to.type === 'stdout') io.writeStdout(part, owner);
        else io.writeStderr(part, owner.run);
      }
      return total(bytes);
    }
    case 'file': {
      const { node } = withRight(to, RIGHTS.WRITE);
      const offset = to.flags & FLAG_APPEND ? node.byteLength : to.offset;
      const count = writeFile(context, node, offset, bytes);
      to.offset = offset + count;
      return count;
    }
    case 'directory':
      throw new Refusal('ISDIR');
    default:
      throw new Refusal('BADF');
  }
}

const FLAG_APPEND = 1;

function readInput({ owner, io }: WasiContext, offset: number, into: readonly Uint8Array[]): number {
  const { input } = io.options;
  let at = offset;
  for (const buffer of into) {
    const part = input.subarray(at, at + buffer.byteLength);
    owner.charge(part.byteLength);
    buffer.set(part);
    at += part.byteLength;
  }
  return at - offset;
}

function readFile(
  { owner }: WasiContext,
  node: FileNode,
  offset: number,
  into: readonly Uint8Array[],
): number {
  let at = offset;
  for (const buffer of into) {
    const count = node.read(at, buffer);
    owner.charge(count);
    at += count;
  }
  return at - offset;
}

/** Writes all or nothing. @throws Refusal NOSPC */
function writeFile(
  context: WasiContext,
  node: FileNode,
  offset: number,
  bytes: readonly Uint8Array[],
): number {
  const count = total(bytes);
  if (count === 0) return 0;
  const end = offset + count;
  context.files.checkSpace(end - node.byteLength);
  context.owner.charge(count + Math.max(0, offset - node.byteLength));
  if (end > node.byteLength) node.resize(end);
  let at = offset;
  for (const part of bytes) {
    node.write(at, part);
    at += part.byteLength;
  }
  context.files.touch(node);
  return count;
}

/** @throws Refusal NOSPC */
function resize({ owner, files }: WasiContext, node: FileNode, byteLength: number): void {
  files.checkSpace(byteLength - node.byteLength);
  owner.charge(Math.abs(byteLength - node.byteLength));
  node.resize(byteLength);
  files.touch(node);
}

function seekBase(file: FileDescriptor, whence: number): bigint {
  switch (whence) {
    case 0:
      return 0n;
    case 1:
      return BigInt(file.offset);
    case 2:
      return BigInt(file.node.byteLength);
    default:
      throw new Refusal('INVAL');
  }
}

/** POSIX's answer to the wrong direction is EBADF, and that is what programs look for. */
function withRight(file: FileDescriptor, right: bigint): FileDescriptor {
  if ((file.rights & right) === 0n) throw new Refusal('BADF');
  return file;
}

function total(buffers: readonly Uint8Array[]): number {
  return buffers.reduce((sum, b) => sum + b.byteLength, 0);
}
