import { processFormOf } from '../../chain/chain.ts';
import { CoreError } from '../../protocol/errors.ts';
import { resolveLimits } from '../../protocol/limits.ts';
import type { TypedValue } from '../../protocol/methods.ts';
import type { PluginFunction } from '../../protocol/plugins.ts';
import { nearNames } from '../../runtime/near-names.ts';
import { decodeBytesValue, encodeBytesValue } from '../../runtime/node/bytes-value.ts';
import type { ModuleRecord } from '../../runtime/registry.ts';
import type { HostContext, Methods } from '../context.ts';
import { invalid, type Params, readParams, readString } from '../params.ts';
import { readModule } from './module-ref.ts';

/** `module/execute` and `module/call`. */
export function runMethods(context: HostContext): Methods<'module/execute' | 'module/call'> {
  const { registry, executor, counters } = context;
  return {
    'module/execute': async (value, { signal }) => {
      const params = readParams(value, ['module', 'namespace', 'input', 'limits']);
      const record = readModule(context, params);
      const form = processFormOf(record);
      const input = decodeBytesValue(params.input, 'input');
      const limits = resolveLimits(params.limits ?? undefined);
      const compiled = await registry.compiled(record);
      counters.executions++;
      const { output, usage, logs } = await executor.execute({ compiled, form, input, limits, signal });
      return { output: encodeBytesValue(output), usage, ...(logs.length > 0 && { logs }) };
    },
    'module/call': async (value, { signal }) => {
      const params = readParams(value, ['module', 'namespace', 'function', 'arguments', 'limits']);
      const record = readModule(context, params);
      const fn = findFunction(record, readString(params, 'function'));
      const limits = resolveLimits(params.limits ?? undefined);
      const args = readArguments(params);
      const compiled = await registry.compiled(record);
      counters.executions++;
      const outcome = await executor.call({ compiled, function: fn, arguments: args, limits, signal });
      const { result, usage, logs } = outcome;
      return { result, type: fn.returns, usage, ...(logs.length > 0 && { logs }) };
    },
  };
}

function findFunction({ info }: ModuleRecord, name: string): PluginFunction {
  const found = info.functions.find((fn) => fn.name === name);
  if (found !== undefined) return found;
  const names = info.functions.map((fn) => fn.name);
  const near = nearNames(name, names);
  const advice = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : inventory(names);
  const message = `${info.name} has no function ${JSON.stringify(name.slice(0, 100))}. ${advice}`;
  throw new CoreError('FUNCTION_UNKNOWN', message, { module: info.name, near });
}

function inventory(names: readonly string[]): string {
  if (names.length > 0) return `It has ${names.slice(0, 20).join(', ')}.`;
  return 'It has no functions for SQL: declare them in its manifest, or run it with module/execute.';
}

function readArguments(params: Params): readonly TypedValue[] {
  const value = params.arguments;
  if (!Array.isArray(value)) throw invalid('arguments must be an array.');
  return value.map((item: unknown, index) => {
    if (item === null || ['boolean', 'number', 'string'].includes(typeof item)) return item as TypedValue;
    if (typeof item === 'object' && 'base64' in item && typeof item.base64 === 'string') {
      return { base64: item.base64 };
    }
    throw invalid(`arguments[${index}] must be true, false, a number, a string, null or {"base64": "…"}.`);
  });
}
