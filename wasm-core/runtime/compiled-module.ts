import type { ModuleExport, ModuleImport } from '../protocol/plugins.ts';

/**
 * A module ready to be instantiated any number of times, with its memory imported as `quern.memory`, so that each
 * instance gets a memory of ours with a cap of ours. It survives `postMessage` to a worker thread.
 */
export interface CompiledModule {
  /** sha-256 of the original bytes, 64 hex characters. */
  readonly digest: string;
  /** The label it was loaded under, for messages. */
  readonly name: string;
  readonly module: WebAssembly.Module;
  /** The memory that it declared, in pages; absent when it has none. */
  readonly memory?: { readonly initialPages: number; readonly maximumPages?: number };
  readonly imports: readonly ModuleImport[];
  readonly exports: readonly ModuleExport[];
}

/** Module and name under which a rewritten module imports its memory. */
export const MEMORY_IMPORT = { module: 'quern', name: 'memory' } as const;
