import { rowForm } from '../../../binary/function-exports.ts';
import { CoreError } from '../../../protocol/errors.ts';
import type { PluginFunction } from '../../../protocol/plugins.ts';
import { parseSqlType } from '../../../protocol/sql-types.ts';
import type { Guest } from '../../../runtime/guest.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import { setNull } from './null-rows.ts';
import { type CoreValue, isScalarType, type ScalarType, scalarView } from './readers.ts';
import { BLOCK_BYTES, engineBytes } from './row-arguments.ts';
import { resultCheck } from './scalar-chunk.ts';
import type { StringWriter } from './text-vector.ts';

/** Stores what a call gave as the result of a row. */
export type ResultSetter = (row: number, value: CoreValue | undefined) => void;

/** Where the results of rows go. */
interface Output {
  readonly guest: Guest;
  readonly output: Pointer;
  readonly rowCount: number;
  readonly strings: StringWriter;
}

/**
 * How the results of a function are stored.
 *
 * @returns throws CoreError RESULT_INVALID for a result that does not fit its type, MEMORY_BOUNDS
 */
export function rowResult(native: Native, fn: PluginFunction, to: Output): ResultSetter {
  const data = native.api.duckdb_vector_get_data(to.output);
  if (isScalarType(fn.returns)) return scalarSetter(native, fn, { ...to, data, type: fn.returns });
  switch (rowForm(fn.returns)) {
    case 'bytes':
      return bytesSetter(native, fn, { ...to, data });
    case 'block':
      return blockSetter(native, fn, { ...to, data });
    default:
      return decimalSetter(native, fn, data);
  }
}

function scalarSetter(
  native: Native,
  fn: PluginFunction,
  to: Output & { readonly data: Pointer; readonly type: ScalarType },
): ResultSetter {
  const check = resultCheck(fn);
  const { type, data, rowCount } = to;
  const view = () => scalarView(native, type, data, rowCount) as unknown as { [index: number]: CoreValue };
  let target = view();
  return (row, value) => {
    // A host function or a text may have let the engine's memory grow.
    if ((target as unknown as ArrayLike<CoreValue>).length === 0) target = view();
    target[row] = check === undefined ? (value as CoreValue) : check(value as CoreValue);
  };
}

function bytesSetter(
  native: Native,
  fn: PluginFunction,
  to: Output & { readonly data: Pointer },
): ResultSetter {
  const { guest, strings, output, data } = to;
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

/** 128-bit values, by a pointer; 0 is NULL. */
function blockSetter(
  native: Native,
  fn: PluginFunction,
  to: Output & { readonly data: Pointer },
): ResultSetter {
  const isUuid = fn.returns === 'UUID';
  const limit = decimalLimit(fn.returns);
  return (row, value) => {
    const pointer = Number(value) >>> 0;
    if (pointer === 0) {
      setNull(native, { vector: to.output, row });
      return;
    }
    const from = to.guest.read(pointer, BLOCK_BYTES);
    if (limit !== undefined) checkDecimal(fn, hugeOf(from), limit);
    const target = native.bytes();
    const start = to.data + BLOCK_BYTES * row;
    for (let b = 0; b < BLOCK_BYTES; b++) {
      target[isUuid ? start + BLOCK_BYTES - 1 - b : start + b] = from[b] ?? 0;
    }
    // The engine keeps UUIDs with their first bit flipped.
    if (isUuid) target[start + BLOCK_BYTES - 1] = (target[start + BLOCK_BYTES - 1] ?? 0) ^ 0x80;
  };
}

function hugeOf(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, BLOCK_BYTES);
  return (view.getBigInt64(8, true) << 64n) | view.getBigUint64(0, true);
}

function decimalSetter(native: Native, fn: PluginFunction, data: Pointer): ResultSetter {
  const bytes = engineBytes(fn.returns);
  const limit = decimalLimit(fn.returns) ?? 0n;
  return (row, value) => {
    const unscaled = BigInt(value ?? 0);
    checkDecimal(fn, unscaled, limit);
    const view = new DataView(native.buffer);
    const at = data + bytes * row;
    if (bytes === 2) view.setInt16(at, Number(unscaled), true);
    else if (bytes === 4) view.setInt32(at, Number(unscaled), true);
    else view.setBigInt64(at, unscaled, true);
  };
}

/** The first number that has too many digits for a DECIMAL; undefined for other types. */
function decimalLimit(type: string): bigint | undefined {
  const parsed = parseSqlType(type);
  return parsed?.kind === 'decimal' ? 10n ** BigInt(parsed.width) : undefined;
}

function checkDecimal(fn: PluginFunction, unscaled: bigint, limit: bigint): void {
  if (unscaled < limit && unscaled > -limit) return;
  throw new CoreError(
    'RESULT_INVALID',
    `${fn.name} returned ${unscaled}, which does not fit its result type ${fn.returns}.`,
  );
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
