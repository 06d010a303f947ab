import type { CodeLens } from 'vscode-languageserver';
import {
  BENCHMARK_FUNCTION_COMMAND,
  type FunctionTarget,
  PROFILE_FUNCTION_COMMAND,
  RUN_FUNCTION_COMMAND,
  type SourceFunctionsResult,
  TEST_PLUGIN_COMMAND,
} from '../../wasm-core/protocol/lsp.ts';
import type { SourceRange } from '../compilers/compile-types.ts';
import type { DeclaredFunctions } from '../plugins/plugin-state.ts';

/** What can be done with each function that a plugin's source declares, above it. The commands carry everything. */
export function functionLenses(uri: string, declared: DeclaredFunctions): CodeLens[] {
  return targets(uri, declared).flatMap(({ target, range: { start } }) => {
    const lens = (title: string, command: string): CodeLens => ({
      range: { start, end: start },
      command: { title, command, arguments: [target] },
    });
    return [
      lens('$(play) Run with…', RUN_FUNCTION_COMMAND),
      lens('Test', TEST_PLUGIN_COMMAND),
      lens('Benchmark', BENCHMARK_FUNCTION_COMMAND),
      lens('Profile', PROFILE_FUNCTION_COMMAND),
    ];
  });
}

/** The functions of a source with their lines. */
export function sourceFunctions(uri: string, declared: DeclaredFunctions | undefined): SourceFunctionsResult {
  const found = declared === undefined ? [] : targets(uri, declared);
  return { functions: found.map(({ target, range }) => ({ ...target, line: range.start.line })) };
}

/** Functions whose place is known, in the order of the source; of overloads, which share a place, the first. */
function targets(
  uri: string,
  { name: module, functions, places }: DeclaredFunctions,
): { readonly target: FunctionTarget; readonly range: SourceRange }[] {
  const seen = new Set<string>();
  const found = functions.flatMap((fn) => {
    const range = places.get(fn.name);
    if (range === undefined || seen.has(fn.name)) return [];
    seen.add(fn.name);
    return [{ target: { uri, module, function: fn }, range }];
  });
  return found.sort(({ range: a }, { range: b }) => a.start.line - b.start.line);
}
