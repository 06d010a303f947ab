import type { PluginType } from '../../../protocol/plugins.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';

/** A value as it is handed to a guest function. */
export type CoreValue = number | bigint;

/** SQL types that are one WebAssembly value. */
export type ScalarType = Exclude<PluginType, 'VARCHAR' | 'BLOB'>;

/** Whether a type crosses the ABI as pointer and length. */
export function isBytesType(type: PluginType): type is 'VARCHAR' | 'BLOB' {
  return type === 'VARCHAR' || type === 'BLOB';
}

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
} as const;

/** The data of a flat vector, `rowCount` values. */
export function scalarView(native: Native, type: ScalarType, data: Pointer, rowCount: number) {
  return new VIEWS[type](native.buffer, data, rowCount);
}

/** Ranges of the integer types that are narrower than the `i32` that carries them. */
export const INTEGER_RANGES: Readonly<Partial<Record<ScalarType, readonly [number, number]>>> = {
  TINYINT: [-128, 127],
  SMALLINT: [-32_768, 32_767],
  UTINYINT: [0, 255],
  USMALLINT: [0, 65_535],
};
