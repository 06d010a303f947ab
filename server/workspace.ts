import { diagnosticLevels, PLUGIN_LANGUAGES, type ServerOptions } from '../wasm-core/protocol/lsp.ts';
import { PRESETS, toolPaths } from '../wasm-core/protocol/plugins.ts';
import type { PlatformFiles } from './platform.ts';

/** Where a document's statements run. Both are absolute. */
export interface DocumentFolders {
  /** Of the session and its namespace: the workspace folder that the document is in, else its own. */
  readonly session: string;
  /** Where relative paths start: the document's own folder. */
  readonly own: string;
}

/** The workspace's folders and the client's options. */
export class Workspace {
  private folders: readonly string[] = [];
  private settings: ServerOptions = {};

  constructor(private readonly files: PlatformFiles) {}

  /** Takes what `initialize` brought; anything in `options` that is not what it should be is left out. */
  initialize(folderUris: readonly string[], options: unknown): void {
    this.setFolders(folderUris);
    this.settings = parseOptions(options);
  }

  /**
   * Takes settings that changed.
   *
   * @param settings as `workspace/didChangeConfiguration` brings them: the members of `quern`, or an object with `quern`
   */
  configure(settings: unknown): void {
    const section = isObject(settings) && isObject(settings.quern) ? settings.quern : settings;
    this.settings = { ...this.settings, ...parseSettings(section) };
  }

  setFolders(uris: readonly string[]): void {
    this.folders = uris.map((uri) => this.files.toPath(uri)).filter((folder) => folder !== undefined);
  }

  changeFolders(added: readonly string[], removed: readonly string[]): void {
    const gone = new Set(removed.map((uri) => this.files.toPath(uri)));
    const come = added.map((uri) => this.files.toPath(uri)).filter((folder) => folder !== undefined);
    this.folders = [...this.folders.filter((folder) => !gone.has(folder)), ...come];
  }

  get all(): readonly string[] {
    return this.folders;
  }

  get options(): ServerOptions {
    return this.settings;
  }

  /** False in an untrusted workspace: then nothing is compiled and no host is started. */
  get trusted(): boolean {
    return this.settings.trusted !== false;
  }

  /** The folders of a SQL document; undefined for one that is not on disk while no folder is open. */
  foldersOf(uri: string): DocumentFolders | undefined {
    const file = this.files.toPath(uri);
    if (file !== undefined) {
      const own = this.files.folderOf(file);
      return { session: this.containing(file) ?? own, own };
    }
    const [first] = this.folders;
    return first === undefined ? undefined : { session: first, own: first };
  }

  /**
   * The namespace that a plugin's functions belong to: its workspace folder, else the folder that holds `plugins`, else
   * its own, so that SQL beside it finds it as the command line does.
   */
  namespaceOf(file: string): string {
    const own = this.files.folderOf(file);
    return this.containing(file) ?? (/[\\/]plugins$/.test(own) ? this.files.folderOf(own) : own);
  }

  /** The innermost workspace folder that a file is in. */
  private containing(file: string): string | undefined {
    return this.folders
      .filter((folder) => this.files.isInside(file, folder))
      .sort((a, b) => b.length - a.length)[0];
  }
}

function parseOptions(value: unknown): ServerOptions {
  if (!isObject(value)) return {};
  const { sessionKey, trusted, allow, allowUrls, embeddedSql, validatesJson } = value;
  return {
    ...parseSettings(value),
    ...(typeof sessionKey === 'string' && { sessionKey }),
    ...(typeof trusted === 'boolean' && { trusted }),
    ...(typeof embeddedSql === 'boolean' && { embeddedSql }),
    ...(typeof validatesJson === 'boolean' && { validatesJson }),
    ...(Array.isArray(allowUrls) && { allowUrls: allowUrls.filter((url) => typeof url === 'string') }),
    ...(Array.isArray(allow) && { allow: allow.filter((folder) => typeof folder === 'string') }),
  };
}

/** What may change while the server runs. */
function parseSettings(
  value: unknown,
): Pick<ServerOptions, 'diagnostics' | 'newPluginLanguage' | 'tools' | 'preset'> {
  if (!isObject(value)) return {};
  const language = PLUGIN_LANGUAGES.find((known) => known === value.newPluginLanguage);
  const preset = PRESETS.find((known) => known === value.preset);
  return {
    ...('diagnostics' in value && { diagnostics: diagnosticLevels(value.diagnostics) }),
    ...(language !== undefined && { newPluginLanguage: language }),
    ...('tools' in value && { tools: toolPaths(value.tools) }),
    ...(preset !== undefined && { preset }),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
