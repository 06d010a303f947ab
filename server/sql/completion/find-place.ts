import { isMark } from '../tokens.ts';
import { bracketPlace } from './bracket-place.ts';
import { isCallBracket } from './brackets.ts';
import { type Cursor, insideStart, wordAt } from './cursor.ts';
import { expressionPlace } from './expression-place.ts';
import {
  afterRelation,
  afterSetOperator,
  afterWith,
  expressionWords,
  selectWords,
} from './following-words.ts';
import { type Lead, leadName, leadOf, VERBS } from './lead.ts';
import type { Place } from './place.ts';
import { statementWords } from './statement-words.ts';
import { setPlace, verbPlace } from './verb-place.ts';

/** What the position is, from the text in front of it. */
export function placeAt(cursor: Cursor): Place {
  const { before, typed, isInString } = cursor;
  if (isInString) return { kind: 'string' };
  if (typed?.text.startsWith('$')) return { kind: 'parameter' };
  if (typed?.kind === 'number' || typed?.kind === 'string') return { kind: 'nothing' };
  const last = before.length - 1;
  if (isMark(before[last], '.')) {
    return before[last - 1]?.kind === 'number' ? { kind: 'nothing' } : { kind: 'member' };
  }
  if (isMark(before[last], ':') && isMark(before[last - 1], ':')) return { kind: 'type' };
  return bracketPlace(cursor) ?? inQuery(cursor);
}

function inQuery(cursor: Cursor): Place {
  const lead = isCallBracket(cursor) ? orderInCall(cursor) : leadOf(cursor);
  if (lead === undefined) return withoutLead(cursor);
  const isEmpty = cursor.before.length === lead.first;
  switch (lead.word) {
    case 'SELECT':
      return expressionPlace(cursor, lead, selectWords(cursor));
    case 'FROM':
    case 'JOIN':
      return relationPlace(cursor, lead);
    case 'ON':
    case 'USING':
      return conditionPlace(cursor, lead);
    case 'SET':
      return setPlace(cursor, lead);
    case 'INTO':
    case 'UPDATE':
    case 'PIVOT':
    case 'UNPIVOT':
      return isEmpty
        ? { kind: 'relation', written: lead.word === 'INTO' || lead.word === 'UPDATE' }
        : { kind: 'words', words: afterRelation(cursor, lead.word) };
    case 'UNION':
    case 'EXCEPT':
    case 'INTERSECT':
      return { kind: 'words', words: afterSetOperator(cursor) };
    case 'WITH':
      return { kind: 'words', words: afterWith(cursor) };
    case 'GROUP':
    case 'ORDER':
    case 'PARTITION':
      return { kind: 'words', words: lead.word === 'PARTITION' ? ['by'] : ['by', 'by all'] };
    case 'WINDOW':
      return { kind: 'words', words: isEmpty ? [] : ['as (', 'qualify', 'order by', 'limit'] };
    default:
      return VERBS.has(lead.word)
        ? verbPlace(cursor, lead.word)
        : expressionPlace(cursor, lead, expressionWords(cursor, leadName(cursor, lead)));
  }
}

function withoutLead(cursor: Cursor): Place {
  if (cursor.before.length === 0) return { kind: 'statement' };
  if (cursor.open.length === 0) return { kind: 'words', words: statementWords(cursor) };
  const isBegin = cursor.before.length === insideStart(cursor);
  const words = isBegin ? ['select', 'from', 'with', 'values'] : [];
  const isQuery = /^(AS|MATERIALIZED|EXISTS|COPY|UNION|ALL|NAME|EXCEPT|INTERSECT)$/.test(
    wordAt(cursor, insideStart(cursor) - 2),
  );
  if (isBegin && isQuery) return { kind: 'words', words: [...words, 'pivot', 'unpivot'] };
  const place = expressionPlace(cursor, undefined, expressionWords(cursor, ''));
  return place.kind === 'operand' ? { ...place, words: [...place.words, ...words] } : place;
}

function relationPlace(cursor: Cursor, lead: Lead): Place {
  const isCopy = wordAt(cursor, 0) === 'COPY' && cursor.open.length === 0;
  if (isCopy) return { kind: 'nothing' };
  const count = cursor.before.length - lead.first;
  const isFirst = count === 0 || (count === 1 && wordAt(cursor, lead.first) === 'LATERAL');
  if (isFirst) return { kind: 'relation', written: wordAt(cursor, lead.at - 1) === 'DELETE' };
  if (wordAt(cursor, cursor.before.length - 1) === 'AS') return { kind: 'nothing' };
  return { kind: 'words', words: afterRelation(cursor, lead.word) };
}

function conditionPlace(cursor: Cursor, lead: Lead): Place {
  const { word, at } = lead;
  const block = cursor.levels[0]?.block;
  const head = block?.clauses[0]?.keyword ?? '';
  const isPivot = head === 'PIVOT' || head === 'UNPIVOT';
  if (wordAt(cursor, at + 1) === 'CONFLICT') {
    return { kind: 'words', words: ['do nothing', 'do update set', 'returning'] };
  }
  if (wordAt(cursor, 0) === 'CREATE' && wordAt(cursor, at - 2) === 'INDEX') {
    return { kind: 'relation', written: true };
  }
  const takesRelation = (lead.hasComma && !isPivot) || (word === 'USING' && /^(DELETE|MERGE)$/.test(head));
  if (takesRelation) return relationPlace(cursor, lead);
  if (word === 'USING' && !isPivot)
    return { kind: 'words', words: cursor.before.length === at + 1 ? ['('] : afterRelation(cursor, 'USING') };
  return expressionPlace(
    cursor,
    isPivot ? { ...lead, word: `PIVOT ${word}` } : lead,
    isPivot
      ? expressionWords(cursor, 'PIVOT')
      : [...expressionWords(cursor, 'ON'), ...afterRelation(cursor, 'ON')],
  );
}

/** In a call only ORDER BY leads; FROM and the like belong to the function: `extract(year from x)`. */
function orderInCall(cursor: Cursor): Lead {
  const lead = leadOf(cursor);
  const start = insideStart(cursor);
  return lead?.word === 'BY' || lead?.word === 'ORDER'
    ? lead
    : { word: 'CALL ARGUMENTS', at: start - 1, first: start, hasComma: false };
}
