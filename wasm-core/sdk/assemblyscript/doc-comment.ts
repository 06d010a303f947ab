/** What marks a function or a class: as a decorator, or as a tag of its doc comment. */
export const MARKS = ['udf', 'aggregate', 'table'] as const;
export type MarkName = (typeof MARKS)[number];

/** A comment that stands right before a declaration, without its marks. */
export interface DocComment {
  /** The text before the first `@tag` line, or before the mark of a comment of one line; one paragraph. */
  readonly doc: string;
  /** The first of `MARKS` that is a tag; undefined without. */
  readonly mark?: MarkName;
  /** Positions of what follows that tag up to the comment's end, UTF-16 code units; both 0 without it. */
  readonly start: number;
  readonly end: number;
}

/**
 * Reads the block comment that ends right before a declaration.
 *
 * @param text the whole source
 * @param start where the declaration begins, its decorators and `export` included
 */
export function docCommentBefore(text: string, start: number): DocComment {
  const before = text.slice(0, start).trimEnd();
  const open = before.endsWith('*/') ? before.lastIndexOf('/*') : -1;
  if (open < 0) return { doc: '', start: 0, end: 0 };
  const end = before.length - 2;
  const comment = before.slice(open, end);
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\/?\*+/, '').trim());
  const firstTag = lines.findIndex((line) => line.startsWith('@'));
  const prose = firstTag < 0 ? lines : lines.slice(0, firstTag);
  const doc = prose.join(' ').replace(/\s+/g, ' ').trim();
  const tag = /^[ \t]*(?:\/?\*+)?[ \t]*@(udf|aggregate|table)\b/m.exec(comment);
  const mark = MARKS.find((name) => name === tag?.[1]);
  if (tag === null || mark === undefined) {
    const behind = tagBehindText(comment);
    return behind === undefined ? { doc, start: 0, end: 0 } : { ...behind, start: open + behind.start, end };
  }
  return { doc, mark, start: open + tag.index + tag[0].length, end };
}

/** `/** Text. @udf *\/` and `/** Text. @udf name: slug *\/`: any other text behind a tag makes it part of the prose. */
function tagBehindText(
  comment: string,
): { readonly doc: string; readonly mark: MarkName; readonly start: number } | undefined {
  const [whole, prose = '', name] =
    /^\/\*\*[ \t]*([^\r\n]*?)[ \t]+@(udf|aggregate|table)\b(?=[ \t]*(?:$|\w+[ \t]*:)[^\r\n]*$)/.exec(
      comment,
    ) ?? [];
  const mark = MARKS.find((other) => other === name);
  return whole === undefined || mark === undefined
    ? undefined
    : { doc: prose.replace(/\s+/g, ' ').trim(), mark, start: whole.length };
}
