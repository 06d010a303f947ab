import type { PluginManifest } from '../../wasm-core/protocol/plugins.ts';
import { type CheckedModule, checkModule, engineProblem, type ModuleProblem } from './check-module.ts';
import type {
  CompileDiagnostic,
  CompileOutcome,
  OwnLanguage,
  PluginSource,
  SourcePlace,
  SourceRange,
  WorkerReply,
} from './compile-types.ts';
import { withLints } from './lint-module.ts';
import { moduleName } from './module-name.ts';
import { findDeclaration, manifestPlace, modulePlace } from './places.ts';
import { SubjectPlaces } from './subject-places.ts';
import { LineMap } from './text-positions.ts';
import { readUdfComments } from './udf-comment.ts';

type TextSource = Extract<PluginSource, { readonly language: OwnLanguage }>;

const START: SourceRange = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** What became of a `.wasm` file. */
export async function finishBytes(
  source: Extract<PluginSource, { language: 'wasm' }>,
): Promise<CompileOutcome> {
  const { bytes, sidecar } = source;
  const read = checkModule(bytes, sidecar === undefined ? {} : { sidecar });
  const refusal = read.problems.length === 0 ? await engineRefusal(bytes) : undefined;
  const checked = refusal === undefined ? read : { ...read, problems: [refusal] };
  const diagnostics = checked.problems.map((problem) => toDiagnostic(problem, START));
  const outcome = outcomeOf(source.path, checked, { diagnostics, places: new Map() });
  return withLints(outcome, { source, checked, placeOf: () => START });
}

/** What V8 has against a module; undefined when it takes it. */
async function engineRefusal(bytes: Uint8Array): Promise<ModuleProblem | undefined> {
  // A copy, since the bytes may lie in a buffer that others share.
  const own = bytes.slice();
  if (WebAssembly.validate(own)) return undefined;
  return WebAssembly.compile(own).then(() => undefined, engineProblem);
}

/** What became of a `.wasm` file that is a component: the plugin that was made of it, checked against the plugin ABI. */
export function finishComponent(
  source: Extract<PluginSource, { language: 'wasm' }>,
  reply: WorkerReply,
): CompileOutcome {
  const checked = reply.wasm && checkModule(reply.wasm, {});
  const found = checked?.problems.map((problem) => toDiagnostic(problem, START)) ?? [];
  const said = reply.diagnostics.map(({ severity, code, message }) => ({
    severity,
    code,
    message,
    range: START,
  }));
  const made = outcomeOf(source.path, checked, { diagnostics: [...said, ...found], places: new Map() });
  return checked === undefined ? made : withLints(made, { source, checked, placeOf: () => START });
}

/** What became of a source: a compiler's reply, checked against the plugin ABI and put at its places. */
export function finishText(source: TextSource, reply: WorkerReply): CompileOutcome {
  const map = new LineMap(source.text);
  const declared = source.language === 'wat' ? readUdfComments(source.text, 'wat') : undefined;
  const places = new Map(
    [...(declared?.places ?? []), ...reply.places].map((p) => [p.name, map.range(p.start, p.end)]),
  );
  const diagnostics = [...reply.diagnostics, ...(declared?.diagnostics ?? [])].map(
    ({ severity, message, code, start, end }) => ({ severity, message, code, range: map.range(start, end) }),
  );
  if (reply.wasm === undefined) return outcomeOf(source.path, undefined, { diagnostics, places });
  const manifest = declared && declared.functions.length > 0 ? manifestOf(declared.functions) : undefined;
  const checked = checkModule(reply.wasm, manifest === undefined ? {} : { declared: manifest });
  for (const fn of checked.manifest?.functions ?? []) {
    const place = findDeclaration(source.language, source.text, [fn.export, fn.name]);
    if (place !== undefined) places.set(fn.name, place);
  }
  const subjects = new SubjectPlaces(source, places, checked.wasm);
  const found = checked.problems.map((problem) =>
    toDiagnostic(problem, problemPlace(source, problem, subjects)),
  );
  const told = outcomeOf(source.path, checked, { diagnostics: [...diagnostics, ...found], places });
  const made = withLints(told, { source, checked, placeOf: (about) => subjects.of(about) });
  return { ...made, inputs: (reply.inputs ?? []).map((name) => `${source.root}/${name}`) };
}

/** A manifest with these functions alone. */
export function manifestOf(functions: PluginManifest['functions']): PluginManifest {
  return { abi: 1, functions, capabilities: [], doc: '' };
}

/** Where a problem that keeps a module from being loaded is shown. */
function problemPlace(source: TextSource, problem: ModuleProblem, subjects: SubjectPlaces): SourceRange {
  const { language, text } = source;
  const { function: name, import: imported, feature } = problem;
  if (imported !== undefined) return subjects.import(imported) ?? modulePlace(language, text);
  if (feature !== undefined) return subjects.feature(feature) ?? modulePlace(language, text);
  const isDeclared = name !== undefined || problem.code === 'manifest-invalid';
  const known = name === undefined ? undefined : subjects.functionPlace(name);
  return known ?? (isDeclared ? manifestPlace(language, text) : undefined) ?? modulePlace(language, text);
}

function toDiagnostic(problem: ModuleProblem, range: SourceRange): CompileDiagnostic {
  return { severity: 'error', message: problem.message, code: problem.code, range };
}

/** What became of a source, without its module where something is wrong. @param file absolute */
export function outcomeOf(
  file: string,
  checked: CheckedModule | undefined,
  about: {
    readonly diagnostics: readonly CompileDiagnostic[];
    readonly places: ReadonlyMap<string, SourcePlace>;
  },
): CompileOutcome {
  const { diagnostics, places } = about;
  const failed = checked === undefined || diagnostics.some((d) => d.severity === 'error');
  return {
    name: moduleName(file),
    ...(!failed && { wasm: checked.wasm }),
    diagnostics,
    functions: checked?.manifest?.functions ?? [],
    places,
  };
}
