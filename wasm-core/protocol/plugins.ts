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
  /** Host functions that the plugin wants, by capability name. */
  readonly capabilities: readonly string[];
  /** One paragraph about the module; empty when it has none. */
  readonly doc: string;
}

/** The type of a WebAssembly value. */
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | 'funcref' | 'externref';

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
