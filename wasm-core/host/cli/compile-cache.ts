import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { quernBuild } from '../../connect/build-info.ts';
import type { Compiled } from './compile.ts';

/** What was compiled before, so that a query does not wait for compilers when nothing changed. */
export interface CompileCache {
  get(file: string): Compiled | undefined;
  put(file: string, compiled: Compiled): void;
}

/** Entries that nobody used for so long are deleted, milliseconds. */
const MAX_AGE_MS = 30 * 24 * 60 * 60 * 1000;

/** A file of the cache: what was made, and of what. */
interface Entry {
  readonly compiled: Compiled;
  /** Digests of the inputs, and the time of the tool's file, by path. */
  readonly seen: Readonly<Record<string, string>>;
}

/**
 * A cache in files, keyed by the source's bytes and the build of Quern. An entry holds while the other files that it was
 * made of, and the compiler, are what they were; what is made of files that are not known is not kept. What goes wrong
 * with its files only costs a compilation.
 *
 * @param folder absolute; made when it is not there
 * @param how the sources are compiled, as a text: entries of another one are not seen
 */
export function createCompileCache(folder: string, how = ''): CompileCache {
  /** Entries of files as they were when they were asked for: a file that is edited while it compiles keeps its own. */
  const asked = new Map<string, string>();
  return {
    get(file) {
      try {
        const name = entryFor(folder, file, how);
        asked.set(file, name);
        const { compiled, seen } = JSON.parse(readFileSync(name, 'utf8')) as Entry;
        if (JSON.stringify(look(compiled)) !== JSON.stringify(seen)) return undefined;
        utimesSync(name, new Date(), new Date());
        return { ...compiled, path: file };
      } catch {
        return undefined;
      }
    },
    put(file, compiled) {
      if (compiled.wasm === null || compiled.inputs === null) return;
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        deleteOld(folder);
        const name = asked.get(file) ?? entryFor(folder, file, how);
        const entry: Entry = { compiled, seen: look(compiled) };
        writeFileSync(`${name}.${process.pid}`, JSON.stringify(entry), { mode: 0o600 });
        renameSync(`${name}.${process.pid}`, name);
      } catch {
        // The next run compiles again.
      }
    },
  };
}

/** What its inputs and its tool are now. */
function look({ inputs, tool }: Compiled): Entry['seen'] {
  const files = (inputs ?? []).map((file) => [file, digestOf(file)] as const);
  const mtimeMs = tool === null ? undefined : statSync(tool, { throwIfNoEntry: false })?.mtimeMs;
  return Object.fromEntries([...files, ...(tool === null ? [] : [[tool, String(mtimeMs)] as const])]);
}

/** Of a file that is not there: that it is not. */
function digestOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return '';
  }
}

/** The file of a source's entry. */
function entryFor(folder: string, file: string, how: string): string {
  const key = createHash('sha256')
    // The folder, since names in it are told relative to it.
    .update(`${quernBuild()}\0${how}\0${path.resolve(file)}\0${path.relative('', file)}\0`)
    .update(readFileSync(file))
    .digest('hex');
  return path.join(folder, `${key}.json`);
}

function deleteOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const entry = path.join(folder, name);
    const age = Date.now() - (statSync(entry, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > MAX_AGE_MS) rmSync(entry, { force: true });
  }
}
