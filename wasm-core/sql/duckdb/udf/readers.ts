import type { PluginType } from '../../../protocol/plugins.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';

/** A value as it is handed to a guest function. */
export type CoreValue = number | bigint;

/** SQL types that are one WebAssembly value, of which a vector of the engine is an array. */
export type ScalarType = keyof typeof VIEWS;

const VIEWS = {
  BOOLEAN: Uint8Array,
  TINYINT: Int8Array,
  SMALLINT: Int16Array,
  INTEGER: Int32Array,
  BIGINT: BigInt64Array,
  UTINYINT: Uint8Array,
  USMALLINT: Uint16Array,
  UINTEGER: Uint32Array,
  UBIGINT: BigUint64Array,
  FLOAT: Float32Array,
  DOUBLE: Float64Array,
  DATE: Int32Array,
  TIME: BigInt64Array,
  TIMESTAMP: BigInt64Array,
  TIMESTAMP_S: BigInt64Array,
  TIMESTAMP_MS: BigInt64Array,
  TIMESTAMP_NS: BigInt64Array,
  'TIMESTAMP WITH TIME ZONE': BigInt64Array,
} as const;

/** Whether values of a type are one WebAssembly value, and lie in the engine as that. */
export function isScalarType(type: PluginType): type is ScalarType {
  return Object.hasOwn(VIEWS, type);
}

/** The data of a flat vector, `rowCount` values. */
export function scalarView(native: Native, type: ScalarType, data: Pointer, rowCount: number) {
  return new VIEWS[type](native.buffer, data, rowCount);
}
