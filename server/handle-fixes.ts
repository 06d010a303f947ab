import type { CodeAction, CodeActionParams } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { WORKSPACE_FILE } from '../wasm-core/protocol/workspace-file.ts';
import { isSql, type ServerContext } from './context.ts';
import { grantFixes } from './plugins/fix-grant.ts';
import { inDatabase } from './sql/directives/directive-texts.ts';
import { codeActions } from './sql/fixes/all-fixes.ts';
import type { FixInput } from './sql/fixes/fix.ts';
import { knowledgeFor } from './sql/host-knowledge.ts';
import type { PlacedStatement } from './sql/syntax/document-syntax.ts';

/**
 * Answers what can be done about the diagnostics of SQL documents and of plugins' sources.
 *
 * @param options.createsFiles whether the client does so when an edit asks for it; known once it has initialized us
 */
export function handleFixes(context: ServerContext, options: { readonly createsFiles: () => boolean }): void {
  const { connection, documents } = context;
  connection.onCodeAction((params, token) => {
    const document = documents.get(params.textDocument.uri);
    if (document === undefined) return [];
    if (!isSql(document)) return pluginFixes(context, params, options.createsFiles());
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    const inputAt = fixInputs(context, {
      document,
      createsFiles: options.createsFiles(),
      signal: controller.signal,
    });
    return codeActions(params, inputAt);
  });
}

/** What can be done about the diagnostics of a plugin's source. */
function pluginFixes(
  { platform, workspace, documents }: ServerContext,
  { textDocument, context: { diagnostics, only } }: CodeActionParams,
  createsFiles: boolean,
): CodeAction[] {
  const { files } = platform;
  const path = files.toPath(textDocument.uri);
  if (path === undefined || only?.every((kind) => !'quickfix'.startsWith(kind))) return [];
  const target = files.join(workspace.namespaceOf(path), WORKSPACE_FILE);
  const open = documents.all().find(({ uri }) => files.toPath(uri) === target);
  const file = { uri: open?.uri ?? files.toUri(target), text: open?.getText() ?? files.readText(target) };
  return grantFixes(diagnostics, { file, createsFiles });
}

function fixInputs(
  context: ServerContext,
  {
    document,
    createsFiles,
    signal,
  }: { readonly document: TextDocument; readonly createsFiles: boolean; readonly signal: AbortSignal },
): (offset: number) => FixInput {
  const { workspace, platform, sessions, syntaxes } = context;
  const { files } = platform;
  const folders = workspace.trusted ? workspace.foldersOf(document.uri) : undefined;
  const knowledge = (database?: string) => knowledgeFor(document.uri, { ...context, files }, database);
  const language = workspace.options.newPluginLanguage ?? 'assemblyscript';
  /** What the document defines before a statement, which may need it. */
  const definitionsBefore = (start: number) =>
    syntaxes
      .of(document)
      .filter((statement) => statement.end < start && /^(create|attach|use|set)\b/i.test(statement.text))
      .map(({ text, database }) => `${inDatabase(text, database)};\n`)
      .join('');
  const isSound = async (statement: PlacedStatement, sql: string, level?: 'isParsed') => {
    if (folders === undefined || signal.aborted) return false;
    const before = definitionsBefore(statement.start) + inDatabase('', statement.database);
    const found = await sessions.check(folders, { sql: before + sql }).catch(() => undefined);
    const own = found?.diagnostics.filter(({ start }) => start >= before.length);
    return own?.every(({ kind }) => level === 'isParsed' && kind !== 'SQL_PARSE') ?? false;
  };
  const inputAt = (statement: PlacedStatement): FixInput => ({
    document,
    statement,
    knowledge: knowledge(statement.database),
    isSound: (sql, level) => isSound(statement, sql, level),
    ...(createsFiles && folders !== undefined && { newPlugins: { files, folders, language } }),
  });
  return (offset) => inputAt(syntaxes.at(document, offset));
}
