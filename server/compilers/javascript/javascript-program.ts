import { concat } from '../../../wasm-core/binary/byte-writer.ts';
import { encodeUtf8 } from '../../../wasm-core/binary/utf8.ts';
import type { PluginFunction } from '../../../wasm-core/protocol/plugins.ts';

/** A function of a plugin in JavaScript. */
export interface JavaScriptFunction {
  /** What the source exports it as. */
  readonly name: string;
  /** Its types are of `JAVASCRIPT_TYPES`. */
  readonly sql: PluginFunction;
}

/** The SQL types that cross into JavaScript, in the order of `enum type` in tools/quickjs/shim.c. */
export const JAVASCRIPT_TYPES: readonly string[] = [
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
  'BIGINT',
  'UBIGINT',
  'FLOAT',
  'DOUBLE',
  'VARCHAR',
  'BLOB',
];

/**
 * A program as tools/quickjs/shim.c reads it.
 *
 * @param program.file the name that errors give for the source
 */
export function programBytes(program: {
  readonly file: string;
  readonly text: string;
  readonly functions: readonly JavaScriptFunction[];
}): Uint8Array {
  const { file, text, functions } = program;
  const end = Uint8Array.of(0);
  const heads = functions.flatMap(({ name, sql }) => [
    encodeUtf8(name),
    Uint8Array.of(0, typeNumber(sql.returns), sql.parameters.length),
    Uint8Array.from(sql.parameters.map(({ type }) => typeNumber(type))),
  ]);
  return concat([encodeUtf8(file.replaceAll('\0', '')), end, ...heads, end, encodeUtf8(text), end]);
}

function typeNumber(type: string): number {
  const number = JAVASCRIPT_TYPES.indexOf(type);
  if (number < 0) throw new Error(`${type} does not cross into JavaScript`);
  return number;
}
