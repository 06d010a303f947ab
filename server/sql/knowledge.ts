import type { CatalogResult, ColumnInfo } from '../../wasm-core/protocol/methods.ts';
import type { PluginFunction } from '../../wasm-core/protocol/plugins.ts';
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
  catalog(): Promise<CatalogResult>;
  /** The columns that a query gives; empty when it does not prepare. */
  columns(query: string): Promise<readonly ColumnInfo[]>;
  functions(): Promise<readonly KnownFunction[]>;
  /** Names of files and folders (with a final `/`) in a folder named relative to the document. */
  files(folder: string): Promise<readonly string[]>;
}

/** How a function is written in a hover or a completion: `slug(s VARCHAR) -> VARCHAR`. */
export function signatureText(fn: PluginFunction): string {
  const parameters = fn.parameters.map(({ name, type }) => `${name} ${type}`).join(', ');
  return `${fn.name}(${parameters}) -> ${fn.returns}`;
}
