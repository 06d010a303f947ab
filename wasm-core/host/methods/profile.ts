import { rm } from 'node:fs/promises';
import { processFormOf } from '../../chain/chain.ts';
import type { ProfileResult } from '../../protocol/profile.ts';
import { decodeBytesValue } from '../../runtime/node/bytes-value.ts';
import type { EngineRunOptions } from '../../sql/engine.ts';
import type { Call, HostContext, Methods } from '../context.ts';
import type { ModuleTask } from '../module-runner.ts';
import { invalid, isAbsent, type Params, readOptionalString, readParams } from '../params.ts';
import { compileProfiled, profileResult } from '../profiles.ts';
import type { SessionEntry } from '../session-entry.ts';
import { findFunction } from './find-function.ts';
import { readModule } from './module-ref.ts';
import { RUN_MEMBERS, readArguments, readRun } from './run.ts';

/** `module/profile`. */
export function profileMethods(context: HostContext): Methods<'module/profile'> {
  const { registry, runner } = context;
  return {
    'module/profile': async (value, call) => {
      const params = readParams(value, [...RUN_MEMBERS, 'input', 'function', 'arguments']);
      const record = readModule(context, params);
      const task = readTask(record, params);
      const run = { record, task, ...readRun(context, params), purpose: 'trial', isProfiled: true } as const;
      const { profile } = await runner.run(run, call);
      if (profile === undefined) throw new Error('a profiled run gave no profile');
      return profileResult(registry, { profiles: [profile], ran: [record] });
    },
  };
}

function readTask(record: Parameters<typeof findFunction>[0], params: Params): ModuleTask {
  const name = readOptionalString(params, 'function');
  if ((name === undefined) === isAbsent(params.input)) {
    throw invalid('Give exactly one of input (for process) and function (with its arguments).');
  }
  if (name === undefined) {
    if (!isAbsent(params.arguments)) throw invalid('arguments go with function, not with input.');
    return { type: 'execute', form: processFormOf(record), input: decodeBytesValue(params.input, 'input') };
  }
  const args = isAbsent(params.arguments) ? [] : readArguments(params);
  return { type: 'call', function: findFunction(record, name, args), arguments: args };
}

/**
 * Runs statements with the session's plugins profiled, and deletes their rows.
 *
 * @throws CoreError those of `sql/run`
 */
export async function profileStatements(
  { registry }: Pick<HostContext, 'registry'>,
  options: {
    readonly session: SessionEntry;
    readonly run: Omit<EngineRunOptions, 'signal' | 'onProgress'>;
    readonly call: Call;
  },
): Promise<ProfileResult> {
  const { session, run, call } = options;
  const plugins = await session.plugins();
  const ran = plugins.flatMap(({ compiled, info }) => {
    const record = info && registry.find({ module: compiled.digest, namespace: info.namespace });
    return record === undefined ? [] : [record];
  });
  const { compiled, unprofiled } = await compileProfiled(registry, ran);
  const { statements, profiles = [] } = await session.run({ ...run, profiled: compiled }, call);
  for (const { file } of statements) if (file !== undefined) await rm(file.path, { force: true });
  return profileResult(registry, { profiles, ran, unprofiled });
}
