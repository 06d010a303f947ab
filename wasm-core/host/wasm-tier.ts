import { setFlagsFromString } from 'node:v8';
import { CoreError } from '../protocol/errors.ts';
import { WASM_TIERS, type WasmTier } from '../protocol/stats.ts';

/**
 * V8's flags for each tier. `lazy` is V8's own way: a function is compiled by the baseline compiler (Liftoff) when it is
 * first called, and by the optimising one (TurboFan) when it is called often. See https://v8.dev/docs/wasm-compilation-pipeline.
 */
const FLAGS: Readonly<Record<WasmTier, readonly string[]>> = {
  lazy: [],
  eager: ['--no-wasm-lazy-compilation'],
  baseline: ['--liftoff', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering'],
  optimized: ['--no-liftoff', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering'],
};

/**
 * Sets how V8 compiles WebAssembly in this process, its threads included; to be called before anything is compiled.
 *
 * @param tier absent: `lazy`
 * @returns the tier
 * @throws CoreError PARAMS_INVALID for a word that is no tier
 */
export function setWasmTier(tier: string | undefined): WasmTier {
  const known = WASM_TIERS.find((name) => name === (tier || 'lazy'));
  if (known === undefined) {
    const message = `There is no tier ${JSON.stringify(tier)}. There are ${WASM_TIERS.join(', ')}.`;
    throw new CoreError('PARAMS_INVALID', message);
  }
  for (const flag of FLAGS[known]) setFlagsFromString(flag);
  return known;
}
