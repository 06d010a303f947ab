import { textOf } from '../syntax/scope.ts';
import { constantArguments } from './constants.ts';
import type { Lint, LintFinding, LintInput } from './lint.ts';
import { type PluginCall, pluginCalls } from './plugin-calls.ts';

/** A plugin function that fails for the constants that it is called with. */
export const pluginTrap: Lint = {
  code: 'plugin-trap',
  level: 'warning',
  find: async (input) => {
    const found: LintFinding[] = [];
    for (const call of await pluginCalls(input)) {
      if (input.signal.aborted) break;
      found.push(...(await findAt(input, call)));
    }
    return found;
  },
};

async function findAt(input: LintInput, { call, functions }: PluginCall): Promise<LintFinding[]> {
  const texts = call.arguments.map((argument) => textOf(input.statement.text, argument));
  const fitting = functions.flatMap(({ fn, module }) => {
    const values = constantArguments(fn, texts);
    return values === undefined ? [] : [{ fn, module, values }];
  });
  const [only] = fitting;
  // The engine chooses between several, by rules of its own.
  if (only === undefined || functions.length > 1) return [];
  const { fn, module, values } = only;
  if (fn.kind !== undefined || !fn.deterministic || fn.onError === 'null') return [];
  const reason = await input.failure({ module, fn, values, signal: input.signal });
  return reason === undefined ? [] : [{ start: call.start, end: call.end, message: reason }];
}
