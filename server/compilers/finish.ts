import type { PluginManifest } from '../../wasm-core/protocol/plugins.ts';
import { type CheckedModule, checkModule, type ModuleProblem } from './check-module.ts';
import type {
  CompileDiagnostic,
  CompileOutcome,
  PluginSource,
  SourceRange,
  WorkerReply,
} from './compile-types.ts';
import { findDeclaration, manifestPlace, modulePlace } from './places.ts';
import { LineMap } from './text-positions.ts';
import { readUdfComments } from './udf-comment.ts';

/** The name that a plugin's file gives its module. */
export function moduleName(file: string): string {
  return file.replace(/^.*[\\/]/, '').replace(/(?<=.)\.[^.]*$/, '');
}

type TextSource = Exclude<PluginSource, { language: 'wasm' }>;

const START: SourceRange = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** What became of a `.wasm` file. */
export function finishBytes(source: Extract<PluginSource, { language: 'wasm' }>): CompileOutcome {
  const { path: file, bytes, sidecar } = source;
  const checked = checkModule(bytes, sidecar === undefined ? {} : { sidecar });
  const diagnostics = checked.problems.map((problem) => toDiagnostic(problem, START));
  return outcome(file, checked, diagnostics, new Map());
}

/** What became of a source: a compiler's reply, checked against the plugin ABI and put at its places. */
export function finishText(source: TextSource, reply: WorkerReply): CompileOutcome {
  const map = new LineMap(source.text);
  const declared = source.language === 'wat' ? readUdfComments(source.text) : undefined;
  const places = new Map(
    [...(declared?.places ?? []), ...reply.places].map((p) => [p.name, map.range(p.start, p.end)]),
  );
  const diagnostics = [...reply.diagnostics, ...(declared?.diagnostics ?? [])].map(
    ({ severity, message, code, start, end }) => ({ severity, message, code, range: map.range(start, end) }),
  );
  if (reply.wasm === undefined) return outcome(source.path, undefined, diagnostics, places);
  const manifest = declared && declared.functions.length > 0 ? manifestOf(declared.functions) : undefined;
  const checked = checkModule(reply.wasm, manifest === undefined ? {} : { declared: manifest });
  for (const fn of checked.manifest?.functions ?? []) {
    const place = findDeclaration(source.language, source.text, [fn.export, fn.name]);
    if (place !== undefined) places.set(fn.name, place);
  }
  const found = checked.problems.map((problem) => toDiagnostic(problem, placeOf(source, problem, places)));
  return outcome(source.path, checked, [...diagnostics, ...found], places);
}

function manifestOf(functions: PluginManifest['functions']): PluginManifest {
  return { abi: 1, functions, capabilities: [], doc: '' };
}

function placeOf(source: TextSource, problem: ModuleProblem, places: Map<string, SourceRange>): SourceRange {
  const { language, text } = source;
  const name = problem.function;
  const known = name === undefined ? undefined : places.get(name);
  const found = name === undefined ? undefined : findDeclaration(language, text, [name]);
  const declared = name !== undefined || problem.code === 'FORMAT_MANIFEST';
  const manifest = declared ? manifestPlace(language, text) : undefined;
  return known ?? found ?? manifest ?? modulePlace(language, text);
}

function toDiagnostic(problem: ModuleProblem, range: SourceRange): CompileDiagnostic {
  return { severity: 'error', message: problem.message, code: problem.code, range };
}

function outcome(
  file: string,
  checked: CheckedModule | undefined,
  diagnostics: readonly CompileDiagnostic[],
  places: ReadonlyMap<string, SourceRange>,
): CompileOutcome {
  const failed = checked === undefined || diagnostics.some((d) => d.severity === 'error');
  return {
    name: moduleName(file),
    ...(!failed && { wasm: checked.wasm }),
    diagnostics,
    functions: checked?.manifest?.functions ?? [],
    places,
  };
}
