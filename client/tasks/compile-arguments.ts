import type { Preset, ToolPaths } from '../../wasm-core/protocol/plugins.ts';

/** What a task of the type `quern` compiles, as `tasks.json` says it. */
export interface CompileTaskDefinition {
  /** Path of a source from the workspace folder; absent: every plugin of the folder. */
  readonly file?: string;
  /** Absent: the setting `quern.preset`. */
  readonly preset?: Preset;
}

/** The arguments of the command line that do what a task says. @param files paths of sources, one or more */
export function compileArguments(
  files: readonly string[],
  how: { readonly preset: Preset; readonly tools: ToolPaths },
): string[] {
  const tools = Object.entries(how.tools).flatMap(([name, path]) => ['--tool', `${name}=${path}`]);
  return ['compile', ...(how.preset === 'release' ? ['--release'] : []), ...tools, '--', ...files];
}
