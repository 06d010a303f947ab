import type { PluginFunction, PluginParameter } from '../../../wasm-core/protocol/plugins.ts';
import type { KnownFunction } from '../knowledge.ts';
import { textOf } from '../syntax/scope.ts';
import type { Call } from '../syntax/tree.ts';
import type { LintInput } from './lint.ts';

/** A call of a plugin's function, with the functions of that name that take as many arguments. */
export interface PluginCall {
  readonly call: Call;
  readonly functions: readonly KnownFunction[];
}

/** The calls of plugin functions in a statement; those that name their arguments (`a := 1`) are left out. */
export async function pluginCalls({ statement, knowledge, macros }: LintInput): Promise<PluginCall[]> {
  if (statement.calls.length === 0) return [];
  const known = await knowledge.functions();
  return statement.calls.flatMap((call) => {
    const name = call.name.text.toLowerCase();
    const isNamed = call.arguments.some((argument) =>
      /^\s*[\p{L}_"][^\s(']*\s*(:=|=>)/u.test(textOf(statement.text, argument)),
    );
    if (call.isQualified || macros.has(name) || isNamed) return [];
    const functions = known.filter(({ fn }) => fn.name === name && takes(fn, call.arguments.length));
    return functions.length === 0 ? [] : [{ call, functions }];
  });
}

/** The parameter of a call's argument; the last one takes the rest when it is variadic. */
export function parameterAt({ parameters }: PluginFunction, index: number): PluginParameter | undefined {
  const last = parameters.at(-1);
  return parameters[index] ?? (last?.variadic ? last : undefined);
}

function takes({ parameters }: PluginFunction, count: number): boolean {
  return parameters.at(-1)?.variadic ? count >= parameters.length - 1 : count === parameters.length;
}
