import type { Diagnostic } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { matchesPatterns } from '../../wasm-core/protocol/path-patterns.ts';
import { readWorkspaceFile, WORKSPACE_FILE } from '../../wasm-core/protocol/workspace-file.ts';
import type { CompileDiagnostic } from '../compilers/compile-types.ts';
import type { ServerContext } from '../context.ts';
import { withLevels } from '../plugins/plugin-state.ts';
import { DIAGNOSTIC_SEVERITIES } from '../severities.ts';
import { checkTables } from './check-tables.ts';
import { checkWorkspaceFile, type FolderWorld, tableDiagnostics } from './check-workspace-file.ts';

/** Checks `quern.json` at the root of workspace folders while it is open. */
export function handleWorkspaceFile(context: ServerContext): void {
  const { connection, documents } = context;
  const isOurs = ({ uri }: TextDocument) => folderOf(context, uri) !== undefined;
  const check = async (document: TextDocument): Promise<void> => {
    const { uri, version } = document;
    const isOld = () => documents.get(uri)?.version !== version;
    const found = await diagnosticsOf(context, document);
    if (isOld()) return;
    await connection.sendDiagnostics({ uri, version, diagnostics: found });
    const tables = await tablesOf(context, document, isOld);
    if (isOld() || tables.length === 0) return;
    await connection.sendDiagnostics({ uri, version, diagnostics: [...found, ...tables] });
  };
  const report = (error: unknown) => connection.console.error(`quern.json was not checked: ${String(error)}`);
  documents.onDidChangeContent(({ document }) => {
    if (isOurs(document)) check(document).catch(report);
  });
  documents.onDidClose(({ document }) => {
    if (isOurs(document)) void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
  });
}

/** The workspace folder that a document is the `quern.json` of. */
function folderOf({ workspace, platform }: ServerContext, uri: string): string | undefined {
  const path = platform.files.toPath(uri);
  return workspace.all.find((folder) => path === platform.files.join(folder, WORKSPACE_FILE));
}

async function diagnosticsOf(context: ServerContext, document: TextDocument): Promise<Diagnostic[]> {
  const { workspace } = context;
  const folder = folderOf(context, document.uri);
  if (folder === undefined) return [];
  const world = await worldOf(context, folder);
  const told = checkWorkspaceFile(document.getText(), {
    source: WORKSPACE_FILE,
    faults: workspace.options.validatesJson !== true,
    world,
  });
  return shown(context, told);
}

/** What the engine says of the tables, files that are not there aside, which are told without it. */
async function tablesOf(
  context: ServerContext,
  document: TextDocument,
  isCancelled: () => boolean,
): Promise<Diagnostic[]> {
  const { sessions, workspace, host } = context;
  const folder = folderOf(context, document.uri);
  if (folder === undefined || !workspace.trusted || !host.isConnected) return [];
  const text = document.getText();
  const { tables } = readWorkspaceFile(text, { source: WORKSPACE_FILE }).settings;
  const findings = await checkTables(tables, {
    folder,
    isCancelled,
    check: async (sql) => {
      const { diagnostics } = await sessions.check({ session: folder, own: folder }, { sql });
      const [first] = diagnostics;
      return first?.kind === 'FILE_NOT_FOUND' ? undefined : first?.message;
    },
  });
  return shown(context, tableDiagnostics(text, findings));
}

function shown({ workspace }: ServerContext, told: readonly CompileDiagnostic[]): Diagnostic[] {
  return withLevels(told, workspace.options.diagnostics ?? {}).map(({ severity, code, message, range }) => ({
    severity: DIAGNOSTIC_SEVERITIES[severity],
    code,
    message,
    range,
    source: 'quern',
  }));
}

async function worldOf(context: ServerContext, folder: string): Promise<FolderWorld> {
  const { platform, host } = context;
  const { files } = platform;
  const plugins = await files.findPluginsBy(['**'], folder);
  const paths = plugins.map((file) => files.relative(folder, file));
  // Without a host nobody knows what is loaded; in a folder that is not trusted there is none.
  const modules = host.isConnected
    ? await Promise.all([folder, 'default'].map((namespace) => host.request('module/list', { namespace })))
    : undefined;
  const infos = modules?.flatMap((list) => list.modules);
  return {
    modules: infos && new Set(infos.map(({ name }) => name)),
    functions: infos && new Set(infos.flatMap((info) => info.functions.map(({ name }) => name))),
    exists: (path) => files.exists(files.join(folder, path)),
    findsPlugins: (pattern) => paths.some((path) => matchesPatterns(path, [pattern])),
  };
}
