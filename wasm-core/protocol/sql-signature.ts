import type { PluginFunction } from './plugins.ts';

/** A function for SQL in one line, such as `slug(s VARCHAR) -> VARCHAR`. */
export function sqlSignature(fn: PluginFunction): string {
  const parameters = fn.parameters
    .map(({ name, type, variadic }) => `${name} ${type}${variadic ? '...' : ''}`)
    .join(', ');
  const notes = [
    ...(fn.kind === 'aggregate' ? ['aggregate'] : []),
    ...(fn.nulls === 'pass' ? ['nulls pass'] : []),
    ...(fn.onError === 'null' ? ['on error null'] : []),
  ];
  return [`${fn.name}(${parameters}) -> ${fn.returns}`, ...notes].join(', ');
}
