import type { InlineBody } from '../binary/inline-body.ts';
import type { OffsetMap } from '../binary/offset-map.ts';
import type { ProfileMap } from '../binary/profile/profile-map.ts';
import type { ModuleExport, ModuleImport } from '../protocol/plugins.ts';

/**
 * A module ready to be instantiated any number of times, rewritten so that its memory is ours, with a cap of ours, and
 * so that it counts its fuel. It survives `postMessage` to a worker thread.
 */
export interface CompiledModule {
  /** sha-256 of the original bytes, 64 hex characters. */
  readonly digest: string;
  /** The label it was loaded under, for messages. */
  readonly name: string;
  readonly module: WebAssembly.Module;
  /** Whether it counts its fuel; one that does not can be stopped only by ending its thread. */
  readonly metered: boolean;
  /** The memory that it declared, in pages; absent when it has none. */
  readonly memory?: { readonly initialPages: number; readonly maximumPages?: number };
  readonly imports: readonly ModuleImport[];
  readonly exports: readonly ModuleExport[];
  /** How many functions it has, imported ones included. */
  readonly functionCount: number;
  /** Whether it has a start function, which the host calls once the instance has its fuel. */
  readonly hasStart: boolean;
  /** Whether restoring its memory and its globals makes a used instance a fresh one. */
  readonly resettable: boolean;
  /** From positions in the rewritten code to those in the original. */
  readonly offsets: OffsetMap;
  /** The code of exported functions that compute on their parameters alone, by export. */
  readonly inlines: ReadonlyMap<string, InlineBody>;
  /** What its counters count; absent when it is not profiled. */
  readonly profile?: ProfileMap;
}

/** Module and name under which a rewritten module imports its memory. */
export const MEMORY_IMPORT = { module: 'quern', name: 'memory' } as const;
