import { isMark } from '../tokens.ts';
import { type Cursor, insideStart, previous, wordAt } from './cursor.ts';

/** Words that say what stands behind them. */
const LEADS = new Set(
  `SELECT FROM JOIN WHERE ON USING BY GROUP ORDER PARTITION HAVING QUALIFY WINDOW LIMIT OFFSET VALUES SET INTO UPDATE RETURNING UNION
  EXCEPT INTERSECT WITH PIVOT UNPIVOT`.split(/\s+/),
);
/** The same, but only at the beginning of a statement. */
export const VERBS = new Set(
  `CREATE DROP ALTER DESCRIBE DESC SUMMARIZE SHOW USE CALL ATTACH DETACH COPY INSERT DELETE MERGE EXPLAIN EXECUTE PRAGMA RESET
  TRUNCATE EXPORT IMPORT INSTALL LOAD CHECKPOINT VACUUM ANALYZE PREPARE COMMENT`.split(/\s+/),
);

/** The nearest word in front that says what may stand here, in the same brackets, and the last comma behind it. */
export interface Lead {
  readonly word: string;
  readonly at: number;
  /** The index behind the word, or behind the comma. */
  readonly first: number;
  readonly hasComma: boolean;
}

export function leadOf(cursor: Cursor): Lead | undefined {
  let comma = -1;
  for (let at = cursor.before.length - 1; at >= insideStart(cursor); at = previous(cursor, at)) {
    if (comma < 0 && isMark(cursor.before[at], ',')) comma = at;
    const word = wordAt(cursor, at);
    if (word === 'BY' && !/^(GROUP|ORDER|PARTITION)$/.test(wordAt(cursor, at - 1))) continue;
    const isLead = (LEADS.has(word) && !isInsideExpression(cursor, at)) || (at === 0 && VERBS.has(word));
    if (isLead) return { word, at, first: Math.max(comma, at) + 1, hasComma: comma >= 0 };
  }
  return undefined;
}

/** `is distinct from`, and names behind AS. */
function isInsideExpression(cursor: Cursor, at: number): boolean {
  const before = wordAt(cursor, at - 1);
  return (
    (wordAt(cursor, at) === 'FROM' && before === 'DISTINCT' && /^(IS|NOT)$/.test(wordAt(cursor, at - 2))) ||
    (before === 'AS' && !/^(SELECT|FROM|WITH|VALUES|PIVOT|UNPIVOT)$/.test(wordAt(cursor, at)))
  );
}

/** The lead with the word in front that BY belongs to. */
export function leadName(cursor: Cursor, { word, at }: Lead): string {
  return word === 'BY' ? `${wordAt(cursor, at - 1)} BY` : word;
}
