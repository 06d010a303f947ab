import { setImmediate as nextTurn } from 'node:timers/promises';
import { mergeProfiles } from '../binary/profile/merge-profiles.ts';
import { reportModule } from '../binary/profile/module-report.ts';
import type { RawProfile } from '../binary/profile/profile-map.ts';
import { CoreError } from '../protocol/errors.ts';
import type { ModuleInfo } from '../protocol/methods.ts';
import type { ModuleProfile, ProfileResult } from '../protocol/profile.ts';
import type { CompiledModule } from '../runtime/compiled-module.ts';
import type { ModuleRecord, Registry } from '../runtime/registry.ts';
import { withPath } from './trap-lines.ts';

/** Modules ready to be profiled. */
export interface ProfiledModules {
  readonly compiled: readonly CompiledModule[];
  /** Labels of those that cannot be, since the code that counts makes them larger than V8 takes. */
  readonly unprofiled: readonly string[];
}

/** Compiles modules so that they count what they execute. @throws CoreError MODULE_UNKNOWN */
export async function compileProfiled(
  registry: Pick<Registry, 'compiled'>,
  records: readonly ModuleRecord[],
): Promise<ProfiledModules> {
  const compiled: CompiledModule[] = [];
  const unprofiled: string[] = [];
  for (const record of records) {
    try {
      compiled.push(await registry.compiled(record, 'profiled'));
    } catch (error) {
      if (!(error instanceof CoreError) || error.kind !== 'FORMAT_UNSUPPORTED') throw error;
      unprofiled.push(record.info.name);
    }
  }
  return { compiled, unprofiled };
}

/**
 * Makes the answer of what profiled modules did.
 *
 * @param ran the modules, under the labels that they ran under
 */
export async function profileResult(
  registry: Pick<Registry, 'compiled' | 'bytesOf'>,
  options: {
    readonly profiles: readonly RawProfile[];
    readonly ran: readonly ModuleRecord[];
    readonly unprofiled?: readonly string[];
  },
): Promise<ProfileResult> {
  const { profiles, ran, unprofiled = [] } = options;
  const modules: ModuleProfile[] = [];
  const digests = new Set(profiles.map(({ digest }) => digest));
  for (const record of ran) {
    if (!digests.delete(record.info.digest)) continue;
    const own = profiles.filter(({ digest }) => digest === record.info.digest);
    const share = 1 / Math.max(1, new Set(profiles.map(({ digest }) => digest)).size);
    modules.push(await moduleProfile(registry, record, { profile: mergeProfiles(own), share }));
  }
  modules.sort((a, b) => b.fuel - a.fuel);
  const fuel = modules.reduce((sum, module) => sum + module.fuel, 0);
  return { fuel, modules, ...(unprofiled.length > 0 && { unprofiled }) };
}

async function moduleProfile(
  registry: Pick<Registry, 'compiled' | 'bytesOf'>,
  record: ModuleRecord,
  { profile, share }: { readonly profile: RawProfile; readonly share: number },
): Promise<ModuleProfile> {
  const { info } = record;
  const { profile: map } = await registry.compiled(record, 'profiled');
  const bytes = await registry.bytesOf(info.digest);
  if (map === undefined || bytes === undefined) throw goneError(info);
  const { name, digest, source } = info;
  const report = await reportModule({
    bytes,
    map,
    profile,
    share,
    pathOf: (place) => withPath(place, source),
    pause: () => nextTurn(),
  });
  return { module: name, digest, ...(source !== undefined && { source }), ...report };
}

function goneError({ name, digest }: ModuleInfo): CoreError {
  const message = `The bytes of ${name} are gone, so its profile cannot be read. Load it again.`;
  return new CoreError('MODULE_UNKNOWN', message, { module: name, digest });
}
