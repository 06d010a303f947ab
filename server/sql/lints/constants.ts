import type { PluginFunction } from '../../../wasm-core/protocol/plugins.ts';
import type { TypedValue } from '../../../wasm-core/protocol/typed-values.ts';
import { unquoted } from '../syntax/parse-relations.ts';
import { parameterAt } from './plugin-calls.ts';
import { kindOf } from './type-kinds.ts';

/**
 * The values of arguments that are constants of their parameters' own kinds.
 *
 * @param texts the arguments as they are written
 * @returns undefined when one is anything else: what DuckDB would make of it is its own affair
 */
export function constantArguments(fn: PluginFunction, texts: readonly string[]): TypedValue[] | undefined {
  const values: TypedValue[] = [];
  for (const [index, text] of texts.entries()) {
    const type = parameterAt(fn, index)?.type;
    const value = type === undefined ? undefined : constant(text.trim(), type, fn.nulls === 'pass');
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

const TEXT = /^'(?:[^']|'')*'$/;
const WHOLE = /^-?\d{1,38}$/;
const NUMBER = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
/** Kinds whose values are texts to a module, as they are to DuckDB. */
const AS_TEXT = /^(text|date|time|timestamp|timestamp with time zone|uuid)$/;

function constant(text: string, type: string, takesNull: boolean): TypedValue | undefined {
  // A NULL argument gives NULL without a call.
  if (/^null$/i.test(text)) return takesNull ? null : undefined;
  const kind = kindOf(type);
  if (AS_TEXT.test(kind)) return TEXT.test(text) ? unquoted(text) : undefined;
  if (kind === 'boolean') return /^(true|false)$/i.test(text) ? /^true$/i.test(text) : undefined;
  if (kind !== 'number') return undefined;
  if (type === 'DOUBLE' || type === 'FLOAT') return NUMBER.test(text) ? Number(text) : undefined;
  if (!WHOLE.test(text)) return undefined;
  return /^(U?BIGINT|U?HUGEINT|DECIMAL)/.test(type) ? text : Number(text);
}
