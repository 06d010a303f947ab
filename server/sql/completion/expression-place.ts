import { type Cursor, insideStart } from './cursor.ts';
import { expressionWords } from './following-words.ts';
import { type Lead, leadName } from './lead.ts';
import { type Expectation, expected } from './operands.ts';
import type { Place } from './place.ts';

/** What an expression goes on with. @param lead what it stands behind, where that is known; `words` behind a value */
export function expressionPlace(cursor: Cursor, lead: Lead | undefined, words: readonly string[]): Place {
  const first = lead?.first ?? insideStart(cursor);
  const next: Expectation = expected(cursor, first);
  if (next.kind === 'words') return next;
  if (next.kind === 'alias') return { kind: 'nothing' };
  if (next.kind === 'type') return { kind: 'type' };
  const name = lead === undefined ? '' : leadName(cursor, lead);
  if (next.kind === 'operand')
    return { kind: 'operand', lead: name, words: [...next.words, ...beginWords(cursor, lead)] };
  // CASE has to end before anything else follows.
  return {
    kind: 'words',
    words: next.isOpen ? [...next.words, ...expressionWords(cursor, '')] : [...next.words, ...words],
  };
}

/** What may stand only directly behind the lead. */
function beginWords(cursor: Cursor, lead: Lead | undefined): string[] {
  if (lead === undefined || cursor.before.length !== lead.at + 1) return [];
  const name = leadName(cursor, lead);
  if (name === 'SELECT') return ['distinct', 'distinct on (', 'all'];
  if (name === 'GROUP BY') return ['all', 'grouping sets (', 'rollup (', 'cube ('];
  return name === 'ORDER BY' ? ['all'] : [];
}
