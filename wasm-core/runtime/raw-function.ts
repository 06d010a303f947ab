import { CoreError } from '../protocol/errors.ts';
import type { ModuleExport, PluginFunction, PluginType, ValueType } from '../protocol/plugins.ts';

/** An export that no manifest declares, as a function of the SQL types that its numbers are. */
export interface RawFunction extends PluginFunction {
  /** The types of its results: none, one or several. `returns` is the first, and means nothing where there is none. */
  readonly results: readonly PluginType[];
}

/**
 * Takes an export as a function of numbers: i32 is INTEGER, i64 BIGINT, f32 FLOAT, f64 DOUBLE. Pointers are numbers, too,
 * so text and bytes need a declared signature.
 *
 * @throws CoreError FUNCTION_UNKNOWN for a parameter or a result that is no number
 */
export function rawFunction(item: ModuleExport): RawFunction {
  if (item.kind !== 'function') {
    const message = `${item.name} is a ${item.kind}, and only functions can be called.`;
    throw new CoreError('FUNCTION_UNKNOWN', message, { export: item.name });
  }
  const { name } = item;
  const parameters = item.parameters.map((type, index) => ({
    name: `p${index + 1}`,
    type: sqlType(type, { name, what: `parameter ${index + 1}` }),
  }));
  const results = item.results.map((type, index) => sqlType(type, { name, what: `result ${index + 1}` }));
  const [returns = 'INTEGER'] = results;
  return { name, export: name, parameters, returns, deterministic: false, doc: '', results };
}

/** Whether a function is an export as it is, rather than declared by a manifest. */
export function isRaw(fn: PluginFunction): fn is RawFunction {
  return 'results' in fn;
}

/** The type of what a call gives: `VARCHAR`; of an export as it is, `()` and `(INTEGER, DOUBLE)`, too. */
export function resultType(fn: PluginFunction): string {
  return isRaw(fn) && fn.results.length !== 1 ? `(${fn.results.join(', ')})` : fn.returns;
}

const SQL_TYPES: Readonly<Record<ValueType, PluginType | undefined>> = {
  i32: 'INTEGER',
  i64: 'BIGINT',
  f32: 'FLOAT',
  f64: 'DOUBLE',
  v128: undefined,
  funcref: undefined,
  externref: undefined,
  exnref: undefined,
};

function sqlType(type: ValueType, at: { readonly name: string; readonly what: string }): PluginType {
  const found = SQL_TYPES[type];
  if (found !== undefined) return found;
  const why = type === 'v128' ? 'a vector cannot leave WebAssembly' : 'a reference means nothing outside';
  const message = `The export ${at.name} cannot be called from outside: its ${at.what} is ${type}, and ${why}. Export a function of i32, i64, f32 and f64 that calls it.`;
  throw new CoreError('FUNCTION_UNKNOWN', message, { export: at.name, type });
}
