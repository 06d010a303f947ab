import type { PluginParameter } from '../protocol/plugins.ts';
import type { TypedValue } from '../protocol/typed-values.ts';
import { encodeLeaf } from './values/encode-leaf.ts';
import { leafLayout, sqlTypeOf } from './values/sql-type-of.ts';

/** An argument as it crosses into a guest in the row form; a block is 16 bytes. */
export type EncodedArgument =
  | { readonly form: 'null' }
  | { readonly form: 'scalar'; readonly value: number | bigint }
  | { readonly form: 'bytes' | 'block'; readonly bytes: Uint8Array };

/**
 * Checks one argument against its parameter, for the row form. `TypedValue` says how each type is written.
 *
 * @param parameter of a type without children
 * @throws CoreError ARGUMENT_INVALID that names the parameter, its type and the value
 */
export function encodeArgument(value: TypedValue, parameter: PluginParameter): EncodedArgument {
  if (value === null) return { form: 'null' };
  const { name, type } = parameter;
  const parsed = sqlTypeOf(type);
  const leaf = encodeLeaf(value, parsed, { name, parameter: name, type });
  if (!(leaf instanceof Uint8Array)) return { form: 'scalar', value: leaf };
  return { form: leafLayout(parsed) === 'bytes' ? 'bytes' : 'block', bytes: leaf };
}
