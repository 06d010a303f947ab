import { isMark } from '../tokens.ts';
import { NO_FUNCTION } from './brackets.ts';
import { type Cursor, insideStart, previous, wordAt } from './cursor.ts';

/** What an expression goes on with. */
export type Expectation =
  /** A value, or one of the words. */
  | { readonly kind: 'operand'; readonly words: readonly string[] }
  /** An operator, or one of the words. */
  | {
      readonly kind: 'operator';
      readonly words: readonly string[];
      /** Whether a CASE has no END yet. */
      readonly isOpen: boolean;
    }
  /** Nothing but the words. */
  | { readonly kind: 'words'; readonly words: readonly string[] }
  /** A new name. */
  | { readonly kind: 'alias' }
  | { readonly kind: 'type' };

/** Words behind which a value stands. */
const BEFORE_VALUES = new Set(
  `AND OR NOT IN LIKE ILIKE GLOB BETWEEN CASE WHEN THEN ELSE DISTINCT ALL ANY SOME SELECT BY WHERE ON HAVING QUALIFY LIMIT
  OFFSET FROM TO ESCAPE VALUES RETURNING SET FOR EXISTS CALL`.split(/\s+/),
);

/** Words behind which only certain words stand. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  IS: ['null', 'not null', 'distinct from', 'not distinct from', 'true', 'false', 'not true', 'not false'],
  NULLS: ['first', 'last'],
  OVER: ['('],
  FILTER: ['(where'],
  WITHIN: ['group (order by'],
  SIMILAR: ['to'],
  IGNORE: ['nulls'],
  RESPECT: ['nulls'],
};

/**
 * What an expression goes on with.
 *
 * @param first the index in `before` where it begins
 */
export function expected(cursor: Cursor, first: number): Expectation {
  const { before } = cursor;
  const last = before.length - 1;
  const token = before[last];
  if (token === undefined || last < first) return { kind: 'operand', words: VALUE_WORDS };
  const word = wordAt(cursor, last);
  if (word === 'AS') return { kind: 'alias' };
  const fixed = FIXED[word];
  if (fixed !== undefined) return { kind: 'words', words: fixed };
  if (word === 'NOT' && last > first && !BEFORE_VALUES.has(wordAt(cursor, last - 1))) {
    const behindValue = before[last - 1]?.kind !== 'mark' || /[)\]}]/.test(before[last - 1]?.text ?? '');
    if (behindValue && wordAt(cursor, last - 1) !== 'IS') {
      return { kind: 'words', words: ['in (', 'like', 'ilike', 'between', 'similar to', 'glob'] };
    }
    if (wordAt(cursor, last - 1) === 'IS')
      return { kind: 'words', words: ['null', 'distinct from', 'true', 'false'] };
  }
  if (word === 'CASE') return { kind: 'operand', words: ['when', ...VALUE_WORDS] };
  if (BEFORE_VALUES.has(word)) return { kind: 'operand', words: word === 'IN' ? ['('] : VALUE_WORDS };
  if (token.kind !== 'mark') return operator(cursor, first);
  if (/[)\]}]/.test(token.text)) return operator(cursor, first, isCallEnd(cursor, last) ? AFTER_CALL : []);
  return isStar(cursor, last)
    ? { kind: 'operator', words: ['exclude (', 'replace (', 'rename ('], isOpen: false }
    : { kind: 'operand', words: VALUE_WORDS };
}

/** Keywords that values begin with. */
const VALUE_WORDS = [
  'case',
  'cast(',
  'try_cast(',
  'not',
  'exists (',
  'null',
  'true',
  'false',
  'interval',
  'date',
  'timestamp',
  'extract(',
];

const AFTER_CALL = ['over (', 'filter (where', 'within group (order by'];

function operator(cursor: Cursor, first: number, words: readonly string[] = []): Expectation {
  const open = caseWords(cursor, first);
  return { kind: 'operator', words: [...open, ...words], isOpen: open.length > 0 };
}

/** How an open CASE goes on. */
function caseWords(cursor: Cursor, first: number): string[] {
  for (
    let at = cursor.before.length - 1;
    at >= Math.max(first, insideStart(cursor));
    at = previous(cursor, at)
  ) {
    const word = wordAt(cursor, at);
    if (word === 'END') return [];
    if (word === 'CASE') return ['when'];
    if (word === 'WHEN') return ['then'];
    if (word === 'THEN') return ['when', 'else', 'end'];
    if (word === 'ELSE') return ['end'];
  }
  return [];
}

/** `*` that stands for columns, and does not multiply. */
function isStar({ before, opening }: Cursor, at: number): boolean {
  if (!isMark(before[at], '*')) return false;
  const last = before[at - 1];
  if (last === undefined || last.kind === 'word') return /^(SELECT|DISTINCT|ALL)$/i.test(last?.text ?? '');
  return last.kind === 'mark' && /[.,(]/.test(last.text) && !opening.has(at - 1);
}

function isCallEnd(cursor: Cursor, at: number): boolean {
  const name = cursor.before[previous(cursor, at)];
  return (name?.kind === 'word' && !NO_FUNCTION.has(name.text.toUpperCase())) || name?.kind === 'name';
}
