/*
 * How AssemblyScript's types stand for SQL's, after the table in docs/plugin-abi.md.
 */

/** How one SQL type crosses: the parameter's and the result's form in a wrapper. */
export interface SqlType {
  readonly sql: string;
  /** WebAssembly parameters, by AssemblyScript's names for their types. */
  readonly wasm: 'i32' | 'i64' | 'f32' | 'f64' | 'bytes';
  /** AssemblyScript that turns the parameter (or pointer and length) into the function's argument. */
  readonly argument: (name: string) => string;
  /** AssemblyScript that turns the function's result into the wrapper's. */
  readonly result: (value: string) => string;
}

/** The SQL type of an AssemblyScript type's name; undefined when there is none. */
export function sqlType(name: string): SqlType | undefined {
  return TYPES.get(name);
}

/** The types that a `@udf` function may use, for messages. */
export const SUPPORTED_TYPES = 'bool, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, string and Uint8Array';

function integer(sql: string, type: string): SqlType {
  return { sql, wasm: 'i32', argument: (p) => `<${type}>${p}`, result: (v) => `<i32>(${v})` };
}

function whole(sql: string, wasm: 'i64' | 'f32' | 'f64', type: string): SqlType {
  return { sql, wasm, argument: (p) => `<${type}>${p}`, result: (v) => `<${wasm}>(${v})` };
}

const BOOLEAN: SqlType = {
  sql: 'BOOLEAN',
  wasm: 'i32',
  argument: (p) => `${p} != 0`,
  result: (v) => `(${v}) ? 1 : 0`,
};

const VARCHAR: SqlType = {
  sql: 'VARCHAR',
  wasm: 'bytes',
  argument: (p) => `String.UTF8.decodeUnsafe(${p}_pointer, ${p}_length)`,
  result: (v) => `__quern_give_text(${v})`,
};

const BLOB: SqlType = {
  sql: 'BLOB',
  wasm: 'bytes',
  argument: (p) => `__quern_take_bytes(${p}_pointer, ${p}_length)`,
  result: (v) => `__quern_give_bytes(${v})`,
};

const TYPES: ReadonlyMap<string, SqlType> = new Map([
  ['bool', BOOLEAN],
  ['boolean', BOOLEAN],
  ['i8', integer('TINYINT', 'i8')],
  ['i16', integer('SMALLINT', 'i16')],
  ['i32', integer('INTEGER', 'i32')],
  ['isize', integer('INTEGER', 'isize')],
  ['u8', integer('UTINYINT', 'u8')],
  ['u16', integer('USMALLINT', 'u16')],
  ['u32', integer('UINTEGER', 'u32')],
  ['usize', integer('UINTEGER', 'usize')],
  ['i64', whole('BIGINT', 'i64', 'i64')],
  ['u64', whole('UBIGINT', 'i64', 'u64')],
  ['f32', whole('FLOAT', 'f32', 'f32')],
  ['f64', whole('DOUBLE', 'f64', 'f64')],
  ['number', whole('DOUBLE', 'f64', 'f64')],
  ['string', VARCHAR],
  ['String', VARCHAR],
  ['Uint8Array', BLOB],
]);
