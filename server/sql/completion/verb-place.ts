import { type Cursor, wordAt } from './cursor.ts';
import { expressionPlace } from './expression-place.ts';
import { expressionWords } from './following-words.ts';
import type { Lead } from './lead.ts';
import type { Place } from './place.ts';
import { statementWords } from './statement-words.ts';

/** Behind SET: of UPDATE, or of a setting. */
export function setPlace(cursor: Cursor, lead: Lead): Place {
  const count = cursor.before.length - lead.first;
  if (lead.at > 0) {
    if (count === 0) return { kind: 'columns', of: 'target' };
    if (count === 1) return { kind: 'words', words: ['='] };
    return expressionPlace(cursor, { ...lead, first: lead.first + 2 }, [
      'where',
      'from',
      'returning',
      ...expressionWords(cursor, 'SET'),
    ]);
  }
  return settingPlace(cursor, 'SET');
}

function settingPlace(cursor: Cursor, verb: 'SET' | 'RESET' | 'PRAGMA'): Place {
  const hasScope = /^(GLOBAL|SESSION|LOCAL)$/.test(wordAt(cursor, 1));
  const first = hasScope ? 2 : 1;
  const count = cursor.before.length - first;
  if (wordAt(cursor, 1) === 'VARIABLE') {
    return count < 3
      ? { kind: 'words', words: count === 2 ? ['='] : [] }
      : expressionPlace(cursor, { word: 'SET', at: 0, first: 4, hasComma: false }, []);
  }
  if (count === 0) return { kind: 'setting', verb };
  if (verb === 'RESET') return { kind: 'nothing' };
  if (count === 1) return { kind: 'words', words: verb === 'SET' ? ['=', 'to'] : ['='] };
  return { kind: 'settingValue', name: cursor.before[first]?.text ?? '' };
}

/** Verbs whose objects are relations, and what may stand in front of these. */
const OBJECT_VERBS = new Set([
  'DESCRIBE',
  'DESC',
  'SUMMARIZE',
  'SHOW',
  'TRUNCATE',
  'COPY',
  'ANALYZE',
  'VACUUM',
]);

/** Behind the verb of a statement that is no query. */
export function verbPlace(cursor: Cursor, verb: string): Place {
  const count = cursor.before.length - 1;
  const body = cursor.before.findIndex((_, at) => wordAt(cursor, at) === 'AS') + 1;
  if (verb === 'CREATE' && cursor.statement.definition?.kind === 'MACRO' && body > 0)
    return macroBody(cursor, body);
  if ((verb === 'USE' || verb === 'DETACH') && count === 0) return { kind: 'database' };
  if (verb === 'PRAGMA' || verb === 'RESET') return settingPlace(cursor, verb);
  if (OBJECT_VERBS.has(verb) && count === 0)
    return { kind: 'relation', written: verb === 'TRUNCATE' || verb === 'COPY' };
  if (verb === 'CALL' && count === 0) return { kind: 'operand', lead: 'CALL', words: [] };
  if (verb === 'EXPLAIN' && (count === 0 || wordAt(cursor, 1) === 'ANALYZE')) return { kind: 'statement' };
  const object = wordAt(cursor, cursor.before.length - 1);
  const namesObject = /^(TABLE|VIEW|EXISTS)$/.test(object) && (verb === 'DROP' || verb === 'ALTER');
  if (namesObject) return { kind: 'relation', written: true };
  if (verb === 'ALTER' && object === 'COLUMN') return { kind: 'columns', of: 'target' };
  if (verb === 'ALTER' && wordAt(cursor, cursor.before.length - 2) === 'TYPE') return { kind: 'type' };
  return { kind: 'words', words: statementWords(cursor) };
}

/** A macro is a value, or a table. */
function macroBody(cursor: Cursor, first: number): Place {
  const place = expressionPlace(
    cursor,
    { word: 'AS', at: first - 1, first, hasComma: false },
    expressionWords(cursor, ''),
  );
  const isStart = cursor.before.length === first;
  return place.kind === 'operand' && isStart
    ? { ...place, words: [...place.words, 'table', 'table select', 'table from'] }
    : place;
}
