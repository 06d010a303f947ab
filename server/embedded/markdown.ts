import type { SqlPart, Substitution } from './sql-part.ts';

/** The fenced blocks of a Markdown text whose info string begins with `sql`: https://spec.commonmark.org/0.31.2/#fenced-code-blocks */
export function markdownParts(text: string): SqlPart[] {
  const parts: SqlPart[] = [];
  let fence: Fence | undefined;
  for (const { start, end, next } of lines(text)) {
    const line = text.slice(start, end);
    if (fence === undefined) {
      const open = OPENING.exec(line);
      if (open === null) continue;
      const [, mark = '', info = ''] = open;
      fence = {
        mark,
        isSql: /^sql(?![\w-])/i.test(info),
        start: next,
        isQuoted: QUOTE.test(line),
        quotes: [],
      };
    } else if (closes(line, fence.mark)) {
      if (fence.isSql) parts.push({ start: fence.start, end: start, substitutions: fence.quotes });
      fence = undefined;
    } else {
      const quote = fence.isQuoted ? (QUOTE.exec(line)?.[0].length ?? 0) : 0;
      if (quote > 0) fence.quotes.push({ start, end: start + quote, kind: 'escape' });
    }
  }
  // A block that is not closed goes to the end, as it is shown.
  if (fence?.isSql && fence.start < text.length) {
    parts.push({ start: fence.start, end: text.length, substitutions: fence.quotes });
  }
  return parts;
}

interface Fence {
  readonly mark: string;
  readonly isSql: boolean;
  /** Where its text begins. */
  readonly start: number;
  /** Whether it stands in a quotation, so that its lines begin with `>`, which is none of the text. */
  readonly isQuoted: boolean;
  readonly quotes: Substitution[];
}

/** What a line of a quotation begins with. */
const QUOTE = /^[ \t]*(?:>[ \t]?)+/;

/** A fence may stand in a list or a quotation. The info string of one of backticks has none in it. */
const OPENING = /^[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`]*$)|~{3,})[ \t]*(.*)$/;

function closes(line: string, mark: string): boolean {
  const close = /^[ \t>]*(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1] ?? '';
  return close[0] === mark[0] && close.length >= mark.length;
}

function* lines(text: string): Generator<{ start: number; end: number; next: number }> {
  let start = 0;
  while (start <= text.length) {
    const feed = text.indexOf('\n', start);
    const next = feed < 0 ? text.length : feed + 1;
    const stop = feed < 0 ? text.length : feed;
    yield { start, end: text[stop - 1] === '\r' && stop > start ? stop - 1 : stop, next };
    if (feed < 0) return;
    start = next;
  }
}
