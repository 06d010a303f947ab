import type { StatementWord } from './statement-words.ts';

/** Something that a statement defines, changes or drops. */
export interface EffectTarget {
  /** The last part, lower-case. */
  readonly name: string;
  /** What kind of thing it is and how it is written, lower-case; things of different kinds may share a name. */
  readonly path: string;
}

/** What a statement does to those behind it. */
export interface Effect {
  readonly kind: EffectKind;
  readonly targets: readonly EffectTarget[];
  /** Whether nothing that was there under its name matters any more: `CREATE OR REPLACE`, `DROP … IF EXISTS`. */
  readonly startsAfresh: boolean;
  /** Whether the names in it are looked up when it is used: views, macros, prepared statements. */
  readonly isLate: boolean;
  /** Whether names may mean other things behind it: `USE`, `SET schema`. */
  readonly changesLookup: boolean;
}

/** By what the engine has to do to know of it. */
export type EffectKind =
  | 'table'
  | 'type'
  | 'index'
  | 'object'
  | 'alter'
  | 'drop'
  | 'attach'
  | 'detach'
  | 'use'
  | 'setting'
  | 'variable'
  | 'resetVariable'
  | 'prepare'
  | 'deallocate'
  /** A scan of CSV files whose broken rows go to two tables: those of the errors and of the scans, in this order. */
  | 'rejects'
  /** It may define anything: `IMPORT DATABASE`, `COPY FROM DATABASE`. */
  | 'unknown';

/** Settings that say how statements are read; others change nothing that a check can see. */
export const LOOKUP_SETTINGS: readonly string[] = [
  'schema',
  'search_path',
  'default_null_order',
  'default_order',
  'integer_division',
  'lambda_syntax',
  'old_implicit_casting',
  'order_by_non_integer_literal',
  'scalar_subquery_error_on_multiple_rows',
];

/** What a statement does to those behind it; undefined when that is nothing. */
export function readEffect(words: readonly StatementWord[]): Effect | undefined {
  const reader = new Reader(words);
  if (reader.take('CREATE')) return readCreate(reader);
  if (reader.take('ALTER')) return readAlter(reader);
  if (reader.take('DROP')) return readDrop(reader);
  if (reader.take('ATTACH')) return readAttach(reader);
  if (reader.take('DETACH')) {
    reader.takeAll('DATABASE', 'IF', 'EXISTS');
    return effect('detach', [reader.path('DATABASE')]);
  }
  if (reader.take('USE')) return effect('use', [], { changesLookup: true });
  if (reader.take('SET')) return readSet(reader);
  if (reader.take('RESET')) return readReset(reader);
  if (reader.take('PRAGMA'))
    return isLookupSetting(reader) ? effect('setting', [], { changesLookup: true }) : undefined;
  if (reader.take('PREPARE'))
    return effect('prepare', [reader.path('PREPARE')], { isLate: true, startsAfresh: true });
  if (reader.take('DEALLOCATE')) return readDeallocate(reader);
  if (reader.take('IMPORT')) return effect('unknown', [], { changesLookup: true });
  if (reader.take('COPY') && reader.take('FROM') && reader.take('DATABASE')) return readCopyDatabase(reader);
  return readRejects(words);
}

/** `store_rejects`, or a name for the tables, which implies it, among the parameters of a function or of COPY. */
function readRejects(words: readonly StatementWord[]): Effect | undefined {
  const indexOf = (name: string): number =>
    words.findIndex(({ kind, text }) => kind === 'word' && text === name);
  const tableOf = (option: string, otherwise: string): EffectTarget => {
    const at = indexOf(option);
    const given = at < 0 ? undefined : words.slice(at + 1, at + 4).find(({ kind }) => kind === 'text')?.text;
    const name = (given ?? otherwise).toLowerCase();
    return { name, path: `TABLE ${name}` };
  };
  if (['STORE_REJECTS', 'REJECTS_TABLE', 'REJECTS_SCAN'].every((name) => indexOf(name) < 0)) return undefined;
  const tables = [tableOf('REJECTS_TABLE', 'reject_errors'), tableOf('REJECTS_SCAN', 'reject_scans')];
  return effect('rejects', tables);
}

function effect(
  kind: EffectKind,
  targets: readonly (EffectTarget | undefined)[],
  more: Partial<Effect> = {},
): Effect {
  const known = targets.filter((target) => target !== undefined);
  return { kind, targets: known, startsAfresh: false, isLate: false, changesLookup: false, ...more };
}

const CREATED: Readonly<Record<string, EffectKind>> = {
  TABLE: 'table',
  VIEW: 'object',
  MACRO: 'object',
  FUNCTION: 'object',
  TYPE: 'type',
  SCHEMA: 'object',
  SEQUENCE: 'object',
  INDEX: 'index',
};

function readCreate(reader: Reader): Effect | undefined {
  const replaces = reader.take('OR', 'REPLACE');
  reader.takeAll('TEMP', 'TEMPORARY', 'PERSISTENT', 'RECURSIVE', 'UNIQUE', 'LOCAL', 'GLOBAL');
  const word = reader.next();
  const kind = CREATED[word];
  if (kind === undefined) return undefined;
  reader.takeAll('IF', 'NOT', 'EXISTS');
  // An index is a fact of its table: what may be inserted depends on it.
  if (kind === 'index') return effect('index', [reader.pathBehind('ON')]);
  const isLate = word === 'VIEW' || word === 'MACRO' || word === 'FUNCTION';
  return effect(kind, [reader.path(word === 'FUNCTION' ? 'MACRO' : word)], {
    startsAfresh: replaces,
    isLate,
  });
}

