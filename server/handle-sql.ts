import type { Position } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { isSql, type ServerContext } from './context.ts';
import { completeSql } from './sql/completion.ts';
import { defineSql } from './sql/definition.ts';
import { candidateFixes } from './sql/fixes.ts';
import { knowledgeFor } from './sql/host-knowledge.ts';
import { hoverSql } from './sql/hover.ts';
import type { SqlKnowledge } from './sql/knowledge.ts';
import { runLenses } from './sql/lenses.ts';
import { helpWithSignature } from './sql/signature-help.ts';
import { statementSymbols } from './sql/symbols.ts';

interface SqlPlace {
  readonly document: TextDocument;
  readonly text: string;
  readonly offset: number;
  readonly knowledge: SqlKnowledge;
}

/** Answers what the editor asks about SQL documents, and keeps their diagnostics. */
export function handleSql(context: ServerContext): void {
  const { connection, documents, checker, platform } = context;
  const sqlDocument = (uri: string): TextDocument | undefined => {
    const document = documents.get(uri);
    return document && isSql(document) ? document : undefined;
  };
  /** The place that a request names, or undefined when it is in no SQL document. */
  const place = (params: { textDocument: { uri: string }; position: Position }): SqlPlace | undefined => {
    const document = sqlDocument(params.textDocument.uri);
    if (document === undefined) return undefined;
    const knowledge = knowledgeFor(document.uri, { ...context, files: platform.files });
    return { document, text: document.getText(), offset: document.offsetAt(params.position), knowledge };
  };

  documents.onDidChangeContent(({ document }) => {
    if (isSql(document)) checker.schedule(document.uri);
  });
  documents.onDidClose(({ document }) => {
    if (isSql(document)) checker.close(document.uri);
  });
  connection.onCodeLens(({ textDocument }) => {
    const document = sqlDocument(textDocument.uri);
    return document ? runLenses(document) : [];
  });
  connection.onDocumentSymbol(({ textDocument }) => {
    const document = sqlDocument(textDocument.uri);
    return document ? statementSymbols(document) : [];
  });
  connection.onCodeAction(({ textDocument, context: { diagnostics } }) => {
    const document = sqlDocument(textDocument.uri);
    return document ? candidateFixes(document, diagnostics) : [];
  });
  connection.onCompletion((params) => {
    const at = place(params);
    return at ? completeSql(at.text, at.offset, at.knowledge) : [];
  });
  connection.onHover((params) => {
    const at = place(params);
    return at ? hoverSql(at.document, at.offset, at.knowledge) : null;
  });
  connection.onSignatureHelp((params) => {
    const at = place(params);
    return at ? helpWithSignature(at.text, at.offset, at.knowledge) : null;
  });
  connection.onDefinition((params) => {
    const at = place(params);
    return at ? defineSql(at.text, at.offset, at.knowledge) : null;
  });
}
