import { splitStatements, statementAt } from '../../wasm-core/protocol/statements.ts';
import { identifier, isMark, type Token, tokenize } from './tokens.ts';

/** The identifier at a position of a document, with what stands around it. */
export interface NameAt {
  readonly name: string;
  /** Positions in the document, UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** What stands before a dot in front of it. */
  readonly qualifier?: string;
  /** Whether a parenthesis follows, as behind a function. */
  readonly called: boolean;
  readonly statement: string;
  /** The name's position in the statement. */
  readonly offset: number;
}

/** Finds the identifier that a position is in or right behind; undefined when there is none. */
export function nameAt(text: string, offset: number): NameAt | undefined {
  const { start, tokens, statement } = statementTokens(text, offset);
  const index = tokens.findIndex((t) => offset - start >= t.start && offset - start <= t.end && isName(t));
  const token = tokens[index];
  const name = identifier(token);
  if (token === undefined || name === undefined) return undefined;
  const qualifier = isMark(tokens[index - 1], '.') ? identifier(tokens[index - 2]) : undefined;
  return {
    name,
    start: start + token.start,
    end: start + token.end,
    ...(qualifier !== undefined && { qualifier }),
    called: isMark(tokens[index + 1], '('),
    statement,
    offset: token.start,
  };
}

/** The call that a position is inside of: the function's name and the argument's index. */
export function callAt(
  text: string,
  offset: number,
): { readonly name: string; readonly argument: number } | undefined {
  const { start, tokens } = statementTokens(text, offset);
  const open: { name: string | undefined; argument: number }[] = [];
  for (const [index, token] of tokens.entries()) {
    if (start + token.start >= offset) break;
    const innermost = open.at(-1);
    if (isMark(token, '(') || isMark(token, '[') || isMark(token, '{')) {
      const name = isMark(token, '(') ? identifier(tokens[index - 1]) : undefined;
      open.push({ name, argument: 0 });
    } else if (isMark(token, ')') || isMark(token, ']') || isMark(token, '}')) open.pop();
    else if (isMark(token, ',') && innermost) innermost.argument++;
  }
  const call = open.at(-1);
  return call?.name === undefined ? undefined : { name: call.name, argument: call.argument };
}

function isName(token: Token): boolean {
  return token.kind === 'word' || token.kind === 'name';
}

function statementTokens(
  text: string,
  offset: number,
): { readonly start: number; readonly statement: string; readonly tokens: Token[] } {
  const ranges = splitStatements(text);
  const range = ranges[statementAt(ranges, offset)] ?? { start: 0, end: text.length };
  const statement = text.slice(range.start, Math.max(range.end, offset));
  return { start: range.start, statement, tokens: tokenize(statement) };
}
