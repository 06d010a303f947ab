import { CoreError, type ErrorKind } from './errors.ts';
import { LIMIT_RANGES, type Limits, MAX_JSON_DEPTH } from './limits.ts';
import { nearNames } from './near-names.ts';

/** The longest file that people write by hand, in characters. */
const MAX_TEXT_LENGTH = 1024 * 1024;

/** What is read, for messages. */
export interface JsonSource {
  /** The kind of the errors. */
  readonly kind: ErrorKind;
  /** A path, or what the JSON is called: the beginning of each message, such as `In both.chain.json, `. */
  readonly source: string;
}

/** A place in a JSON value, by its path; reads what is there strictly, and says what to write instead. */
export class JsonPlace {
  /** The JSON path, `$` for the whole. */
  readonly path: string;
  readonly #source: JsonSource;

  constructor(source: JsonSource, path = '$') {
    this.#source = source;
    this.path = path;
  }

  /**
   * Parses a text of at most 1 MiB that nests at most 128 deep.
   *
   * @throws CoreError of the source's kind
   */
  parse(text: string): unknown {
    if (text.length > MAX_TEXT_LENGTH) throw this.fault(`is longer than ${MAX_TEXT_LENGTH} characters`);
    if (nestsDeep(text)) throw this.fault(`nests more than ${MAX_JSON_DEPTH} arrays and objects`);
    try {
      return JSON.parse(text);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const { kind, source } = this.#source;
      throw new CoreError(kind, `${source} is not JSON: ${reason}.`, { source, path: this.path });
    }
  }

  member(name: string): JsonPlace {
    const step = /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name.slice(0, 100))}]`;
    return new JsonPlace(this.#source, `${this.path}${step}`);
  }

  item(index: number): JsonPlace {
    return new JsonPlace(this.#source, `${this.path}[${index}]`);
  }

  /**
   * An object whose members are all known.
   *
   * @param known absent: any members
   */
  object(value: unknown, known?: readonly string[]): Readonly<Record<string, unknown>> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.fault(`is ${shown(value)}; write an object`);
    }
    const stranger = known && Object.keys(value).find((name) => !known.includes(name));
    if (stranger === undefined) return value as Readonly<Record<string, unknown>>;
    const [near] = nearNames(stranger, known ?? []);
    const advice = near ? `did you mean ${near}?` : `there are ${(known ?? []).join(', ')}`;
    throw this.member(stranger).fault(`is not known; ${advice}`, { unknown: true });
  }

  /** Text that is not empty; absent: undefined. */
  optionalText(value: unknown, maxLength: number): string | undefined {
    return value === undefined ? undefined : this.text(value, maxLength);
  }

  /** Text that is not empty. */
  text(value: unknown, maxLength: number): string {
    if (typeof value === 'string' && value !== '' && value.length <= maxLength) return value;
    throw this.fault(`is ${shown(value)}; write text of 1 to ${maxLength} characters`);
  }

  /** One of some words. */
  word<T extends string>(value: unknown, words: readonly T[]): T {
    const word = words.find((w) => w === value);
    if (word !== undefined) return word;
    const [near] = typeof value === 'string' ? nearNames(value, words) : [];
    const advice = near === undefined ? `write one of ${words.join(', ')}` : `did you mean ${near}?`;
    throw this.fault(`is ${shown(value)}; ${advice}`);
  }

  /** Limits of a run, each within its range; absent: none. */
  limits(value: unknown): Limits {
    if (value === undefined) return {};
    const names = Object.keys(LIMIT_RANGES) as (keyof Limits)[];
    const given = this.object(value, names);
    for (const name of names) {
      const [low, high] = LIMIT_RANGES[name];
      const number = given[name];
      if (number === undefined) continue;
      if (typeof number === 'number' && Number.isInteger(number) && number >= low && number <= high) continue;
      throw this.member(name).fault(`is ${shown(number)}; write a whole number from ${low} to ${high}`);
    }
    return given as Limits;
  }

  /**
   * The error for what is there.
   *
   * @param what follows the path
   * @param details beside `source` and `path`
   */
  fault(what: string, details: Readonly<Record<string, unknown>> = {}): CoreError {
    const { kind, source } = this.#source;
    return new CoreError(kind, `In ${source}, ${this.path} ${what}.`, {
      source,
      path: this.path,
      ...details,
    });
  }
}

/** A value as a message shows it, cut to a readable length. */
export function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** Looked at before parsing, so that no text can exhaust the stack afterwards. */
function nestsDeep(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    if (depth > MAX_JSON_DEPTH) return true;
  }
  return false;
}
