import path from 'node:path';
import { processFormOf } from '../../chain/chain.ts';
import { type BenchRunResult, type BenchTarget, HOST_OPERATIONS } from '../../protocol/bench.ts';
import { decodeBytesValue } from '../../runtime/node/bytes-value.ts';
import { BenchQueue } from '../bench/bench-queue.ts';
import { BenchTeller } from '../bench/bench-teller.ts';
import type { BenchPlan } from '../bench/lane.ts';
import { benchVersions, machineFacts, machineLoad } from '../bench/machine.ts';
import { runBench } from '../bench/run-bench.ts';
import type { Subject } from '../bench/subject.ts';
import { chainSubject } from '../bench/subjects/chain-subject.ts';
import { hostSubject } from '../bench/subjects/host-subject.ts';
import { moduleSubject } from '../bench/subjects/module-subject.ts';
import { statementSubject } from '../bench/subjects/statement-subject.ts';
import { withDeadline } from '../bench/with-deadline.ts';
import type { Call, Client, HostContext, Methods } from '../context.ts';
import type { ModuleRun } from '../module-runner.ts';
import {
  invalid,
  type Params,
  readOptionalBoolean,
  readOptionalInteger,
  readParams,
  readString,
} from '../params.ts';
import { chainMethods } from './chain.ts';
import { findFunction } from './find-function.ts';
import { readModule, readNamespace } from './module-ref.ts';
import { RUN_MEMBERS, readArguments, readRun } from './run.ts';
import { readStatement } from './sql.ts';

const MEMBERS = ['targets', 'runs', 'timeMs', 'warmUp', 'timeoutMs'];
const MOST_TARGETS = 200;

/** `bench/run`: one at a time. */
export function benchMethods(context: HostContext): Methods<'bench/run'> {
  const queue = new BenchQueue();
  return {
    'bench/run': async (value, call) => {
      const { targets, plan, timeoutMs } = readBench(value);
      const tell = new BenchTeller(call);
      if (queue.isBusy) tell.phase('waiting', 0);
      return await queue.run(
        () => withDeadline({ signal: call.signal, timeoutMs }, (signal) => measure(signal)),
        call.signal,
      );

      async function measure(signal: AbortSignal): Promise<BenchRunResult> {
        const started = performance.now();
        const facts = {
          machine: machineFacts(),
          versions: benchVersions(context.facts.version),
          ...machineLoad(),
          at: new Date().toISOString(),
        };
        const prepare = async (target: BenchTarget): Promise<Subject> =>
          subjectOf(context, target, { ...call, client: quiet(call.client) }, call.client);
        const outcomes = await runBench({ targets, plan, prepare, signal, tell });
        return { targets: outcomes, ...facts, micros: Math.round((performance.now() - started) * 1000) };
      }
    },
  };
}

/** Runs of a bench tell nobody how far each of them is. */
function quiet({ name }: Client): Client {
  return { greeted: true, name, notify() {}, subscribe() {} };
}

function readBench(value: unknown): {
  readonly targets: readonly BenchTarget[];
  readonly plan: BenchPlan;
  readonly timeoutMs: number | undefined;
} {
  const params = readParams(value, MEMBERS);
  const targets = readTargets(params.targets);
  const timeoutMs = readOptionalInteger(params, 'timeoutMs', { min: 1, max: 86_400_000 });
  return { targets, plan: readPlan(params), timeoutMs };
}

/** @throws CoreError PARAMS_INVALID */
function readPlan(params: Params): BenchPlan {
  const runs = readOptionalInteger(params, 'runs', { min: 1, max: 10_000 });
  const timeMs = readOptionalInteger(params, 'timeMs', { min: 1, max: 600_000 });
  const warmUp = readOptionalInteger(params, 'warmUp', { min: 0, max: 1_000 });
  return {
    ...(runs !== undefined && { runs }),
    ...(timeMs !== undefined && { timeMs }),
    ...(warmUp !== undefined && { warmUp }),
  };
}

/** Names and types alone: what else is wrong with a target is that target's failure. */
function readTargets(value: unknown): readonly BenchTarget[] {
  if (!Array.isArray(value) || value.length < 1 || value.length > MOST_TARGETS) {
    throw invalid(`targets must be an array of 1 to ${MOST_TARGETS} targets.`);
  }
  const names = new Set<string>();
  for (const [index, target] of value.entries()) {
    const type = target !== null && typeof target === 'object' ? target.type : undefined;
    if (!TYPES.includes(type)) throw invalid(`targets[${index}].type must be one of ${TYPES.join(', ')}.`);
    const { name } = target;
    if (typeof name !== 'string' || name === '' || name.length > 200) {
      throw invalid(`targets[${index}].name must be a string of 1 to 200 characters.`);
    }
    if (names.has(name)) throw invalid(`Two targets are called ${JSON.stringify(name)}; names differ.`);
    names.add(name);
    readPlan({ runs: target.runs, timeMs: target.timeMs });
  }
  return value;
}

const TYPES: readonly BenchTarget['type'][] = ['statement', 'call', 'process', 'chain', 'host'];

/**
 * @param call of the runs, whose client is told nothing
 * @param client who asks
 */
function subjectOf(context: HostContext, target: BenchTarget, call: Call, client: Client): Subject {
  const { name: _, runs: __, timeMs: ___, type, ...given } = target;
  const { runner, registry, facts } = context;
  switch (type) {
    case 'statement':
      return statementSubject({ ...readStatement(context, given, client), call });
    case 'call': {
      const { mode, asked } = readMetering(given);
      const params = readParams(asked, [...RUN_MEMBERS, 'function', 'arguments']);
      const record = readModule(context, params);
      const args = readArguments(params);
      const fn = findFunction(record, readString(params, 'function'), args);
      const task = { type: 'call', function: fn, arguments: args } as const;
      const run = { record, task, ...readRun(context, params), ...mode };
      return moduleSubject({ runner, run, asked: args, client });
    }
    case 'process': {
      const { mode, asked } = readMetering(given);
      const params = readParams(asked, [...RUN_MEMBERS, 'input']);
      const record = readModule(context, params);
      const input = decodeBytesValue(params.input, 'input');
      const task = { type: 'execute', form: processFormOf(record), input } as const;
      const run = { record, task, ...readRun(context, params), ...mode };
      return moduleSubject({ runner, run, asked: params.input, client });
    }
    case 'chain': {
      const execute = chainMethods(context)['chain/execute'];
      const { steps, chain, input } = given as Params;
      const namespace = readNamespace(given as Params);
      return chainSubject({
        asked: [steps ?? chain, input],
        execute: async (signal) => await execute(given, { ...call, signal }),
        digestOf: (module) => registry.find({ module, namespace })?.info.digest,
      });
    }
    case 'host': {
      const { operation } = readParams(given, ['operation']);
      const known = HOST_OPERATIONS.find((each) => each === operation);
      if (known === undefined) throw invalid(`operation must be one of ${HOST_OPERATIONS.join(', ')}.`);
      const threadPath = path.join(facts.distFolder, 'bench-client.js');
      return hostSubject({ operation: known, socket: facts.socket, threadPath });
    }
  }
}

function readMetering(given: object): {
  readonly mode: Pick<ModuleRun, 'mode'>;
  readonly asked: Params;
} {
  const { unmetered: _, ...asked } = given as Params;
  const unmetered = readOptionalBoolean(given as Params, 'unmetered');
  if (unmetered === undefined) return { mode: {}, asked };
  return { mode: { mode: unmetered ? 'unmetered' : 'metered' }, asked };
}
