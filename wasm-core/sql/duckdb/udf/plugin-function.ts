import { CoreError } from '../../../protocol/errors.ts';
import type { PluginFunction } from '../../../protocol/plugins.ts';
import type { Guest } from '../../../runtime/guest.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import {
  type CoreValue,
  INTEGER_RANGES,
  isBytesType,
  type ScalarType,
  type ScalarView,
  scalarView,
  validity,
} from './readers.ts';
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

/** A column of arguments: fills its core values of a row into the call's argument list. */
interface ArgumentColumn {
  readonly isValid: ((row: number) => boolean) | undefined;
  /** Bytes that the row needs in the guest's argument buffer. */
  byteLength(row: number): number;
  /** Writes the row's core values at `at` in `values`, bytes at `buffer`; returns the position behind the bytes. */
  fill(row: number, values: CoreValue[], buffer: Pointer): Pointer;
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
  const columns = fn.parameters.map((_, index) => argumentColumn(call, { index, rowCount }));
  const write = resultWriter(call, rowCount);
  const invoke = guest.function(fn.export);
  const values: CoreValue[] = [];
  let called = 0;
  for (let row = 0; row < rowCount; row++) {
    if (columns.some((column) => column.isValid?.(row) === false)) {
      write.setNull(row);
      continue;
    }
    fillArguments(guest, { columns, row, values });
    called++;
    try {
      write.set(row, invoke(...values));
    } catch (error) {
      throw withRow(guest.toError(error, fn.name), row);
    }
  }
  return called;
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
  let buffer = byteLength > 0 ? guest.argumentBuffer(byteLength) : 0;
  values.length = 0;
  for (const column of columns) buffer = column.fill(row, values, buffer);
}

function argumentColumn(
  call: ChunkCall,
  options: { readonly index: number; readonly rowCount: number },
): ArgumentColumn {
  const { native, guest } = call;
  const vector = native.api.duckdb_data_chunk_get_vector(call.chunk, options.index, 0);
  const data = native.api.duckdb_vector_get_data(vector);
  const isValid = validity(native, vector);
  const type = call.function.parameters[options.index]?.type ?? 'INTEGER';
  if (!isBytesType(type)) return scalarColumn(native, { type, data, rowCount: options.rowCount, isValid });
  return {
    isValid,
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
  native: Native,
  options: {
    readonly type: ScalarType;
    readonly data: Pointer;
    readonly rowCount: number;
    readonly isValid: ((row: number) => boolean) | undefined;
  },
): ArgumentColumn {
  const isBoolean = options.type === 'BOOLEAN';
  let values: ScalarView['values'] = scalarView(native, options.type, options.data, options.rowCount);
  return {
    isValid: options.isValid,
    byteLength: () => 0,
    fill: (row, list, buffer) => {
      // Writing a text result may grow the engine's memory, which detaches the view.
      if (values.length === 0) values = scalarView(native, options.type, options.data, options.rowCount);
      const value = values[row] ?? 0;
      // DuckDB takes any byte but 0 for true; the ABI says 1.
      list.push(isBoolean ? Number(value !== 0) : value);
      return buffer;
    },
  };
}

interface ResultWriter {
  set(row: number, value: CoreValue | undefined): void;
  setNull(row: number): void;
}

function resultWriter(call: ChunkCall, rowCount: number): ResultWriter {
  const { native, output } = call;
  const type = call.function.returns;
  const data = native.api.duckdb_vector_get_data(output);
  const setNull = nullSetter(native, output);
  if (isBytesType(type)) return { setNull, set: bytesSetter(call, { data, setNull }) };
  const target = scalarView(native, type, data, rowCount) as unknown as { [index: number]: CoreValue };
  const range = INTEGER_RANGES[type];
  const name = call.function.name;
  return {
    setNull,
    set: (row, value) => {
      if (value === undefined) throw new CoreError('RESULT_INVALID', `${name} returned nothing.`);
      if (range !== undefined && (Number(value) < range[0] || Number(value) > range[1])) {
        throw new CoreError(
          'RESULT_INVALID',
          `${name} returned ${value}, which does not fit its result type ${type} (${range[0]} to ${range[1]}).`,
        );
      }
      target[row] = type === 'BOOLEAN' ? Number(value !== 0) : value;
    },
  };
}

/** Marks rows of a vector as NULL; the mask is made at the first. */
function nullSetter(native: Native, vector: Pointer): (row: number) => void {
  let mask = 0;
  return (row) => {
    if (mask === 0) {
      native.api.duckdb_vector_ensure_validity_writable(vector);
      mask = native.api.duckdb_vector_get_validity(vector);
    }
    const words = native.words();
    const at = (mask >>> 2) + (row >>> 5);
    words[at] = (words[at] ?? 0) & ~(1 << (row & 31));
  };
}

function bytesSetter(
  call: ChunkCall,
  options: { readonly data: Pointer; readonly setNull: (row: number) => void },
): (row: number, value: CoreValue | undefined) => void {
  const { guest, strings, output, function: fn } = call;
  const checkText = fn.returns === 'VARCHAR';
  return (row, value) => {
    if (typeof value !== 'bigint') throw new CoreError('RESULT_INVALID', `${fn.name} returned no text.`);
    const byteLength = Number(BigInt.asIntN(32, value >> 32n));
    if (byteLength === -1) {
      options.setNull(row);
      return;
    }
    const bytes = guest.read(Number(BigInt.asUintN(32, value)), byteLength >>> 0);
    if (checkText && !isUtf8(bytes)) {
      throw new CoreError('RESULT_INVALID', `${fn.name} returned bytes that are not valid UTF-8.`);
    }
    strings.write(output, options.data, row, bytes);
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

function withRow(error: CoreError, row: number): CoreError {
  return new CoreError(error.kind, error.message, { ...error.details, chunkRow: row });
}
