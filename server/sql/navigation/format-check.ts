import { parseStatement } from '../syntax/parse-statement.ts';
import type { StatementSyntax } from '../syntax/tree.ts';
import type { Token } from '../tokens.ts';
import { bindStatement } from './binding/bind-statement.ts';
import { commentsOf } from './comments.ts';

/**
 * Whether a text has the tokens and the comments of a statement, in their order. Keywords may differ in case; whatever
 * names something, and every string, is the same letter by letter.
 */
export function saysTheSame(before: StatementSyntax, text: string): boolean {
  const after = parseStatement(text);
  if (after.tokens.length !== before.tokens.length) return false;
  const names = new Set(
    bindStatement(before, { statement: 0, columns: () => undefined }).occurrences.map(
      ({ place }) => place.start,
    ),
  );
  for (const [index, token] of before.tokens.entries()) {
    const other = after.tokens[index];
    if (other === undefined || !isSameToken(token, other, names.has(token.start))) return false;
    const [next, nextOther] = [before.tokens[index + 1], after.tokens[index + 1]];
    if (next === undefined || nextOther === undefined) continue;
    const isGlued = token.end === next.start;
    if (isGlued !== (other.end === nextOther.start) && isOneWhenGlued(token, next)) return false;
    // Two strings on two lines are one; on one line they are an error.
    if (token.kind === 'string' && next.kind === 'string') return false;
  }
  return sameComments(before, after);
}

function isSameToken(a: Token, b: Token, isName: boolean): boolean {
  if (a.kind !== b.kind) return false;
  if (a.text === b.text) return true;
  return a.kind === 'word' && !isName && a.text.toLowerCase() === b.text.toLowerCase();
}

const OPERATOR = /^[-+*/<>=~!@#%^&|`?:.]$/;

/** Whether space between two tokens makes others of them: `->`, `::`, `1.5`, `1e-5`, `x'ab'`, `a.b`. */
function isOneWhenGlued(a: Token, b: Token): boolean {
  if (a.kind === 'mark' && b.kind === 'mark')
    return OPERATOR.test(a.text) && OPERATOR.test(b.text) && !isSign(a, b);
  if (a.kind === 'mark' || b.kind === 'mark') {
    const [mark, other] = a.kind === 'mark' ? [a, b] : [b, a];
    return (mark.text === '.' && other.kind === 'number') || (/[eE]$/.test(a.text) && a.kind === 'number');
  }
  return true;
}

/** A sign behind an operator of the plain ones is not part of it: `a=-1`. */
function isSign(a: Token, b: Token): boolean {
  return /^[+-]$/.test(b.text) && /^[*/<>=+-]$/.test(a.text);
}

/** Comments with their place among the tokens; the space inside of a block comment may differ. */
function sameComments(before: StatementSyntax, after: StatementSyntax): boolean {
  const [a, b] = [placedComments(before), placedComments(after)];
  return a.length === b.length && a.every((comment, index) => comment === b[index]);
}

function placedComments({ text, tokens }: StatementSyntax): string[] {
  return commentsOf(text).map((comment) => {
    const behind = tokens.findIndex((token) => token.start >= comment.end);
    return `${behind} ${comment.text.replace(/\s+/g, ' ').trim()}`;
  });
}
