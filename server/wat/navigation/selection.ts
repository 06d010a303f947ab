import type { SelectionRange } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { WatItem, WatSpan, WatSyntax } from '../syntax/tree.ts';
import { rangeOf } from './place.ts';

/** So many ranges are given, the innermost: more would nest deeper than answers can be written. */
const MOST_RANGES = 200;

/** What a selection grows to from a position: token, what is between parentheses, form, field, module, document. */
export function watSelectionAt(document: TextDocument, syntax: WatSyntax, offset: number): SelectionRange {
  const whole = { start: 0, end: syntax.text.length };
  const spans = [whole, ...spansAround(syntax, offset).filter((span) => !isSame(span, whole))];
  const [outermost = whole, ...inner] = spans;
  let range: SelectionRange = { range: rangeOf(document, outermost) };
  for (const span of inner.slice(-MOST_RANGES)) range = { range: rangeOf(document, span), parent: range };
  return range;
}

/** The parts of a text around a position, the largest first. */
function spansAround({ items, comments }: WatSyntax, offset: number): WatSpan[] {
  const found: WatSpan[] = [];
  let item = itemAt(items, offset);
  while (item !== undefined) {
    const last = found.at(-1);
    if (last === undefined || !isSame(last, item)) found.push(item);
    if (item.kind !== 'form') return found;
    const inside = { start: item.open.end, end: item.close?.start ?? item.end };
    if (inside.start <= offset && offset <= inside.end && inside.start < inside.end) found.push(inside);
    item = itemAt(item.items, offset) ?? itemAt(item.annotations, offset);
  }
  const comment = comments.find(({ start, end }) => start < offset && offset <= end);
  return comment === undefined ? found : [...found, comment];
}

/** The item that a position is in, or that it touches; of two, the one behind it, and a token before a form. */
function itemAt(items: readonly WatItem[], offset: number): WatItem | undefined {
  const touched = items.filter(({ start, end }) => start <= offset && offset <= end);
  return touched.find(({ kind }) => kind !== 'form') ?? touched.at(-1);
}

function isSame(a: WatSpan, b: WatSpan): boolean {
  return a.start === b.start && a.end === b.end;
}
