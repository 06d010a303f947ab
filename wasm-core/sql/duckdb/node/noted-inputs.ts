import { statSync } from 'node:fs';
import type { InputFile } from '../../engine.ts';
import { globPaths } from './glob.ts';

/*
 * What a run looked at on the disk. Every path of a statement passes `FilePaths`, whoever reads it, so that what is noted
 * there is all that its rows can depend on: files, and as well the paths where nothing was, and what patterns found.
 */

/** What was at a path at a time. Two that are equal mean the same bytes, unless the file was changed just then. */
export type PathState =
  | { readonly type: 'absent' }
  | { readonly type: 'folder' }
  | {
      readonly type: 'file';
      readonly byteLength: number;
      /** Nanoseconds since 1970, in decimal digits. */
      readonly modifiedNs: string;
      /** The same of the last change of whatever kind, which no program can set. */
      readonly changedNs: string;
      /** Device and number of the file. */
      readonly identity: string;
    };

/** A path that was used: where it led, links followed, and what was there. */
interface NotedPath {
  readonly path: string;
  readonly real: string;
  readonly state: PathState;
}

/** What is kept of `NotedInputs`: JSON. */
interface StoredInputs {
  readonly paths: readonly NotedPath[];
  readonly patterns: readonly (readonly [string, readonly string[]])[];
}

/**
 * A file that was changed just before it was looked at may be changed again without another time: clocks of file systems
 * have steps of up to 10 ms, and where they have whole seconds only, of two. Milliseconds.
 */
const FINE_STEP_MS = 100;
const COARSE_STEP_MS = 2500;

/** The paths and patterns of one run, each as it was before it was first used. */
export class NotedInputs {
  readonly #paths = new Map<string, NotedPath>();
  /** Undefined: patterns are not asked for. */
  readonly #patterns: Map<string, readonly string[]> | undefined;
  readonly #written = new Set<string>();
  /** Whether each file was old enough, when it was looked at, for any later change to show. */
  #isSettled = true;

  /** @param options.patterns whether what patterns find is noted, which looks once more */
  constructor(options: { readonly patterns: boolean }) {
    if (options.patterns) this.#patterns = new Map();
  }

  /**
   * @param path absolute, as it was asked for
   * @param real where it leads; it was admitted and is not yet opened
   */
  path(path: string, real: string): void {
    if (this.#paths.has(path)) return;
    const state = pathState(real);
    this.#paths.set(path, { path, real, state });
    if (state.type === 'file' && !isSettled(state)) this.#isSettled = false;
  }

  /** @param pattern absolute, admitted; one without wildcards is a path */
  pattern(pattern: string): void {
    if (this.#patterns?.has(pattern) === false) this.#patterns.set(pattern, globPaths(pattern));
  }

  /** The run read something whose changes the disk does not show. */
  elsewhere(): void {
    this.#isSettled = false;
  }

  /** The run opened it for writing: what it is now tells nothing of what was read. */
  written(real: string): void {
    this.#written.add(real);
  }

  /**
   * Whether everything is now as it was before it was used, and any later change will show.
   *
   * @param realPath as in `isUnchanged`
   * @throws what `realPath` does
   */
  isSettled(realPath: (path: string) => string): boolean {
    return this.#isSettled && this.#written.size === 0 && NotedInputs.isUnchanged(this.stored(), realPath);
  }

  /** As JSON. */
  stored(): unknown {
    const stored: StoredInputs = { paths: [...this.#paths.values()], patterns: [...(this.#patterns ?? [])] };
    return stored;
  }

  /**
   * Whether paths and patterns lead to what they led to.
   *
   * @param stored of `stored`
   * @param realPath where a path leads, if it may be used
   * @throws what `realPath` does
   */
  static isUnchanged(stored: unknown, realPath: (path: string) => string): boolean {
    const { paths, patterns } = stored as StoredInputs;
    return (
      paths.every(({ path, real, state }) => realPath(path) === real && isEqual(pathState(real), state)) &&
      patterns.every(([pattern, matches]) => isEqual(globPaths(pattern), matches))
    );
  }

  /** The files that were read, links followed. */
  files(): InputFile[] {
    const files = new Map([...this.#paths.values()].map(({ real, state }) => [real, state]));
    return [...files].flatMap(([path, state]) =>
      state.type === 'file' && !this.#written.has(path)
        ? [{ path, byteLength: state.byteLength, modifiedNs: state.modifiedNs }]
        : [],
    );
  }
}

function isSettled({ changedNs }: PathState & { type: 'file' }): boolean {
  const stepMs = changedNs.endsWith('000000000') ? COARSE_STEP_MS : FINE_STEP_MS;
  return Date.now() - Number(changedNs) / 1e6 > stepMs;
}

/** What is at a path now; what cannot be looked at counts as absent. */
export function pathState(real: string): PathState {
  try {
    const stats = statSync(real, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) return { type: 'absent' };
    if (stats.isDirectory()) return { type: 'folder' };
    return {
      type: 'file',
      byteLength: Number(stats.size),
      modifiedNs: String(stats.mtimeNs),
      changedNs: String(stats.ctimeNs),
      identity: `${stats.dev}/${stats.ino}`,
    };
  } catch {
    return { type: 'absent' };
  }
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
