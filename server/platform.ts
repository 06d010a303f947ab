import type { HostConnection } from '../wasm-core/connect/host-connection.ts';
import type { CompileOutcome, PluginSource } from './compilers/compile-types.ts';

/*
 * What the language server needs of the machine it runs on. `node/` implements it; the services know only this.
 */
export interface Platform {
  /** Connects to the host, which is started when none runs. */
  connect(): Promise<HostConnection>;
  /** Compiles a plugin and checks it against the ABI; never rejects for a faulty source. */
  compile(source: PluginSource): Promise<CompileOutcome>;
  readonly files: PlatformFiles;
  dispose(): Promise<void>;
}

export interface PlatformFiles {
  /** The absolute path of a `file:` URI; undefined for other schemes. */
  toPath(uri: string): string | undefined;
  toUri(path: string): string;
  /** The folder of a path. */
  folderOf(path: string): string;
  /** Whether a path is the folder or lies in it. */
  isInside(path: string, folder: string): boolean;
  /**
   * Reads a plugin's file.
   *
   * @param root folder that its imports may read
   * @returns undefined when it is not there, cannot be read, or has no plugin's ending
   */
  readPlugin(path: string, root: string): PluginSource | undefined;
  /** Plugins' files of folders named `plugins` in and below a folder: `.wat`, `.wasm`, and `.ts` that marks a `@udf`. */
  findPlugins(folder: string): Promise<string[]>;
  /** Names in a folder, subfolders with a final `/`; empty when it cannot be read. */
  list(folder: string): Promise<string[]>;
  exists(path: string): boolean;
  /** A path below a folder, `..` and `.` resolved. */
  join(folder: string, name: string): string;
}

/** The URI that we write for the file that a URI names; a URI of another scheme stays as it is. */
export function canonicalUri(files: PlatformFiles, uri: string): string {
  const path = files.toPath(uri);
  return path === undefined ? uri : files.toUri(path);
}
