/*
 * The engine refuses DISTINCT, FILTER and ORDER BY in a call of a macro, and public names are macros. Such calls of
 * aggregates go to the internal name instead.
 */

/** Strings, quoted names, comments, words, and single marks. */
const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|[\p{L}_][\p{L}\p{N}_$]*|[^\s]/gu;

interface Token {
  readonly text: string;
  readonly start: number;
}

/**
 * A statement in which such calls have the internal names.
 *
 * @param names internal names by the public ones, lower-case
 * @returns the statement itself when it has none
 */
export function withInternalAggregates(sql: string, names: ReadonlyMap<string, string>): string {
  if (names.size === 0 || !/distinct|filter|order/i.test(sql)) return sql;
  const tokens = tokensOf(sql);
  let result = '';
  let copied = 0;
  tokens.forEach((token, index) => {
    const internal = names.get(token.text.replace(/^"(.*)"$/s, '$1').toLowerCase());
    if (internal === undefined || tokens[index - 1]?.text === '.' || !needsAggregate(tokens, index)) return;
    result += sql.slice(copied, token.start) + internal;
    copied = token.start + token.text.length;
  });
  return copied === 0 ? sql : result + sql.slice(copied);
}

function tokensOf(sql: string): readonly Token[] {
  return [...sql.matchAll(TOKEN)]
    .map((match) => ({ text: match[0], start: match.index }))
    .filter(({ text }) => !text.startsWith('--') && !text.startsWith('/*'));
}

/** Whether the call at a name has DISTINCT, FILTER or ORDER BY. */
function needsAggregate(tokens: readonly Token[], name: number): boolean {
  if (tokens[name + 1]?.text !== '(') return false;
  const word = (index: number): string => tokens[index]?.text.toUpperCase() ?? '';
  const isDistinct = word(name + 2) === 'DISTINCT' || word(name + 2) === 'ALL';
  let depth = 0;
  for (let index = name + 1; index < tokens.length; index++) {
    if (word(index) === '(') depth++;
    else if (word(index) === ')' && --depth === 0) return isDistinct || word(index + 1) === 'FILTER';
    else if (depth === 1 && word(index) === 'ORDER' && word(index + 1) === 'BY') return true;
  }
  return false;
}
