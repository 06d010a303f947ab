import type { CodeLens, Position } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import {
  LSP_STATEMENTS,
  LSP_VISIBLE,
  type StatementsParams,
  type StatementsResult,
} from '../wasm-core/protocol/lsp.ts';
import { isSql, type ServerContext } from './context.ts';
import { embeddedText } from './embedded/embedded-statements.ts';
import { runnableLenses } from './embedded/runnable-lenses.ts';
import { sourceLenses } from './handle-functions.ts';
import { WatAnswers } from './handle-wat.ts';
import { completeSql } from './sql/completion/complete.ts';
import { itemUri, resolveItem } from './sql/completion/resolve.ts';
import { knowledgeFor } from './sql/host-knowledge.ts';
import type { SqlKnowledge } from './sql/knowledge.ts';
import { runLenses } from './sql/lenses.ts';
import { resolveWatItem } from './wat/completion/offers.ts';

/** What asks for completions when it is typed in a directive, and nowhere else. */
export const DIRECTIVE_TRIGGERS: readonly string[] = ['@', '='];

interface SqlPlace {
  readonly document: TextDocument;
  readonly text: string;
  readonly offset: number;
  readonly knowledge: SqlKnowledge;
}

/** Answers what the editor asks about SQL documents, and keeps their diagnostics. */
export function handleSql(
  context: ServerContext,
  client: { readonly supportsSnippets: () => boolean },
): void {
  const { connection, documents, checker, embeddedChecker, sqlDocuments, platform } = context;
  const wat = new WatAnswers(context);
  /** The place that a request names, or undefined when it is in no SQL document. */
  const place = (params: { textDocument: { uri: string }; position: Position }): SqlPlace | undefined => {
    const document = sqlDocuments.at(params.textDocument.uri, params.position);
    if (document === undefined) return undefined;
    const offset = document.offsetAt(params.position);
    const { database } = context.syntaxes.at(document, offset);
    const knowledge = knowledgeFor(document.uri, { ...context, files: platform.files }, database);
    return { document, text: document.getText(), offset, knowledge };
  };

  documents.onDidChangeContent(({ document }) => {
    (isSql(document) ? checker : embeddedChecker).schedule(document.uri);
  });
  documents.onDidSave(({ document }) => {
    if (isSql(document)) checker.saved(document.uri);
  });
  documents.onDidClose(({ document }) => {
    (isSql(document) ? checker : embeddedChecker).close(document.uri);
  });
  connection.onNotification(LSP_VISIBLE, (told: unknown) => context.visible.take(told));
  connection.onCodeLens(async ({ textDocument: { uri } }, token) => {
    const work = { turns: context.turns, isCancelled: () => token.isCancellationRequested };
    const lenses: CodeLens[] = [];
    for (const sql of sqlDocuments.all(uri)) {
      const statements = context.syntaxes.of(sql.document);
      const found = await runLenses(sql.document, statements, work);
      lenses.push(...(sql.parts.length === 0 ? found : runnableLenses(embeddedText(sql, statements), found)));
    }
    const document = documents.get(uri);
    return document && isSql(document) ? lenses : [...lenses, ...(await sourceLenses(context, uri))];
  });
  connection.onRequest(LSP_STATEMENTS, ({ uri }: StatementsParams): StatementsResult => {
    const version = documents.get(uri)?.version;
    const texts = sqlDocuments.all(uri).map((sql) => embeddedText(sql, context.syntaxes.of(sql.document)));
    return { ...(version !== undefined && { version }), texts };
  });
  connection.onCompletion((params) => {
    const inWat = wat.completion(params);
    if (inWat !== undefined) return inWat;
    // A parenthesis alone asks in WebAssembly text, where a word must follow.
    const at = params.context?.triggerCharacter === '(' ? undefined : place(params);
    const supportsSnippets = client.supportsSnippets();
    if (at === undefined) return [];
    const checkedColumns = (statement: string) => checker.columnsOf(at.document.uri, statement);
    const isDirectiveAsked = DIRECTIVE_TRIGGERS.includes(params.context?.triggerCharacter ?? '');
    return completeSql({
      ...at,
      syntaxes: context.syntaxes,
      supportsSnippets,
      checkedColumns,
      isDirectiveAsked,
    });
  });
  connection.onCompletionResolve((item) => {
    const inWat = resolveWatItem(item);
    if (inWat !== undefined) return inWat;
    const uri = itemUri(item);
    return uri === undefined
      ? item
      : resolveItem(item, knowledgeFor(uri, { ...context, files: platform.files }));
  });
}