function readAlter(reader: Reader): Effect {
  reader.next();
  reader.takeAll('IF', 'EXISTS');
  const changed = reader.path();
  const renamed = reader.take('RENAME', 'TO') ? reader.path() : undefined;
  return effect('alter', [changed, renamed]);
}

function readDrop(reader: Reader): Effect {
  const word = reader.next();
  reader.take('TABLE');
  const startsAfresh = reader.takeAll('IF', 'EXISTS');
  const kind = word === 'FUNCTION' ? 'MACRO' : word;
  const targets = [reader.path(kind)];
  while (reader.takeMark(',')) targets.push(reader.path(kind));
  return effect(word === 'DATABASE' ? 'detach' : 'drop', targets, { startsAfresh });
}

function readAttach(reader: Reader): Effect {
  reader.takeAll('OR', 'REPLACE', 'DATABASE', 'IF', 'NOT', 'EXISTS');
  const path = reader.text();
  const alias = reader.take('AS') ? reader.path('DATABASE') : undefined;
  return effect('attach', [alias ?? fileTarget(path)]);
}

/** A database without an alias has its file's name up to the first dot. */
function fileTarget(path: string | undefined): EffectTarget | undefined {
  const name = path?.split(/[\\/]/).at(-1)?.split('.')[0]?.toLowerCase();
  return name === undefined || name === '' ? undefined : { name, path: `DATABASE ${name}` };
}

function readSet(reader: Reader): Effect | undefined {
  if (reader.take('VARIABLE')) return effect('variable', [reader.path('VARIABLE')], { startsAfresh: true });
  return isLookupSetting(reader) ? effect('setting', [], { changesLookup: true }) : undefined;
}

function readReset(reader: Reader): Effect | undefined {
  if (reader.take('VARIABLE'))
    return effect('resetVariable', [reader.path('VARIABLE')], { startsAfresh: true });
  return isLookupSetting(reader) ? effect('setting', [], { changesLookup: true }) : undefined;
}

function isLookupSetting(reader: Reader): boolean {
  reader.takeAll('SESSION', 'LOCAL', 'GLOBAL');
  return LOOKUP_SETTINGS.includes(reader.path()?.name ?? '');
}

function readDeallocate(reader: Reader): Effect {
  reader.take('PREPARE');
  return effect('deallocate', [reader.path('PREPARE')]);
}

function readCopyDatabase(reader: Reader): Effect {
  reader.path();
  return effect('unknown', [reader.take('TO') ? reader.path() : undefined]);
}

/** Reads words from left to right. */
class Reader {
  #at = 0;

  constructor(private readonly words: readonly StatementWord[]) {}

  /** Passes over keywords when they are next, all of them in this order. */
  take(...keywords: readonly string[]): boolean {
    const all = keywords.every((keyword, index) => this.#isWord(this.#at + index, keyword));
    if (all) this.#at += keywords.length;
    return all;
  }

  /** Passes over each of some keywords that is next, in any order. @returns whether there was one */
  takeAll(...keywords: readonly string[]): boolean {
    const before = this.#at;
    // Before a dot, an open parenthesis or nothing it is a name that is spelled like the keyword.
    while (keywords.some((keyword) => this.#isWord(this.#at, keyword)) && this.#isFollowedByName())
      this.#at++;
    return this.#at > before;
  }

  takeMark(mark: string): boolean {
    const found = this.#isMark(this.#at, mark);
    if (found) this.#at++;
    return found;
  }

  /** The next word in upper case, passed over; empty for anything else. */
  next(): string {
    const word = this.words[this.#at++];
    return word?.kind === 'word' ? word.text : '';
  }

  /** The next text, passed over. */
  text(): string | undefined {
    const word = this.words[this.#at];
    if (word?.kind !== 'text') return undefined;
    this.#at++;
    return word.text;
  }

  /** The next name, with dots or without, as one of a kind of things. */
  path(kind = 'TABLE'): EffectTarget | undefined {
    const parts: string[] = [];
    for (;;) {
      const word = this.words[this.#at];
      if (word === undefined || (word.kind !== 'word' && word.kind !== 'name')) break;
      parts.push(word.text.toLowerCase());
      this.#at++;
      if (!this.takeMark('.')) break;
    }
    const name = parts.at(-1);
    return name === undefined ? undefined : { name, path: `${kind} ${parts.join('.')}` };
  }

  /** The name behind the first of a keyword. */
  pathBehind(keyword: string): EffectTarget | undefined {
    while (this.#at < this.words.length && !this.#isWord(this.#at, keyword)) this.#at++;
    this.#at++;
    return this.path();
  }

  #isFollowedByName(): boolean {
    const next = this.words[this.#at + 1];
    return next !== undefined && next.kind !== 'mark';
  }

  #isWord(index: number, keyword: string): boolean {
    const word = this.words[index];
    return word?.kind === 'word' && word.text === keyword;
  }

  #isMark(index: number, mark: string): boolean {
    const word = this.words[index];
    return word?.kind === 'mark' && word.text === mark;
  }
}
