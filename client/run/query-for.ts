import type { PluginFunction } from '../../wasm-core/protocol/plugins.ts';

/** A first value of each type, for calls that people change next. */
const SAMPLES: readonly (readonly [RegExp, string])[] = [
  [/^VARCHAR$/, "'hey'"],
  [/^BOOLEAN$/, 'true'],
  [/^(?:U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL.*)$/, '3'],
];

/**
 * A SQL file's text that calls a plugin's function once, with values of its types.
 *
 * @param fn absent: the text has no call
 */
export function queryFor(fn: PluginFunction | undefined): string {
  if (fn === undefined)
    return "-- Press Ctrl+Enter, or Run above the statement.\nselect 'hello' as greeting;\n";
  const values = fn.parameters.filter(({ variadic }) => variadic !== true).map(({ type }) => sample(type));
  const call = `${fn.name}(${values.join(', ')})`;
  const statement = fn.kind === 'table' ? `select * from ${call}` : `select ${call}`;
  return `-- Press Ctrl+Enter, or Run above the statement.\n${statement};\n`;
}

function sample(type: string): string {
  const [, value] = SAMPLES.find(([pattern]) => pattern.test(type)) ?? [];
  return value ?? `null::${type === 'DOCUMENT' ? 'JSON' : type}`;
}
