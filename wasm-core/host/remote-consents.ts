import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Which entries of `remote.allow` the user has agreed to, by folder. A `quern.json` comes with a folder and may be anybody's:
 * what it asks for opens nothing before that. Kept in Quern's folder, which no statement reaches.
 */
export class RemoteConsents {
  readonly #file: string;
  readonly #warn: (message: string) => void;
  #known: Readonly<Record<string, readonly string[]>> | undefined;

  constructor(options: { readonly home: string; readonly warn: (message: string) => void }) {
    this.#file = path.join(options.home, 'remote-consents.json');
    this.#warn = options.warn;
  }

  /** @param folder absolute */
  of(folder: string): readonly string[] {
    this.#known ??= this.#read();
    return Object.hasOwn(this.#known, folder) ? (this.#known[folder] ?? []) : [];
  }

  /** Replaces what is agreed to of a folder. @throws Error when it cannot be written */
  set(folder: string, entries: readonly string[]): void {
    // Another host of this user may have written since.
    const { [folder]: _, ...others } = this.#read();
    const known = entries.length === 0 ? others : { ...others, [folder]: [...entries] };
    const temporary = `${this.#file}.${process.pid}.tmp`;
    mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, `${JSON.stringify(known, null, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, this.#file);
    this.#known = known;
  }

  /** Nothing where there is no file, or one that says something else: then the user is asked again. */
  #read(): Readonly<Record<string, readonly string[]>> {
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch {
      return {};
    }
    try {
      const value: unknown = JSON.parse(text);
      const entries = Object.entries(typeof value === 'object' && value !== null ? value : {});
      return Object.fromEntries(entries.map(([folder, list]) => [folder, texts(list)]));
    } catch {
      this.#warn(`${this.#file} cannot be read; nothing in it is agreed to.`);
      return {};
    }
  }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
