import type { ProfileMap, RawProfile } from '../../wasm-core/binary/profile/profile-map.ts';
import type { CompiledModule } from '../../wasm-core/runtime/compiled-module.ts';
import { beginGuest } from './guest.ts';
import { compileWat } from './wat.ts';

/** What a call gave, with what it executed. */
export interface ProfiledCall {
  /** What it gave; the error that it threw. */
  readonly result: unknown;
  /** As the meter charged it. */
  readonly fuel: number;
  readonly profile: RawProfile;
  readonly map: ProfileMap;
}

/** Calls an export of a profiled module, and of the same one that is only metered. */
export async function profileCall(
  wat: string,
  name: string,
  args: readonly (number | bigint)[],
): Promise<{ readonly profiled: ProfiledCall; readonly metered: Pick<ProfiledCall, 'result' | 'fuel'> }> {
  const profiled = await compileWat(wat, 'test', { profiled: true });
  const metered = await compileWat(wat);
  const { map, profile, ...called } = call(profiled, name, args);
  if (map === undefined || profile === undefined) throw new Error('the module was not profiled');
  return { profiled: { ...called, map, profile }, metered: call(metered, name, args) };
}

function call(compiled: CompiledModule, name: string, args: readonly (number | bigint)[]) {
  const guest = beginGuest(compiled);
  let result: unknown;
  try {
    result = guest.function(name)(...args);
  } catch (error) {
    result = error;
  }
  return {
    result,
    fuel: guest.fuelUsed() ?? Number.NaN,
    profile: guest.takeProfile(),
    map: compiled.profile,
  };
}

/** Fuel of what the counters counted: passes times their cost. */
export function countedFuel({ map, profile }: Pick<ProfiledCall, 'map' | 'profile'>): number {
  return profile.counts.reduce((sum, count, counter) => sum + count * (map.costs[counter] ?? 0), 0);
}
