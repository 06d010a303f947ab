import type { CompileDiagnostic, SourcePlace } from '../compilers/compile-types.ts';
import { DUPLICATE_FUNCTION } from './checks/all-checks.ts';
import type { LoadedPlugin } from './plugin-state.ts';

const TOP: SourcePlace = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/**
 * Functions of one name in several plugins of a namespace: SQL calls the one that was loaded last.
 *
 * @returns diagnostics by the plugins' URIs
 */
export function duplicateFunctions(
  plugins: Iterable<LoadedPlugin>,
  toPath: (uri: string) => string | undefined,
): ReadonlyMap<string, readonly CompileDiagnostic[]> {
  const found = new Map<string, CompileDiagnostic[]>();
  for (const sharing of sharedNames(plugins)) {
    for (const plugin of sharing.plugins) {
      const others = sharing.plugins.filter((other) => other !== plugin);
      const said = found.get(plugin.uri) ?? [];
      said.push(duplicate(sharing.name, plugin, { others, toPath }));
      found.set(plugin.uri, said);
    }
  }
  return found;
}

/** A function's name, and the plugins that define it. */
interface SharedName {
  readonly name: string;
  readonly plugins: readonly LoadedPlugin[];
}

function sharedNames(plugins: Iterable<LoadedPlugin>): SharedName[] {
  const byName = new Map<string, LoadedPlugin[]>();
  for (const plugin of plugins) {
    for (const name of new Set(plugin.functions.map((fn) => fn.name))) {
      const key = `${plugin.namespace}\0${name}`;
      byName.set(key, [...(byName.get(key) ?? []), plugin]);
    }
  }
  return [...byName]
    .filter(([, sharing]) => sharing.length > 1)
    .map(([key, sharing]) => ({ name: key.slice(key.indexOf('\0') + 1), plugins: sharing }));
}

function duplicate(
  name: string,
  plugin: LoadedPlugin,
  {
    others,
    toPath,
  }: { readonly others: readonly LoadedPlugin[]; readonly toPath: (uri: string) => string | undefined },
): CompileDiagnostic {
  const { file, ...range } = plugin.places.get(name) ?? TOP;
  const shown = others.map((other) => other.name).join(' and ');
  return {
    severity: DUPLICATE_FUNCTION.level,
    code: DUPLICATE_FUNCTION.code,
    message: `${shown} ${others.length === 1 ? 'has' : 'have'} a function ${name}, too: SQL calls the one that was loaded last. Rename one of them, or take it away.`,
    range,
    ...(file !== undefined && { file }),
    isLint: true,
    related: others.map((other) => {
      const { file: own, ...place } = other.places.get(name) ?? TOP;
      return { file: own ?? toPath(other.uri) ?? '', range: place, message: `${name} of ${other.name}` };
    }),
  };
}
