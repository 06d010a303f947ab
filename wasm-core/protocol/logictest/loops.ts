import type { LoopValues } from './records.ts';

const SIGNED = ['tinyint', 'smallint', 'integer', 'bigint', 'hugeint'];
const UNSIGNED = ['utinyint', 'usmallint', 'uinteger', 'ubigint', 'uhugeint'];
const INTEGRAL = [...SIGNED, ...UNSIGNED];
const NUMERIC = [...INTEGRAL, 'float', 'double'];

/** Lists that DuckDB's runner knows by a name. */
const COLLECTIONS: Readonly<Record<string, readonly string[]>> = {
  '<signed>': SIGNED,
  '<unsigned>': UNSIGNED,
  '<integral>': INTEGRAL,
  '<numeric>': NUMERIC,
  '<alltypes>': [...NUMERIC, 'bool', 'interval', 'varchar'],
  '<compression>': [...['none', 'uncompressed', 'rle', 'bitpacking', 'dictionary', 'fsst', 'alp', 'alprd']],
  '<all_types_columns>': [
    ...['bool', 'tinyint', 'smallint', 'int', 'bigint', 'hugeint', 'uhugeint', 'utinyint', 'usmallint'],
    ...['uint', 'ubigint', 'date', 'time', 'timestamp', 'timestamp_s', 'timestamp_ms', 'timestamp_ns'],
    ...['time_tz', 'timestamp_tz', 'float', 'double', 'dec_4_1', 'dec_9_4', 'dec_18_6', 'dec38_10'],
    ...['uuid', 'interval', 'varchar', 'blob', 'bit', 'small_enum', 'medium_enum', 'large_enum'],
    ...['int_array', 'double_array', 'date_array', 'timestamp_array', 'timestamptz_array'],
    ...['varchar_array', 'nested_int_array', 'struct', 'struct_of_arrays', 'array_of_structs', 'map'],
    ...['union', 'fixed_int_array', 'fixed_varchar_array', 'fixed_nested_int_array'],
    ...['fixed_nested_varchar_array', 'fixed_struct_array', 'struct_of_fixed_array'],
    ...['fixed_array_of_int_list', 'list_of_fixed_int_array'],
  ],
};

/** The values of `foreach`: named lists are put in, and `!value` takes one out of those before it. */
export function loopTexts(words: readonly string[]): string[] {
  let texts: string[] = [];
  for (const word of words) {
    const taken = word.startsWith('!') ? word.slice(1) : undefined;
    if (taken !== undefined && texts.includes(taken)) texts = texts.filter((text) => text !== taken);
    else texts.push(...(COLLECTIONS[word.toLowerCase()] ?? [word]));
  }
  return texts;
}

/** Every value that a loop gives its variable, in their order. */
export function* loopValues(values: LoopValues): Generator<string> {
  if (values.type === 'list') yield* values.texts;
  // A loop runs once, whatever its end says.
  else for (let i = values.start; i === values.start || i < values.end; i++) yield String(i);
}

/** The variables of a loop in one turn: `a,b` takes the parts of `1,2`. */
export function loopVariables(variable: string, value: string): readonly (readonly [string, string])[] {
  if (!variable.includes(',')) return [[variable, value]];
  const parts = value.split(',');
  return variable.split(',').map((name, index) => [name, parts[index] ?? ''] as const);
}
