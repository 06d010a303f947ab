import { DidChangeWatchedFilesNotification, ResponseError } from 'vscode-languageserver';
import { CoreError, toRpcError } from '../wasm-core/protocol/errors.ts';
import {
  type CompileParams,
  type CompileResult,
  LSP_COMPILE,
  LSP_SETTLED,
  type SettledResult,
} from '../wasm-core/protocol/lsp.ts';
import { isSql, type ServerContext } from './context.ts';

/** Keeps plugins compiled: at the start, while one types, on save, when files change, and when the client asks. */
export function handlePlugins(
  context: ServerContext,
  /** What the client said that it can do; known once it has initialized the server. */
  options: { readonly watchesFiles: () => boolean; readonly tellsFolders: () => boolean },
): void {
  const { connection, documents, plugins, workspace, platform } = context;
  const scanned = new Set<string>();
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

  connection.onInitialized(async () => {
    if (options.watchesFiles()) await watchFiles(context);
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
  });
  connection.onRequest(LSP_SETTLED, async (): Promise<SettledResult> => {
    await found;
    await plugins.settled();
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
    for (const { uri } of changes) plugins.changedOnDisk(uri);
  });
  connection.onRequest(LSP_COMPILE, async ({ uri }: CompileParams): Promise<CompileResult> => {
    const state = await plugins.saved(uri);
    if (state !== undefined) return state;
    const file = platform.files.toPath(uri) ?? uri;
    const message = `${file} is no plugin: that is a .wat or .wasm file, or AssemblyScript that marks a function with @udf.`;
    const { code, data } = toRpcError(new CoreError('FORMAT_UNSUPPORTED', message));
    throw new ResponseError(code, message, data);
  });
}

async function watchFiles({ connection }: ServerContext): Promise<void> {
  await connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: [{ globPattern: '**/plugins/**/*.{wat,ts,wasm,quern.json}' }],
  });
}
