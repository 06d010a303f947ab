import type { PluginType } from '../protocol/plugins.ts';

/** Lowest and highest value of each integer type of SQL. */
export const INTEGER_RANGES = {
  TINYINT: [-128n, 127n],
  SMALLINT: [-32_768n, 32_767n],
  INTEGER: [-(2n ** 31n), 2n ** 31n - 1n],
  BIGINT: [-(2n ** 63n), 2n ** 63n - 1n],
  UTINYINT: [0n, 255n],
  USMALLINT: [0n, 65_535n],
  UINTEGER: [0n, 2n ** 32n - 1n],
  UBIGINT: [0n, 2n ** 64n - 1n],
} as const satisfies Partial<Record<PluginType, readonly [bigint, bigint]>>;

/** A type of `INTEGER_RANGES`. */
export type IntegerType = keyof typeof INTEGER_RANGES;

/** Whether a type has a range in `INTEGER_RANGES`. */
export function isIntegerType(type: PluginType): type is IntegerType {
  return Object.hasOwn(INTEGER_RANGES, type);
}
