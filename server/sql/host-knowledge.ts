import type { PlatformFiles } from '../platform.ts';
import type { PluginService } from '../plugins/plugin-service.ts';
import type { DocumentFolders, Workspace } from '../workspace.ts';
import { inDatabase } from './directives/directive-texts.ts';
import { EMPTY_CATALOG, type KnownFunction, type SqlKnowledge } from './knowledge.ts';
import type { SqlSessions } from './sessions.ts';

/** What knowledge is drawn from. */
export interface KnowledgeSources {
  readonly files: PlatformFiles;
  readonly workspace: Workspace;
  readonly sessions: SqlSessions;
  readonly plugins: Pick<PluginService, 'functionsIn'>;
}

/**
 * What the host and the compiled plugins know for one document; without a host, what the plugins alone know.
 *
 * @param database what the statement in question reads by its directive, as it is written there
 */
export function knowledgeFor(uri: string, sources: KnowledgeSources, database?: string): SqlKnowledge {
  const { sessions, files, workspace } = sources;
  const folders = workspace.foldersOf(uri);
  const asks = workspace.trusted && folders !== undefined ? folders : undefined;
  return {
    catalog: async () =>
      asks === undefined ? EMPTY_CATALOG : sessions.catalog(asks, database).catch(() => EMPTY_CATALOG),
    columns: async (query) =>
      asks === undefined ? [] : sessions.columns(asks, inDatabase(query, database)).catch(() => []),
    summary: async (source) =>
      asks === undefined
        ? { columns: [] }
        : sessions.summary(asks, { source, database }).catch(() => ({ columns: [] })),
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
