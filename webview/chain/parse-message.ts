import type {
  ChainRunView,
  ChainStatus,
  ChainStepView,
  ChosenInput,
  EndedStep,
  ToChainPage,
} from '../../wasm-core/protocol/chain-page.ts';
import type { ChainStepResult, TracedBytes } from '../../wasm-core/protocol/chains.ts';
import type { LogLine } from '../../wasm-core/protocol/plugins.ts';
import { isCount, isListOf, isNumber, isObject, isText } from '../checks.ts';

/**
 * Checks a message that arrived in the chain page.
 *
 * @returns undefined for anything that the extension does not send
 */
export function parseChainMessage(value: unknown): ToChainPage | undefined {
  if (!isObject(value) || value.type !== 'chain' || !isText(value.file) || !isText(value.title))
    return undefined;
  const { type, file, title, steps, status, runs, chosen } = value;
  if (!isListOf(steps, isStep) || !isListOf(runs, isRun) || !isListOf(chosen, isChosen)) return undefined;
  return isStatus(status) ? { type, file, title, steps, status, runs, chosen } : undefined;
}

function isStep(value: unknown): value is ChainStepView {
  if (!isObject(value) || !isCount(value.number) || !isText(value.name) || !isText(value.text)) return false;
  return value.kind === 'plugin' || value.kind === 'sql';
}

function isStatus(value: unknown): value is ChainStatus {
  if (!isObject(value)) return false;
  switch (value.type) {
    case 'ready':
    case 'cancelled':
      return true;
    case 'running':
      return isCount(value.from) && isListOf(value.ended, isEnded);
    case 'done':
      return isNumber(value.micros);
    case 'failed':
      return isText(value.message);
    default:
      return false;
  }
}

function isEnded(value: unknown): value is EndedStep {
  return isObject(value) && isCount(value.number) && isResult(value.result);
}

function isRun(value: unknown): value is ChainRunView {
  if (!isObject(value) || !isCount(value.number) || !isText(value.name) || !isBytes(value.input))
    return false;
  const { output, result, logs, error } = value;
  return (
    (output === undefined || isBytes(output)) &&
    (result === undefined || isResult(result)) &&
    (logs === undefined || isListOf(logs, isLog)) &&
    (error === undefined || (isObject(error) && isText(error.kind) && isText(error.message)))
  );
}

function isResult(value: unknown): value is ChainStepResult {
  if (!isObject(value) || !isText(value.name) || !isNumber(value.micros)) return false;
  if (isText(value.sql)) return isCount(value.rows) && isCount(value.outputBytes);
  return isText(value.module) && isNumber(value.pages) && isText(value.lane);
}

function isLog(value: unknown): value is LogLine {
  return isObject(value) && isText(value.level) && isText(value.text);
}

function isChosen(value: unknown): value is ChosenInput {
  return isObject(value) && isCount(value.step) && isText(value.name) && isBytes(value.input);
}

function isBytes(value: unknown): value is TracedBytes {
  if (!isObject(value) || !isCount(value.byteLength) || !isObject(value.head)) return false;
  return isText(value.head.utf8) !== isText(value.head.base64);
}
