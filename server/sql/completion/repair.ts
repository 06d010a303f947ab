import { isMark, type Token, tokenize } from '../tokens.ts';

/** What is known of a text in front of a position. */
interface Front {
  readonly offset: number;
  readonly before: readonly Token[];
  /** Indexes in `before` of the brackets that are open. */
  readonly open: readonly number[];
  /** Whether a dot stands right in front. */
  readonly isMember: boolean;
}

/**
 * The text with what is missing at the position put in, so that what stands behind it is read for what it is: a name behind
 * a dot, or `from` would be that name; closing brackets of a call, or `from` would be among its arguments.
 */
export function repaired(text: string, front: Front): string {
  const rest = tokenize(text, front.offset);
  const word = tokenize(text).find(({ start, end }) => start < front.offset && end > front.offset);
  const at = word !== undefined && word.kind !== 'string' ? word.end : front.offset;
  const behind = word === undefined ? rest : rest.filter(({ start }) => start >= at);
  const missing = ')'.repeat(unclosed(front, behind));
  if (!front.isMember && missing === '') return text;
  return `${text.slice(0, at)}${front.isMember ? 'quern_member' : ''}${missing} ${text.slice(at)}`;
}

const CLAUSES = /^(FROM|WHERE|GROUP|HAVING|QUALIFY|WINDOW|LIMIT|JOIN|UNION|EXCEPT|INTERSECT|SELECT)$/i;
/** Functions with words among their arguments. */
const WORDY = /^(extract|trim|substring|overlay|position|exclude|replace)$/i;

/** How many of the open brackets hold values and do not end in front of the next clause. */
function unclosed({ before, open }: Front, behind: readonly Token[]): number {
  let at = behind[0] === undefined ? 0 : -1;
  for (let index = open.length - 1; index >= 0; index--) {
    const bracket = open[index] ?? 0;
    if (!isMark(before[bracket], '(') || beginsQuery(before, bracket)) return 0;
    const end = endOf(behind, at + 1);
    if (end.kind === 'clause' && !WORDY.test(before[bracket - 1]?.text ?? '')) {
      const values = open.slice(0, index + 1).toReversed();
      const query = values.findIndex((o) => !isMark(before[o], '(') || beginsQuery(before, o));
      return query < 0 ? values.length : query;
    }
    if (end.kind !== 'bracket') return 0;
    at = end.at;
  }
  return 0;
}

function beginsQuery(before: readonly Token[], bracket: number): boolean {
  return /^(SELECT|FROM|WITH|VALUES|PIVOT|UNPIVOT)$/i.test(before[bracket + 1]?.text ?? '');
}

/** What ends a bracket: its closing one, a clause, or nothing. */
function endOf(
  tokens: readonly Token[],
  first: number,
): { readonly kind: 'bracket' | 'clause' | 'none'; readonly at: number } {
  let depth = 0;
  for (let at = first; at < tokens.length; at++) {
    const token = tokens[at];
    if (isMark(token, '(')) depth++;
    if (isMark(token, ')') && depth-- === 0) return { kind: 'bracket', at };
    if (depth === 0 && token?.kind === 'word' && CLAUSES.test(token.text)) return { kind: 'clause', at };
  }
  return { kind: 'none', at: tokens.length };
}
