import type { HostConnection } from '../wasm-core/connect/host-connection.ts';
import type { SourceLanguage } from '../wasm-core/protocol/plugins.ts';
import type {
  CompileOptions,
  CompileOutcome,
  PluginSource,
  WorkerDiagnostic,
} from './compilers/compile-types.ts';
import type { NamedComponent } from './wit/check-wit.ts';
import type { WitPackage } from './wit/wit-package.ts';

/*
 * What the language server needs of the machine it runs on. `node/` implements it; the services know only this.
 */
export interface Platform {
  /** Connects to the host, which is started when none runs. */
  connect(): Promise<HostConnection>;
  /**
   * Compiles a plugin and checks it against the ABI; never rejects for a faulty source.
   *
   * @throws CoreError CANCELLED after `options.signal` was aborted
   */
  compile(source: PluginSource, options?: CompileOptions): Promise<CompileOutcome>;
  /** Compiles these before whatever else waits. @param paths absolute paths of sources */
  compileFirst(paths: ReadonlySet<string>): void;
  /** As `Compilers` has it. */
  checkWit(given: WitPackage, components: readonly NamedComponent[]): Promise<readonly WorkerDiagnostic[]>;
  /** The world of a component as text; undefined for what is none. */
  componentWorld(bytes: Uint8Array): Promise<string | undefined>;
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
  /** A source with the text that an editor has, and what lies beside its file. */
  withText(given: {
    readonly language: SourceLanguage;
    readonly path: string;
    readonly root: string;
    readonly text: string;
  }): PluginSource;
  /**
   * The file that stands for the plugin that a file is a part of, such as the `Cargo.toml` above a `.rs`.
   *
   * @param root folder above which none is looked for
   */
  projectOf(path: string, root: string): string | undefined;
  /**
   * Plugins' files of folders named `plugins` in and below a folder: `.wat`, `.wasm`, and what `sourceLanguage` says is a
   * source, without the parts of projects.
   */
  findPlugins(folder: string): Promise<string[]>;
  /** The same of what patterns of a `quern.json` name: see `matchesPatterns`. @param folder of the `quern.json` */
  findPluginsBy(patterns: readonly string[], folder: string): Promise<string[]>;
  /** A path from a folder, with `/`. */
  relative(folder: string, path: string): string;
  /** Names in a folder, subfolders with a final `/`; empty when it cannot be read. */
  list(folder: string): Promise<string[]>;
  /** SQL documents in and below a folder, at most 1,000; folders of installed packages and of output are passed over. */
  findSql(folder: string): Promise<string[]>;
  /** The text of a file of at most 4 MiB; undefined when it cannot be read or is larger. */
  readText(path: string): string | undefined;
  /** How a text file begins, 64 KiB of it at most; undefined when it cannot be read. */
  readHead(path: string): string | undefined;
  exists(path: string): boolean;
  /** The bytes of a file; undefined for a folder and for what is not there. */
  sizeOf(path: string): number | undefined;
  /** A path below a folder, `..` and `.` resolved. */
  join(folder: string, name: string): string;
}

/** The URI that we write for the file that a URI names; a URI of another scheme stays as it is. */
export function canonicalUri(files: PlatformFiles, uri: string): string {
  const path = files.toPath(uri);
  return path === undefined ? uri : files.toUri(path);
}
