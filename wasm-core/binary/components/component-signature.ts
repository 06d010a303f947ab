import type { PluginFunction } from '../../protocol/plugins.ts';
import { payloadOffset } from './canonical-layout.ts';
import { type WitFunction, type WitType, witTypeText } from './wit-types.ts';

/** SQL types of WIT's, of those that have one. */
const SQL_TYPES: Readonly<Record<string, string>> = {
  bool: 'BOOLEAN',
  s8: 'TINYINT',
  s16: 'SMALLINT',
  s32: 'INTEGER',
  s64: 'BIGINT',
  u8: 'UTINYINT',
  u16: 'USMALLINT',
  u32: 'UINTEGER',
  u64: 'UBIGINT',
  f32: 'FLOAT',
  f64: 'DOUBLE',
  string: 'VARCHAR',
  'list<u8>': 'BLOB',
};

/** How a component gives a value: as it is, or in memory with a sign that there is one. */
export type ResultForm = 'plain' | 'option' | 'result';

/** A component's function for SQL. */
export interface ComponentFunction {
  readonly sql: PluginFunction;
  readonly wit: WitFunction;
  readonly form: ResultForm;
  /** Parameters of type `option<…>`: they are given with a sign that there is a value. */
  readonly optional: readonly boolean[];
}

/**
 * A component's function as SQL has it.
 *
 * @returns what is in the way, as the end of a sentence, when SQL cannot call it
 */
export function componentFunction(wit: WitFunction): ComponentFunction | string {
  const parameters = wit.parameters.map(({ name, type }) => {
    const optional = type.name === 'option';
    const taken = optional ? type.arguments[0] : type;
    return { name: identifier(name), type: taken && sqlType(taken), optional, given: type };
  });
  const strange = parameters.find(({ type }) => type === undefined);
  if (strange !== undefined) return `its parameter ${strange.name} is ${witTypeText(strange.given)}`;
  if (wit.result === undefined) return 'it gives nothing';
  const result = resultOf(wit.result);
  if (result === undefined) return `its result is ${witTypeText(wit.result)}`;
  const name = identifier(wit.interface === undefined ? wit.name : `${lastPart(wit.interface)}_${wit.name}`);
  const sql: PluginFunction = {
    name,
    export: `quern-component-${name}`,
    parameters: parameters.map(({ name, type = '' }) => ({ name, type })),
    returns: result.type,
    deterministic: true,
    doc: '',
  };
  return { sql, wit, form: result.form, optional: parameters.map(({ optional }) => optional) };
}

function sqlType(type: WitType): string | undefined {
  return SQL_TYPES[witTypeText(type)];
}

/** Numbers that may be NULL have no row form; texts and bytes have. */
function resultOf(type: WitType): { readonly type: string; readonly form: ResultForm } | undefined {
  const inner = type.arguments[0];
  const form = type.name === 'option' || type.name === 'result' ? type.name : 'plain';
  const sql = form === 'plain' ? sqlType(type) : inner && sqlType(inner);
  if (sql === undefined) return undefined;
  if (form === 'result' && payloadOffset(type.arguments) === undefined) return undefined;
  return form === 'option' && sql !== 'VARCHAR' && sql !== 'BLOB' ? undefined : { type: sql, form };
}

/** A name of WIT as SQL writes it: `to-upper` is `to_upper`. */
function identifier(name: string): string {
  return name.toLowerCase().replaceAll('-', '_').slice(0, 63);
}

/** `stats` of `demo:strings/stats@1.0.0`. */
function lastPart(name: string): string {
  return name.replace(/@.*$/, '').replace(/^.*\//, '');
}
