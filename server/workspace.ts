import type { ServerOptions } from '../wasm-core/protocol/lsp.ts';
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
  if (typeof value !== 'object' || value === null) return {};
  const { sessionKey, trusted, allow } = value as Readonly<Record<string, unknown>>;
  return {
    ...(typeof sessionKey === 'string' && { sessionKey }),
    ...(typeof trusted === 'boolean' && { trusted }),
    ...(Array.isArray(allow) && { allow: allow.filter((folder) => typeof folder === 'string') }),
  };
}
