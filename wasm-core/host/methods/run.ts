import { processFormOf } from '../../chain/chain.ts';
import type { CallResult, CallValue, ExecuteResult } from '../../protocol/methods.ts';
import type { PluginFunction } from '../../protocol/plugins.ts';
import type { TypedValue } from '../../protocol/typed-values.ts';
import type { Outcome } from '../../runtime/job.ts';
import { decodeBytesValue, encodeBytesValue } from '../../runtime/node/bytes-value.ts';
import { resultType } from '../../runtime/raw-function.ts';
import type { HostContext, Methods } from '../context.ts';
import { mapAnswer } from '../map-answer.ts';
import { invalid, type Params, readOptionalBoolean, readParams, readString } from '../params.ts';
import { findFunction } from './find-function.ts';
import { readModule } from './module-ref.ts';
import { readLimits, readSettingsFolder } from './run-limits.ts';
import { readSetting, SETTING_MEMBERS } from './run-setting.ts';

/** `module/execute` and `module/call`, answered at once when the run is short. */
export function runMethods(context: HostContext): Methods<'module/execute' | 'module/call'> {
  const { runner } = context;
  return {
    'module/execute': (value, call) => {
      const params = readParams(value, EXECUTE_MEMBERS);
      const record = readModule(context, params);
      const task = {
        type: 'execute',
        form: processFormOf(record),
        input: decodeBytesValue(params.input, 'input'),
      } as const;
      return mapAnswer(runner.run({ record, task, ...readRun(context, params) }, call), executeResult);
    },
    'module/call': (value, call) => {
      const params = readParams(value, CALL_MEMBERS);
      const record = readModule(context, params);
      const args = readArguments(params);
      const fn = findFunction(record, readString(params, 'function'), args);
      const task = { type: 'call', function: fn, arguments: args } as const;
      const purpose = readOptionalBoolean(params, 'trial') ? ({ purpose: 'trial' } as const) : {};
      const running = runner.run({ record, task, ...readRun(context, params), ...purpose }, call);
      return mapAnswer(running, (outcome) => callResult(fn, outcome));
    },
  };
}

/** Members of the parameters of every run. */
export const RUN_MEMBERS = ['module', 'namespace', 'limits', 'folder', ...SETTING_MEMBERS];
const EXECUTE_MEMBERS = [...RUN_MEMBERS, 'input'];
const CALL_MEMBERS = [...RUN_MEMBERS, 'function', 'arguments', 'trial'];

/** What a run is told beside its module and its task. @throws CoreError PARAMS_INVALID, FORMAT_WORKSPACE, FILE_IO */
export function readRun(context: HostContext, params: Params) {
  const setting = readSetting(params);
  const limits = readLimits(context, params);
  const settingsFolder = readSettingsFolder(params);
  return setting === undefined ? { limits, settingsFolder } : { limits, settingsFolder, setting };
}

function executeResult({ value, usage, logs }: Outcome): ExecuteResult {
  if (!(value instanceof Uint8Array)) throw new Error('a run of process gave no bytes');
  const output = encodeBytesValue(value);
  return logs.length > 0 ? { output, usage, logs } : { output, usage };
}

function callResult(fn: PluginFunction, { value, usage, logs }: Outcome): CallResult {
  if (value instanceof Uint8Array) throw new Error('a typed call gave bytes');
  const result: CallValue = value;
  return { result, type: resultType(fn), usage, ...(logs.length > 0 && { logs }) };
}

/** @throws CoreError PARAMS_INVALID */
export function readArguments(params: Params): readonly TypedValue[] {
  const value = params.arguments;
  if (!Array.isArray(value)) throw invalid('arguments must be an array.');
  // Lines are JSON, so an item is a typed value of some type; whether of the parameter's is for the call to say.
  return value as readonly TypedValue[];
}
