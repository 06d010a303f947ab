import { ABI_CHECKS } from '../../../wasm-core/binary/abi.ts';
import type { WasmModule } from '../../../wasm-core/binary/wasm-module.ts';
import type { PluginManifest } from '../../../wasm-core/protocol/plugins.ts';
import { allocMissing } from './alloc-missing.ts';
import { builtinReserved, builtinShadowed } from './builtin-function.ts';
import type { PluginCheck, PluginFinding, PluginWorkspace } from './check.ts';
import { importNotGranted } from './import-not-granted.ts';
import { memoryTooLarge } from './memory-too-large.ts';
import { memoryWithoutMaximum } from './memory-without-maximum.ts';
import { ModuleCode } from './module-code.ts';
import { nanBits } from './nan-bits.ts';
import { nondeterministic } from './nondeterministic.ts';
import { startFunction } from './start-function.ts';
import { unusedExport } from './unused-export.ts';

/** Every check of single modules that can be loaded, by code. */
export const PLUGIN_CHECKS: readonly PluginCheck[] = [
  allocMissing,
  builtinReserved,
  builtinShadowed,
  importNotGranted,
  memoryTooLarge,
  memoryWithoutMaximum,
  nanBits,
  nondeterministic,
  startFunction,
  unusedExport,
];

/** Told by the language server alone, which sees all plugins of a folder. */
export const DUPLICATE_FUNCTION = { code: 'duplicate-function', level: 'warning' } as const;

/** What keeps a module from being loaded, by the names of the pages in docs/diagnostics. */
export const PLUGIN_ERRORS: readonly string[] = [
  ...ABI_CHECKS,
  'manifest-invalid',
  'module-invalid',
  'proposal-unsupported',
];

/** A finding with the check that it is of. */
export interface CodedFinding extends PluginFinding {
  readonly check: PluginCheck;
}

/**
 * Looks at a module that keeps to the ABI.
 *
 * @param module one that V8 takes
 * @param options.isGenerated see `PluginCheckInput`
 */
export function checkPlugin(
  module: WasmModule,
  options: {
    readonly manifest: PluginManifest | undefined;
    readonly isGenerated: boolean;
    readonly workspace: PluginWorkspace;
  },
): CodedFinding[] {
  const input = { module, code: new ModuleCode(module), ...options };
  return PLUGIN_CHECKS.flatMap((check) => check.find(input).map((finding) => ({ check, ...finding })));
}
