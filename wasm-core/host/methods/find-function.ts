import { CoreError } from '../../protocol/errors.ts';
import { nearNames } from '../../protocol/near-names.ts';
import type { PluginFunction } from '../../protocol/plugins.ts';
import type { TypedValue } from '../../protocol/typed-values.ts';
import { fittingFunction, overloadName } from '../../runtime/fitting-functions.ts';
import { rawFunction } from '../../runtime/raw-function.ts';
import type { ModuleRecord } from '../../runtime/registry.ts';

/**
 * What `module/call` calls by a name: the function that the manifest declares and that takes the arguments, else the
 * export of that name as it is.
 *
 * @param name also with types, as `overloadName` writes them
 * @throws CoreError ARGUMENT_INVALID as `fittingFunction` does, FUNCTION_UNKNOWN with near names, also for an export that takes or gives more than numbers
 */
export function findFunction(
  { info, exports }: ModuleRecord,
  name: string,
  args: readonly TypedValue[],
): PluginFunction {
  const declared = info.functions.filter((fn) => fn.name === name || overloadName(fn) === name);
  if (declared.length > 0) return fittingFunction(declared, args);
  const exported = exports.find((item) => item.kind === 'function' && item.name === name);
  if (exported !== undefined) return rawFunction(exported);
  const names = [
    ...info.functions.map((fn) => fn.name),
    ...exports.filter((item) => item.kind === 'function').map((item) => item.name),
  ];
  const near = nearNames(name, new Set(names));
  const advice = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : inventory([...new Set(names)]);
  const message = `${info.name} has no function ${JSON.stringify(name.slice(0, 100))}. ${advice}`;
  throw new CoreError('FUNCTION_UNKNOWN', message, { module: info.name, near });
}

function inventory(names: readonly string[]): string {
  if (names.length > 0) return `It has ${names.slice(0, 20).join(', ')}.`;
  return 'It exports no function at all.';
}
