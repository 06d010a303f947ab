import type { Span, StatementSyntax } from '../syntax/tree.ts';
import { identifier, isMark, type Token } from '../tokens.ts';

/** The operands beside an operator, such as those of `a.x + f(1)`; simple ones alone. One for an operator in front. */
export function operandsOf({ tokens }: StatementSyntax, operator: Span): Span[] {
  const first = tokens.findIndex(({ start }) => start >= operator.start);
  let last = first;
  while ((tokens[last + 1]?.start ?? Number.POSITIVE_INFINITY) < operator.end) last++;
  const before = tokens[first - 1];
  const right = operandAfter(tokens, last + 1);
  if (first < 0 || right === undefined) return [];
  const isBinary = before !== undefined && (isValue(before) || isMark(before, ')') || isMark(before, ']'));
  if (!isBinary) return [right];
  const left = operandBefore(tokens, first - 1);
  return left === undefined ? [] : [left, right];
}

const KEYWORDS =
  /^(select|where|and|or|not|on|when|then|else|having|by|from|like|ilike|in|is|between|case|as|distinct|all)$/i;

function isValue(token: Token | undefined): boolean {
  if (token === undefined || token.kind === 'mark') return false;
  return token.kind !== 'word' || !KEYWORDS.test(token.text);
}

function operandAfter(tokens: readonly Token[], first: number): Span | undefined {
  const start = tokens[first];
  if (start === undefined || (!isValue(start) && !isMark(start, '('))) return undefined;
  let at = isMark(start, '(') ? closing(tokens, first) : first;
  for (;;) {
    if (isMark(tokens[at + 1], '.')) at += 2;
    else if (isMark(tokens[at + 1], '(') && identifier(tokens[at]) !== undefined)
      at = closing(tokens, at + 1);
    else break;
  }
  const end = tokens[at];
  return end && { start: start.start, end: end.end };
}

function operandBefore(tokens: readonly Token[], last: number): Span | undefined {
  const end = tokens[last];
  if (end === undefined) return undefined;
  let at = last;
  for (;;) {
    if (isMark(tokens[at], ')')) {
      at = opening(tokens, at);
      if (isValue(tokens[at - 1])) at--;
      else break;
    }
    if (!isMark(tokens[at - 1], '.')) break;
    at -= 2;
  }
  const start = tokens[at];
  return start && { start: start.start, end: end.end };
}

function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (isMark(tokens[at], '(')) depth++;
    if (isMark(tokens[at], ')') && --depth === 0) return at;
  }
  return tokens.length - 1;
}

function opening(tokens: readonly Token[], close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at--) {
    if (isMark(tokens[at], ')')) depth++;
    if (isMark(tokens[at], '(') && --depth === 0) return at;
  }
  return 0;
}
