import { isComponent } from '../wasm-core/binary/components/read-component.ts';
import { LSP_WORLD, type WorldParams, type WorldResult } from '../wasm-core/protocol/lsp.ts';
import type { ServerContext } from './context.ts';
import { WitChecker } from './wit/wit-checker.ts';

/** Keeps the diagnostics of WIT, and tells the worlds of components. */
export function handleWit({ connection, documents, platform, workspace }: ServerContext): void {
  const checker = new WitChecker({
    platform,
    document: (uri) => documents.get(uri),
    all: () => documents.all(),
    isTrusted: () => workspace.trusted,
    publish: (uri, diagnostics, version) =>
      // A connection that is closed takes nothing more, and nobody reads it.
      void connection
        .sendDiagnostics({ uri, diagnostics, ...(version !== undefined && { version }) })
        .catch(() => {}),
  });
  documents.onDidChangeContent(({ document }) => {
    if (document.languageId === 'wit') checker.schedule(document.uri);
  });
  documents.onDidClose(({ document }) => {
    if (document.languageId === 'wit') checker.close(document.uri);
  });
  connection.onRequest(LSP_WORLD, async ({ uri }: WorldParams): Promise<WorldResult> => {
    const { files } = platform;
    const path = files.toPath(uri);
    const source = path === undefined ? undefined : files.readPlugin(path, files.folderOf(path));
    const isOne = source?.language === 'wasm' && isComponent(source.bytes);
    const world = isOne ? await platform.componentWorld(source.bytes) : undefined;
    return world === undefined ? {} : { world };
  });
}
