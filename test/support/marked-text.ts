/** A text without the `|` that marks a position in it. */
export function withoutMark(marked: string): string {
  return marked.replace('|', '');
}
