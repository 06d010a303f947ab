import { CoreError } from '../protocol/errors.ts';
import type { CallValue } from '../protocol/methods.ts';
import { DOCUMENT_TYPE, type PluginFunction } from '../protocol/plugins.ts';
import type { TypedValue } from '../protocol/typed-values.ts';
import { callAggregate } from './call-aggregate.ts';
import { bindArguments, hasRowForm, invokeBatch, invokeRow, readOneResult } from './call-parts.ts';
import { callTable } from './call-table.ts';
import { decodeResult } from './decode-result.ts';
import type { Guest } from './guest.ts';
import { isRaw, type RawFunction } from './raw-function.ts';
import { encodeColumn } from './values/encode-column.ts';
import { leafLayout, sqlTypeOf } from './values/sql-type-of.ts';

/**
 * Calls a function with typed arguments: in its row form where the module has that, else with a batch of one row. A NULL
 * argument gives NULL without a call (no rows, of a table function) unless the function takes NULLs; an export as it is
 * takes none. An aggregate takes columns, see `callAggregate`. What is for a DOCUMENT parameter is the run's to give.
 *
 * @param fn checked against the module by `checkAbi`, or made from the export by `rawFunction`
 * @param args one for each parameter; any number for a variadic one
 * @param limits `maxOutputBytes` for what the result holds
 * @throws CoreError ARGUMENT_INVALID, RESULT_INVALID, GUEST_ERROR, TRAP, MEMORY_LIMIT, MEMORY_BOUNDS, OUTPUT_LIMIT
 */
export function callFunction(
  guest: Guest,
  fn: PluginFunction,
  args: readonly TypedValue[],
  limits: { readonly maxOutputBytes: number },
): CallValue {
  if (fn.kind === 'aggregate') return callAggregate(guest, fn, args, limits);
  const bound = bindArguments(fn, args);
  const values = bound.filter(({ parameter }) => parameter.type !== DOCUMENT_TYPE);
  const nullAt = bound.findIndex(({ value }) => value === null);
  if (nullAt >= 0 && isRaw(fn)) throw nullArgument(fn, nullAt);
  if (nullAt >= 0 && fn.nulls !== 'pass') {
    // Wrong arguments are wrong whether or not there is a NULL beside them.
    for (const { parameter, value } of values) checkArgument(value, parameter);
    return fn.kind === 'table' ? [] : null;
  }
  if (fn.kind === 'table') return callTable(guest, fn, values, limits);
  const { maxOutputBytes } = limits;
  const name = fn.export;
  if (isRaw(fn) || (leafLayout(sqlTypeOf(fn.returns)) !== undefined && hasRowForm(guest, fn, name))) {
    const raw = invokeRow(guest, fn, { name, args: values });
    if (isRaw(fn) && fn.results.length !== 1) return decodeSeveral(guest, fn, raw);
    return decodeResult(guest, fn, { raw, maxOutputBytes });
  }
  const address = invokeBatch(guest, fn, { name, rows: [values] });
  const budget = { left: maxOutputBytes, maxOutputBytes };
  return readOneResult({ guest, functionName: fn.name, budget }, fn, address);
}

function checkArgument(value: TypedValue, { name, type }: PluginFunction['parameters'][number]): void {
  encodeColumn([{ value, place: { name, parameter: name, type } }], sqlTypeOf(type));
}

/** What an export without a result gives, or with several, which arrive as an array. */
function decodeSeveral(guest: Guest, fn: RawFunction, raw: unknown): CallValue {
  if (!Array.isArray(raw)) return null;
  return fn.results.map((returns, index) =>
    decodeResult(guest, { ...fn, returns }, { raw: raw[index] as unknown, maxOutputBytes: 0 }),
  );
}

function nullArgument(fn: RawFunction, index: number): CoreError {
  const { name = '', type = '' } = fn.parameters[index] ?? {};
  const message = `${fn.name} is an export that no manifest declares, so its argument ${name} cannot be NULL: give a value of type ${type}.`;
  return new CoreError('ARGUMENT_INVALID', message, { function: fn.name, parameter: name });
}
