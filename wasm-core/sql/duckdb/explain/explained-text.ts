import { tokenEnd } from '../../../protocol/statements.ts';

/** A statement with EXPLAIN in front of it. */
export interface ExplainedText {
  readonly sql: string;
  /** The statement that is explained, without an EXPLAIN of its own. */
  readonly inner: string;
  /** Where a position of `sql` is in the statement that was given. */
  readonly original: (offset: number) => number;
}

/**
 * Puts the EXPLAIN that gives a plan as JSON in front of a statement, in place of one that is there.
 *
 * @param statement one statement that does not begin with space
 */
export function explainedText(statement: string, { analyze }: { readonly analyze: boolean }): ExplainedText {
  const head = analyze ? 'explain (analyze, format json) ' : 'explain (format json) ';
  const from = behindExplain(statement);
  const inner = statement.slice(from);
  const original = (offset: number): number => {
    const at = Math.min(Math.max(offset - head.length, 0), inner.length);
    return offset <= head.length && from > 0 ? 0 : from + at;
  };
  return { sql: head + inner, inner, original };
}

/** Where the statement behind `EXPLAIN`, `EXPLAIN ANALYZE` and `EXPLAIN (…)` begins; 0 without any. */
function behindExplain(statement: string): number {
  const tokens = solidTokens(statement);
  const word = (index: number): string => tokens[index]?.text.toUpperCase() ?? '';
  if (word(0) !== 'EXPLAIN') return 0;
  let next = 1;
  if (word(next) === 'ANALYZE' || word(next) === 'ANALYSE') next++;
  // A query may stand in brackets, too; options begin with one of these words.
  if (word(next) === '(' && /^(ANALYZE|ANALYSE|FORMAT)$/.test(word(next + 1))) {
    while (next < tokens.length && word(next) !== ')') next++;
    next++;
  }
  return tokens[next]?.start ?? 0;
}

/** The first tokens of a text without space and comments: more than an EXPLAIN with its options has. */
function solidTokens(sql: string): { readonly text: string; readonly start: number }[] {
  const tokens: { text: string; start: number }[] = [];
  for (let start = 0; start < sql.length && tokens.length < 32; ) {
    const end = tokenEnd(sql, start);
    const text = sql.slice(start, end);
    if (text.trim() !== '' && !text.startsWith('--') && !text.startsWith('/*')) tokens.push({ text, start });
    start = end;
  }
  return tokens;
}
