import type { BenchReport } from '../../wasm-core/protocol/bench/report.ts';
import type { BenchProgressParams, BenchProgressSample } from '../../wasm-core/protocol/bench.ts';
import type { BenchHistory, BenchScaling, ToBenchPage } from '../../wasm-core/protocol/bench-page.ts';
import { isCount, isListOf, isNumber, isObject, isText } from '../checks.ts';

const PHASES: readonly BenchProgressParams['phase'][] = ['waiting', 'preparing', 'warming', 'measuring'];

/**
 * Checks a message that arrived in the page of benchmarks.
 *
 * @returns undefined for anything that the extension does not send
 */
export function parseBenchMessage(value: unknown): ToBenchPage | undefined {
  if (!isObject(value)) return undefined;
  const { type, title, targets, percent, samples, message, isError } = value;
  switch (type) {
    case 'running':
      return isText(title) && isListOf(targets, isText) ? { type, title, targets } : undefined;
    case 'samples': {
      const phase = PHASES.find((known) => known === value.phase);
      if (phase === undefined || !isNumber(percent) || !isListOf(samples, isSample)) return undefined;
      return { type, phase, percent, samples };
    }
    case 'report':
      return parseReport(value);
    case 'notice':
      return isText(message) && typeof isError === 'boolean' ? { type, message, isError } : undefined;
    case 'failed':
      return isText(message) ? { type, message } : undefined;
    case 'cancelled':
      return { type };
    default:
      return undefined;
  }
}

function parseReport(value: Readonly<Record<string, unknown>>): ToBenchPage | undefined {
  const { report, canScale, canSave, history, scaling } = value;
  if (!isReport(report) || typeof canScale !== 'boolean' || typeof canSave !== 'boolean') return undefined;
  if (!isListOf(history, isHistory) || !isListOf(scaling, isScaling)) return undefined;
  return { type: 'report', report, canScale, canSave, history, scaling };
}

function isSample(value: unknown): value is BenchProgressSample {
  return isObject(value) && isCount(value.target) && isTime(value.micros);
}

function isReport(value: unknown): value is BenchReport {
  if (!isObject(value) || !isText(value.title) || !isText(value.at) || !isTime(value.micros)) return false;
  const { rows, machine, versions, load, against } = value;
  if (!isListOf(rows, isRow) || (against !== undefined && !isText(against))) return false;
  if (load !== undefined && !isListOf(load, isNumber)) return false;
  return isMachine(machine) && isObject(versions) && Object.values(versions).every(isText);
}

function isMachine(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { cpu, cores, memoryBytes, os, osRelease, arch } = value;
  return [cpu, os, osRelease, arch].every(isText) && [cores, memoryBytes].every(isNumber);
}

function isRow(value: unknown): value is BenchReport['rows'][number] {
  if (!isObject(value) || !isResult(value.result)) return false;
  const { comparison, before, reference } = value;
  if (before !== undefined && !isListOf(before, isTime)) return false;
  if (comparison !== undefined && !isComparison(comparison)) return false;
  return (
    reference === undefined || (isObject(reference) && isText(reference.name) && isTimeChange(reference.time))
  );
}

function isResult(value: unknown): boolean {
  if (!isObject(value) || !isText(value.name)) return false;
  if (value.outcome === 'failed') return isText(value.message);
  const { micros, figures, fuel, cost, rowCount, functionRows } = value;
  if (value.outcome !== 'measured' || !isListOf(micros, isTime) || !isFigures(figures)) return false;
  if (fuel !== undefined && !isFuel(fuel)) return false;
  if (![rowCount, functionRows].every((count) => count === undefined || isTime(count))) return false;
  if (cost === undefined) return true;
  return isObject(cost) && [cost.micros, cost.functionMicros, cost.transferMicros].every(isTime);
}

function isFigures(value: unknown): boolean {
  if (!isObject(value) || !isObject(value.outliers)) return false;
  const { count, least, median, mean, p95, most, q1, q3, mad, outliers } = value;
  return [count, least, median, mean, p95, most, q1, q3, mad, outliers.mild, outliers.severe].every(isTime);
}

function isComparison(value: unknown): boolean {
  if (!isObject(value)) return false;
  if (value.type === 'otherWork') return isOneOf(value.reason, ['work', 'rows', 'functionRows']);
  const { type, time, fuel, changedModules } = value;
  if (type !== 'compared' || !isListOf(changedModules, isText)) return false;
  if (time !== undefined && !isTimeChange(time)) return false;
  // The ratio of fuel may be infinite: there was none before.
  return (
    fuel === undefined ||
    (isObject(fuel) &&
      isOneOf(fuel.verdict, ['more', 'less', 'same']) &&
      isFuel(fuel.before) &&
      isFuel(fuel.after))
  );
}

function isTimeChange(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { ratio, low, high, verdict, p, before, after } = value;
  return (
    isOneOf(verdict, ['slower', 'faster', 'same', 'unsure']) &&
    [ratio, low, high, p, before, after].every(isTime)
  );
}

function isFuel(value: unknown): boolean {
  return isObject(value) && isTime(value.least) && isTime(value.most);
}

function isScaling(value: unknown): value is BenchScaling {
  if (!isObject(value) || !isText(value.name)) return false;
  return isListOf(value.points, (point): point is BenchScaling['points'][number] => {
    return isObject(point) && [point.rowCount, point.micros, point.q1, point.q3].every(isTime);
  });
}

function isHistory(value: unknown): value is BenchHistory {
  if (!isObject(value) || !isText(value.name)) return false;
  return isListOf(value.points, (point): point is BenchHistory['points'][number] => {
    if (!isObject(point)) return false;
    const { revision, message, at, micros, q1, q3, fuel } = point;
    if (fuel !== undefined && !isTime(fuel)) return false;
    return [revision, message, at].every(isText) && [micros, q1, q3].every(isTime);
  });
}

function isOneOf(value: unknown, words: readonly string[]): boolean {
  return isText(value) && words.includes(value);
}

function isTime(value: unknown): value is number {
  return isNumber(value) && value >= 0;
}
