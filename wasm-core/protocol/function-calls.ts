import { tokenEnd } from './statements.ts';

/** A name that stands before an opening parenthesis. */
export interface FunctionCall {
  /** As the engine compares it: lower case, without quotes. */
  readonly name: string;
  /** Where the name begins, UTF-16 code units. */
  readonly offset: number;
}

/**
 * What a SQL text calls, in order: `slug(x)`, `"slug" (x)`, `x.slug()`, and not what strings and comments say. Names of
 * other things before a parenthesis, such as `in (`, are among them: who asks knows the functions that he looks for.
 */
export function functionCalls(text: string): FunctionCall[] {
  const calls: FunctionCall[] = [];
  let name: FunctionCall | undefined;
  for (let at = 0; at < text.length; ) {
    const end = tokenEnd(text, at);
    const token = text.slice(at, end);
    if (!BLANK.test(token)) {
      if (token === '(' && name !== undefined) calls.push(name);
      name = nameOf(token, at);
    }
    at = end;
  }
  return calls;
}

/** Space, or a comment. */
const BLANK = /^(\s|--|\/\*)/;

function nameOf(token: string, offset: number): FunctionCall | undefined {
  if (token.startsWith('"')) {
    return { name: token.slice(1, -1).replaceAll('""', '"').toLowerCase(), offset };
  }
  return /^[A-Za-z_\u0080-\uffff]/.test(token) && !token.endsWith("'")
    ? { name: token.toLowerCase(), offset }
    : undefined;
}
