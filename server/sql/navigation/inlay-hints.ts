import { type InlayHint, InlayHintKind } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { SqlKnowledge } from '../knowledge.ts';
import type { PlacedStatement } from '../syntax/document-syntax.ts';
import { textOf } from '../syntax/scope.ts';
import type { SelectItem, Span } from '../syntax/tree.ts';

/** How many statements are described for one answer. */
const MOST_STATEMENTS = 20;
const LONGEST_TYPE = 40;

/** The types of what statements select, behind each item that does not say its type itself. */
export async function resultTypeHints(
  document: TextDocument,
  statements: readonly PlacedStatement[],
  {
    part,
    knowledge,
  }: {
    readonly part: Span;
    readonly knowledge: (database: string | undefined) => Pick<SqlKnowledge, 'columns'>;
  },
): Promise<InlayHint[]> {
  const shown = statements.filter(({ start, end }) => end >= part.start && start <= part.end);
  const hints = await Promise.all(
    shown
      .slice(0, MOST_STATEMENTS)
      .map((statement) => statementHints(document, statement, knowledge(statement.database))),
  );
  return hints.flat();
}

async function statementHints(
  document: TextDocument,
  { start, text, syntax: { query } }: PlacedStatement,
  knowledge: Pick<SqlKnowledge, 'columns'>,
): Promise<InlayHint[]> {
  const items = query.blocks[0]?.items ?? [];
  if (items.every((item) => item.isStar || saysType(text, item))) return [];
  const columns = await knowledge.columns(textOf(text, query));
  const stars = items.filter(({ isStar }) => isStar).length;
  return items.flatMap((item, index) => {
    if (item.isStar || saysType(text, item)) return [];
    // Behind a star the columns are counted from the end; between two stars only a name tells which one it is.
    const fromEnd = columns.length - (items.length - index);
    const isBefore = !items.slice(0, index).some((other) => other.isStar);
    const isBehind = !items.slice(index + 1).some((other) => other.isStar);
    const at = isBefore ? index : isBehind ? fromEnd : columns.findIndex(({ name }) => name === item.name);
    const column = stars === 0 && columns.length !== items.length ? undefined : columns[at];
    if (column === undefined) return [];
    const { type } = column;
    return [
      {
        position: document.positionAt(start + item.end),
        label: `: ${type.length > LONGEST_TYPE ? `${type.slice(0, LONGEST_TYPE - 1)}…` : type}`,
        kind: InlayHintKind.Type,
        ...(type.length > LONGEST_TYPE && { tooltip: type }),
      },
    ];
  });
}

/** Whether an item is a cast or a literal. */
function saysType(text: string, { expression }: SelectItem): boolean {
  const written = textOf(text, expression);
  return (
    /::\s*"?\w+"?(\([\d\s,]*\))?(\[\d*\])*$/.test(written) ||
    /^(try_)?cast\s*\([^()]*\)$/i.test(written) ||
    /^('[^']*'|\d+(\.\d+)?|true|false)$/i.test(written)
  );
}
