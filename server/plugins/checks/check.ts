import type { WasmModule } from '../../../wasm-core/binary/wasm-module.ts';
import type { DiagnosticLevel } from '../../../wasm-core/protocol/lsp.ts';
import type { Capability, PluginManifest } from '../../../wasm-core/protocol/plugins.ts';
import type { ModuleCode } from './module-code.ts';

/**
 * Something that is hardly meant in a module that can be loaded. Each has a page of its code's name in docs/diagnostics.
 */
export interface PluginCheck {
  /** In kebab case. */
  readonly code: string;
  /** How loud it is unless the setting `quern.diagnostics` says otherwise. */
  readonly level: Exclude<DiagnosticLevel, 'off'>;
  find(input: PluginCheckInput): readonly PluginFinding[];
}

/** What a check looks at: a module that keeps to the ABI. */
export interface PluginCheckInput {
  readonly module: WasmModule;
  readonly code: ModuleCode;
  readonly manifest: PluginManifest | undefined;
  /** Whether the module came out of a compiler that decides on memories and start functions by itself. */
  readonly isGenerated: boolean;
  readonly workspace: PluginWorkspace;
}

/** What the folder's `quern.json` says of a plugin. */
export interface PluginWorkspace {
  /** The name under which the file grants to the module. */
  readonly module: string;
  readonly granted: readonly Capability[];
  /** The cap of an instance's memory, MiB. */
  readonly memoryMb: number;
}

/** What is told of a module, and what it is about; absent: the whole module. */
export interface PluginFinding {
  readonly message: string;
  readonly about?: PluginSubject;
  /** For the fixes, as JSON: the client gives it back. */
  readonly data?: unknown;
}

/** A part of a module that a source has a place for. */
export type PluginSubject =
  | { readonly type: 'function'; readonly name: string }
  | { readonly type: 'import'; readonly module: string; readonly name: string }
  | { readonly type: 'memory' }
  | { readonly type: 'start' }
  /** An instruction by its position in the file, bytes, in a function of SQL. */
  | { readonly type: 'instruction'; readonly offset: number; readonly function: string };
