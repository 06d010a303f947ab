import type { Catalog } from '../../wasm-core/protocol/catalog.ts';
import type { ColumnInfo } from '../../wasm-core/protocol/methods.ts';
import type { PluginFunction, PluginParameter } from '../../wasm-core/protocol/plugins.ts';
import type { SummaryResult } from '../../wasm-core/protocol/summary.ts';
import type { SourceRange } from '../compilers/compile-types.ts';

/** A plugin's function and where it comes from. */
export interface KnownFunction {
  readonly fn: PluginFunction;
  /** The module's name. */
  readonly module: string;
  /** URI of the source, where it is known. */
  readonly uri?: string;
  readonly range?: SourceRange;
}

/**
 * What the engine and the plugins say, for one SQL document. Nothing rejects: what cannot be known is empty, so that a
 * feature still offers what it has.
 */
export interface SqlKnowledge {
  catalog(): Promise<Catalog>;
  /** The columns that a query gives; empty when it does not prepare. */
  columns(query: string): Promise<readonly ColumnInfo[]>;
  /** What is known of a relation without reading it. @param source as a statement writes it */
  summary(source: string): Promise<SummaryResult>;
  functions(): Promise<readonly KnownFunction[]>;
  /** Names of files and folders (with a final `/`) in a folder named relative to the document. */
  files(folder: string): Promise<readonly string[]>;
}

/** What is known without an engine. */
export const EMPTY_CATALOG: Catalog = {
  current: { database: 'memory', schema: 'main' },
  databases: [],
  schemas: [],
  tables: [],
  functions: [],
  keywords: [],
  reserved: [],
  types: [],
  settings: [],
  named: [],
};

/** How a function is written in a hover or a completion: `slug(s VARCHAR) -> VARCHAR`. */
export function signatureText(fn: PluginFunction): string {
  const parameters = fn.parameters.map(parameterText).join(', ');
  return `${fn.name}(${parameters}) -> ${fn.returns}`;
}

/** A parameter as signatures show it: `s VARCHAR`, `xs VARCHAR...`. */
export function parameterText({ name, type, variadic }: PluginParameter): string {
  return `${name} ${type}${variadic ? '...' : ''}`;
}
