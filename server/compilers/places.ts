import type { SourceLanguage } from '../../wasm-core/protocol/plugins.ts';
import type { SourceRange } from './compile-types.ts';
import { LineMap } from './text-positions.ts';

/** How a language writes the declaration of a function, before and behind its name. */
const DECLARATIONS: Readonly<Record<SourceLanguage, readonly [before: string, behind: string]>> = {
  wat: ['\\(\\s*export\\s+"', '"'],
  assemblyscript: ['\\bfunction\\s+', '\\b'],
  javascript: ['\\b(?:function\\s*\\*?|const|let|class)\\s+', '\\b'],
  c: ['\\b', '\\s*\\('],
  cpp: ['\\b', '\\s*\\('],
  rust: ['\\bfn\\s+', '\\b'],
  go: ['^//go:wasmexport\\s+', '\\b'],
  zig: ['\\bfn\\s+', '\\b'],
};

/**
 * Where a source declares a function, found by its text.
 *
 * @param names what it may be called: the export first, then the SQL function
 */
export function findDeclaration(
  language: SourceLanguage,
  text: string,
  names: readonly string[],
): SourceRange | undefined {
  const [before, behind] = DECLARATIONS[language];
  for (const name of names.filter((n) => /^[\w$.-]+$/.test(n))) {
    const escaped = name.replace(/[$.-]/g, '\\$&');
    const pattern = new RegExp(`${before}(${escaped})${behind}`, 'dgm');
    for (const { indices } of text.matchAll(pattern)) {
      const span = indices?.[1];
      const isOne = span !== undefined && (!/^c(?:pp)?$/.test(language) || isDeclared(text, span[0]));
      if (isOne) return new LineMap(text).range(span[0], span[1]);
    }
  }
  return undefined;
}

/** Whether a name in C has a type before it, on a line that is no comment, no directive and no statement. */
function isDeclared(text: string, at: number): boolean {
  const before = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  if (/^\s*(?:\/\/|\/?\*|#|return\b)/.test(before)) return false;
  const type = before.replace(/[\s*&]+$/, '');
  return type.length < before.length && /[\w>)]$/.test(type);
}

/** How a module begins in a language; in the others nothing stands for the whole. */
const OPENINGS: Readonly<Partial<Record<SourceLanguage, RegExp>>> = {
  wat: /\(\s*module\b/,
  assemblyscript: /@(?:udf|aggregate|table)\b|\bexport\b/,
  javascript: /@udf\b|\bexport\b/,
  c: /@udf\b|\bQUERN_MANIFEST\b/,
  cpp: /@udf\b|\bQUERN_MANIFEST\b/,
  rust: /@udf\b|\bquern_manifest!/,
  zig: /@udf\b/,
};

/** Where a problem of the whole module is shown: the module's opening, else the first line. */
export function modulePlace(language: SourceLanguage, text: string): SourceRange {
  const opening = OPENINGS[language];
  const found = opening && firstMatch(text, opening);
  return found ?? new LineMap(text).range(0, Math.max(0, text.search(/[\r\n]|$/)));
}

/** Where a source holds its manifest, for problems of what it declares. */
export function manifestPlace(language: SourceLanguage, text: string): SourceRange | undefined {
  return language === 'wat' ? firstMatch(text, /\(\s*@custom\s+"quern"/) : undefined;
}

function firstMatch(text: string, pattern: RegExp): SourceRange | undefined {
  const match = pattern.exec(text);
  return match === null ? undefined : new LineMap(text).range(match.index, match.index + match[0].length);
}
