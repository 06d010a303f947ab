import {
  type Range,
  type SemanticTokens,
  SemanticTokensRangeRequest,
  SemanticTokensRequest,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { isSql, type ServerContext } from './context.ts';
import { readEditorSettings } from './editor-settings.ts';
import type { WatAnswers } from './handle-wat.ts';
import { knowledgeFor } from './sql/host-knowledge.ts';
import { foldingRanges } from './sql/navigation/folding.ts';
import { resultTypeHints } from './sql/navigation/inlay-hints.ts';
import { documentLinks } from './sql/navigation/links.ts';
import { selectionAt } from './sql/navigation/selection.ts';
import { SemanticTokenizer } from './sql/navigation/semantic-tokens.ts';
import { sqlWorkspace } from './sql/navigation/sql-workspace.ts';
import { documentSymbols, fits, pluginSymbols, workspaceSymbols } from './sql/navigation/symbols.ts';

type Of = { readonly textDocument: { readonly uri: string } };
type Token = { readonly isCancellationRequested: boolean };

/** What the host and the plugins know, for the SQL of one document. */
export function knowledgeOf(context: ServerContext, uri: string, database?: string) {
  return knowledgeFor(uri, { ...context, files: context.platform.files }, database);
}

/** The SQL documents of the workspace, as the editor has them. */
export function workspaceOf({ platform, workspace, syntaxes, documents }: ServerContext) {
  const open = () => documents.all().filter(isSql);
  const all = () => documents.all();
  return sqlWorkspace({ files: platform.files, workspace, syntaxes, open, all });
}

/** Answers for whole documents: symbols, folding, selection, links, colours and hints. */
export function handleStructure(context: ServerContext, wat: WatAnswers): void {
  handleSymbols(context, wat);
  handleParts(context, wat);
  handleTokens(context, wat);
}

function handleSymbols(context: ServerContext, wat: WatAnswers): void {
  const { connection, syntaxes, plugins, turns } = context;
  const workspace = workspaceOf(context);
  connection.onDocumentSymbol((params, token) => {
    const isCancelled = () => token.isCancellationRequested;
    const inSql = (document: TextDocument) =>
      documentSymbols({ document, statements: syntaxes.of(document) }, { turns, isCancelled });
    return wat.symbols(params) ?? inAll(context, params, inSql);
  });
  connection.onWorkspaceSymbol(async ({ query }) => {
    const documents = await workspace.all();
    const functions = context.workspace.all.flatMap((folder) => plugins.functionsIn(folder));
    return [
      ...documents.flatMap((document) => workspaceSymbols(document, query)),
      ...pluginSymbols(functions, query),
      ...(await wat.workspaceSymbols((name) => fits(name, query))),
    ];
  });
}

function handleParts(context: ServerContext, wat: WatAnswers): void {
  const { connection, syntaxes, sqlDocuments, turns } = context;
  const workspace = workspaceOf(context);
  connection.onFoldingRanges((params, token) => {
    const isCancelled = () => token.isCancellationRequested;
    const inSql = (document: TextDocument) =>
      foldingRanges(document, syntaxes.of(document), { turns, isCancelled });
    return wat.folding(params) ?? inAll(context, params, inSql);
  });
  connection.onDocumentLinks((params, token) =>
    inAll(context, params, (document) => {
      const isCancelled = () => token.isCancellationRequested;
      return documentLinks(document, syntaxes.of(document), { workspace, turns, isCancelled });
    }),
  );
  connection.onSelectionRanges((params) => {
    const inWat = wat.selections(params);
    if (inWat !== undefined) return inWat;
    const { textDocument, positions } = params;
    const found = positions.map((position) => {
      const document = sqlDocuments.at(textDocument.uri, position);
      return document && selectionAt(document, syntaxes.of(document), document.offsetAt(position));
    });
    // One for each position, or none: the editor counts them.
    return found.some((range) => range === undefined) ? [] : found.filter((range) => range !== undefined);
  });
  connection.languages.inlayHint.on(async (params) => {
    const { indexNames, resultTypes } = await readEditorSettings(context, params.textDocument.uri);
    const inWat = wat.hints(params);
    if (inWat !== undefined) return indexNames ? inWat : [];
    if (!resultTypes) return [];
    return inAll(context, params, async (document) => {
      const knowledge = (database?: string) => knowledgeOf(context, document.uri, database);
      const part = partOf(document, params.range);
      return resultTypeHints(document, syntaxes.of(document), { part, knowledge });
    });
  });
}

function handleTokens(context: ServerContext, wat: WatAnswers): void {
  const { connection, syntaxes, sqlDocuments } = context;
  const tokenizer = new SemanticTokenizer(context.turns);
  const tokens = async (
    params: Of & { readonly range?: Range },
    token: Token,
  ): Promise<SemanticTokens | null> => {
    const inWat = wat.tokens(params);
    if (inWat !== undefined) return inWat;
    const [sql, ...others] = sqlDocuments.all(params.textDocument.uri);
    // An editor takes the tokens of one source for a document: ours must not stand in for those of a program's language.
    if (sql === undefined || sql.isInProgram || others.length > 0) return null;
    const { document } = sql;
    const functions = await knowledgeOf(context, document.uri).functions();
    return tokenizer.tokens(document, syntaxes.of(document), {
      plugins: new Set(functions.map(({ fn }) => fn.name)),
      ...(params.range && { part: partOf(document, params.range) }),
      isCancelled: () => token.isCancellationRequested,
    });
  };
  connection.onRequest(SemanticTokensRequest.type, tokens);
  connection.onRequest(SemanticTokensRangeRequest.type, tokens);
}

/** What is found in all SQL of a document, its own or that inside it. */
async function inAll<T>(
  { sqlDocuments }: ServerContext,
  { textDocument }: Of,
  find: (document: TextDocument) => Promise<T[]>,
): Promise<T[]> {
  const found: T[] = [];
  for (const { document } of sqlDocuments.all(textDocument.uri)) found.push(...(await find(document)));
  return found;
}

/** A range as offsets. */
export function partOf(document: TextDocument, { start, end }: Range) {
  return { start: document.offsetAt(start), end: document.offsetAt(end) };
}
