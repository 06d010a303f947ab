import { CoreError } from '../protocol/errors.ts';
import { DOCUMENT_TYPE, type PluginFunction } from '../protocol/plugins.ts';
import type { TypedValue } from '../protocol/typed-values.ts';
import {
  type BoundArgument,
  bindArguments,
  gaveNothing,
  hasRowForm,
  invoke,
  invokeBatch,
  invokeRow,
  readOneResult,
} from './call-parts.ts';
import { decodeResult } from './decode-result.ts';
import type { Guest } from './guest.ts';

const BATCH_ROWS = 2048;

/**
 * The aggregate of rows: each argument is an array, a column of values, all equally long.
 *
 * @throws CoreError ARGUMENT_INVALID, RESULT_INVALID, GUEST_ERROR, TRAP, MEMORY_LIMIT, MEMORY_BOUNDS, OUTPUT_LIMIT
 */
export function callAggregate(
  guest: Guest,
  fn: PluginFunction,
  args: readonly TypedValue[],
  limits: { readonly maxOutputBytes: number },
): TypedValue {
  const rows = rowsOf(fn, args);
  const state = Number(invoke(guest, fn, `${fn.export}__init`, []));
  if (state === 0) throw gaveNothing(fn, 'state');
  update(guest, fn, { state, rows });
  const result = finalize(guest, fn, { state, maxOutputBytes: limits.maxOutputBytes });
  if (typeof guest.exports[`${fn.export}__free`] === 'function')
    invoke(guest, fn, `${fn.export}__free`, [state]);
  return result;
}

type Row = readonly BoundArgument[];

function update(
  guest: Guest,
  fn: PluginFunction,
  { state, rows }: { readonly state: number; readonly rows: readonly Row[] },
): void {
  const name = `${fn.export}__update`;
  if (typeof guest.exports[`${name}__batch`] !== 'function' && hasRowForm(guest, fn, name)) {
    for (const args of rows) invokeRow(guest, fn, { name, first: [state], args });
    return;
  }
  for (let start = 0; start < rows.length; start += BATCH_ROWS) {
    invokeBatch(guest, fn, { name, state, rows: rows.slice(start, start + BATCH_ROWS) });
  }
}

function finalize(
  guest: Guest,
  fn: PluginFunction,
  { state, maxOutputBytes }: { readonly state: number; readonly maxOutputBytes: number },
): TypedValue {
  const name = `${fn.export}__finalize`;
  if (typeof guest.exports[name] === 'function') {
    return decodeResult(guest, fn, { raw: invoke(guest, fn, name, [state]), maxOutputBytes });
  }
  const address = invokeBatch(guest, fn, { name, state, rows: [[]] });
  const context = { guest, functionName: fn.name, budget: { left: maxOutputBytes, maxOutputBytes } };
  return readOneResult(context, fn, address);
}

/** Rows from columns, without those that hold a NULL unless the function asks for them. */
function rowsOf(fn: PluginFunction, args: readonly TypedValue[]): readonly Row[] {
  const columns = bindArguments(fn, args).map(({ parameter, value }) => {
    if (!Array.isArray(value) || parameter.type === DOCUMENT_TYPE) {
      const message = `${fn.name} is an aggregate, so its argument ${parameter.name} must be an array of values of type ${parameter.type}, one for each row.`;
      throw new CoreError('ARGUMENT_INVALID', message, { parameter: parameter.name, type: parameter.type });
    }
    return { parameter, values: value as readonly TypedValue[] };
  });
  const rowCount = columns[0]?.values.length ?? 0;
  const other = columns.find(({ values }) => values.length !== rowCount);
  if (other !== undefined) {
    const message = `The arguments of the aggregate ${fn.name} differ in length: ${columns[0]?.parameter.name} has ${rowCount} values and ${other.parameter.name} ${other.values.length}. Give one value for each row.`;
    throw new CoreError('ARGUMENT_INVALID', message, { parameter: other.parameter.name });
  }
  const rows = Array.from(
    { length: rowCount },
    (_, row): Row => columns.map(({ parameter, values }) => ({ parameter, value: values[row] ?? null })),
  );
  return fn.nulls === 'pass' ? rows : rows.filter((row) => row.every(({ value }) => value !== null));
}
