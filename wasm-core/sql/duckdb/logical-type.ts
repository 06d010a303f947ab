import type { SqlField, SqlType } from '../../protocol/sql-types.ts';
import type { Pointer } from './c-api.ts';
import type { Native } from './native.ts';

/** DuckDB's type ids (enum `duckdb_type` in duckdb.h 1.4) of the types that have no parameters. */
const SIMPLE: Readonly<Record<number, string>> = {
  1: 'BOOLEAN',
  2: 'TINYINT',
  3: 'SMALLINT',
  4: 'INTEGER',
  5: 'BIGINT',
  6: 'UTINYINT',
  7: 'USMALLINT',
  8: 'UINTEGER',
  9: 'UBIGINT',
  10: 'FLOAT',
  11: 'DOUBLE',
  12: 'TIMESTAMP',
  13: 'DATE',
  14: 'TIME',
  15: 'INTERVAL',
  16: 'HUGEINT',
  17: 'VARCHAR',
  18: 'BLOB',
  20: 'TIMESTAMP_S',
  21: 'TIMESTAMP_MS',
  22: 'TIMESTAMP_NS',
  27: 'UUID',
  29: 'BIT',
  30: 'TIME WITH TIME ZONE',
  31: 'TIMESTAMP WITH TIME ZONE',
  32: 'UHUGEINT',
  34: 'ANY',
  35: 'BIGNUM',
  36: '"NULL"',
  39: 'TIME_NS',
};

/** The id of a type without parameters, by name. */
export function typeId(name: string): number {
  const found = Object.entries(SIMPLE).find(([, text]) => text === name);
  if (found === undefined) throw new Error(`no type id for ${name}`);
  return Number(found[0]);
}

/** Calls `use` with a logical type, destroyed afterwards. */
export function withType<T>(native: Native, type: Pointer, use: (type: Pointer) => T): T {
  try {
    return use(type);
  } finally {
    native.withBlock(4, (slot) => {
      native.words()[slot >>> 2] = type;
      native.api.duckdb_destroy_logical_type(slot);
    });
  }
}

/** A new logical type, owned by the caller: give it to `withType`. */
export function createType(native: Native, type: SqlType): Pointer {
  const { api } = native;
  switch (type.kind) {
    case 'simple':
      return api.duckdb_create_logical_type(typeId(type.name));
    case 'decimal':
      return api.duckdb_create_decimal_type(type.width, type.scale);
    case 'list':
      return withType(native, createType(native, type.element), (element) =>
        api.duckdb_create_list_type(element),
      );
    case 'array':
      return withType(native, createType(native, type.element), (element) =>
        api.duckdb_create_array_type(element, type.length, 0),
      );
    case 'map':
      return withType(native, createType(native, type.key), (key) =>
        withType(native, createType(native, type.value), (value) => api.duckdb_create_map_type(key, value)),
      );
    case 'struct':
      return createStruct(native, type.fields);
  }
}

function createStruct(native: Native, fields: readonly SqlField[]): Pointer {
  const types: Pointer[] = [];
  const names: Pointer[] = [];
  const fill = (index: number, slots: Pointer): Pointer => {
    const field = fields[index];
    if (field === undefined) {
      native.words().set([...types, ...names], slots >>> 2);
      return native.api.duckdb_create_struct_type(slots, slots + 4 * fields.length, fields.length, 0);
    }
    return withType(native, createType(native, field.type), (type) =>
      native.withText(field.name, (name) => {
        types.push(type);
        names.push(name);
        return fill(index + 1, slots);
      }),
    );
  };
  return native.withBlock(8 * fields.length, (slots) => fill(0, slots));
}

/** A logical type in DuckDB's own words, such as `STRUCT(a INTEGER, b DECIMAL(10,2)[])`. */
export function typeText(native: Native, type: Pointer): string {
  const { api } = native;
  const alias = native.takeText(api.duckdb_logical_type_get_alias(type));
  if (alias !== '') return alias;
  const id = api.duckdb_get_type_id(type);
  const simple = SIMPLE[id];
  if (simple !== undefined) return simple;
  if (id === 19) return `DECIMAL(${api.duckdb_decimal_width(type)},${api.duckdb_decimal_scale(type)})`;
  if (id === 23) return enumText(native, type);
  if (id === 24) return `${childText(native, api.duckdb_list_type_child_type(type))}[]`;
  if (id === 33) {
    return `${childText(native, api.duckdb_array_type_child_type(type))}[${api.duckdb_array_type_array_size(type)}]`;
  }
  if (id === 26) {
    const key = childText(native, api.duckdb_map_type_key_type(type));
    return `MAP(${key}, ${childText(native, api.duckdb_map_type_value_type(type))})`;
  }
  if (id === 25) return `STRUCT(${structMembers(native, type).join(', ')})`;
  if (id === 28) return `UNION(${unionMembers(native, type).join(', ')})`;
  // The C API has no id for it.
  if (id === 0) return 'VARIANT';
  return 'UNKNOWN';
}

function childText(native: Native, type: Pointer): string {
  return withType(native, type, (child) => typeText(native, child));
}

function enumText(native: Native, type: Pointer): string {
  const values: string[] = [];
  const size = native.api.duckdb_enum_dictionary_size(type);
  for (let i = 0; i < size; i++) {
    const value = native.takeText(native.api.duckdb_enum_dictionary_value(type, i, 0));
    values.push(`'${value.replaceAll("'", "''")}'`);
  }
  return `ENUM(${values.join(', ')})`;
}

function structMembers(native: Native, type: Pointer): string[] {
  const { api } = native;
  return Array.from({ length: api.duckdb_struct_type_child_count(type) }, (_, i) => {
    const name = native.takeText(api.duckdb_struct_type_child_name(type, i, 0));
    return `${quoteName(name)} ${childText(native, api.duckdb_struct_type_child_type(type, i, 0))}`;
  });
}

function unionMembers(native: Native, type: Pointer): string[] {
  const { api } = native;
  return Array.from({ length: api.duckdb_union_type_member_count(type) }, (_, i) => {
    const name = native.takeText(api.duckdb_union_type_member_name(type, i, 0));
    return `${quoteName(name)} ${childText(native, api.duckdb_union_type_member_type(type, i, 0))}`;
  });
}

/** A name as it may stand in SQL: quoted unless it is a plain lower-case word. */
export function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
