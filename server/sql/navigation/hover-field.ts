import { expressionType } from '../expression-type.ts';
import type { Span, StatementSyntax } from '../syntax/tree.ts';
import { identifier, isMark } from '../tokens.ts';
import { code, escaped, paragraphs, shortText } from './markdown.ts';
import type { NameAt, SqlPlace } from './place.ts';

/** A field of a STRUCT: its type, as the engine gives it to the path that leads there. */
export async function fieldText(
  { knowledge }: SqlPlace,
  { statement: { syntax, text }, occurrence, meaning }: NameAt,
): Promise<string | undefined> {
  const path = pathTo(syntax, occurrence.place);
  if (path === undefined) return undefined;
  const type = await expressionType({ statement: syntax, knowledge }, path);
  if (type === undefined) return undefined;
  const owner = text.slice(path.start, occurrence.place.start).replace(/\s*\.\s*$/, '');
  return paragraphs(code(`${meaning.name} ${type}`), `Field of ${escaped(shortText(owner))}.`);
}

/** The names, dots and brackets up to a name: `s.a`, `xs[1].a`; undefined when nothing stands before it. */
function pathTo({ tokens }: StatementSyntax, { start, end }: Span): Span | undefined {
  let at = tokens.findIndex((token) => token.start === start);
  while (at > 0 && isMark(tokens[at - 1], '.')) {
    at -= 2;
    while (isMark(tokens[at], ']') || isMark(tokens[at], ')')) at = opening(tokens, at) - 1;
    // `(s).a` begins with the bracket.
    if (identifier(tokens[at]) === undefined) at++;
  }
  const first = tokens[at];
  return first === undefined || first.start >= start ? undefined : { start: first.start, end };
}

function opening(tokens: StatementSyntax['tokens'], close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at--) {
    if (isMark(tokens[at], ')') || isMark(tokens[at], ']')) depth++;
    if ((isMark(tokens[at], '(') || isMark(tokens[at], '[')) && --depth === 0) return at;
  }
  return 0;
}
