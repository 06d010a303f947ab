import type { PluginStateParams } from '../../wasm-core/protocol/lsp.ts';
import type { PluginFunction } from '../../wasm-core/protocol/plugins.ts';
import type { CompileDiagnostic, CompileOutcome, SourceRange } from '../compilers/compile-types.ts';

/** The last version of a plugin that compiled and was loaded; it stays in force while a newer one fails. */
export interface LoadedPlugin {
  readonly name: string;
  readonly namespace: string;
  readonly uri: string;
  readonly functions: readonly PluginFunction[];
  readonly places: ReadonlyMap<string, SourceRange>;
}

/**
 * The diagnostics of a plugin's source; when it fails while an earlier version is in force, the first error says so.
 */
export function explained(
  diagnostics: readonly CompileDiagnostic[],
  inForce: LoadedPlugin | undefined,
): CompileDiagnostic[] {
  const first = diagnostics.findIndex((d) => d.severity === 'error');
  if (first < 0 || inForce === undefined) return [...diagnostics];
  const note = `The last version of ${inForce.name} that compiled stays in force.`;
  return diagnostics.map((d, index) => (index === first ? { ...d, message: `${d.message}\n${note}` } : d));
}

/** What the client is told of a plugin that failed. */
export function failedState(uri: string, outcome: CompileOutcome): PluginStateParams {
  const first = outcome.diagnostics.find((d) => d.severity === 'error');
  return {
    uri,
    state: 'failed',
    name: outcome.name,
    functions: outcome.functions,
    message: first?.message ?? 'It did not compile.',
  };
}
