/**
 * A SQL type that crosses the plugin ABI, as text in DuckDB's own words, such as `DECIMAL(10,2)[]`: `parseSqlType` reads
 * it. A parameter may also be `DOCUMENT`, and the result of a table function is `TABLE(…)`. `docs/plugin-abi.md` gives
 * each one's WebAssembly form.
 */
export type PluginType = string;

/** The parameter type that takes a row, or JSON, as the document of the call. */
export const DOCUMENT_TYPE = 'DOCUMENT';

/** One parameter of a plugin function. */
export interface PluginParameter {
  readonly name: string;
  readonly type: PluginType;
  /** True for a last parameter that takes any number of arguments, none included. */
  readonly variadic?: true;
  /** Of a DOCUMENT: the field that `document_id` gives; absent: none. */
  readonly idField?: string;
  /** Of a DOCUMENT: the field that `score` gives; absent: none. */
  readonly scoreField?: string;
}

/** What a function is called for: each row, a group of rows, or rows of its own. */
export const FUNCTION_KINDS = ['scalar', 'aggregate', 'table'] as const;
export type FunctionKind = (typeof FUNCTION_KINDS)[number];

/** A function that a plugin offers to SQL, as its manifest declares it. Of one name there may be several, by parameters. */
export interface PluginFunction {
  /** The name in SQL: a lower-case identifier of at most 63 characters. */
  readonly name: string;
  /** The export that implements it, or begins the names of those that do; the manifest may leave it out when it equals the name. */
  readonly export: string;
  /** Absent: scalar. */
  readonly kind?: Exclude<FunctionKind, 'scalar'>;
  readonly parameters: readonly PluginParameter[];
  /** `TABLE(…)` for a table function. */
  readonly returns: PluginType;
  /** False when equal arguments may give different results; then nothing is folded or cached. */
  readonly deterministic: boolean;
  /** `pass`: the function is called with NULLs. Absent: a NULL argument gives NULL without a call, and no aggregate sees it. */
  readonly nulls?: 'pass';
  /** `null`: a call that fails gives NULL. Absent: it fails the statement. */
  readonly onError?: 'null';
  /** One paragraph for hover and completion; empty when the plugin has none. */
  readonly doc: string;
}

/** The `quern` custom section or the sidecar `name.quern.json`, checked and with its defaults filled in. */
export interface PluginManifest {
  readonly abi: 1;
  readonly functions: readonly PluginFunction[];
  /** What the plugin wants to be granted beside what its imports show. */
  readonly capabilities: readonly Capability[];
  /** One paragraph about the module; empty when it has none. */
  readonly doc: string;
}

/** The type of a WebAssembly value. */
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | 'funcref' | 'externref' | 'exnref';

/** An export of a module: a function with its full signature, or another kind. */
export type ModuleExport =
  | {
      readonly kind: 'function';
      readonly name: string;
      readonly parameters: readonly ValueType[];
      readonly results: readonly ValueType[];
    }
  | { readonly kind: 'memory' | 'table' | 'global' | 'tag'; readonly name: string };

/** An import of a module. */
export interface ModuleImport {
  readonly module: string;
  readonly name: string;
  readonly kind: 'function' | 'memory' | 'table' | 'global' | 'tag';
}

/** Languages of plugins' sources. */
export const SOURCE_LANGUAGES = [
  'wat',
  'assemblyscript',
  'javascript',
  'c',
  'cpp',
  'rust',
  'go',
  'zig',
] as const;
export type SourceLanguage = (typeof SOURCE_LANGUAGES)[number];

/**
 * The files that stand for a plugin of several files, which lie in the file's folder and give the module its name.
 * `compile_flags.txt` has arguments for clang, one a line, as clangd reads them.
 */
const PROJECT_FILES: Readonly<Record<string, SourceLanguage>> = {
  'compile_flags.txt': 'c',
  'Cargo.toml': 'rust',
  'go.mod': 'go',
  'build.zig': 'zig',
};

/** The names of files that stand for the plugin that their folder is. */
export const PROJECT_FILE_NAMES = Object.keys(PROJECT_FILES);

const ENDINGS: readonly (readonly [RegExp, SourceLanguage])[] = [
  [/\.wat$/i, 'wat'],
  [/(?<!\.d)\.ts$/i, 'assemblyscript'],
  [/\.m?js$/i, 'javascript'],
  [/\.c$/i, 'c'],
  [/\.(?:cc|cpp|cxx)$/i, 'cpp'],
  [/\.rs$/i, 'rust'],
  [/\.go$/i, 'go'],
  [/\.zig$/i, 'zig'],
];

/**
 * The language that a file would be a plugin's source in, by its name alone; undefined for other files. A single file of
 * Go is none: it needs a `go.mod`.
 */
export function languageOfName(path: string): SourceLanguage | undefined {
  if (isProjectFile(path)) return PROJECT_FILES[baseName(path)];
  const language = memberLanguage(path);
  return language === 'go' ? undefined : language;
}

