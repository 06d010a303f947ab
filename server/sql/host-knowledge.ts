import type { CatalogResult } from '../../wasm-core/protocol/methods.ts';
import type { PlatformFiles } from '../platform.ts';
import type { PluginService } from '../plugins/plugin-service.ts';
import type { DocumentFolders, Workspace } from '../workspace.ts';
import type { KnownFunction, SqlKnowledge } from './knowledge.ts';
import type { SqlSessions } from './sessions.ts';

/** What knowledge is drawn from. */
export interface KnowledgeSources {
  readonly files: PlatformFiles;
  readonly workspace: Workspace;
  readonly sessions: SqlSessions;
  readonly plugins: PluginService;
}

const NOTHING: CatalogResult = { tables: [], functions: [], keywords: [] };

/** What the host and the compiled plugins know for one document; without a host, what the plugins alone know. */
export function knowledgeFor(uri: string, sources: KnowledgeSources): SqlKnowledge {
  const { sessions, files, workspace } = sources;
  const folders = workspace.foldersOf(uri);
  const asks = workspace.trusted && folders !== undefined ? folders : undefined;
  return {
    catalog: async () => (asks === undefined ? NOTHING : sessions.catalog(asks).catch(() => NOTHING)),
    columns: async (query) => (asks === undefined ? [] : sessions.columns(asks, query).catch(() => [])),
    functions: async () => (asks === undefined ? [] : pluginFunctions(asks, sources)),
    files: async (folder) => (folders === undefined ? [] : files.list(files.join(folders.own, folder))),
  };
}

/** The functions of the namespace: those of modules that the host has, and those that were compiled here. */
async function pluginFunctions(
  folders: DocumentFolders,
  sources: KnowledgeSources,
): Promise<KnownFunction[]> {
  const compiled = sources.plugins.functionsIn(folders.session);
  const names = new Set(compiled.map(({ fn }) => fn.name));
  const modules = await sources.sessions.modules(folders).catch(() => []);
  const others = modules.flatMap(({ functions, name, source }) =>
    functions
      .filter((fn) => !names.has(fn.name))
      .map((fn) => ({ fn, module: name, ...(source && { uri: sources.files.toUri(source) }) })),
  );
  return [...compiled, ...others];
}
