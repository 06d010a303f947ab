import { DEFAULT_LIMITS } from '../../wasm-core/protocol/limits.ts';
import { checkPlugin } from '../plugins/checks/all-checks.ts';
import type { PluginSubject } from '../plugins/checks/check.ts';
import type { CheckedModule } from './check-module.ts';
import type { CompileDiagnostic, CompileOutcome, PluginSource, SourcePlace } from './compile-types.ts';

/**
 * An outcome with what is hardly meant in its module, where that can be loaded.
 *
 * @param options.checked what the module is, before anything was left out of the outcome
 * @param options.placeOf where a part of the module stands; undefined: the whole of it
 */
export function withLints(
  outcome: CompileOutcome,
  options: {
    readonly source: PluginSource;
    readonly checked: CheckedModule;
    readonly placeOf: (about: PluginSubject | undefined) => SourcePlace;
  },
): CompileOutcome {
  const { source, checked, placeOf } = options;
  const { module, manifest } = checked;
  if (outcome.wasm === undefined || module === undefined) return outcome;
  const none = { module: outcome.name, granted: [], memoryMb: DEFAULT_LIMITS.memoryMb };
  // Only WebAssembly itself says what its memory and its start function are; elsewhere a compiler does.
  const isGenerated = source.language !== 'wat' && source.language !== 'wasm';
  const found = checkPlugin(module, { manifest, isGenerated, workspace: source.workspace ?? none })
    // The instructions of a plugin in JavaScript are QuickJS's, and nobody's fault.
    .filter(({ about }) => source.language !== 'javascript' || about?.type !== 'instruction');
  const lints = found.map(({ check, message, about, data }): CompileDiagnostic => {
    const { file, ...range } = placeOf(about);
    return {
      severity: check.level,
      code: check.code,
      message,
      range,
      isLint: true,
      ...(file !== undefined && { file }),
      ...(data !== undefined && { data }),
    };
  });
  return { ...outcome, diagnostics: [...outcome.diagnostics, ...lints] };
}
