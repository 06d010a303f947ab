import type { PluginFunction, PluginType } from '../../../protocol/plugins.ts';
import { parseSqlType, type SimpleType } from '../../../protocol/sql-types.ts';

/*
 * How types that are one WebAssembly value lie in DuckDB's flat vectors. DECIMALs are stored in 2, 4 or 8 bytes by their
 * width, and are an i64 to the guest whatever they are stored in.
 */

/** What a vector holds and a guest takes: `i16+` and `i32+` are widened to an i64. */
export type Cell = 'bool' | 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'i64' | 'f32' | 'f64' | 'i16+' | 'i32+';

/** The lowest and the highest value that a result may have. */
export type Range = readonly [low: bigint, high: bigint];

/** The form of a function for the adapter: what it takes and gives, and what to check of what it gives. */
export interface Signature {
  readonly parameters: readonly Cell[];
  readonly result: Cell;
  /** Absent when every value of the result's WebAssembly type will do. */
  readonly range?: Range | undefined;
}

/** The cell of a type; undefined for types that are not one WebAssembly value. */
export function cellOf(type: PluginType): Cell | undefined {
  return storageOf(type)?.cell;
}

/** The form of a function; undefined when a parameter or the result is not one WebAssembly value. */
export function signatureOf(fn: PluginFunction): Signature | undefined {
  const parameters: Cell[] = [];
  for (const { type } of fn.parameters) {
    const cell = cellOf(type);
    if (cell === undefined) return undefined;
    parameters.push(cell);
  }
  const result = storageOf(fn.returns);
  return result && { parameters, result: result.cell, range: result.range };
}

interface Storage {
  readonly cell: Cell;
  readonly range?: Range;
}

function storageOf(text: PluginType): Storage | undefined {
  const type = parseSqlType(text);
  if (type?.kind === 'simple') return SIMPLE[type.name];
  if (type?.kind !== 'decimal' || type.width > 18) return undefined;
  const limit = 10n ** BigInt(type.width) - 1n;
  const cell = type.width <= 4 ? 'i16+' : type.width <= 9 ? 'i32+' : 'i64';
  return { cell, range: [-limit, limit] };
}

const MICROS_OF_A_DAY = 86_400_000_000n;

const SIMPLE: Readonly<Partial<Record<SimpleType, Storage>>> = {
  BOOLEAN: { cell: 'bool' },
  TINYINT: { cell: 'i8', range: [-128n, 127n] },
  SMALLINT: { cell: 'i16', range: [-32_768n, 32_767n] },
  INTEGER: { cell: 'i32' },
  BIGINT: { cell: 'i64' },
  UTINYINT: { cell: 'u8', range: [0n, 255n] },
  USMALLINT: { cell: 'u16', range: [0n, 65_535n] },
  UINTEGER: { cell: 'i32' },
  UBIGINT: { cell: 'i64' },
  FLOAT: { cell: 'f32' },
  DOUBLE: { cell: 'f64' },
  DATE: { cell: 'i32' },
  // 24:00:00 is a TIME of DuckDB's.
  TIME: { cell: 'i64', range: [0n, MICROS_OF_A_DAY] },
  TIMESTAMP: { cell: 'i64' },
  TIMESTAMP_S: { cell: 'i64' },
  TIMESTAMP_MS: { cell: 'i64' },
  TIMESTAMP_NS: { cell: 'i64' },
  'TIMESTAMP WITH TIME ZONE': { cell: 'i64' },
};
