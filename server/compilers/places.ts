import type { SourceRange } from './compile-types.ts';
import { LineMap } from './text-positions.ts';

/**
 * Where a source declares a function, found by its text.
 *
 * @param names what it may be called: the export first, then the SQL function
 */
export function findDeclaration(
  language: 'wat' | 'assemblyscript',
  text: string,
  names: readonly string[],
): SourceRange | undefined {
  for (const name of names.filter((n) => /^[\w$.-]+$/.test(n))) {
    const escaped = name.replace(/[$.-]/g, '\\$&');
    const pattern =
      language === 'wat'
        ? new RegExp(`\\(\\s*export\\s+"(${escaped})"`, 'd')
        : new RegExp(`\\bfunction\\s+(${escaped})\\b`, 'd');
    const span = pattern.exec(text)?.indices?.[1];
    if (span !== undefined) return new LineMap(text).range(span[0], span[1]);
  }
  return undefined;
}

/** Where a problem of the whole module is shown: the module's opening, else the first line. */
export function modulePlace(language: 'wat' | 'assemblyscript', text: string): SourceRange {
  const found = firstMatch(text, language === 'wat' ? /\(\s*module\b/ : /@udf\b|\bexport\b/);
  return found ?? new LineMap(text).range(0, Math.max(0, text.search(/[\r\n]|$/)));
}

/** Where a source holds its manifest, for problems of what it declares. */
export function manifestPlace(language: 'wat' | 'assemblyscript', text: string): SourceRange | undefined {
  return language === 'wat' ? firstMatch(text, /\(\s*@custom\s+"quern"/) : undefined;
}

function firstMatch(text: string, pattern: RegExp): SourceRange | undefined {
  const match = pattern.exec(text);
  return match === null ? undefined : new LineMap(text).range(match.index, match.index + match[0].length);
}
