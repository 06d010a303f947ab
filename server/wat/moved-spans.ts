import type { WatSpan } from './syntax/tree.ts';

/**
 * Where parts of a text are after an edit of it; those that the edit touched are left out.
 *
 * @param spans in `before`
 */
export function movedSpans<T extends WatSpan>(spans: readonly T[], before: string, after: string): T[] {
  if (before === after || spans.length === 0) return [...spans];
  const { start, end, shift } = editBetween(before, after);
  return spans.flatMap((span) => {
    if (span.end <= start) return [span];
    return span.start >= end ? [{ ...span, start: span.start + shift, end: span.end + shift }] : [];
  });
}

/** What differs between two texts: a part of the first, and how much longer the second has become by it. */
export interface TextEdit extends WatSpan {
  readonly shift: number;
}

/** The least part of a text that another one has otherwise. */
export function editBetween(before: string, after: string): TextEdit {
  const shortest = Math.min(before.length, after.length);
  let same = 0;
  while (same < shortest && before.charCodeAt(same) === after.charCodeAt(same)) same++;
  let sameBehind = 0;
  while (
    sameBehind < shortest - same &&
    before.charCodeAt(before.length - 1 - sameBehind) === after.charCodeAt(after.length - 1 - sameBehind)
  ) {
    sameBehind++;
  }
  return { start: same, end: before.length - sameBehind, shift: after.length - before.length };
}
