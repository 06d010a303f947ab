import { CoreError } from '../protocol/errors.ts';
import { DOCUMENT_TYPE, type PluginFunction } from '../protocol/plugins.ts';
import type { TypedValue } from '../protocol/typed-values.ts';
import { documentOf } from './call-document.ts';
import { bindArguments } from './call-parts.ts';
import { encodeColumn } from './values/encode-column.ts';
import { sqlTypeOf } from './values/sql-type-of.ts';

/** A function by its name and types, which tells overloads apart: `twice(BIGINT)`. */
export function overloadName(fn: PluginFunction): string {
  return `${fn.name}(${fn.parameters.map((p) => `${p.type}${p.variadic ? '...' : ''}`).join(', ')})`;
}

/**
 * The one of several functions of a name that takes the arguments.
 *
 * @param functions at least one; a single one is taken whatever the arguments, so that its call says what is wrong
 * @throws CoreError ARGUMENT_INVALID that lists the signatures when none fits, or more than one
 */
export function fittingFunction(
  functions: readonly PluginFunction[],
  args: readonly TypedValue[],
): PluginFunction {
  const [only, second] = functions;
  if (only !== undefined && second === undefined) return only;
  const fitting = functions.filter((fn) => takesArguments(fn, args));
  const [first, other] = fitting;
  if (first !== undefined && other === undefined) return first;
  throw overloadError(first === undefined ? functions : fitting, { fit: first !== undefined });
}

/**
 * ARGUMENT_INVALID that lists functions of one name.
 *
 * @param options.fit whether all of them take the arguments, rather than none
 */
export function overloadError(
  functions: readonly PluginFunction[],
  options: { readonly fit: boolean },
): CoreError {
  const listed = functions.map(overloadName);
  const name = functions[0]?.name ?? '';
  const what = options.fit
    ? `These arguments fit several functions: ${listed.join(', ')}. Name one of them with its types, such as ${listed[0]}.`
    : `No function ${name} takes these arguments. There are ${listed.join(', ')}.`;
  return new CoreError('ARGUMENT_INVALID', what, { function: name, signatures: listed });
}

/** Whether a function takes these arguments, by their number and their types. */
export function takesArguments(fn: PluginFunction, args: readonly TypedValue[]): boolean {
  try {
    for (const { parameter, value } of bindArguments(fn, args)) {
      const { name, type } = parameter;
      const isColumn = fn.kind === 'aggregate';
      if (isColumn && !Array.isArray(value)) return false;
      const values = isColumn ? (value as readonly TypedValue[]) : [value];
      if (type === DOCUMENT_TYPE) {
        if (value !== null) documentOf(value, parameter);
      } else {
        const place = { name, parameter: name, type };
        encodeColumn(
          values.map((item) => ({ value: item, place })),
          sqlTypeOf(type),
        );
      }
    }
    return true;
  } catch (error) {
    if (error instanceof CoreError && error.kind === 'ARGUMENT_INVALID') return false;
    throw error;
  }
}
