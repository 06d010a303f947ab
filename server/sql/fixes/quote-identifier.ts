import { RESERVED_WORDS } from '../reserved-words.ts';
import { textOf } from '../syntax/scope.ts';
import type { Span, StatementSyntax } from '../syntax/tree.ts';
import { changed, type Fix, quickFix } from './fix.ts';

/** A name that the parser takes for something else is put into quotes, where that makes the statement right. */
export const quoteIdentifier: Fix = {
  codes: ['SQL_PARSE'],
  actions: async (fault) => {
    const { syntax, text } = fault.statement;
    const actions = [];
    for (const { span, level } of places(syntax, fault.span)) {
      const name = `"${textOf(text, span).replaceAll('"', '""')}"`;
      const changes = [{ ...span, text: name }];
      if (await fault.isSound(changed(text, changes), level)) {
        actions.push(quickFix(fault, `Change to ${name}`, changes));
      }
    }
    return actions;
  },
};

interface Place {
  readonly span: Span;
  /** How far the engine has to accept what comes of it; absent: in every way. */
  readonly level?: 'isParsed';
}

/** What may be meant as a name: a reserved word at the error or before it, and words that signs or space part. */
function places({ tokens }: StatementSyntax, { start }: Span): Place[] {
  const at = tokens.findIndex((token) => token.start >= start);
  const [before, here, after] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  const found: Place[] = [here, before]
    .filter((token) => token?.kind === 'word' && RESERVED_WORDS.has(token.text.toLowerCase()))
    .flatMap((token) => (token === undefined ? [] : [{ span: token, level: 'isParsed' as const }]));
  if (before?.kind !== 'word' || here === undefined) return found;
  const isJoined = here.kind === 'mark' && before.end === here.start && after?.start === here.end;
  if (isJoined) found.push({ span: { start: before.start, end: after.end }, level: 'isParsed' });
  // Any two words might be one name; only what is one for the engine is offered.
  if (here.kind === 'word') found.push({ span: { start: before.start, end: here.end } });
  return found;
}
