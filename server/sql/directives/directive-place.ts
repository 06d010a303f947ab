import { tokenEnd } from '../../../wasm-core/protocol/statements.ts';

/** A position in a comment that is a directive, or may become one. */
export type DirectivePlace =
  /** Its name, as far as it is typed, with the `@`. */
  | { readonly kind: 'name'; readonly typed: string }
  /** What stands behind its name. */
  | {
      readonly kind: 'said';
      /** In lower case, without the `@`. */
      readonly name: string;
      /** From behind the name to the position. */
      readonly before: string;
      /** From the position to the end of the comment. */
      readonly after: string;
    };

/**
 * Tells whether a position lies in a line comment that begins its line and has an `@`, and where in it.
 *
 * @param place.from where a token begins or ends, in front of the comment; UTF-16 code units in `text`
 */
export function directivePlaceAt(
  text: string,
  { from, offset }: { readonly from: number; readonly offset: number },
): DirectivePlace | undefined {
  let at = from;
  let end = tokenEnd(text, at);
  // At the end of a line comment one still types into it.
  while (end < offset || (end === offset && !text.startsWith('--', at))) {
    at = end;
    if (at >= text.length) return undefined;
    end = tokenEnd(text, at);
  }
  const lineStart = Math.max(text.lastIndexOf('\n', at - 1), text.lastIndexOf('\r', at - 1)) + 1;
  if (!text.startsWith('--', at) || text.slice(lineStart, at).trim() !== '') return undefined;
  const before = text.slice(at, offset);
  const typed = /^--\s*(@\w*)$/.exec(before)?.[1];
  if (typed !== undefined) return { kind: 'name', typed };
  const [, name, said] = /^--\s*@(\w+)(\s.*)$/s.exec(before) ?? [];
  if (name === undefined || said === undefined) return undefined;
  return { kind: 'said', name: name.toLowerCase(), before: said, after: text.slice(offset, end) };
}
