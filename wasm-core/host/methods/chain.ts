import path from 'node:path';
import { type ChainOptions, type ChainOutcome, runChain, type StepTrace } from '../../chain/chain.ts';
import { type ChainDefinition, MAX_CHAIN_STEPS, readSteps } from '../../protocol/chain-file.ts';
import type { ChainResult } from '../../protocol/chains.ts';
import { CoreError } from '../../protocol/errors.ts';
import type { WorkspaceSettings } from '../../protocol/workspace-file.ts';
import { decodeBytesValue, encodeBytesValue } from '../../runtime/node/bytes-value.ts';
import { listChainFiles } from '../chain-files.ts';
import { HostChainSql } from '../chain-sql.ts';
import { ChainTrace } from '../chain-trace.ts';
import type { Call, HostContext, Methods } from '../context.ts';
import { mapAnswer } from '../map-answer.ts';
import { findNamedChain, listChains } from '../named-chain.ts';
import {
  invalid,
  isAbsent,
  type Params,
  readAbsolutePath,
  readAbsolutePaths,
  readOptionalAbsolutePath,
  readOptionalInteger,
  readOptionalString,
  readParams,
  readStrings,
} from '../params.ts';
import { readNamespace } from './module-ref.ts';
import { readLimits, readSettingsFolder } from './run-limits.ts';

const MEMBERS = [
  'steps',
  'chain',
  'namespace',
  'folder',
  'sqlFolder',
  'allow',
  'includes',
  'input',
  'limits',
];

/** `chain/execute`, answered at once when each of its steps is short, `chain/trace` and `chain/list`. */
export function chainMethods(context: HostContext): Methods<'chain/execute' | 'chain/trace' | 'chain/list'> {
  return {
    'chain/execute': (value, call) => {
      const running = startChain(context, { params: readParams(value, MEMBERS), call });
      return mapAnswer(running, chainResult);
    },
    'chain/trace': async (value, call) => {
      const params = readParams(value, [...MEMBERS, 'from', 'traceFolder']);
      const from = readOptionalInteger(params, 'from', { min: 1, max: MAX_CHAIN_STEPS });
      const trace = new ChainTrace(readOptionalAbsolutePath(params, 'traceFolder'));
      const { id, client } = call;
      const onStep = (step: StepTrace): void => {
        trace.add(step);
        const { number, done } = step;
        client.notify('chain/progress', { id, number, ...('result' in done && { result: done.result }) });
      };
      const started = performance.now();
      try {
        await startChain(context, { params, call, onStep, ...(from !== undefined && { from }) });
      } catch (error) {
        // What no step is to blame for, and what its user has stopped, is no answer.
        if (!trace.hasFailed || call.signal.aborted) throw error;
      }
      const micros = Math.round((performance.now() - started) * 1000);
      return { steps: await trace.steps(), micros };
    },
    'chain/list': async (value, { signal }) => {
      const folder = readAbsolutePath(readParams(value, ['folder']), 'folder');
      const files = await listChainFiles(folder, signal);
      return listChains(settingsOrFault(context, folder), { folder, files });
    },
  };
}

/** Runs the chain of a request. */
function startChain(
  context: HostContext,
  options: { readonly params: Params; readonly call: Call } & Pick<ChainOptions, 'from' | 'onStep'>,
): ChainOutcome | Promise<ChainOutcome> {
  const { params, call, ...watch } = options;
  const chain = readGivenChain(context, params);
  const sql = readChainSql(context, { params, chain, call });
  const running = runChain({
    registry: context.registry,
    runPlugin: pluginStepRunner(context, params),
    ...(sql !== undefined && { sql }),
    steps: chain.steps,
    namespace: readNamespace(params),
    input: decodeBytesValue(params.input, 'input'),
    limits: readLimits(context, params, chain.limits),
    journal: context.states.journal(),
    caller: call,
    ...watch,
  });
  return disposeBehind(running, sql);
}

/** The chain of a request: its own steps, or the chain of the folder's `quern.json` that it names. */
function readGivenChain(
  { workspaceFiles }: HostContext,
  params: Params,
): ChainDefinition & { readonly folder?: string } {
  const name = readOptionalString(params, 'chain');
  if (name === undefined) return { steps: readSteps(params.steps) };
  if (!isAbsent(params.steps)) throw invalid('chain/execute takes steps or the name of a chain, not both.');
  const folder = readSettingsFolder(params);
  return findNamedChain(workspaceFiles.settingsOf(folder), { name, folder });
}

function settingsOrFault({ workspaceFiles }: HostContext, folder: string): WorkspaceSettings | CoreError {
  try {
    return workspaceFiles.settingsOf(folder);
  } catch (error) {
    if (error instanceof CoreError) return error;
    throw error;
  }
}

function chainResult({ output, steps, logs }: ChainOutcome): ChainResult {
  const answer = { output: encodeBytesValue(output), steps };
  return logs.length > 0 ? { ...answer, logs } : answer;
}

function pluginStepRunner({ runner }: HostContext, params: Params): ChainOptions['runPlugin'] {
  const settingsFolder = readSettingsFolder(params);
  return ({ record, form, input, limits, config, journal }, caller) => {
    const task = { type: 'execute', form, input } as const;
    const run = { record, task, limits, settingsFolder, journal };
    const running = runner.run(config === undefined ? run : { ...run, configText: config }, caller);
    return mapAnswer(running, ({ value, usage, logs }) => {
      if (!(value instanceof Uint8Array)) throw new Error('a run of process gave no bytes');
      return { output: value, usage, logs };
    });
  };
}

/** A chain that has no SQL owns nothing; one that has is never done at once. */
function disposeBehind(
  running: ChainOutcome | Promise<ChainOutcome>,
  sql: HostChainSql | undefined,
): ChainOutcome | Promise<ChainOutcome> {
  if (sql === undefined) return running;
  return Promise.resolve(running).finally(() => sql.dispose());
}

/** Where a chain's SQL steps run; undefined when it has none. Nothing is opened before the first of them. */
function readChainSql(
  { sessions }: HostContext,
  options: {
    readonly params: Params;
    readonly chain: ChainDefinition & { readonly folder?: string };
    readonly call: Call;
  },
): HostChainSql | undefined {
  const { params, chain, call } = options;
  const allow = readAbsolutePaths(params, 'allow');
  const includes = readStrings(params, 'includes');
  const sqlFolder = readOptionalAbsolutePath(params, 'sqlFolder');
  if (!chain.steps.some((step) => typeof step === 'object' && 'sql' in step)) return undefined;
  const folder = readSettingsFolder(params);
  if (!path.isAbsolute(folder)) {
    throw invalid('A chain with SQL steps needs folder, an absolute path that they may read and write.');
  }
  const namespaces = [...new Set([readNamespace(params), ...includes])];
  return new HostChainSql({
    sessions,
    call,
    folder,
    // A named chain lies in the folder, so that it may read and write no more than that.
    base: sqlFolder ?? chain.folder ?? folder,
    allow: sqlFolder === undefined ? allow : [...allow, sqlFolder],
    namespaces,
  });
}
