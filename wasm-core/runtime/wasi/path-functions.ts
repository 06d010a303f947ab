import type { WasiCall, WasiContext } from './context.ts';
import { RIGHTS } from './descriptors.ts';
import { Refusal } from './errno.ts';
import { ALL_FLAGS, setTimes, writeStatus } from './fd-status.ts';
import { MAX_PATH_BYTES } from './resolve-path.ts';

/** The functions that take paths. There are no links, so `lookupflags` change nothing. */
export function pathFunctions(context: WasiContext) {
  const { files, descriptors } = context;
  const from = (fd: number) => descriptors.directory(fd).node;
  const text = (pointer: number, byteLength: number) => path(context, pointer, byteLength);
  return {
    path_open,
    path_create_directory(fd: number, pointer: number, byteLength: number) {
      files.createDirectory(from(fd), text(pointer, byteLength));
    },
    path_remove_directory(fd: number, pointer: number, byteLength: number) {
      files.removeDirectory(from(fd), text(pointer, byteLength));
    },
    path_unlink_file(fd: number, pointer: number, byteLength: number) {
      files.unlink(from(fd), text(pointer, byteLength));
    },
    path_rename(fd: number, at: number, length: number, newFd: number, newAt: number, newLength: number) {
      files.rename(from(fd), text(at, length), from(newFd), text(newAt, newLength));
    },
    path_filestat_get(fd: number, _lookup: number, pointer: number, byteLength: number, result: number) {
      writeStatus(context, files.lookup(from(fd), text(pointer, byteLength)), result);
    },
    path_filestat_set_times(
      fd: number,
      _lookup: number,
      pointer: number,
      byteLength: number,
      accessed: bigint,
      modified: bigint,
      flags: number,
    ) {
      setTimes(context, files.lookup(from(fd), text(pointer, byteLength)), { accessed, modified, flags });
    },
    path_link: notSupported,
    path_symlink: notSupported,
    path_readlink(fd: number, pointer: number, byteLength: number) {
      // What is there is no link, which is what programs that ask want to hear.
      files.lookup(from(fd), text(pointer, byteLength));
      throw new Refusal('INVAL');
    },
  } satisfies Record<string, WasiCall>;

  function path_open(
    fd: number,
    _lookup: number,
    pointer: number,
    byteLength: number,
    openFlags: number,
    base: bigint,
    _inheriting: bigint,
    flags: number,
    result: number,
  ): void {
    context.memory.place(result, 4);
    if (openFlags >>> 0 > 15 || flags >>> 0 > ALL_FLAGS) throw new Refusal('INVAL');
    descriptors.checkRoom();
    const write = (base & RIGHTS.WRITE) !== 0n;
    const truncate = (openFlags & 8) !== 0;
    if (truncate && !write) throw new Refusal('NOTCAPABLE');
    const node = files.open(from(fd), text(pointer, byteLength), {
      create: (openFlags & 1) !== 0,
      directory: (openFlags & 2) !== 0,
      exclusive: (openFlags & 4) !== 0,
      truncate,
      write,
    });
    const opened =
      node.type === 'file'
        ? descriptors.add({ type: 'file', node, offset: 0, flags, rights: base & RIGHTS.FILE })
        : descriptors.add({
            type: 'directory',
            node,
            isPreopen: false,
            flags,
            rights: base & RIGHTS.DIRECTORY,
          });
    context.memory.setU32(result, opened);
  }
}

function path({ owner, memory }: WasiContext, pointer: number, byteLength: number): string {
  const text = memory.text(pointer, byteLength, MAX_PATH_BYTES);
  owner.charge(PATH_FUEL + text.length * FUEL_PER_UNIT);
  return text;
}

const PATH_FUEL = 300;

/** A path may have a name for every two bytes. */
const FUEL_PER_UNIT = 4;

/** There are no links. */
function notSupported(): never {
  throw new Refusal('NOTSUP');
}
