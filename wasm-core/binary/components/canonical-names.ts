import type { WitFunction } from './wit-types.ts';

/** How a component's module names its exports. */
export interface CanonicalNames {
  readonly realloc: string;
  readonly memory: string;
  readonly initialize: string;
  readonly function: (fn: WitFunction) => string;
  /** What is called when a function's result was read. */
  readonly postReturn: (fn: WitFunction) => string;
}

/** Names of wit-component's first days, which most tools still write. */
const LEGACY: CanonicalNames = {
  realloc: 'cabi_realloc',
  memory: 'memory',
  initialize: '_initialize',
  function: legacyName,
  postReturn: (fn) => `cabi_post_${legacyName(fn)}`,
};

/** Names of https://github.com/WebAssembly/component-model/blob/main/design/mvp/BuildTargets.md. */
const STANDARD: CanonicalNames = {
  realloc: 'cm32p2_realloc',
  memory: 'cm32p2_memory',
  initialize: 'cm32p2_initialize',
  function: standardName,
  postReturn: (fn) => `${standardName(fn)}_post`,
};

/** The names that a module keeps to, by what it exports. */
export function canonicalNames(
  exported: { has(name: string): boolean },
  exports: readonly string[],
): CanonicalNames {
  return exported.has(STANDARD.realloc) || exports.some((name) => name.startsWith('cm32p2|'))
    ? STANDARD
    : LEGACY;
}

function legacyName(fn: WitFunction): string {
  return fn.interface === undefined ? fn.name : `${fn.interface}#${fn.name}`;
}

function standardName(fn: WitFunction): string {
  return `cm32p2|${fn.interface ?? ''}|${fn.name}`;
}
