import { CoreError } from '../../../protocol/errors.ts';
import type { PluginFunction } from '../../../protocol/plugins.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import { type CoreValue, INTEGER_RANGES, isBytesType, type ScalarType, scalarView } from './readers.ts';

/*
 * The tight path: functions whose parameters and result are each one WebAssembly value (tier T0). The loops are
 * written out by the number of parameters, because a spread argument list costs more than most such functions do.
 */

type Values = ArrayLike<CoreValue>;
type Invoke = (...args: CoreValue[]) => CoreValue | undefined;

/** Whether a function is one for `callScalarChunk`. */
export function isScalarFunction(fn: PluginFunction): boolean {
  return !isBytesType(fn.returns) && fn.parameters.every(({ type }) => !isBytesType(type));
}

/**
 * Calls the function for each row that is not skipped.
 *
 * @param options.skip rows that are NULL already, 1 for each; absent when there are none
 * @param options.onRow told the row of a call that fails, before the error passes on
 * @throws CoreError RESULT_INVALID; whatever the guest raises
 */
export function callScalarChunk(options: {
  readonly native: Native;
  readonly function: PluginFunction;
  readonly invoke: Invoke;
  readonly vectors: readonly Pointer[];
  readonly output: Pointer;
  readonly rowCount: number;
  readonly skip: Uint8Array | undefined;
  readonly onRow: (row: number) => void;
}): void {
  const { native, function: fn, rowCount } = options;
  const columns = fn.parameters.map(({ type }, index) => {
    const data = native.api.duckdb_vector_get_data(options.vectors[index] ?? 0);
    return columnValues(native, { type: type as ScalarType, data, rowCount });
  });
  const target = scalarView(
    native,
    fn.returns as ScalarType,
    native.api.duckdb_vector_get_data(options.output),
    rowCount,
  );
  const put = resultCheck(fn);
  const results = target as unknown as { [index: number]: CoreValue };
  loop({ ...options, columns, put, results });
}

interface Loop {
  readonly invoke: Invoke;
  readonly columns: readonly Values[];
  readonly rowCount: number;
  readonly skip: Uint8Array | undefined;
  readonly put: ((value: CoreValue) => CoreValue) | undefined;
  readonly results: { [index: number]: CoreValue };
  readonly onRow: (row: number) => void;
}

function loop({ invoke, columns, rowCount, skip, put, results, onRow }: Loop): void {
  const call = caller(invoke, columns);
  let row = 0;
  try {
    if (skip === undefined && put === undefined) {
      for (; row < rowCount; row++) results[row] = call(row) as CoreValue;
      return;
    }
    for (; row < rowCount; row++) {
      if (skip?.[row] === 1) continue;
      const value = call(row) as CoreValue;
      results[row] = put === undefined ? value : put(value);
    }
  } catch (error) {
    onRow(row);
    throw error;
  }
}

/** One row's call, by the number of parameters. */
function caller(invoke: Invoke, columns: readonly Values[]): (row: number) => CoreValue | undefined {
  const [a, b, c, d] = columns;
  if (columns.length === 1 && a) return (row) => invoke(a[row] as CoreValue);
  if (columns.length === 2 && a && b) return (row) => invoke(a[row] as CoreValue, b[row] as CoreValue);
  if (columns.length === 3 && a && b && c) {
    return (row) => invoke(a[row] as CoreValue, b[row] as CoreValue, c[row] as CoreValue);
  }
  if (columns.length === 4 && a && b && c && d) {
    return (row) =>
      invoke(a[row] as CoreValue, b[row] as CoreValue, c[row] as CoreValue, d[row] as CoreValue);
  }
  return (row) => invoke(...columns.map((column) => column[row] as CoreValue));
}

function columnValues(
  native: Native,
  options: { readonly type: ScalarType; readonly data: Pointer; readonly rowCount: number },
): Values {
  const view = scalarView(native, options.type, options.data, options.rowCount);
  // DuckDB takes any byte but 0 for true; the ABI says 1.
  return options.type === 'BOOLEAN'
    ? Uint8Array.from(view as Uint8Array, (byte) => Number(byte !== 0))
    : view;
}

/** What has to be checked of a result before it is stored; undefined when every value of its WebAssembly type will do. */
export function resultCheck(fn: PluginFunction): ((value: CoreValue) => CoreValue) | undefined {
  if (fn.returns === 'BOOLEAN') return (value) => Number(value !== 0);
  const range = INTEGER_RANGES[fn.returns as ScalarType];
  if (range === undefined) return undefined;
  const [low, high] = range;
  return (value) => {
    if (Number(value) >= low && Number(value) <= high) return value;
    throw new CoreError(
      'RESULT_INVALID',
      `${fn.name} returned ${value}, which does not fit its result type ${fn.returns} (${low} to ${high}).`,
    );
  };
}
