import { WASI_MODULE } from '../../../wasm-core/binary/wasi-imports.ts';
import type { Capability, PluginFunction } from '../../../wasm-core/protocol/plugins.ts';
import type { PluginCheck, PluginCheckInput, PluginFinding } from './check.ts';

/** The first and the last instruction of relaxed SIMD, whose results machines may choose. */
const RELAXED_FIRST = 0xfd100;
const RELAXED_LAST = 0xfd113;

/** Functions that are declared deterministic and may give something else each time. */
export const nondeterministic: PluginCheck = {
  code: 'nondeterministic',
  level: 'warning',
  find: (input) =>
    (input.manifest?.functions ?? [])
      .filter(({ deterministic }) => deterministic)
      .flatMap((fn) => findIn(input, fn)),
};

function findIn({ module, code, workspace }: PluginCheckInput, fn: PluginFunction): PluginFinding[] {
  const reached = code.reachedBy(fn);
  const imports = module.imports.filter(({ kind }) => kind === 'function');
  const cause = imports.find((given, index) => reached.has(index) && isChance(given, workspace.granted));
  if (cause !== undefined) {
    const about = { type: 'function', name: fn.name } as const;
    return [{ message: said(fn, `may call ${cause.module}.${cause.name}`), about }];
  }
  for (const index of reached) {
    const relaxed = code
      .instructions(index)
      .find(({ opcode }) => opcode >= RELAXED_FIRST && opcode <= RELAXED_LAST);
    if (relaxed === undefined) continue;
    const message = said(fn, 'uses relaxed SIMD, whose results differ from machine to machine');
    return [{ message, about: { type: 'instruction', offset: relaxed.offset, function: fn.name } }];
  }
  return [];
}

function said(fn: PluginFunction, what: string): string {
  return `${fn.name} is declared deterministic, as functions are that say nothing else, and ${what}. Quern calls it once for equal arguments; declare "deterministic": false, so that each row gets a call.`;
}

/** Host functions whose answer is another each time; programs for WASI get chance and time only where these are granted. */
function isChance(
  { module, name }: { readonly module: string; readonly name: string },
  granted: readonly Capability[],
): boolean {
  if (module === 'host') return /^(?:random|now_ms|now_ns|monotonic_ns)$/.test(name);
  if (module !== WASI_MODULE) return false;
  return (
    (name === 'random_get' && granted.includes('random')) ||
    (name === 'clock_time_get' && granted.includes('clock'))
  );
}
