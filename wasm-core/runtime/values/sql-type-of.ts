import type { PluginFunction, PluginType } from '../../protocol/plugins.ts';
import {
  parseSqlType,
  parseTableType,
  SIMPLE_TYPES,
  type SqlField,
  type SqlType,
} from '../../protocol/sql-types.ts';

/** The tree of a type that a manifest's check has read once; what has no parameters costs a look into a table. */
export function sqlTypeOf(text: PluginType): SqlType {
  const type = SIMPLE.get(text) ?? parseSqlType(text);
  if (type === undefined) throw new Error(`${text} is no SQL type, though a manifest was checked`);
  return type;
}

/** The columns of a table function. */
export function tableColumns(fn: PluginFunction): readonly SqlField[] {
  const columns = parseTableType(fn.returns);
  if (columns === undefined) throw new Error(`${fn.returns} is no table type, though a manifest was checked`);
  return columns;
}

/** How a column of values without children lies in memory: bytes of each value, bits, or offsets and bytes. */
export type LeafLayout = 1 | 2 | 4 | 8 | 16 | 'bits' | 'bytes';

/** The layout of a type without children; undefined for LIST, ARRAY, STRUCT and MAP. */
export function leafLayout(type: SqlType): LeafLayout | undefined {
  if (type.kind === 'decimal') return type.width <= 18 ? 8 : 16;
  if (type.kind !== 'simple') return undefined;
  switch (type.name) {
    case 'BOOLEAN':
      return 'bits';
    case 'TINYINT':
    case 'UTINYINT':
      return 1;
    case 'SMALLINT':
    case 'USMALLINT':
      return 2;
    case 'INTEGER':
    case 'UINTEGER':
    case 'FLOAT':
    case 'DATE':
      return 4;
    case 'VARCHAR':
    case 'BLOB':
      return 'bytes';
    case 'HUGEINT':
    case 'UHUGEINT':
    case 'UUID':
    case 'INTERVAL':
      return 16;
    default:
      return 8;
  }
}

/** A MAP is a list of these. */
export function entryType(type: Extract<SqlType, { kind: 'map' }>): Extract<SqlType, { kind: 'struct' }> {
  return {
    kind: 'struct',
    fields: [
      { name: 'key', type: type.key },
      { name: 'value', type: type.value },
    ],
  };
}

const SIMPLE: ReadonlyMap<string, SqlType> = new Map(
  SIMPLE_TYPES.map((name): [string, SqlType] => [name, { kind: 'simple', name }]),
);
