/*
 * Which plugins a statement may call, told from texts alone: before a source is compiled nobody knows its functions.
 */

/** Names that a text calls: words before a parenthesis, quoted ones too, as `plain` has them. */
export function calledNames(sql: string): ReadonlySet<string> {
  const calls = sql.matchAll(/([\p{L}_][\p{L}\p{N}_$]*)"?\s*\(/gu);
  return new Set([...calls].map(([, name = '']) => plain(name)));
}

/**
 * Whether a source may define a function that is called. A name stands in its source, but for its case and its
 * underscores: the class `TopValues` is the aggregate `top_values`.
 */
export function mayDefine(text: string, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false;
  const searched = plain(text);
  return [...names].some((name) => searched.includes(name));
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll('_', '');
}
