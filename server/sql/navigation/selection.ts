import type { Range, SelectionRange } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { PlacedStatement } from '../syntax/document-syntax.ts';
import { contains } from '../syntax/scope.ts';
import { TokenList } from '../syntax/token-list.ts';
import type { Block, Query, Span, StatementSyntax } from '../syntax/tree.ts';
import { statementIndexAt } from './place.ts';

/** What a selection grows to from a position: token, expression, item, clause, query, statement, document. */
export function selectionAt(
  document: TextDocument,
  statements: readonly PlacedStatement[],
  offset: number,
): SelectionRange {
  const text = document.getText();
  const whole = { start: 0, end: text.length };
  const statement = statements[statementIndexAt({ statements, offset })];
  const inner =
    statement === undefined
      ? []
      : nestedSpans(statement.syntax, offset - statement.start).map(({ start, end }) => ({
          start: statement.start + start,
          end: statement.start + end,
        }));
  const range = ({ start, end }: Span): Range => ({
    start: document.positionAt(start),
    end: document.positionAt(end),
  });
  const start: SelectionRange = { range: range(whole) };
  return inner.reduceRight<SelectionRange>((parent, span) => {
    const isSame = span.start === 0 && span.end === text.length;
    return isSame ? parent : { range: range(span), parent };
  }, start);
}

/** The parts of a statement around a position, the smallest first, each inside of the next. */
export function nestedSpans(syntax: StatementSyntax, offset: number): Span[] {
  const { text } = syntax;
  const around = allSpans(syntax)
    .map((span) => trimmed(text, span))
    .filter((span) => span.end > span.start && contains(span, offset))
    .sort((a, b) => a.end - a.start - (b.end - b.start));
  const nested: Span[] = [];
  for (const span of around) {
    const last = nested.at(-1);
    const isLarger =
      last === undefined ||
      (span.start <= last.start && span.end >= last.end && span.end - span.start > last.end - last.start);
    if (isLarger) nested.push(span);
  }
  return nested;
}

function allSpans({ text, tokens, calls, query }: StatementSyntax): Span[] {
  const list = new TokenList(text, tokens);
  const brackets = tokens.flatMap((token, index) => {
    const close = list.at(list.close(index));
    if (close === undefined || close === token) return [];
    const inside = { start: token.end, end: close.start };
    return [inside, { start: token.start, end: close.end }];
  });
  return [
    ...tokens.filter(({ kind }) => kind !== 'mark'),
    ...calls.flatMap((call) => [call, ...call.arguments]),
    ...brackets,
    ...querySpans(query),
    { start: 0, end: text.length },
  ];
}

function querySpans(query: Query): Span[] {
  const tables = query.tables.flatMap((table) => [
    table,
    ...(table.query === undefined ? [] : querySpans(table.query)),
  ]);
  return [query, ...tables, ...query.blocks.flatMap(blockSpans)];
}

function blockSpans(block: Block): Span[] {
  return [
    block,
    ...block.clauses,
    ...block.items.flatMap((item) => [item, item.expression]),
    ...block.relations.flatMap((relation) => [relation, relation.source]),
    ...block.queries.flatMap(querySpans),
  ];
}

function trimmed(text: string, { start, end }: Span): Span {
  const inside = text.slice(start, end);
  const first = start + (inside.length - inside.trimStart().length);
  return { start: first, end: Math.max(first, end - (inside.length - inside.trimEnd().length)) };
}
