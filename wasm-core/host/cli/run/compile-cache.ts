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
import { quernBuild } from '../../../connect/build-info.ts';
import type { Compiled } from '../compile.ts';

/** What was compiled before, so that a query does not wait for compilers when nothing changed. */
export interface CompileCache {
  get(file: string): Compiled | undefined;
  put(file: string, compiled: Compiled): void;
}

/** Entries that nobody used for so long are deleted, milliseconds. */
const MAX_AGE_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * A cache in files, keyed by the source's bytes and the build of Quern. Sources that import others are not kept: the key
 * would not see those change. What goes wrong with its files only costs a compilation.
 *
 * @param folder absolute; made when it is not there
 */
export function createCompileCache(folder: string): CompileCache {
  return {
    get(file) {
      const entry = entryFor(folder, file);
      if (entry === undefined) return undefined;
      try {
        const compiled = JSON.parse(readFileSync(entry, 'utf8')) as Compiled;
        utimesSync(entry, new Date(), new Date());
        return { ...compiled, path: file };
      } catch {
        return undefined;
      }
    },
    put(file, compiled) {
      const entry = compiled.wasm === null ? undefined : entryFor(folder, file);
      if (entry === undefined) return;
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        deleteOld(folder);
        writeFileSync(`${entry}.${process.pid}`, JSON.stringify(compiled), { mode: 0o600 });
        renameSync(`${entry}.${process.pid}`, entry);
      } catch {
        // The next run compiles again.
      }
    },
  };
}

const IMPORTS = /^\s*(import\b|export\s*(\*|\{[^}]*\})\s*from\b)/m;

/** The file of a source's entry; undefined for a source that imports others. */
function entryFor(folder: string, file: string): string | undefined {
  const text = readFileSync(file, 'utf8');
  const imports = file.endsWith('.ts') && IMPORTS.test(text);
  if (imports) return undefined;
  const key = createHash('sha256')
    .update(`${quernBuild()}\0${path.basename(file)}\0${text}`)
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
