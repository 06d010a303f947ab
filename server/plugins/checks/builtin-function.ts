import { BUILTIN_FUNCTIONS, CALLED_BY_ENGINE } from './builtin-functions.ts';
import type { PluginCheck, PluginCheckInput, PluginFinding } from './check.ts';

/** A function that hides one of DuckDB's. */
export const builtinShadowed: PluginCheck = {
  code: 'builtin-shadowed',
  level: 'warning',
  find: (input) =>
    named(
      input,
      (name) => BUILTIN_FUNCTIONS.has(name) && !CALLED_BY_ENGINE.has(name),
      (name) =>
        `${name} is also a function of DuckDB, which this one hides in all SQL of the folder. Give it another name, unless that is what you want.`,
    ),
};

/** A function that DuckDB cannot do without. */
export const builtinReserved: PluginCheck = {
  code: 'builtin-reserved',
  level: 'error',
  find: (input) =>
    named(
      input,
      (name) => CALLED_BY_ENGINE.has(name),
      (name) =>
        `DuckDB itself calls its function ${name}, so this one is left out: SQL goes on to call DuckDB's. Give it another name.`,
    ),
};

function named(
  { manifest }: PluginCheckInput,
  isMeant: (name: string) => boolean,
  message: (name: string) => string,
): PluginFinding[] {
  const names = new Set(manifest?.functions.map(({ name }) => name));
  return [...names]
    .filter(isMeant)
    .map((name) => ({ message: message(name), about: { type: 'function', name } }));
}
