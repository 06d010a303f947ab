import { processFormOf } from '../../chain/chain.ts';
import type { CallResult, CallValue, ExecuteResult, TypedValue } from '../../protocol/methods.ts';
import type { PluginFunction } from '../../protocol/plugins.ts';
import type { Outcome } from '../../runtime/job.ts';
import { decodeBytesValue, encodeBytesValue } from '../../runtime/node/bytes-value.ts';
import { resultType } from '../../runtime/raw-function.ts';
import type { HostContext, Methods } from '../context.ts';
import { mapAnswer } from '../map-answer.ts';
import { invalid, type Params, readParams, readString } from '../params.ts';
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
      const fn = findFunction(record, readString(params, 'function'));
      const task = { type: 'call', function: fn, arguments: readArguments(params) } as const;
      const running = runner.run({ record, task, ...readRun(context, params) }, call);
      return mapAnswer(running, (outcome) => callResult(fn, outcome));
    },
  };
}

const RUN_MEMBERS = ['module', 'namespace', 'limits', 'folder', ...SETTING_MEMBERS];
const EXECUTE_MEMBERS = [...RUN_MEMBERS, 'input'];
const CALL_MEMBERS = [...RUN_MEMBERS, 'function', 'arguments'];

function readRun(context: HostContext, params: Params) {
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

function readArguments(params: Params): readonly TypedValue[] {
  const value = params.arguments;
  if (!Array.isArray(value)) throw invalid('arguments must be an array.');
  return value.map((item: unknown, index) => {
    if (item === null || ['boolean', 'number', 'string'].includes(typeof item)) return item as TypedValue;
    if (typeof item === 'object' && 'base64' in item && typeof item.base64 === 'string') {
      return { base64: item.base64 };
    }
    throw invalid(`arguments[${index}] must be true, false, a number, a string, null or {"base64": "…"}.`);
  });
}
