import { type CodeAction, CodeActionKind } from 'vscode-languageserver';
import type { ColumnInfo } from '../../../wasm-core/protocol/methods.ts';
import { RESERVED_WORDS } from '../reserved-words.ts';
import { absorbedColumns } from '../syntax/merged-columns.ts';
import {
  type Level,
  levelsAt,
  queryWithTables,
  relationName,
  relationQuery,
  textOf,
} from '../syntax/scope.ts';
import type { Block, RelationSyntax, SelectItem, Span } from '../syntax/tree.ts';
import { quoted } from '../tokens.ts';
import { type FixInput, textEdits } from './fix.ts';

/**
 * `*` and `t.*` at a position become the columns that they stand for.
 *
 * @param span what is selected, in the statement
 */
export async function expandStar(input: FixInput, span: Span): Promise<CodeAction[]> {
  const levels = levelsAt(input.statement.syntax, span.start);
  const block = levels[0]?.block;
  const item = block?.items.find(
    ({ start, end, isStar }) => isStar && span.start >= start && span.end <= end,
  );
  if (block === undefined || item === undefined) return [];
  const columns = await columnsOf(input, { block, item, levels });
  if (columns.length === 0) return [];
  const changes = [{ start: item.start, end: item.end, text: columns.join(', ') }];
  return [
    {
      title: `Expand ${textOf(input.statement.text, item)} into its ${columns.length} columns`,
      kind: CodeActionKind.RefactorRewrite,
      edit: { changes: { [input.document.uri]: textEdits(input, changes) } },
    },
  ];
}

interface Place {
  readonly block: Block;
  readonly item: SelectItem;
  readonly levels: readonly Level[];
}

async function columnsOf(input: FixInput, { block, item, levels }: Place): Promise<string[]> {
  const { text, syntax } = input.statement;
  const written = textOf(text, item);
  // What REPLACE and COLUMNS say is lost in a list of names.
  if (/\breplace\b|\brename\b|^columns\b/i.test(written)) return [];
  if (/^\*$/.test(written) && block.relations.length > 1 && !leavesOut(text, block)) {
    const lists = await Promise.all(
      block.relations.map(async (relation) => ({
        relation,
        columns: await input.knowledge.columns(relationQuery(syntax, relation, levels)),
      })),
    );
    return lists.every(({ columns }) => columns.length > 0) ? joinedPaths(lists) : [];
  }
  const from = block.clauses.find(({ keyword }) => keyword === 'FROM');
  const query = `select ${written} ${from === undefined ? '' : textOf(text, from)}`;
  const columns = await input.knowledge.columns(queryWithTables(syntax, query, levels));
  const names = columns.map(({ name }) => name);
  // Columns of equal names cannot be told apart by them.
  if (new Set(names.map((name) => name.toLowerCase())).size < names.length) return [];
  const qualifier = /^(.+?)\.\s*\*/s.exec(written)?.[1];
  const plain = names.map((name) => quoted(name, RESERVED_WORDS));
  return qualifier === undefined ? plain : plain.map((name) => `${qualifier}.${name}`);
}

/** The columns of joined relations; what USING or NATURAL makes one column is no single relation's. */
function joinedPaths(
  lists: readonly { readonly relation: RelationSyntax; readonly columns: readonly ColumnInfo[] }[],
): string[] {
  const absorbed = absorbedColumns(
    lists.map(({ relation: { merges }, columns }) => ({ columns, ...(merges !== undefined && { merges }) })),
  );
  const merged = new Set(absorbed.flatMap((names) => [...names]));
  return lists.flatMap(({ relation, columns }, index) =>
    columns
      .filter(({ name }) => absorbed[index]?.has(name.toLowerCase()) !== true)
      .map(({ name }) => path(merged.has(name.toLowerCase()) ? '' : relationName(relation), name)),
  );
}

/** SEMI and ANTI give no columns of the other side. */
function leavesOut(text: string, { clauses }: Block): boolean {
  const from = clauses.find(({ keyword }) => keyword === 'FROM');
  return from !== undefined && /\b(semi|anti)\b/i.test(textOf(text, from));
}

function path(relation: string, column: string): string {
  const name = quoted(column, RESERVED_WORDS);
  return relation === '' ? name : `${quoted(relation, RESERVED_WORDS)}.${name}`;
}
