import {
  type ClientCapabilities,
  type Connection,
  type InitializeParams,
  type InitializeResult,
  type ServerCapabilities,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { createContext } from './create-context.ts';
import { handleCalls } from './handle-calls.ts';
import { handleFixes } from './handle-fixes.ts';
import { FORMATTING_CAPABILITIES, handleFormatting } from './handle-formatting.ts';
import { handleFunctions } from './handle-functions.ts';
import { handleNavigation, NAVIGATION_CAPABILITIES } from './handle-navigation.ts';
import { handlePlugins } from './handle-plugins.ts';
import { DIRECTIVE_TRIGGERS, handleSql } from './handle-sql.ts';
import { handleWat } from './handle-wat.ts';
import { handleWit } from './handle-wit.ts';
import type { Platform } from './platform.ts';
import { handleWorkspaceFile } from './workspace-file/handle-workspace-file.ts';

/** Wires the language server to a connection that is not listened to yet. */
export function startServer(connection: Connection, platform: Platform): void {
  const context = createContext(connection, platform);
  let capabilities: ClientCapabilities | undefined;
  const registersCalls = () => capabilities?.textDocument?.callHierarchy?.dynamicRegistration === true;
  const registersFormatting = () => {
    const { formatting, rangeFormatting, onTypeFormatting } = capabilities?.textDocument ?? {};
    return [formatting, rangeFormatting, onTypeFormatting].every((one) => one?.dynamicRegistration === true);
  };
  connection.onInitialize((params) => {
    capabilities = params.capabilities;
    context.editor.tellsSettings = capabilities.workspace?.configuration === true;
    context.editor.refreshesLenses = capabilities.workspace?.codeLens?.refreshSupport === true;
    context.workspace.initialize(folderUris(params), params.initializationOptions);
    // Where the client cannot be told of which documents, it asks of all that it has of ours.
    return initializeResult({
      callHierarchyProvider: !registersCalls(),
      ...(!registersFormatting() && FORMATTING_CAPABILITIES),
    });
  });
  handleSql(context, {
    supportsSnippets: () => capabilities?.textDocument?.completion?.completionItem?.snippetSupport === true,
  });
  handleWorkspaceFile(context);
  handleNavigation(context);
  const registerCalls = handleCalls(context, { registersCalls });
  const registerFormatting = handleFormatting(context, { registersFormatting });
  handleWat(context);
  handleWit(context);
  handleFunctions(context);
  handleFixes(context, {
    createsFiles: () =>
      capabilities?.workspace?.workspaceEdit?.documentChanges === true &&
      capabilities.workspace.workspaceEdit.resourceOperations?.includes('create') === true,
  });
  const startPlugins = handlePlugins(context, {
    watchesFiles: () => capabilities?.workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    tellsFolders: () => capabilities?.workspace?.workspaceFolders === true,
  });
  connection.onInitialized(async () => {
    await registerCalls();
    await registerFormatting();
    await startPlugins();
  });
  connection.onShutdown(async () => {
    context.checker.dispose();
    context.embeddedChecker.dispose();
    context.watChecker.dispose();
    context.plugins.dispose();
    context.host.dispose();
    await platform.dispose();
  });
  context.documents.listen(connection);
}

function folderUris(params: InitializeParams): string[] {
  if (params.workspaceFolders) return params.workspaceFolders.map((folder) => folder.uri);
  return params.rootUri ? [params.rootUri] : [];
}

function initializeResult(more: ServerCapabilities): InitializeResult {
  return {
    serverInfo: { name: 'quern' },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      codeLensProvider: {},
      completionProvider: {
        triggerCharacters: ['.', "'", '/', ':', '$', '"', '(', ...DIRECTIVE_TRIGGERS],
        resolveProvider: true,
      },
      ...NAVIGATION_CAPABILITIES,
      ...more,
      codeActionProvider: { codeActionKinds: ['quickfix', 'refactor.rewrite'] },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}
