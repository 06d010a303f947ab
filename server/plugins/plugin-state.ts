import { readModule } from '../../wasm-core/binary/reader.ts';
import { importedCount } from '../../wasm-core/binary/wasm-module.ts';
import type { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { DiagnosticLevel, PluginStateParams } from '../../wasm-core/protocol/lsp.ts';
import type { PluginFunction } from '../../wasm-core/protocol/plugins.ts';
import type {
  CompileDiagnostic,
  CompileOutcome,
  SourcePlace,
  SourceRange,
} from '../compilers/compile-types.ts';

/** The last version of a plugin that compiled and was loaded; it stays in force while a newer one fails. */
export interface LoadedPlugin {
  readonly name: string;
  readonly namespace: string;
  readonly uri: string;
  readonly functions: readonly PluginFunction[];
  readonly places: ReadonlyMap<string, SourcePlace>;
}

/** What a plugin's source declares, as it was when it last compiled. */
export interface DeclaredFunctions {
  /** The module's name. */
  readonly name: string;
  readonly functions: readonly PluginFunction[];
  /** Where each is declared, by SQL name, as far as it is known. */
  readonly places: CompileOutcome['places'];
  /** Bytes of the module. */
  readonly byteLength: number;
  /** Bytes of the code of exported functions, by the name of the export. */
  readonly codeLengths: ReadonlyMap<string, number>;
}

/** What a source declares that has compiled; undefined for one that has not. */
export function declaredFunctions(outcome: CompileOutcome): DeclaredFunctions | undefined {
  const { name, functions, places, wasm } = outcome;
  if (wasm === undefined) return undefined;
  const module = readModule(wasm);
  const firstOwn = importedCount(module, 'function');
  const lengths = [...module.exportedFunctions].flatMap(([exported, index]) => {
    const body = module.bodies[index - firstOwn];
    return body === undefined ? [] : [[exported, body.end - body.start] as const];
  });
  return { name, functions, places, byteLength: wasm.byteLength, codeLengths: new Map(lengths) };
}

/** The same with the places in one of a plugin's files alone. Both are absolute paths. */
export function declaredIn(
  declared: DeclaredFunctions,
  { file, source }: { readonly file: string | undefined; readonly source: string | undefined },
): DeclaredFunctions {
  const own = [...declared.places].filter(([, place]) => (place.file ?? source) === file);
  return { ...declared, places: new Map(own) };
}

/**
 * The diagnostics of a plugin's source; when it fails while an earlier version is in force, the first error says so.
 */
export function explained(
  diagnostics: readonly CompileDiagnostic[],
  inForce: LoadedPlugin | undefined,
): CompileDiagnostic[] {
  const first = diagnostics.findIndex(isFailure);
  if (first < 0 || inForce === undefined) return [...diagnostics];
  const note = `The last version of ${inForce.name} that compiled stays in force.`;
  return diagnostics.map((d, index) => (index === first ? { ...d, message: `${d.message}\n${note}` } : d));
}

/** Whether a diagnostic keeps a plugin from being loaded. */
function isFailure({ severity, isLint }: CompileDiagnostic): boolean {
  return severity === 'error' && !isLint;
}

/** The diagnostics as loud as the setting `quern.diagnostics` has them; those that are off are left out. */
export function withLevels(
  diagnostics: readonly CompileDiagnostic[],
  levels: Readonly<Record<string, DiagnosticLevel>>,
): CompileDiagnostic[] {
  return diagnostics.flatMap((diagnostic) => {
    const level = diagnostic.isLint ? levels[diagnostic.code] : undefined;
    if (level === 'off') return [];
    return [level === undefined ? diagnostic : { ...diagnostic, severity: level }];
  });
}

/** What the client is told of a plugin that failed. */
export function failedState(uri: string, outcome: CompileOutcome): PluginStateParams {
  const first = outcome.diagnostics.find(isFailure);
  return {
    uri,
    state: 'failed',
    name: outcome.name,
    functions: outcome.functions,
    message: first?.message ?? 'It did not compile.',
  };
}

/** What became of a source that compiled, and that the host refused. */
export function refusal(outcome: CompileOutcome, error: CoreError): CompileOutcome {
  const range = [...outcome.places.values()][0] ?? TOP;
  const { kind, message, details } = error;
  const code = typeof details.check === 'string' ? details.check : kind;
  const diagnostic = { severity: 'error', code, message, range } as const;
  return { ...outcome, diagnostics: [...outcome.diagnostics, diagnostic] };
}

const TOP: SourceRange = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
