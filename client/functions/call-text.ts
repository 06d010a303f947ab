import type { PluginFunction } from '../../wasm-core/protocol/plugins.ts';

/** A statement that calls a function once. @param args as SQL, with commas between */
export function callText(fn: PluginFunction, args: string): string {
  return fn.kind === 'table' ? `from ${fn.name}(${args})` : `select ${fn.name}(${args})`;
}

/** A function as a question for its arguments shows it: `slug(s VARCHAR)`. */
export function parametersText(fn: PluginFunction): string {
  const parameters = fn.parameters.map(
    ({ name, type, variadic }) => `${name} ${type}${variadic ? '...' : ''}`,
  );
  return `${fn.name}(${parameters.join(', ')})`;
}

/**
 * The first text of a plugin's tests, in sqllogictest's format.
 *
 * @param args of the call that it begins with
 */
export function testText(fn: PluginFunction, args: string): string {
  return `# Tests of ${fn.name}, one record each, with an empty line between.
# To say what a query gives, write its kinds of columns (T text, I whole number, R other number) and the rows:
#
# query T
# select 'a' || 'b'
# ----
# ab

statement ok
${callText(fn, args)}
`;
}
