import {
  type ClientCapabilities,
  type Connection,
  type Diagnostic,
  DiagnosticSeverity,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LSP_HOST_STATE, LSP_PLUGIN_STATE } from '../wasm-core/protocol/lsp.ts';
import type { CompileDiagnostic } from './compilers/compile-types.ts';
import { isSql, type ServerContext } from './context.ts';
import { handlePlugins } from './handle-plugins.ts';
import { handleSql } from './handle-sql.ts';
import { HostLink } from './host-link.ts';
import { canonicalUri, type Platform } from './platform.ts';
import { PluginService } from './plugins/plugin-service.ts';
import { SqlChecker } from './sql/checker.ts';
import { SqlSessions } from './sql/sessions.ts';
import { Workspace } from './workspace.ts';

/** Wires the language server to a connection that is not listened to yet. */
export function startServer(connection: Connection, platform: Platform): void {
  const context = createContext(connection, platform);
  let capabilities: ClientCapabilities['workspace'];
  connection.onInitialize((params) => {
    capabilities = params.capabilities.workspace;
    context.workspace.initialize(folderUris(params), params.initializationOptions);
    return initializeResult();
  });
  handleSql(context);
  handlePlugins(context, {
    watchesFiles: () => capabilities?.didChangeWatchedFiles?.dynamicRegistration === true,
    tellsFolders: () => capabilities?.workspaceFolders === true,
  });
  connection.onShutdown(async () => {
    context.checker.dispose();
    context.plugins.dispose();
    context.host.dispose();
    await platform.dispose();
  });
  context.documents.listen(connection);
}

function createContext(connection: Connection, platform: Platform): ServerContext {
  const documents = new TextDocuments(TextDocument);
  const workspace = new Workspace(platform.files);
  const host = new HostLink(() => platform.connect());
  const sessions = new SqlSessions(host, workspace);
  const log = (message: string) => connection.console.info(message);
  const checkAll = () => {
    for (const document of documents.all()) if (isSql(document)) checker.schedule(document.uri);
  };
  // Clients differ in how they write a file's URI; plugins are known by ours.
  const openDocument = (uri: string) =>
    documents.get(uri) ?? documents.all().find((d) => canonicalUri(platform.files, d.uri) === uri);
  const checker = new SqlChecker({
    sessions,
    workspace,
    log,
    document: (uri) => documents.get(uri),
    publish: (uri, diagnostics, version) => send(connection, uri, diagnostics, version),
  });
  const plugins = new PluginService({
    platform,
    host,
    workspace,
    document: (uri) => {
      const document = openDocument(uri);
      return document && { text: document.getText(), version: document.version };
    },
    publish: (uri, diagnostics, version) =>
      send(connection, openDocument(uri)?.uri ?? uri, diagnostics.map(toLsp), version),
    tell: (state) => void connection.sendNotification(LSP_PLUGIN_STATE, state),
    onChange: () => {
      sessions.forget();
      checkAll();
    },
  });
  host.listen({
    connected: () => {
      void connection.sendNotification(LSP_HOST_STATE, { connected: true });
      checkAll();
    },
    lost: (reason) => {
      void connection.sendNotification(LSP_HOST_STATE, { connected: false });
      log(reason);
    },
    event: checkAll,
  });
  return { connection, documents, platform, workspace, host, sessions, checker, plugins };
}

function send(connection: Connection, uri: string, diagnostics: Diagnostic[], version?: number): void {
  void connection.sendDiagnostics({ uri, diagnostics, ...(version !== undefined && { version }) });
}

function toLsp({ severity, message, code, range }: CompileDiagnostic): Diagnostic {
  const level = severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning;
  return { severity: level, message, code, range, source: 'quern' };
}

function folderUris(params: InitializeParams): string[] {
  if (params.workspaceFolders) return params.workspaceFolders.map((folder) => folder.uri);
  return params.rootUri ? [params.rootUri] : [];
}

function initializeResult(): InitializeResult {
  return {
    serverInfo: { name: 'quern' },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      codeLensProvider: {},
      completionProvider: { triggerCharacters: ['.', "'", '/'] },
      hoverProvider: true,
      signatureHelpProvider: { triggerCharacters: ['(', ','] },
      definitionProvider: true,
      documentSymbolProvider: true,
      codeActionProvider: { codeActionKinds: ['quickfix'] },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}
