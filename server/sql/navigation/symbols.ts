import { type DocumentSymbol, SymbolKind, type WorkspaceSymbol } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { leadingStart, readDirectives } from '../../../wasm-core/protocol/directives.ts';
import { tokenEnd } from '../../../wasm-core/protocol/statements.ts';
import type { SlicedWork } from '../../turns.ts';
import type { KnownFunction } from '../knowledge.ts';
import type { PlacedStatement } from '../syntax/document-syntax.ts';
import type { CommonTable, Definition, Query, Span } from '../syntax/tree.ts';
import { firstWords } from '../tokens.ts';
import { mayDefine } from './document-names.ts';
import { rangeOf } from './place.ts';
import type { SqlDocument } from './sql-workspace.ts';

const LONGEST_NAME = 60;

/**
 * The statements of a document, for the outline: each by its name, else its first words; in it its common tables. Others
 * have their turn in between.
 */
export async function documentSymbols(
  { document, statements }: SqlDocument,
  { turns, isCancelled }: SlicedWork,
): Promise<DocumentSymbol[]> {
  const text = document.getText();
  const symbolOf = (statement: PlacedStatement, index: number): [DocumentSymbol] => {
    const name = statementName(text, statements, index);
    const words = shortened(firstWords(text, statement, LONGEST_NAME));
    const { definition } = statement.syntax;
    const symbol = {
      name: name ?? words,
      ...(name !== undefined && { detail: words }),
      kind: definition === undefined ? SymbolKind.Event : KINDS[definition.kind],
      range: rangeOf(document, statement, { start: 0, end: statement.text.length }),
      selectionRange: rangeOf(document, statement, definition?.name ?? firstToken(statement)),
      children: tableSymbols(document, statement, statement.syntax.query),
    };
    return [symbol];
  };
  return await turns.flatMap(statements, symbolOf, isCancelled);
}

/** What a statement is called: by its directive, else by its first words. */
export function statementLabel({ document, statements }: SqlDocument, index: number): string {
  const text = document.getText();
  const statement = statements[index];
  const words = () => (statement === undefined ? '' : shortened(firstWords(text, statement, LONGEST_NAME)));
  return statementName(text, statements, index) ?? words();
}

/** The first word of a statement, in its text. */
export function firstToken({ text }: PlacedStatement): Span {
  return { start: 0, end: tokenEnd(text, 0) };
}

/** Named statements and definitions of documents whose name fits what the user types. */
export function workspaceSymbols({ document, statements }: SqlDocument, query: string): WorkspaceSymbol[] {
  const text = document.getText();
  return statements.flatMap((statement, index) => {
    const symbols: WorkspaceSymbol[] = [];
    const location = (span: { readonly start: number; readonly end: number }) => ({
      uri: document.uri,
      range: rangeOf(document, statement, span),
    });
    const name = statementName(text, statements, index);
    if (name !== undefined && fits(name, query)) {
      symbols.push({
        name,
        kind: SymbolKind.Event,
        location: location({ start: 0, end: statement.text.length }),
      });
    }
    const definition = mayDefine(statement) ? statement.syntax.definition : undefined;
    if (definition !== undefined && fits(definition.name.text, query)) {
      symbols.push({
        name: definition.name.text,
        kind: KINDS[definition.kind],
        location: location(definition.name),
      });
    }
    return symbols;
  });
}

/** Functions of plugins whose source is known. */
export function pluginSymbols(functions: readonly KnownFunction[], query: string): WorkspaceSymbol[] {
  return functions.flatMap(({ fn, uri, range, module }) =>
    uri === undefined || range === undefined || !fits(fn.name, query)
      ? []
      : [{ name: fn.name, kind: SymbolKind.Function, containerName: module, location: { uri, range } }],
  );
}

/** The name that a directive gives a statement: `-- name: top customers`. */
function statementName(
  text: string,
  statements: readonly Pick<PlacedStatement, 'start' | 'end'>[],
  index: number,
): string | undefined {
  const to = statements[index]?.start ?? text.length;
  const { name } = readDirectives(text, leadingStart(statements, index), to);
  return name && shortened(name);
}

const KINDS: Readonly<Record<Definition['kind'], SymbolKind>> = {
  TABLE: SymbolKind.Struct,
  VIEW: SymbolKind.Interface,
  MACRO: SymbolKind.Function,
  TYPE: SymbolKind.Enum,
  SCHEMA: SymbolKind.Namespace,
  SEQUENCE: SymbolKind.Number,
  INDEX: SymbolKind.Key,
};

function tableSymbols(
  document: TextDocument,
  statement: PlacedStatement,
  query: Query | undefined,
): DocumentSymbol[] {
  return (query?.tables ?? []).map((table: CommonTable) => ({
    name: table.name.text === '' ? '""' : table.name.text,
    kind: SymbolKind.Variable,
    range: rangeOf(document, statement, table),
    selectionRange: rangeOf(document, statement, table.name),
    children: tableSymbols(document, statement, table.query),
  }));
}

/** Whether the letters of a query stand in a name in their order, as editors search. */
export function fits(name: string, query: string): boolean {
  const searched = name.toLowerCase();
  let at = 0;
  for (const letter of query.toLowerCase()) {
    at = searched.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function shortened(text: string): string {
  return text.length <= LONGEST_NAME ? text : `${text.slice(0, LONGEST_NAME - 1)}…`;
}
