import path from 'node:path';
import { type ChainOptions, type ChainOutcome, runChain } from '../../chain/chain.ts';
import { readSteps } from '../../chain/chain-file.ts';
import type { ChainResult, ChainStep } from '../../protocol/chains.ts';
import { decodeBytesValue, encodeBytesValue } from '../../runtime/node/bytes-value.ts';
import { listChainFiles } from '../chain-files.ts';
import { HostChainSql } from '../chain-sql.ts';
import type { Call, HostContext, Methods } from '../context.ts';
import { mapAnswer } from '../map-answer.ts';
import {
  invalid,
  type Params,
  readAbsolutePath,
  readAbsolutePaths,
  readOptionalAbsolutePath,
  readParams,
  readStrings,
} from '../params.ts';
import { readNamespace } from './module-ref.ts';
import { readLimits, readSettingsFolder } from './run-limits.ts';

const MEMBERS = ['steps', 'namespace', 'folder', 'sqlFolder', 'allow', 'includes', 'input', 'limits'];

/** `chain/execute`, answered at once when each of its steps is short, and `chain/list`. */
export function chainMethods(context: HostContext): Methods<'chain/execute' | 'chain/list'> {
  return {
    'chain/execute': (value, call) => {
      const params = readParams(value, MEMBERS);
      const steps = readSteps(params.steps);
      const sql = readChainSql(context, { params, steps, call });
      const running = runChain({
        registry: context.registry,
        runPlugin: pluginStepRunner(context, params),
        ...(sql !== undefined && { sql }),
        steps,
        namespace: readNamespace(params),
        input: decodeBytesValue(params.input, 'input'),
        limits: readLimits(context, params),
        journal: context.states.journal(),
        caller: call,
      });
      return mapAnswer(disposeBehind(running, sql), chainResult);
    },
    'chain/list': (value, { signal }) =>
      listChainFiles(readAbsolutePath(readParams(value, ['folder']), 'folder'), signal),
  };
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
  options: { readonly params: Params; readonly steps: readonly ChainStep[]; readonly call: Call },
): HostChainSql | undefined {
  const { params, steps, call } = options;
  const allow = readAbsolutePaths(params, 'allow');
  const includes = readStrings(params, 'includes');
  const sqlFolder = readOptionalAbsolutePath(params, 'sqlFolder');
  if (!steps.some((step) => typeof step === 'object' && 'sql' in step)) return undefined;
  const folder = readSettingsFolder(params);
  if (!path.isAbsolute(folder)) {
    throw invalid('A chain with SQL steps needs folder, an absolute path that they may read and write.');
  }
  const namespaces = [...new Set([readNamespace(params), ...includes])];
  return new HostChainSql({
    sessions,
    call,
    folder,
    base: sqlFolder ?? folder,
    allow: sqlFolder === undefined ? allow : [...allow, sqlFolder],
    namespaces,
  });
}
