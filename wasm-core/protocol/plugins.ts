/** SQL types that a plugin's signature may name. */
export const PLUGIN_TYPES = [
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
  'UBIGINT',
  'FLOAT',
  'DOUBLE',
  'VARCHAR',
  'BLOB',
] as const;

/** A SQL type that crosses the plugin ABI; `docs/plugin-abi.md` gives each one's WebAssembly form. */
export type PluginType = (typeof PLUGIN_TYPES)[number];

/** One parameter of a plugin function. */
export interface PluginParameter {
  readonly name: string;
  readonly type: PluginType;
}

/** A function that a plugin offers to SQL, as its manifest declares it. */
export interface PluginFunction {
  /** The name in SQL: a lower-case identifier of at most 63 characters. */
  readonly name: string;
  /** The export that implements it; the manifest may leave it out when it equals the name. */
  readonly export: string;
  readonly parameters: readonly PluginParameter[];
  readonly returns: PluginType;
  /** False when equal arguments may give different results; then nothing is folded or cached. */
  readonly deterministic: boolean;
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

/**
 * The language of a plugin's source, by its file's ending and its text; undefined for other documents. TypeScript is a
 * plugin's, in AssemblyScript, when a line begins with `@udf`, as a decorator or as a tag of a doc comment; other
 * TypeScript is none of our business.
 */
export function sourceLanguage(path: string, text: string): 'wat' | 'assemblyscript' | undefined {
  if (/\.wat$/i.test(path)) return 'wat';
  const isTypeScript = /\.ts$/i.test(path) && !/\.d\.ts$/i.test(path);
  return isTypeScript && /^[ \t]*(?:\/?\*+[ \t]*)?@udf\b/m.test(text) ? 'assemblyscript' : undefined;
}

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
