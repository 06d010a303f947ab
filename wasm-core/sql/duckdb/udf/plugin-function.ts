import { CoreError } from '../../../protocol/errors.ts';
import type { PluginFunction } from '../../../protocol/plugins.ts';
import type { Guest } from '../../../runtime/guest.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import { markNulls, setNull } from './null-rows.ts';
import { type CoreValue, isBytesType, type ScalarType, scalarView } from './readers.ts';
import { callScalarChunk, isScalarFunction, resultCheck } from './scalar-chunk.ts';
import { copyBytes, type StringWriter, stringAt } from './text-vector.ts';

/*
 * One chunk of rows through one plugin function (tiers T0 and T1): DuckDB's vectors are read where they lie, each row
 * is one call of the guest's export, results go straight into the output vector.
 */

/** What a chunk is called with. */
export interface ChunkCall {
  readonly native: Native;
  readonly guest: Guest;
  readonly function: PluginFunction;
  readonly strings: StringWriter;
  readonly chunk: Pointer;
  readonly output: Pointer;
}

/** A chunk whose NULL rows are known. */
interface PreparedCall extends ChunkCall {
  readonly vectors: readonly Pointer[];
  readonly rowCount: number;
  /** 1 for each row that is NULL already. */
  readonly skip: Uint8Array | undefined;
}

/**
 * Calls the function once for each row without a NULL argument; other rows become NULL.
 *
 * @returns the rows that were called
 * @throws CoreError TRAP, MEMORY_BOUNDS, RESULT_INVALID and what the guest raises, with the row in its details
 */
export function callChunk(call: ChunkCall): number {
  const { native, guest, function: fn } = call;
  const rowCount = native.api.duckdb_data_chunk_get_size(call.chunk);
  const vectors = fn.parameters.map((_, index) =>
    native.api.duckdb_data_chunk_get_vector(call.chunk, index, 0),
  );
  const nulls = markNulls(native, { vectors, output: call.output, rowCount });
  let failedRow = 0;
  const onRow = (row: number) => {
    failedRow = row;
  };
  try {
    const prepared = { ...call, vectors, rowCount, skip: nulls?.rows };
    if (isScalarFunction(fn)) callScalarChunk({ ...prepared, invoke: guest.function(fn.export), onRow });
    else callBytesChunk(prepared, onRow);
    guest.throwFailure();
  } catch (error) {
    const known = guest.toError(error, fn.name);
    throw new CoreError(known.kind, known.message, { ...known.details, chunkRow: failedRow });
  }
  return rowCount - (nulls?.count ?? 0);
}

/** A column of arguments: fills its core values of a row into the call's argument list. */
interface ArgumentColumn {
  /** Bytes that the row needs in the guest's argument buffer. */
  byteLength(row: number): number;
  /** Writes the row's core values into `values`, bytes at `buffer`; returns the position behind the bytes. */
  fill(row: number, values: CoreValue[], buffer: Pointer): Pointer;
}

function callBytesChunk(call: PreparedCall, onRow: (row: number) => void): void {
  const { guest, rowCount, skip } = call;
  const columns = call.vectors.map((vector, index) => argumentColumn(call, { vector, index }));
  const setResult = resultSetter(call);
  const invoke = guest.function(call.function.export);
  const values: CoreValue[] = [];
  let row = 0;
  try {
    for (; row < rowCount; row++) {
      if (skip?.[row] === 1) continue;
      fillArguments(guest, { columns, row, values });
      setResult(row, invoke(...values));
    }
  } catch (error) {
    onRow(row);
    throw error;
  }
}

function fillArguments(
  guest: Guest,
  options: {
    readonly columns: readonly ArgumentColumn[];
    readonly row: number;
    readonly values: CoreValue[];
  },
): void {
  const { columns, row, values } = options;
  let byteLength = 0;
  for (const column of columns) byteLength += column.byteLength(row);
  // One byte more, so that the pointer of an empty last text is inside memory too.
  let buffer = guest.argumentBuffer(byteLength + 1);
  values.length = 0;
  for (const column of columns) buffer = column.fill(row, values, buffer);
}

function argumentColumn(
  call: PreparedCall,
  options: { readonly vector: Pointer; readonly index: number },
): ArgumentColumn {
  const { native, guest } = call;
  const data = native.api.duckdb_vector_get_data(options.vector);
  const type = call.function.parameters[options.index]?.type ?? 'INTEGER';
  if (!isBytesType(type)) return scalarColumn(call, { type, data });
  return {
    byteLength: (row) => stringAt(native, data, row).byteLength,
    fill: (row, values, buffer) => {
      const { pointer, byteLength } = stringAt(native, data, row);
      copyBytes(native.bytes(), pointer, byteLength, guest.view(), buffer);
      values.push(buffer, byteLength);
      return buffer + byteLength;
    },
  };
}

function scalarColumn(
  call: PreparedCall,
  options: { readonly type: ScalarType; readonly data: Pointer },
): ArgumentColumn {
  const { native, rowCount } = call;
  const isBoolean = options.type === 'BOOLEAN';
  let values: ArrayLike<CoreValue> = scalarView(native, options.type, options.data, rowCount);
  return {
    byteLength: () => 0,
    fill: (row, list, buffer) => {
      // Writing a text result may grow the engine's memory, which detaches the view.
      if (values.length === 0) values = scalarView(native, options.type, options.data, rowCount);
      const value = values[row] ?? 0;
      list.push(isBoolean ? Number(value !== 0) : value);
      return buffer;
    },
  };
}

function resultSetter(call: PreparedCall): (row: number, value: CoreValue | undefined) => void {
  const { native, output, function: fn, rowCount } = call;
  const data = native.api.duckdb_vector_get_data(output);
  if (isBytesType(fn.returns)) return bytesSetter(call, data);
  const target = scalarView(native, fn.returns, data, rowCount) as unknown as { [index: number]: CoreValue };
  const check = resultCheck(fn);
  return (row, value) => {
    target[row] = check === undefined ? (value as CoreValue) : check(value as CoreValue);
  };
}

function bytesSetter(call: PreparedCall, data: Pointer): (row: number, value: CoreValue | undefined) => void {
  const { native, guest, strings, output, function: fn } = call;
  const checkText = fn.returns === 'VARCHAR';
  return (row, value) => {
    if (typeof value !== 'bigint') throw new CoreError('RESULT_INVALID', `${fn.name} returned no text.`);
    const byteLength = Number(BigInt.asIntN(32, value >> 32n));
    if (byteLength === -1) {
      setNull(native, { vector: output, row });
      return;
    }
    const bytes = guest.read(Number(BigInt.asUintN(32, value)), byteLength >>> 0);
    if (checkText && !isUtf8(bytes)) {
      throw new CoreError('RESULT_INVALID', `${fn.name} returned bytes that are not valid UTF-8.`);
    }
    strings.write(output, data, row, bytes);
  };
}

const strictDecoder = new TextDecoder('utf-8', { fatal: true });

function isUtf8(bytes: Uint8Array): boolean {
  let ascii = 0;
  for (let i = 0; i < bytes.length; i++) ascii |= bytes[i] ?? 0;
  if (ascii < 0x80) return true;
  try {
    strictDecoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
