import path from 'node:path';
import type { PluginManifest } from '../../wasm-core/protocol/plugins.ts';
import { type CheckedModule, checkModule, type ModuleProblem } from './check-module.ts';
import type {
  CompileDiagnostic,
  CompileOutcome,
  PluginSource,
  SourceRange,
  WorkerReply,
} from './compile-types.ts';
import { CompilerThread } from './compiler-thread.ts';
import { findDeclaration, modulePlace } from './places.ts';
import { LineMap } from './text-positions.ts';
import { readUdfComments } from './udf-comment.ts';

/** Turns plugins' sources into modules that the host takes. */
export interface Compilers {
  /**
   * Compiles a source and checks the module against the plugin ABI.
   *
   * @returns the module, or diagnostics of which at least one is an error; never rejects for a faulty source
   */
  compile(source: PluginSource): Promise<CompileOutcome>;
  dispose(): Promise<void>;
}

/**
 * Makes the compilers; their threads start with the first source of their language and stay.
 *
 * @param distFolder absolute folder that holds `wat-worker.mjs` and `assemblyscript-worker.mjs`
 */
export function createCompilers(distFolder: string): Compilers {
  const threads = {
    wat: new CompilerThread('WebAssembly text', path.join(distFolder, 'wat-worker.mjs')),
    assemblyscript: new CompilerThread('AssemblyScript', path.join(distFolder, 'assemblyscript-worker.mjs')),
  };
  return {
    compile: async (source) => {
      if (source.language === 'wasm') return checkBytes(source);
      const { root, text } = source;
      const entry = path.relative(root, source.path).split(path.sep).join('/');
      const reply = await threads[source.language].compile({ root, text, entry });
      return finish(source, reply);
    },
    dispose: async () => {
      await Promise.all([threads.wat.dispose(), threads.assemblyscript.dispose()]);
    },
  };
}

/** The name that a plugin's file gives its module. */
export function moduleName(file: string): string {
  return path.basename(file, path.extname(file));
}

type TextSource = Exclude<PluginSource, { language: 'wasm' }>;

const START: SourceRange = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

function checkBytes(source: Extract<PluginSource, { language: 'wasm' }>): CompileOutcome {
  const { path: file, bytes, sidecar } = source;
  const checked = checkModule(bytes, sidecar === undefined ? {} : { sidecar });
  const diagnostics = checked.problems.map((problem) => toDiagnostic(problem, START));
  return outcome(file, checked, diagnostics, new Map());
}

function finish(source: TextSource, reply: WorkerReply): CompileOutcome {
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
  const name = problem.function;
  const known = name === undefined ? undefined : places.get(name);
  const found = name === undefined ? undefined : findDeclaration(source.language, source.text, [name]);
  return known ?? found ?? modulePlace(source.language, source.text);
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