/** Whether a file stands for the plugin that its folder is. */
export function isProjectFile(path: string): boolean {
  return Object.hasOwn(PROJECT_FILES, baseName(path));
}

/** Whether a file would be a part of the plugin that a project file beside or above it stands for. */
export function belongsTo(path: string, projectFile: string): boolean {
  const folder = projectFile.slice(0, projectFile.length - baseName(projectFile).length);
  if (path === projectFile || !path.startsWith(folder)) return false;
  const language = isProjectFile(path) ? PROJECT_FILES[baseName(path)] : memberLanguage(path);
  const project = PROJECT_FILES[baseName(projectFile)];
  // C and C++ are compiled together.
  return project !== undefined && (language === project || (language === 'cpp' && project === 'c'));
}

/** Plugins' sources without those that are parts of others among them. */
export function withoutMembers(paths: readonly string[]): string[] {
  const projects = paths.filter(isProjectFile);
  return paths.filter((path) => !projects.some((project) => belongsTo(path, project)));
}

/**
 * The language of a plugin's source, by its file's ending and its text; undefined for other documents. TypeScript is a
 * plugin's, in AssemblyScript, when a line begins with `@udf`, `@aggregate` or `@table`, as a decorator or as a tag of a doc comment; other
 * TypeScript is none of our business. JavaScript, C, C++, Rust and Zig are when a comment begins with `@udf`, or a macro of the SDK
 * holds a manifest. A `Cargo.toml` is that of a plugin when it makes a `cdylib`; other project files are in a folder
 * named `plugins`.
 */
export function sourceLanguage(path: string, text: string): SourceLanguage | undefined {
  const language = languageOfName(path);
  if (language === undefined || language === 'wat') return language;
  if (language === 'assemblyscript')
    return LINE_TAG.test(text) || COMMENT_TAG.test(text) ? language : undefined;
  if (!isProjectFile(path)) return MARK.test(text) ? language : undefined;
  const isPlugin = language === 'rust' ? /\bcdylib\b/.test(text) : /[\\/]plugins[\\/]/.test(path);
  return isPlugin ? language : undefined;
}

const MARK = /^[ \t]*(?:(?:\/\/+!?|\/?\*+)?[ \t]*@udf\b|QUERN_MANIFEST\b|quern_manifest!)/m;

/** The language of a file by its ending, a part of a plugin or not. */
function memberLanguage(path: string): SourceLanguage | undefined {
  return ENDINGS.find(([ending]) => ending.test(path))?.[1];
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** How sources are compiled: to be understood when they fail, or to be small and fast. */
export const PRESETS = ['debug', 'release'] as const;
export type Preset = (typeof PRESETS)[number];

/** Programs of the user's that compile plugins. */
export const TOOL_NAMES = ['clang', 'rustc', 'cargo', 'go', 'zig'] as const;
export type ToolName = (typeof TOOL_NAMES)[number];

/** Where the user says that tools are: absolute paths of programs. */
export type ToolPaths = Readonly<Partial<Record<ToolName, string>>>;

/** The tools of a setting that are ones; anything else is left out. */
export function toolPaths(value: unknown): ToolPaths {
  if (typeof value !== 'object' || value === null) return {};
  const given = TOOL_NAMES.flatMap((name) => {
    const path = (value as Readonly<Record<string, unknown>>)[name];
    return typeof path === 'string' && path !== '' ? [[name, path] as const] : [];
  });
  return Object.fromEntries(given);
}

const LINE_TAG = /^[ \t]*(?:\/?\*+[ \t]*)?@(?:udf|aggregate|table)\b/m;
/** `/** Text. @udf *\/`, with options or without. Lengths are capped, since unclosed comments in a row would cost its square. */
const COMMENT_TAG =
  /\/\*\*(?:(?!\*\/)[^\r\n]){0,500}?[ \t]@(?:udf|aggregate|table)\b[ \t]*(?:\w+[ \t]*:(?:(?!\*\/)[^\r\n]){0,500})?\*\//;

/** What a module may be granted; every other use of the host is refused. `log` alone is granted to all. */
export const CAPABILITIES = ['log', 'state', 'document', 'random', 'clock', 'fs'] as const;

/** Something that a module may do only when it was granted. */
export type Capability = (typeof CAPABILITIES)[number];

/** What a module under a label uses, and what it may. */
export interface ModuleCapabilities {
  /** From its imports and its manifest, in the order of `CAPABILITIES`. */
  readonly needed: readonly Capability[];
  /** `log` and what else was granted, in the same order, needed or not. */
  readonly granted: readonly Capability[];
}

/** Levels of what a plugin logs, by the number that it gives, 0 to 3. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A line that a plugin logged. */
export interface LogLine {
  readonly level: LogLevel;
  readonly text: string;
}

/** The document of a call, read by `field_*`: any JSON object, with what a search engine would say of it. */
export interface DocumentValue {
  readonly id?: string;
  readonly score?: number;
  /** Read by paths such as `author.name` and `tags.0`. */
  readonly fields: Readonly<Record<string, unknown>>;
}
