import { tokenEnd } from '../../../wasm-core/protocol/statements.ts';

/** A comment of a text, UTF-16 code units. */
export interface Comment {
  readonly start: number;
  /** Of a line comment before its line's end. */
  readonly end: number;
  readonly text: string;
}

/**
 * The comments of a text, in order.
 *
 * @param from where to start, at a token's boundary
 * @param to where to stop
 */
export function commentsOf(text: string, from = 0, to = text.length): Comment[] {
  const comments: Comment[] = [];
  for (let at = from; at < to; ) {
    const end = tokenEnd(text, at);
    if (text.startsWith('--', at) || text.startsWith('/*', at))
      comments.push({ start: at, end, text: text.slice(at, end) });
    at = end;
  }
  return comments;
}
