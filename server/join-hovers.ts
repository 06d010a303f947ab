import type { Hover, MarkupContent } from 'vscode-languageserver';

/** A hover in Markdown, as all of ours are. */
export type MarkdownHover = Hover & { readonly contents: MarkupContent };

/** One hover of those that are there, one below the other; the range is that of the first. */
export function joinHovers(...hovers: readonly (MarkdownHover | null | undefined)[]): Hover | null {
  const there = hovers.filter((hover) => hover !== null && hover !== undefined);
  const [first] = there;
  if (first === undefined) return null;
  const value = there.map(({ contents }) => contents.value).join('\n\n---\n\n');
  return { ...first, contents: { kind: 'markdown', value } };
}
