import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CoreError } from '../../../protocol/errors.ts';
import { FileGate } from './file-gate.ts';

/**
 * Where the paths of statements lead: relative ones start at the folder of the statement under way, and all of them
 * pass the gate. Also remembers what the engine would forget: the files it opened, and why a path was refused.
 */
export class FilePaths {
  #folder = '/';
  #gate = new FileGate([]);
  #refused: CoreError | undefined;
  readonly #opened = new Set<string>();

  /** @param folders absolute folders that statements may use */
  allow(folders: readonly string[]): void {
    this.#gate = new FileGate(folders);
  }

  /** Says whose statement runs next; called before each slice, since statements of several folders may interleave. */
  enter(folder: string): void {
    this.#folder = folder;
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
   * The absolute form of a pattern, whose fixed beginning is admitted.
   *
   * @throws CoreError PATH_DENIED, CAPABILITY_DENIED
   */
  resolvePattern(written: string): string {
    const absolute = this.#absolute(written);
    const parts = absolute.split(path.sep);
    const wild = parts.findIndex((part) => /[*?[]/.test(part));
    this.#admitAs(written, wild < 0 ? absolute : parts.slice(0, wild).join(path.sep) || path.sep);
    return absolute;
  }

  /** A match in the form of its pattern: relative when the pattern is, as DuckDB gives it in `filename` columns. */
  asWritten(pattern: string, match: string): string {
    return path.isAbsolute(pattern) || isAddress(pattern) ? match : path.relative(this.#folder, match) || '.';
  }

  opened(written: string): void {
    this.#opened.add(written);
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
    try {
      return this.#gate.admit(absolute);
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
        `'${written}' is on a network, which SQL cannot reach; download the file and name its path.`,
        { written },
      );
    }
    return path.resolve(this.#folder, written);
  }
}

function isAddress(written: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(written);
}
