import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver';
import type { CatalogFunction, ColumnInfo } from '../../wasm-core/protocol/methods.ts';
import { splitStatements, statementAt } from '../../wasm-core/protocol/statements.ts';
import { type KnownFunction, type SqlKnowledge, signatureText } from './knowledge.ts';
import { commonTableNames, type Relation, relationsAt } from './scope.ts';
import { identifier, isInComment, isKeyword, isMark, quoted, type Token, tokenize } from './tokens.ts';

/**
 * What may stand at a position: files inside a string, columns behind `alias.`, tables behind FROM, else columns in
 * scope, functions and keywords.
 *
 * @param text the whole document
 * @param offset UTF-16 code units
 */
export async function completeSql(
  text: string,
  offset: number,
  knowledge: SqlKnowledge,
): Promise<CompletionItem[]> {
  if (isInComment(text, offset)) return [];
  const ranges = splitStatements(text);
  const range = ranges[statementAt(ranges, offset)] ?? { start: 0, end: text.length };
  // Space behind the last token still belongs to the statement that is being typed.
  const end = Math.max(range.end, offset);
  const start = Math.min(range.start, offset);
  const place = { statement: text.slice(start, end), offset: offset - start };
  const before = tokenize(place.statement, 0, place.offset);
  const last = before.at(-1);
  if (last?.kind === 'string' && isOpen(last)) return files(last, knowledge);
  // The word being typed is what gets replaced; what stands before it decides.
  const typing = last !== undefined && last.end === place.offset && last.kind !== 'mark';
  const behind = typing ? before.slice(0, -1) : before;
  if (isMark(behind.at(-1), '.')) return qualified(place, identifier(behind.at(-2)), knowledge);
  if (isKeyword(behind.at(-1), 'FROM', 'JOIN', 'INTO', 'UPDATE', 'TABLE', 'DESCRIBE', 'SUMMARIZE')) {
    return tables(place, knowledge);
  }
  return anything(place, knowledge);
}

interface Place {
  readonly statement: string;
  readonly offset: number;
}

/** Sorts what one wants most to the top. */
const RANK = { column: '0', table: '1', plugin: '2', function: '3', keyword: '4' } as const;

function isOpen(token: Token): boolean {
  return token.text.length === 1 || !token.text.endsWith("'");
}

async function files(token: Token, knowledge: SqlKnowledge): Promise<CompletionItem[]> {
  const typed = token.text.replace(/^[eE]?'/, '');
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  const names = await knowledge.files(folder);
  return names
    .filter((name) => !name.startsWith('.'))
    .map((name) => ({
      label: name,
      kind: name.endsWith('/') ? CompletionItemKind.Folder : CompletionItemKind.File,
      insertText: name.replaceAll("'", "''"),
    }));
}

async function qualified(
  place: Place,
  name: string | undefined,
  knowledge: SqlKnowledge,
): Promise<CompletionItem[]> {
  const wanted = name?.toLowerCase();
  const relation = relationsAt(place.statement, place.offset).find((r) => r.name.toLowerCase() === wanted);
  const { keywords, tables: known } = await knowledge.catalog();
  const reserved = new Set(keywords);
  if (relation !== undefined) return columnItems(await knowledge.columns(relation.query), relation, reserved);
  const table = known.find((t) => t.name.toLowerCase() === wanted);
  return columnItems(table?.columns ?? [], { name: name ?? '' }, reserved);
}

async function tables(place: Place, knowledge: SqlKnowledge): Promise<CompletionItem[]> {
  const catalog = await knowledge.catalog();
  const reserved = new Set(catalog.keywords);
  const named = commonTableNames(place.statement).map((name) => tableItem(name, 'common table', reserved));
  const known = catalog.tables.map(({ name, columns }) =>
    tableItem(name, `table of ${columns.length} ${columns.length === 1 ? 'column' : 'columns'}`, reserved),
  );
  const functions = catalog.functions.filter((fn) => fn.kind.startsWith('table'));
  return [...named, ...known, ...functions.map(functionItem)];
}

async function anything(place: Place, knowledge: SqlKnowledge): Promise<CompletionItem[]> {
  const relations = relationsAt(place.statement, place.offset);
  const [catalog, plugins, columns] = await Promise.all([
    knowledge.catalog(),
    knowledge.functions(),
    Promise.all(relations.map((relation) => knowledge.columns(relation.query))),
  ]);
  const reserved = new Set(catalog.keywords);
  const names = new Set(plugins.map(({ fn }) => fn.name));
  return [
    ...relations.flatMap((relation, i) => columnItems(columns[i] ?? [], relation, reserved)),
    ...relations.filter((r) => r.name !== '').map((r) => tableItem(r.name, 'in this statement', reserved)),
    ...plugins.map(pluginItem),
    ...catalog.functions
      .filter((fn) => !fn.kind.startsWith('table') && !names.has(fn.name))
      .map(functionItem),
    ...catalog.keywords.map((keyword) => ({
      label: keyword,
      kind: CompletionItemKind.Keyword,
      sortText: `${RANK.keyword}${keyword}`,
    })),
  ];
}

function columnItems(
  columns: readonly ColumnInfo[],
  relation: Pick<Relation, 'name'>,
  reserved: ReadonlySet<string>,
): CompletionItem[] {
  return columns.map(({ name, type }, index) => ({
    label: name,
    kind: CompletionItemKind.Field,
    detail: relation.name === '' ? type : `${type}, ${relation.name}`,
    insertText: quoted(name, reserved),
    filterText: name,
    // In the table's own order.
    sortText: `${RANK.column}${String(index).padStart(4, '0')}`,
  }));
}

function tableItem(name: string, detail: string, reserved: ReadonlySet<string>): CompletionItem {
  return {
    label: name,
    kind: CompletionItemKind.Struct,
    detail,
    insertText: quoted(name, reserved),
    filterText: name,
    sortText: `${RANK.table}${name}`,
  };
}

function pluginItem({ fn, module }: KnownFunction): CompletionItem {
  return {
    label: fn.name,
    kind: CompletionItemKind.Function,
    detail: signatureText(fn),
    documentation: fn.doc === '' ? `From the plugin ${module}.` : `${fn.doc}\n\nFrom the plugin ${module}.`,
    sortText: `${RANK.plugin}${fn.name}`,
  };
}

function functionItem(fn: CatalogFunction): CompletionItem {
  const [first = fn.name, ...others] = fn.signatures;
  return {
    label: fn.name,
    kind: CompletionItemKind.Function,
    detail: others.length === 0 ? first : `${first} (+${others.length})`,
    documentation: fn.doc,
    sortText: `${RANK.function}${fn.name}`,
  };
}
