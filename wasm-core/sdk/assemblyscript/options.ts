/** A value of an option: text, a truth value, or names with values. */
export type OptionValue = string | boolean | OptionMap;
export interface OptionMap {
  readonly [name: string]: OptionValue;
}

/** An option with its place, UTF-16 code units. */
export interface Option {
  readonly name: string;
  readonly value: OptionValue;
  readonly start: number;
  readonly end: number;
}

/** What was read: the options, and the place from which on the text is none. */
export interface ReadOptions {
  readonly options: readonly Option[];
  readonly wrongAt?: number;
}

/**
 * Reads options as a decorator's object or a comment's tag has them: `name: "slug", types: { a: "DATE" }`. Line breaks
 * with the `*` of a comment between them count as space.
 *
 * @param text the whole source
 * @param start where the options begin
 * @param end where they end at the latest; in a tag they end with the line on which no comma follows
 */
export function readOptions(text: string, { start, end }: { start: number; end: number }): ReadOptions {
  const reader = new OptionReader(text, start, end);
  const options: Option[] = [];
  reader.space();
  if (reader.lineEnds(start)) return { options };
  do {
    reader.space();
    const at = reader.at;
    const name = reader.name();
    const value = name !== undefined && reader.take(':') ? reader.value() : undefined;
    if (name === undefined || value === undefined) return { options, wrongAt: at };
    options.push({ name, value, start: at, end: at + name.length });
  } while (reader.take(','));
  const rest = reader.at;
  return reader.lineEnds(rest) ? { options } : { options, wrongAt: rest };
}

class OptionReader {
  readonly #text: string;
  readonly #end: number;
  at: number;

  constructor(text: string, start: number, end: number) {
    this.#text = text;
    this.at = start;
    this.#end = end;
  }

  /** Whether nothing stands between a position and the end of its line or of the options. */
  lineEnds(from: number): boolean {
    const line = this.#text.slice(from, this.#end).split('\n', 1)[0] ?? '';
    return line.trim() === '';
  }

  space(): void {
    this.#match(/(?:\s|\n\s*\*(?!\/))*/y);
  }

  take(mark: string): boolean {
    this.#match(mark === ',' || mark === '}' ? /(?:[ \t]|\r?\n\s*\*?[ \t]*(?=[},]))*/y : /\s*/y);
    if (this.at >= this.#end || this.#text[this.at] !== mark) return false;
    this.at++;
    return true;
  }

  name(): string | undefined {
    const quoted = this.#match(/"([^"\n]*)"|'([^'\n]*)'|([\p{L}_$][\p{L}\p{N}_$]*)/uy);
    return quoted?.[1] ?? quoted?.[2] ?? quoted?.[3];
  }

  value(): OptionValue | undefined {
    this.space();
    if (!this.take('{')) {
      const word = this.name();
      return word === 'true' || word === 'false' ? word === 'true' : word;
    }
    const entries: [string, OptionValue][] = [];
    do {
      this.space();
      if (this.take('}')) return Object.fromEntries(entries);
      const name = this.name();
      const value = name !== undefined && this.take(':') ? this.value() : undefined;
      if (name === undefined || value === undefined) return undefined;
      entries.push([name, value]);
    } while (this.take(','));
    this.space();
    return this.take('}') ? Object.fromEntries(entries) : undefined;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text);
    if (found === null || pattern.lastIndex > this.#end) return undefined;
    this.at = pattern.lastIndex;
    return found;
  }
}
