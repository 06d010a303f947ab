import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CoreError } from '../../../protocol/errors.ts';
import { isRemoteAddress } from '../../remote/remote-address.ts';
import type { ColumnCondition } from '../files/column-condition.ts';
import { FileGate } from './file-gate.ts';
import type { FileReads } from './file-reads.ts';
import type { NotedInputs } from './noted-inputs.ts';

/**
 * Where the paths of statements lead: relative ones start at the folder of the statement under way, and all of them
 * pass the gate. Also remembers what the engine would forget: the files it opened, and why a path was refused.
 */
export class FilePaths {
  #folder = '/';
  #home = '';
  #gate = new FileGate([]);
  #refused: CoreError | undefined;
  #isHeld = false;
  #granted: string | undefined;
  #reads: FileReads | undefined;
  #conditions: readonly ColumnCondition[] = [];
  readonly #opened = new Set<string>();
  /** Whoever notes what is used. */
  readonly #inputs = new Set<NotedInputs>();

  /** @param folders absolute folders that statements may use */
  allow(folders: readonly string[]): void {
    this.#gate = new FileGate(folders);
  }

  /** The folder that `~` means; empty: the user's own. */
  setHome(folder: string): void {
    this.#home = folder;
  }

  /** Admits one file more, which the user named himself: a real absolute path. Undefined takes it back. */
  grant(file: string | undefined): void {
    this.#granted = file;
  }

  /**
   * Says whose statement runs next; called before each slice, since statements of several folders may interleave.
   *
   * @param whose.reads takes the files that the statement opens; absent: nobody asks
   * @param whose.conditions what all rows fulfil that it needs of its files; absent: nothing is known
   */
  enter(
    folder: string,
    whose: {
      readonly reads?: FileReads | undefined;
      readonly conditions?: readonly ColumnCondition[] | undefined;
    } = {},
  ): void {
    this.#folder = folder;
    this.#reads = whose.reads;
    this.#conditions = whose.conditions ?? [];
  }

  /** What all rows fulfil that the statement under way needs of its files. */
  get conditions(): readonly ColumnCondition[] {
    return this.#conditions;
  }

  /** Where the files of the statement under way are noted. */
  get reads(): FileReads | undefined {
    return this.#reads;
  }

  /**
   * The real path behind a path as a statement wrote it.
   *
   * @throws CoreError PATH_DENIED, CAPABILITY_DENIED for an address on a network
   */
  admit(written: string): string {
    return this.#admitAs(written, this.#absolute(written));
  }

  /**
   * Whether there is something at a path as a statement wrote it.
   *
   * @throws CoreError PATH_DENIED, CAPABILITY_DENIED
   */
  isThere(written: string): boolean {
    return existsSync(this.admit(written));
  }

  /** Whether a path as a statement wrote it is that of a folder. Never throws. */
  isFolder(written: string): boolean {
    try {
      return statSync(this.admit(written)).isDirectory();
    } catch {
      return false;
    }
  }

  /**
   * The absolute form of a pattern, whose fixed beginning is admitted.
   *
   * @throws CoreError PATH_DENIED, CAPABILITY_DENIED
   */
  resolvePattern(written: string): string {
    const absolute = this.#absolute(written);
    const parts = absolute.split(path.sep);
    const wild = parts.findIndex((part) => /[*?[]/.test(part));
    this.#admitAs(written, wild < 0 ? absolute : parts.slice(0, wild).join(path.sep) || path.sep);
    for (const inputs of this.#inputs) inputs.pattern(absolute);
    return absolute;
  }

  /** A match in the form of its pattern: relative when the pattern is, as DuckDB gives it in `filename` columns. */
  asWritten(pattern: string, match: string): string {
    return path.isAbsolute(pattern) || isAddress(pattern) || isInHome(pattern)
      ? match
      : path.relative(this.#folder, match) || '.';
  }

  /** Says whether the disk must stay as it is: the engine makes folders where it only prepares. */
  holdChanges(isHeld: boolean): void {
    this.#isHeld = isHeld;
  }

  get changesAreHeld(): boolean {
    return this.#isHeld;
  }

  opened(written: string): void {
    // The last one stands at the end.
    this.#opened.delete(written);
    this.#opened.add(written);
    if (isRemoteAddress(written)) this.usesNetwork();
  }

  /** The statement under way reads what is not on this machine. */
  usesNetwork(): void {
    for (const inputs of this.#inputs) inputs.elsewhere();
  }

  /**
   * From now on what is used is noted, also by what is only checked in between.
   *
   * @returns how to end that
   */
  noteInto(inputs: NotedInputs): () => void {
    this.#inputs.add(inputs);
    return () => this.#inputs.delete(inputs);
  }

  /** A file that passed the gate is opened for writing. */
  writes(real: string): void {
    for (const inputs of this.#inputs) inputs.written(real);
  }

  /** The name that fits and was opened last, of those that `takeOpened` would give. */
  lastOpened(pattern: RegExp): string | undefined {
    return [...this.#opened].findLast((written) => pattern.test(written));
  }

  /** The names opened since the last call; the engine caches their bytes until they are dropped. */
  takeOpened(): string[] {
    const names = [...this.#opened];
    this.#opened.clear();
    return names;
  }

  /** Keeps an error that the engine will only repeat as text. */
  remember(error: unknown): void {
    if (error instanceof CoreError) this.#refused = error;
  }

  /** The error kept since the last call. */
  takeRefused(): CoreError | undefined {
    const refused = this.#refused;
    this.#refused = undefined;
    return refused;
  }

  /** Lets the gate decide, and adds the path as it was written to what the gate says. */
  #admitAs(written: string, absolute: string): string {
    if (absolute === this.#granted) return absolute;
    try {
      const real = this.#gate.admit(absolute);
      for (const inputs of this.#inputs) inputs.path(absolute, real);
      return real;
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      throw new CoreError(error.kind, error.message, { ...error.details, written });
    }
  }

  #absolute(written: string): string {
    if (written.startsWith('file:')) return fileURLToPath(written);
    if (isAddress(written)) {
      throw new CoreError(
        'CAPABILITY_DENIED',
        `'${written}' is on a network, where only data files are read, by https:, http: and s3: addresses; download the file and name its path.`,
        { written },
      );
    }
    if (isInHome(written)) return path.join(this.#home === '' ? homedir() : this.#home, written.slice(1));
    return path.resolve(this.#folder, written);
  }
}

function isInHome(written: string): boolean {
  return /^~([\\/]|$)/.test(written);
}

function isAddress(written: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(written);
}

/** Nothing that is only checked gets here, as far as is known; if it does, the disk stays as it is. */
export function heldError(path: string): CoreError {
  return new CoreError('CAPABILITY_DENIED', `'${path}' is not changed while statements are only checked.`);
}
