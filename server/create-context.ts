import {
  CodeLensRefreshRequest,
  type Connection,
  type Diagnostic,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LSP_HOST_STATE, LSP_PLUGIN_STATE } from '../wasm-core/protocol/lsp.ts';
import type { CompileDiagnostic } from './compilers/compile-types.ts';
import { isSql, isWat, type ServerContext } from './context.ts';
import { EmbeddedChecker } from './embedded/embedded-checker.ts';
import { SqlDocuments } from './embedded/sql-documents.ts';
import { HostLink } from './host-link.ts';
import { canonicalUri, type Platform } from './platform.ts';
import { FolderSettings } from './plugins/folder-settings.ts';
import { PluginService, type PluginServiceOptions } from './plugins/plugin-service.ts';
import { DIAGNOSTIC_SEVERITIES } from './severities.ts';
import { SqlChecker } from './sql/checker.ts';
import { createLinter } from './sql/lints/create-linter.ts';
import { SqlSessions } from './sql/sessions.ts';
import { DocumentSyntaxes } from './sql/syntax/document-syntax.ts';
import { VisibleLines } from './sql/visible-lines.ts';
import { Turns } from './turns.ts';
import { WatChecker } from './wat/checker.ts';
import { WatDocuments } from './wat/wat-documents.ts';
import { Workspace } from './workspace.ts';

/** Makes everything that handlers work with, and has it follow the host, the plugins and the settings. */
export function createContext(connection: Connection, platform: Platform): ServerContext {
  const documents = new TextDocuments(TextDocument);
  const workspace = new Workspace(platform.files);
  const host = new HostLink(() => platform.connect());
  const sessions = new SqlSessions(host, workspace);
  const base: Base = { connection, platform, documents, workspace, host, sessions };
  const sql = createSql(base, (folder) => plugins.functionsIn(folder));
  const wat = createWat(base);
  /** What is seen by documents may have changed: by all, or by those of one session's folder. */
  const checkAll = (folder?: string) => {
    for (const document of documents.all()) {
      const { uri } = document;
      if (folder !== undefined && workspace.foldersOf(uri)?.session !== folder) continue;
      if (isSql(document)) sql.checker.forget(uri);
      else sql.embeddedChecker.schedule(uri);
    }
  };
  const editor = { tellsSettings: false, refreshesLenses: false };
  const plugins = createPlugins(base, wat.watChecker, {
    onChange: () => {
      sessions.forget();
      sql.linter.forget();
      checkAll();
    },
    // Lenses were asked for when the text changed, and stand where functions were before.
    onDeclared: () => {
      if (editor.refreshesLenses) void connection.sendRequest(CodeLensRefreshRequest.type).catch(() => {});
    },
  });
  followHost(base, { checkAll, forgetHints: () => sql.linter.forget() });
  connection.onDidChangeConfiguration(({ settings }) => {
    workspace.configure(settings);
    plugins.configured();
    plugins.refresh();
    checkAll();
    for (const document of documents.all().filter(isWat)) wat.watChecker.schedule(document);
  });
  return { ...base, ...sql, ...wat, plugins, editor };
}

type Base = Pick<ServerContext, 'connection' | 'platform' | 'documents' | 'workspace' | 'host' | 'sessions'>;

/** What reads SQL documents and speaks of them. */
function createSql(
  { connection, platform, documents, workspace, host, sessions }: Base,
  functionsIn: PluginService['functionsIn'],
) {
  const syntaxes = new DocumentSyntaxes();
  const turns = new Turns();
  const visible = new VisibleLines();
  const { files } = platform;
  const linter = createLinter({
    host,
    sessions,
    workspace,
    syntaxes,
    turns,
    files,
    plugins: { functionsIn },
  });
  const document = (uri: string) => documents.get(uri);
  const isEmbeddedSqlOn = () => workspace.options.embeddedSql !== false;
  const sqlDocuments = new SqlDocuments({ document, isEmbeddedSqlOn });
  const parts = {
    sessions,
    workspace,
    linter,
    document,
    log: (message: string) => connection.console.info(message),
    publish: (uri: string, diagnostics: Diagnostic[], version?: number) =>
      send(connection, { uri, diagnostics, version }),
  };
  const checker = new SqlChecker({ ...parts, syntaxes, turns, visible });
  const embeddedChecker = new EmbeddedChecker({ ...parts, sqlDocuments });
  return { syntaxes, turns, visible, linter, sqlDocuments, checker, embeddedChecker };
}

/** What reads WebAssembly text and speaks of it. */
function createWat({ connection, documents, workspace }: Base) {
  const watDocuments = new WatDocuments();
  const watChecker = new WatChecker({
    watDocuments,
    document: (uri) => documents.get(uri),
    publish: (uri, diagnostics, version) => send(connection, { uri, diagnostics, version }),
    levels: () => workspace.options.diagnostics ?? {},
  });
  return { watDocuments, watChecker };
}

function createPlugins(
  { connection, platform, documents, workspace, host }: Base,
  watChecker: WatChecker,
  on: Pick<PluginServiceOptions, 'onChange' | 'onDeclared'>,
): PluginService {
  // Clients differ in how they write a file's URI; plugins are known by ours.
  const openDocument = (uri: string) =>
    documents.get(uri) ?? documents.all().find((d) => canonicalUri(platform.files, d.uri) === uri);
  return new PluginService({
    platform,
    host,
    workspace,
    settings: new FolderSettings(platform.files),
    document: (uri) => {
      const document = openDocument(uri);
      return document && { text: document.getText(), version: document.version };
    },
    publish: (uri, diagnostics, version) => {
      const document = openDocument(uri);
      const { toUri } = platform.files;
      const found = diagnostics.map((d) => toLsp(d, toUri));
      if (document && isWat(document)) watChecker.compiled(document, found);
      else send(connection, { uri: document?.uri ?? uri, diagnostics: found, version });
    },
    tell: (state) => void connection.sendNotification(LSP_PLUGIN_STATE, state),
    ...on,
  });
}

function followHost(
  { connection, host }: Base,
  on: { readonly checkAll: (folder?: string) => void; readonly forgetHints: () => void },
): void {
  host.listen({
    connected: () => {
      void connection.sendNotification(LSP_HOST_STATE, { connected: true });
      on.checkAll();
    },
    lost: (reason) => {
      void connection.sendNotification(LSP_HOST_STATE, { connected: false });
      connection.console.info(reason);
    },
    event: (event) => {
      on.forgetHints();
      if (event.type === 'loaded' || event.type === 'unloaded') on.checkAll();
      if (event.type === 'changed') on.checkAll(event.folder);
    },
  });
}

function send(
  connection: Connection,
  said: { readonly uri: string; readonly diagnostics: Diagnostic[]; readonly version: number | undefined },
): void {
  const { uri, diagnostics, version } = said;
  void connection.sendDiagnostics({ uri, diagnostics, ...(version !== undefined && { version }) });
}

function toLsp(diagnostic: CompileDiagnostic, toUri: (path: string) => string): Diagnostic {
  const { severity, message, code, range, data, related } = diagnostic;
  const relatedInformation = related?.map((place) => ({
    message: place.message,
    location: { uri: toUri(place.file), range: place.range },
  }));
  return {
    severity: DIAGNOSTIC_SEVERITIES[severity],
    message,
    code,
    range,
    source: 'quern',
    ...(data !== undefined && { data }),
    ...(relatedInformation && { relatedInformation }),
  };
}
