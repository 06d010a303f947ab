import { processFormOf } from '../../chain/chain.ts';
import { CoreError } from '../../protocol/errors.ts';
import type { Replay, ReplayInfo, ReplayRunResult } from '../../protocol/replays.ts';
import type { Outcome } from '../../runtime/job.ts';
import { decodeBytesValue, encodeBytesValue } from '../../runtime/node/bytes-value.ts';
import { resultType } from '../../runtime/raw-function.ts';
import type { ModuleRecord } from '../../runtime/registry.ts';
import type { Call, HostContext, Methods } from '../context.ts';
import type { ModuleTask } from '../module-runner.ts';
import { readOptionalBoolean, readOptionalString, readParams } from '../params.ts';
import { infoOf } from '../replays/replay-store.ts';
import { replayTest } from '../replays/replay-test.ts';
import { findFunction } from './find-function.ts';

/** `replay/list`, `replay/run` and `replay/test`. */
export function replayMethods(context: HostContext): Methods<'replay/list' | 'replay/run' | 'replay/test'> {
  return {
    'replay/list': async (value) => {
      readParams(value, []);
      return { replays: await context.replays.list() };
    },
    'replay/run': async (value, call) => {
      const params = readParams(value, ['id', 'original']);
      const id = readOptionalString(params, 'id');
      const original = readOptionalBoolean(params, 'original') ?? false;
      const replay = await findReplay(context, id);
      return run(context, { replay, record: findModule(context, replay, original), call });
    },
    'replay/test': async (value) => {
      const params = readParams(value, ['id']);
      const replay = await findReplay(context, readOptionalString(params, 'id'));
      const args = replay.call.type === 'call' ? replay.call.arguments : [];
      const fn = findFunction(findModule(context, replay, false), replay.function, args);
      return { replay: infoOf(replay), text: replayTest(replay, fn) };
    },
  };
}

async function findReplay({ replays }: HostContext, id: string | undefined): Promise<Replay> {
  const found = id === undefined ? await replays.newest() : await replays.get(id);
  if (found !== undefined) return found;
  const message =
    id === undefined
      ? 'No failed call is kept yet; there is nothing to replay.'
      : `There is no failed call ${JSON.stringify(id.slice(0, 40))}. List those that are kept with replay/list (quern replay --list).`;
  throw new CoreError('REPLAY_UNKNOWN', message, id === undefined ? {} : { id: id.slice(0, 40) });
}

/** @throws CoreError MODULE_UNKNOWN */
function findModule({ registry }: HostContext, replay: Replay, original: boolean): ModuleRecord {
  const { module, namespace, digest } = replay;
  if (!original) return registry.get({ module, namespace });
  const record = registry.find({ module: digest, namespace });
  if (record !== undefined) return record;
  const message = `The bytes of ${module} that failed are no longer kept. Leave --original out to call what has the name now.`;
  throw new CoreError('MODULE_UNKNOWN', message, { module, digest });
}

async function run(
  context: HostContext,
  options: { readonly replay: Replay; readonly record: ModuleRecord; readonly call: Call },
): Promise<ReplayRunResult> {
  const { replay, record, call } = options;
  const { limits, setting, settingsFolder } = replay;
  const about = { replay: infoOf(replay), digest: record.info.digest };
  const task = taskOf(replay, record);
  const own = {
    record,
    task,
    limits,
    settingsFolder,
    ...(setting && { setting }),
    purpose: 'replay',
  } as const;
  try {
    const outcome = await context.runner.run(own, call);
    return answerOf(about, task, outcome);
  } catch (error) {
    if (!(error instanceof CoreError) || error.kind === 'CANCELLED') throw error;
    const { kind, message, details } = error;
    return { ...about, error: { kind, message, details } };
  }
}

function taskOf({ call, function: name }: Replay, record: ModuleRecord): ModuleTask {
  if (call.type === 'call') {
    return { type: 'call', function: findFunction(record, name, call.arguments), arguments: call.arguments };
  }
  return { type: 'execute', form: processFormOf(record), input: decodeBytesValue(call.input, 'input') };
}

function answerOf(
  about: { readonly replay: ReplayInfo; readonly digest: string },
  task: ModuleTask,
  { value, usage, logs }: Outcome,
): ReplayRunResult {
  const used = { usage, ...(logs.length > 0 && { logs }) };
  if (value instanceof Uint8Array) return { ...about, output: encodeBytesValue(value), ...used };
  if (task.type !== 'call') throw new Error('a run of process gave no bytes');
  return { ...about, result: value, type: resultType(task.function), ...used };
}
