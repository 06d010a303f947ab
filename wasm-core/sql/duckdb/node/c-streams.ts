import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { CoreError } from '../../../protocol/errors.ts';
import { type FilePaths, heldError } from './file-paths.ts';

/*
 * The engine writes a few files with streams of its C++ library and not with its file system: what SET profiling_output
 * asks for. Emscripten keeps those in memory, where nobody can read them; here they reach the disk, through the gate.
 */

/** Bits of `open`, as Emscripten's musl has them. */
const OPEN = { accessMode: 3, readOnly: 0, create: 0o100, exclusive: 0o200, append: 0o2000 };

/** Numbers of errors, as WASI counts them. */
const ERRNO = { access: 2, badDescriptor: 8, io: 29, notFound: 44 };

/** Descriptors of ours begin here; those of Emscripten's files in memory stay far below. */
const FIRST_DESCRIPTOR = 1_000_000;

type SystemCall = (...args: number[]) => unknown;
type ImportTable = Record<string, SystemCall>;

/**
 * Puts system calls that write files of the disk in place of those of Emscripten, which serve everything else.
 *
 * @param imports the engine's, changed in place
 * @param options.memory the engine's bytes at the time of the call
 */
export function writeStreamsToDisk(
  imports: WebAssembly.Imports,
  options: { readonly paths: FilePaths; readonly memory: () => Uint8Array<ArrayBuffer> },
): void {
  const { paths, memory } = options;
  const env = imports.env as unknown as ImportTable;
  const wasi = imports.wasi_snapshot_preview1 as unknown as ImportTable;
  const open = new Map<number, number>();
  let next = FIRST_DESCRIPTOR;
  const system = (operation: () => number): number => {
    try {
      return operation();
    } catch (error) {
      paths.remember(error);
      return error instanceof CoreError || !isMissing(error) ? -ERRNO.access : -ERRNO.notFound;
    }
  };

  replace(env, '__syscall_openat', (original, folder = 0, pointer = 0, flags = 0, more = 0) => {
    if ((flags & OPEN.accessMode) === OPEN.readOnly) return original(folder, pointer, flags, more);
    return system(() => {
      const written = textAt(memory(), pointer);
      const path = paths.admit(written);
      if (paths.changesAreHeld) throw heldError(path);
      const descriptor = next++;
      open.set(descriptor, openSync(path, modeOf(flags), 0o644));
      return descriptor;
    });
  });
  replace(wasi, 'fd_write', (original, descriptor = 0, vectors = 0, count = 0, writtenAt = 0) => {
    const file = open.get(descriptor);
    if (file === undefined) return original(descriptor, vectors, count, writtenAt);
    const result = system(() => writeVectors(file, { memory: memory(), vectors, count }));
    if (result < 0) return ERRNO.io;
    new DataView(memory().buffer).setUint32(writtenAt, result, true);
    return 0;
  });
  replace(wasi, 'fd_close', (original, descriptor = 0) => {
    const file = open.get(descriptor);
    if (file === undefined) return original(descriptor);
    open.delete(descriptor);
    closeSync(file);
    return 0;
  });
  replace(wasi, 'fd_sync', (original, descriptor = 0) => {
    const file = open.get(descriptor);
    if (file === undefined) return original(descriptor);
    fsyncSync(file);
    return 0;
  });
  // Streams that only write do not move; what asks for more is told that the file is none that can.
  for (const name of ['fd_seek', 'fd_read', 'fd_fdstat_get']) {
    replace(wasi, name, (original, ...args) =>
      open.has(args[0] ?? 0) ? ERRNO.badDescriptor : original(...args),
    );
  }
  replace(env, '__syscall_fcntl64', (original, ...args) => (open.has(args[0] ?? 0) ? 0 : original(...args)));
}

function replace(
  table: ImportTable,
  name: string,
  call: (original: SystemCall, ...args: number[]) => unknown,
): void {
  const original = table[name];
  if (original === undefined) throw new Error(`the engine has no import ${name}; is it duckdb-wasm 1.32.0?`);
  table[name] = (...args) => call(original, ...args);
}

function modeOf(flags: number): string {
  const isExclusive = (flags & OPEN.create) !== 0 && (flags & OPEN.exclusive) !== 0;
  const base = (flags & OPEN.append) !== 0 ? 'a' : (flags & OPEN.create) !== 0 ? 'w' : 'r+';
  return isExclusive && base !== 'r+' ? `${base}x` : base;
}

function writeVectors(
  file: number,
  at: { readonly memory: Uint8Array<ArrayBuffer>; readonly vectors: number; readonly count: number },
): number {
  const view = new DataView(at.memory.buffer);
  let byteLength = 0;
  for (let i = 0; i < at.count; i++) {
    const start = view.getUint32(at.vectors + 8 * i, true);
    const length = view.getUint32(at.vectors + 8 * i + 4, true);
    for (let done = 0; done < length; ) done += writeSync(file, at.memory, start + done, length - done);
    byteLength += length;
  }
  return byteLength;
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function textAt(memory: Uint8Array, pointer: number): string {
  return new TextDecoder().decode(memory.slice(pointer, memory.indexOf(0, pointer)));
}
