import type { FunctionsResult } from '../../protocol/methods.ts';
import type { PluginFunction, PluginParameter } from '../../protocol/plugins.ts';
import type { TypedValue } from '../../protocol/typed-values.ts';
import { overloadError, overloadName, takesArguments } from '../../runtime/fitting-functions.ts';
import { rawFunction } from '../../runtime/raw-function.ts';
import { parseTypedArgument } from './typed-argument.ts';

/** What to call, and with what. */
export interface ChosenCall {
  /** The name to send, with types where several functions have it. */
  readonly target: string;
  readonly args: readonly TypedValue[];
}

/**
 * Reads words as the arguments of the function that takes them. What does not fit is left to the host, which says why.
 *
 * @param name of a function, also with types: `twice(BIGINT)`
 * @throws CoreError ARGUMENT_INVALID when a word is not of its parameter's type, or words fit none or several functions
 */
export function chooseOverload(known: FunctionsResult, name: string, texts: readonly string[]): ChosenCall {
  const declared = known.functions.filter((fn) => fn.name === name || overloadName(fn) === name);
  const [only, second] = declared;
  if (only !== undefined && second === undefined) return { target: name, args: argumentsOf(only, texts) };
  if (only === undefined)
    return { target: name, args: typedArguments(exportedParameters(known, name), texts) };
  const readable = declared.flatMap((fn) => {
    const args = tryArguments(fn, texts);
    return args === undefined ? [] : [{ fn, args }];
  });
  const fitting = readable.filter(({ fn, args }) => takesArguments(fn, args));
  const [first, other] = fitting;
  if (first !== undefined && other === undefined) return { target: overloadName(first.fn), args: first.args };
  throw overloadError(other === undefined ? declared : fitting.map(({ fn }) => fn), {
    fit: other !== undefined,
  });
}

function tryArguments(fn: PluginFunction, texts: readonly string[]): readonly TypedValue[] | undefined {
  try {
    return argumentsOf(fn, texts);
  } catch {
    return undefined;
  }
}

/** An aggregate takes columns, so each of its words is JSON. */
function argumentsOf(fn: PluginFunction, texts: readonly string[]): readonly TypedValue[] {
  if (fn.kind !== 'aggregate') return typedArguments(fn.parameters, texts);
  return typedArguments(
    fn.parameters.map((parameter) => ({ ...parameter, type: `${parameter.type}[]` })),
    texts,
  );
}

function typedArguments(
  parameters: readonly PluginParameter[],
  texts: readonly string[],
): readonly TypedValue[] {
  const last = parameters.at(-1);
  return texts.map((text, index) => {
    const parameter = parameters[index] ?? (last?.variadic ? last : undefined);
    return parameter === undefined ? text : parseTypedArgument(text, parameter);
  });
}

/** Those of an export as it is; none when it cannot be called. */
function exportedParameters({ exports }: FunctionsResult, name: string): readonly PluginParameter[] {
  const exported = exports.find((item) => item.name === name);
  try {
    return exported === undefined ? [] : rawFunction(exported).parameters;
  } catch {
    return [];
  }
}
