import { CoreError } from '../../../protocol/errors.ts';
import type { PluginFunction } from '../../../protocol/plugins.ts';
import type { Guest } from '../../../runtime/guest.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import type { Adapter } from './adapter.ts';
import { type Range, type Signature, signatureOf } from './adapter-cells.ts';
import type { InlineLoop } from './inline-loop.ts';
import type { CoreValue } from './readers.ts';
import type { RowsCall } from './row-function.ts';

/*
 * The tight path: functions whose parameters and result are each one WebAssembly value (tier T0). The loop over the rows
 * is an adapter's, since a call from JavaScript costs more than most such functions do.
 */

/** A chunk of rows for a function. */
export interface ScalarChunk {
  readonly native: Native;
  readonly function: PluginFunction;
  readonly signature: Signature;
  readonly call: RowsCall;
}

/**
 * Calls a function for each row that is not NULL in the output already.
 *
 * @throws CoreError RESULT_INVALID; whatever the guest raises: the adapter then tells the row
 */
export function callScalarChunk(adapter: Adapter, chunk: ScalarChunk): void {
  const wrong = adapter.run(rowsOf(chunk));
  if (wrong !== undefined) throw outOfRange(chunk.function, wrong.value, chunk.signature.range ?? NO_RANGE);
}

/**
 * The same without calls, at the expense of the guest.
 *
 * @returns false when a row failed: then nothing has happened, but for what is in the output
 */
export function callInline(loop: InlineLoop, guest: Guest, chunk: ScalarChunk): boolean {
  const used = loop.run({ ...rowsOf(chunk), fuel: guest.fuelLeft() });
  if (used !== undefined && used > 0) guest.charge(used);
  return used !== undefined;
}

function rowsOf({ native, call }: ScalarChunk) {
  const { api } = native;
  const data: Pointer[] = [];
  for (const vector of call.vectors) data.push(api.duckdb_vector_get_data(vector));
  return {
    data,
    mask: call.skip === undefined ? 0 : api.duckdb_vector_get_validity(call.output),
    output: api.duckdb_vector_get_data(call.output),
    rowCount: call.rowCount,
  };
}

/** What has to be checked of a result before it is stored; undefined when every value of its WebAssembly type will do. */
export function resultCheck(fn: PluginFunction): ((value: CoreValue) => CoreValue) | undefined {
  if (fn.returns === 'BOOLEAN') return (value) => Number(value !== 0);
  const range = signatureOf({ ...fn, parameters: [] })?.range;
  if (range === undefined) return undefined;
  const [low, high] = range;
  return (value) => {
    if (value >= low && value <= high) return value;
    throw outOfRange(fn, value, range);
  };
}

const NO_RANGE: Range = [0n, 0n];

function outOfRange(fn: PluginFunction, value: CoreValue, [low, high]: Range): CoreError {
  return new CoreError(
    'RESULT_INVALID',
    `${fn.name} returned ${value}, which does not fit its result type ${fn.returns} (${low} to ${high}).`,
  );
}
