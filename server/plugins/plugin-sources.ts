import { matchesPatterns } from '../../wasm-core/protocol/path-patterns.ts';
import { isProjectFile, languageOfName, sourceLanguage } from '../../wasm-core/protocol/plugins.ts';
import type { PluginSource } from '../compilers/compile-types.ts';
import { canonicalUri, type Platform } from '../platform.ts';
import type { Workspace } from '../workspace.ts';
import type { FolderSettings } from './folder-settings.ts';
import { isInPluginsFolder, sourcesOf } from './plugin-files.ts';
import { pluginWorkspace } from './plugin-workspace.ts';

/** What plugins' sources are read with. */
export interface PluginSourcesOptions {
  readonly platform: Platform;
  readonly workspace: Workspace;
  readonly settings: FolderSettings;
  /** The text and version of an open document. */
  readonly document: (uri: string) => { readonly text: string; readonly version: number } | undefined;
}

/** Finds what is to be compiled when a document or a file is spoken of. */
export class PluginSources {
  constructor(private readonly options: PluginSourcesOptions) {}

  /**
   * The URI of the plugin that a file is, or is a part of, as we write it: that of a module for its sidecar, of the
   * project's file for a part of a project.
   */
  pluginOf(given: string): string {
    const { platform, workspace } = this.options;
    const uri = canonicalUri(platform.files, given.replace(/\.quern\.json$/, '.wasm'));
    const path = platform.files.toPath(uri);
    if (path === undefined) return uri;
    const project = platform.files.projectOf(path, workspace.namespaceOf(path));
    return project === undefined ? uri : platform.files.toUri(project);
  }

  /** Whether a plugin is compiled from the text of a document as it is typed; of projects, and by Zig, the files are. */
  isTyped(uri: string): boolean {
    const path = this.options.platform.files.toPath(uri);
    return path !== undefined && !isProjectFile(path) && languageOfName(path) !== 'zig';
  }

  /** Whether a file is among a folder's plugins: of those that its `quern.json` names, else by the folder it lies in. */
  isMember(path: string): boolean {
    const { workspace, settings, platform } = this.options;
    const folder = workspace.namespaceOf(path);
    const patterns = settings.of(folder).plugins;
    if (patterns === undefined) return isInPluginsFolder(path);
    return matchesPatterns(platform.files.relative(folder, path), patterns);
  }

  /** What is to be compiled: the open document's text, else the file's. */
  current(uri: string): PluginSource | undefined {
    const { platform, workspace, settings } = this.options;
    const path = platform.files.toPath(uri);
    if (path === undefined || !workspace.trusted) return undefined;
    const root = workspace.namespaceOf(path);
    const source = this.find(uri, { path, root });
    return source && { ...source, workspace: pluginWorkspace(settings.of(root), path) };
  }

  private find(
    uri: string,
    { path, root }: { readonly path: string; readonly root: string },
  ): PluginSource | undefined {
    const { platform, document } = this.options;
    const open = isProjectFile(path) ? undefined : document(uri);
    if (open !== undefined && languageOfName(path) !== undefined) {
      const language = sourceLanguage(path, open.text);
      return language && platform.files.withText({ language, path, root, text: open.text });
    }
    // A module is compiled from the source beside it, whose text is what counts.
    const isCompiled = /\.wasm$/i.test(path) && sourcesOf(path).some((file) => this.onDisk(file, root));
    return isCompiled ? undefined : this.onDisk(path, root);
  }

  /** A plugin as its file has it. */
  private onDisk(path: string, root: string): PluginSource | undefined {
    const source = this.options.platform.files.readPlugin(path, root);
    if (source === undefined || source.language === 'wasm') return source;
    return sourceLanguage(source.path, source.text) === undefined ? undefined : source;
  }
}
