import { DidChangeWatchedFilesNotification, ResponseError } from 'vscode-languageserver';
import { CoreError, toRpcError } from '../wasm-core/protocol/errors.ts';
import {
  type CompileParams,
  type CompileResult,
  LSP_COMPILE,
  LSP_SETTLED,
  type SettledParams,
  type SettledResult,
} from '../wasm-core/protocol/lsp.ts';
import { PROJECT_FILE_NAMES } from '../wasm-core/protocol/plugins.ts';
import { WORKSPACE_FILE } from '../wasm-core/protocol/workspace-file.ts';
import { isSql, type ServerContext } from './context.ts';

/**
 * Keeps plugins compiled: at the start, while one types, on save, when files change, and when the client asks.
 *
 * @returns what is to be done once the client has initialized the server
 */
export function handlePlugins(
  context: ServerContext,
  /** What the client said that it can do; known once it has initialized the server. */
  options: { readonly watchesFiles: () => boolean; readonly tellsFolders: () => boolean },
): () => Promise<void> {
  const { connection, documents, plugins, workspace, platform, sessions, checker } = context;
  const scanned = new Set<string>();
  const folderOf = (uri: string) => platform.files.folderOf(platform.files.toPath(uri) ?? '');
  /** Once for each namespace, which is the folder itself or the one that it lies in. */
  const scan = async (folder: string, namespace: string): Promise<void> => {
    if (scanned.has(namespace) || !workspace.trusted) return;
    scanned.add(namespace);
    await plugins.scan(folder, namespace);
  };
  const scanWorkspace = async (): Promise<void> => {
    await Promise.all(workspace.all.map((folder) => scan(folder, folder)));
  };

  let foundAll = (): void => {};
  const found = new Promise<void>((resolve) => {
    foundAll = resolve;
  });

  const initialized = async (): Promise<void> => {
    const hasPatterns = workspace.all.some((folder) => plugins.hasPatterns(folder));
    if (options.watchesFiles()) await watchFiles(context, { hasPatterns });
    if (options.tellsFolders()) {
      connection.workspace.onDidChangeWorkspaceFolders(async ({ added, removed }) => {
        workspace.changeFolders(
          added.map((folder) => folder.uri),
          removed.map((folder) => folder.uri),
        );
        await scanWorkspace();
      });
    }
    await scanWorkspace().finally(foundAll);
  };
  connection.onRequest(LSP_SETTLED, async ({ sql }: SettledParams): Promise<SettledResult> => {
    await found;
    await plugins.settled(sql);
    return null;
  });
  documents.onDidOpen(({ document }) => {
    if (!isSql(document)) return;
    const folder = workspace.foldersOf(document.uri)?.session;
    if (folder === undefined || workspace.all.includes(folder)) return;
    // A file outside of every workspace folder has its plugins beside it, as on the command line.
    void scan(platform.files.join(folder, 'plugins'), folder);
  });
  documents.onDidChangeContent(({ document }) => {
    if (!isSql(document)) plugins.changed(document.uri);
  });
  documents.onDidSave(({ document }) => {
    if (!isSql(document)) void plugins.saved(document.uri);
  });
  documents.onDidClose(({ document }) => {
    if (!isSql(document)) plugins.closed(document.uri);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) {
      if (isWorkspaceFile(uri)) plugins.workspaceFileChanged(folderOf(uri));
      else plugins.changedOnDisk(uri);
    }
    // Statements read data files where they please, and those of quern.json by name, so all are looked at again.
    if (changes.every(({ uri }) => !DATA_FILE.test(uri) && !isWorkspaceFile(uri))) return;
    sessions.forget();
    for (const document of documents.all()) if (isSql(document)) checker.forget(document.uri);
  });
  connection.onRequest(LSP_COMPILE, async ({ uri }: CompileParams): Promise<CompileResult> => {
    const state = await plugins.saved(uri);
    if (state !== undefined) return state;
    const file = platform.files.toPath(uri) ?? uri;
    const message = `${file} is no plugin: that is a .wat or .wasm file, AssemblyScript that marks a function with @udf, or a class with @aggregate or @table, or JavaScript, C, C++, Rust or Zig with a comment @udf or a manifest.`;
    const { code, data } = toRpcError(new CoreError('FORMAT_UNSUPPORTED', message));
    throw new ResponseError(code, message, data);
  });
  return initialized;
}

/** Of files that statements read without being told how. */
const DATA_ENDINGS =
  'csv,tsv,json,jsonl,ndjson,parquet,arrow,arrows,feather,ipc,xlsx,avro,sqlite,sqlite3,db3,duckdb,db,gz,zst'.split(
    ',',
  );
const DATA_FILE = new RegExp(`\\.(${DATA_ENDINGS.join('|')})$`, 'i');

/** Of plugins' sources, their parts, and what lies beside them. */
const PLUGIN_ENDINGS = 'wat,ts,js,mjs,wasm,quern.json,c,h,cc,cpp,cxx,hpp,rs,go,zig';

/** Whether a file is a folder's `quern.json`. */
function isWorkspaceFile(uri: string): boolean {
  return uri.endsWith(`/${WORKSPACE_FILE}`);
}

/** @param options.hasPatterns whether plugins may lie anywhere */
async function watchFiles(
  { connection }: ServerContext,
  { hasPatterns }: { readonly hasPatterns: boolean },
): Promise<void> {
  const folders = hasPatterns ? '**' : '**/plugins/**';
  await connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: [
      { globPattern: `${folders}/*.{${PLUGIN_ENDINGS}}` },
      { globPattern: `${folders}/{${PROJECT_FILE_NAMES.join()}}` },
      { globPattern: `**/${WORKSPACE_FILE}` },
      { globPattern: `**/*.{${DATA_ENDINGS.join()}}` },
    ],
  });
}
