import { BATCH_SUFFIX } from '../binary/function-exports.ts';
import { CoreError } from '../protocol/errors.ts';
import { DOCUMENT_TYPE, type PluginFunction, type PluginParameter } from '../protocol/plugins.ts';
import type { TypedValue } from '../protocol/typed-values.ts';
import { type EncodedArgument, encodeArgument } from './encode-argument.ts';
import type { Guest } from './guest.ts';
import { encodeColumn } from './values/encode-column.ts';
import { type ReadContext, readColumn } from './values/read-column.ts';
import { leafLayout, sqlTypeOf } from './values/sql-type-of.ts';
import { writeBatch } from './values/write-batch.ts';

/** Arguments of a call beside the parameters that they are for, without documents. */
export interface BoundArgument {
  readonly parameter: PluginParameter;
  readonly value: TypedValue;
}

/**
 * Pairs arguments with parameters; a variadic one takes all that are left.
 *
 * @throws CoreError ARGUMENT_INVALID for a number of arguments that the function does not take
 */
export function bindArguments(fn: PluginFunction, args: readonly TypedValue[]): BoundArgument[] {
  const { parameters } = fn;
  const last = parameters.at(-1);
  const least = last?.variadic ? parameters.length - 1 : parameters.length;
  if (args.length < least || (args.length > least && !last?.variadic)) {
    const list = parameters.map((p) => `${p.name} ${p.type}${p.variadic ? '...' : ''}`).join(', ');
    const takes = last?.variadic ? `at least ${least}` : `${least}`;
    const message = `${fn.name}(${list}) takes ${takes} arguments, and ${args.length} were given.`;
    throw new CoreError('ARGUMENT_INVALID', message, { function: fn.name });
  }
  return args.flatMap((value, index) => {
    const parameter = parameters[index] ?? last;
    return parameter === undefined ? [] : [{ parameter, value }];
  });
}

/** Whether an export of the row form takes these arguments: `name` is there, and the types and NULLs can cross. */
export function hasRowForm(guest: Guest, fn: PluginFunction, name: string): boolean {
  if (fn.nulls === 'pass' || typeof guest.exports[name] !== 'function') return false;
  return fn.parameters.every(
    ({ type, variadic }) =>
      !variadic && (type === DOCUMENT_TYPE || leafLayout(sqlTypeOf(type)) !== undefined),
  );
}

/** Calls an export. @throws CoreError what the guest did wrong, as `Guest.toError` tells it, EXPORT_MISSING */
export function invoke(
  guest: Guest,
  fn: PluginFunction,
  name: string,
  args: readonly (number | bigint)[],
): unknown {
  const target = guest.function(name);
  try {
    return target(...args);
  } catch (error) {
    throw guest.toError(error, fn.name);
  }
}

/** Calls an export with one row in the row form. */
export function invokeRow(
  guest: Guest,
  fn: PluginFunction,
  call: {
    readonly name: string;
    readonly first?: readonly number[];
    readonly args: readonly BoundArgument[];
  },
): unknown {
  const encoded = call.args.map(({ parameter, value }) => encodeArgument(value, parameter));
  return invoke(guest, fn, call.name, [...(call.first ?? []), ...toCore(guest, encoded)]);
}

/** Calls the batch form of an export with rows of arguments. */
export function invokeBatch(
  guest: Guest,
  fn: PluginFunction,
  call: {
    readonly name: string;
    readonly state?: number;
    readonly rows: readonly (readonly BoundArgument[])[];
  },
): unknown {
  const [first = []] = call.rows;
  const columns = first.map(({ parameter }, index) => {
    const { name, type } = parameter;
    const place = { name, parameter: name, type };
    const cells = call.rows.map((row) => ({ value: row[index]?.value ?? null, place }));
    return encodeColumn(cells, sqlTypeOf(type));
  });
  const { state = 0 } = call;
  const { pointer, byteLength } = writeBatch(guest, columns, { rows: call.rows.length, state });
  return invoke(guest, fn, `${call.name}${BATCH_SUFFIX}`, [pointer, byteLength]);
}

/** The one value of a result column. @throws CoreError GUEST_ERROR for address 0, and as `readColumn` does */
export function readOneResult(context: ReadContext, fn: PluginFunction, address: unknown): TypedValue {
  if (address === 0) throw gaveNothing(fn, 'result column');
  const [value = null] = readColumn(context, {
    address: Number(address) >>> 0,
    type: sqlTypeOf(fn.returns),
    rows: 1,
  });
  return value;
}

/** GUEST_ERROR for a 0 where the ABI wants something else. */
export function gaveNothing(fn: PluginFunction, what: string): CoreError {
  const message = `${fn.name} gave 0 for its ${what}, which means that it failed. Check the plugin.`;
  return new CoreError('GUEST_ERROR', message, { function: fn.name });
}

/** WebAssembly arguments, with bytes and blocks put side by side into the argument buffer. */
function toCore(guest: Guest, encoded: readonly EncodedArgument[]): (number | bigint)[] {
  const inMemory = encoded.flatMap((a) => (a.form === 'bytes' || a.form === 'block' ? [a.bytes] : []));
  const byteLength = inMemory.reduce((sum, bytes) => sum + bytes.byteLength + BLOCK_BYTES, 0);
  // One byte more, so that the pointer of an empty last argument is still inside memory.
  let pointer = inMemory.length > 0 ? guest.argumentBuffer(byteLength + 1) : 0;
  const view = guest.view();
  return encoded.flatMap((argument): (number | bigint)[] => {
    if (argument.form === 'null') return [];
    if (argument.form === 'scalar') return [argument.value];
    if (argument.form === 'block') pointer = Math.ceil(pointer / BLOCK_BYTES) * BLOCK_BYTES;
    const start = pointer;
    view.set(argument.bytes, start);
    pointer += argument.bytes.byteLength;
    return argument.form === 'block' ? [start] : [start, argument.bytes.byteLength];
  });
}

const BLOCK_BYTES = 16;
