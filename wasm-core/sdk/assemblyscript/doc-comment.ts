/** A comment that stands right before a declaration, without its marks. */
export interface DocComment {
  /** The text before the first `@tag` line, one paragraph. */
  readonly doc: string;
  /** What follows `@udf` on its line; undefined without that tag. */
  readonly udf?: string;
  /** Position of `@udf`, UTF-16 code units; 0 without it. */
  readonly udfStart: number;
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
  if (open < 0) return { doc: '', udfStart: 0 };
  const lines = before
    .slice(open, -2)
    .split('\n')
    .map((line) => line.replace(/^\s*\/?\*+/, '').trim());
  const firstTag = lines.findIndex((line) => line.startsWith('@'));
  const prose = firstTag < 0 ? lines : lines.slice(0, firstTag);
  const tag = lines.find((line) => /^@udf\b/.test(line));
  return {
    doc: prose.join(' ').replace(/\s+/g, ' ').trim(),
    ...(tag !== undefined && { udf: tag.slice('@udf'.length).trim() }),
    udfStart: tag === undefined ? 0 : before.indexOf('@udf', open),
  };
}
