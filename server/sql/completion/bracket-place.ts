import { identifier, isMark } from '../tokens.ts';
import { type Cursor, insideStart, wordAt } from './cursor.ts';
import { DATE_PARTS } from './date-parts.ts';
import { expected } from './operands.ts';
import type { Place } from './place.ts';
import { definitionWords, optionWords } from './statement-words.ts';

/** What stands in brackets that have rules of their own; undefined for queries and plain expressions. */
export function bracketPlace(cursor: Cursor): Place | undefined {
  const { before, open } = cursor;
  const bracket = open.at(-1);
  if (bracket === undefined || !isMark(before[bracket], '(')) return undefined;
  const head = wordAt(cursor, bracket - 1);
  const first = insideStart(cursor);
  const last = wordAt(cursor, before.length - 1);
  const isItemStart = before.length === first || isMark(before.at(-1), ',');
  switch (head) {
    case 'CAST':
    case 'TRY_CAST':
      return castPlace(cursor, first);
    case 'EXTRACT':
      if (isItemStart) return { kind: 'words', words: DATE_PARTS };
      return before.length === first + 1 ? { kind: 'words', words: ['from'] } : undefined;
    case 'OVER':
      return { kind: 'window' };
    case 'EXCLUDE':
      return isItemStart ? { kind: 'columns', of: 'block' } : { kind: 'nothing' };
    case 'RENAME':
      if (isItemStart) return { kind: 'columns', of: 'block' };
      return last === 'AS' ? { kind: 'nothing' } : { kind: 'words', words: ['as'] };
    case 'REPLACE':
      return isMark(before[bracket - 2], '*') && last === 'AS' ? { kind: 'columns', of: 'block' } : undefined;
    case 'USING':
      return isPivot(cursor) ? undefined : { kind: 'columns', of: 'using' };
    case 'CONFLICT':
      return { kind: 'columns', of: 'target' };
    default:
      return definitionPlace(cursor, bracket) ?? relationBracket(cursor, bracket);
  }
}

function castPlace(cursor: Cursor, first: number): Place | undefined {
  if (wordAt(cursor, cursor.before.length - 1) === 'AS') return { kind: 'type' };
  const next = expected(cursor, first);
  return next.kind === 'operator' ? { kind: 'words', words: ['as', ...next.words] } : undefined;
}

function isPivot({ levels }: Cursor): boolean {
  return /PIVOT$/.test(levels[0]?.block?.clauses[0]?.keyword ?? '');
}

/** Parentheses of statements that define or write: columns of a table, options of COPY and ATTACH. */
function definitionPlace(cursor: Cursor, bracket: number): Place | undefined {
  const { before, open, statement } = cursor;
  if (open.length !== 1) return undefined;
  const verb = wordAt(cursor, 0);
  if (
    (verb === 'COPY' || verb === 'ATTACH' || verb === 'EXPORT') &&
    before[bracket - 1]?.kind !== 'mark' &&
    bracket > 2
  ) {
    return { kind: 'words', words: optionWords(cursor) };
  }
  const start = before[bracket]?.start ?? 0;
  const { definition } = statement;
  const isBody =
    definition !== undefined &&
    identifier(before[bracket - 1]) === definition.name.text &&
    definition.name.end <= start;
  if (isBody && definition.kind === 'MACRO') return { kind: 'nothing' };
  if (isBody && definition.kind === 'TABLE') return columnDefinition(cursor);
  if (isBody || (definition?.kind === 'INDEX' && bracket > 3)) return { kind: 'columns', of: 'target' };
  return isTargetList(cursor, bracket) ? { kind: 'columns', of: 'target' } : undefined;
}

/** `name type constraints`. */
function columnDefinition(cursor: Cursor): Place {
  const first = insideStart(cursor);
  const { before } = cursor;
  const item = before.findLastIndex((token, at) => at >= first && isMark(token, ',')) + 1;
  const count = before.length - Math.max(item, first);
  if (count === 1) return { kind: 'type' };
  return { kind: 'words', words: definitionWords(count === 0) };
}

/** `insert into schema.table (`. */
function isTargetList(cursor: Cursor, bracket: number): boolean {
  let at = bracket - 1;
  if (identifier(cursor.before[at]) === undefined) return false;
  while (isMark(cursor.before[at - 1], '.')) at -= 2;
  return wordAt(cursor, at - 1) === 'INTO';
}

/** `from (`, `join (`. */
function relationBracket(cursor: Cursor, bracket: number): Place | undefined {
  const isEmpty = cursor.before.length === bracket + 1;
  return isEmpty && /^(FROM|JOIN|LATERAL)$/.test(wordAt(cursor, bracket - 1))
    ? { kind: 'relation', written: false }
    : undefined;
}
