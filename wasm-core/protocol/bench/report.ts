import { assertNever } from '../assert-never.ts';
import type { BenchMeasured, BenchOutcome, BenchRunResult } from '../bench.ts';
import { counted, durationText } from '../figures.ts';
import { ENGLISH, type Localizer } from '../localizer.ts';
import { type Baselines, samplesOn } from './baseline-file.ts';
import {
  type BenchComparison,
  type BenchThresholds,
  compareSamples,
  compareTimes,
  DEFAULT_THRESHOLDS,
  type FuelChange,
  type TimeChange,
} from './compare.ts';

/*
 * What a run of benchmarks gave, as people look at it: on the page, in the editor's view, in Markdown.
 */

/** A run with what it is compared with. */
export interface BenchReport extends Omit<BenchRunResult, 'targets'> {
  readonly title: string;
  readonly rows: readonly BenchReportRow[];
  /** What the rows are compared with, such as `quern.bench.json` or `the run of 10:31:05`; absent: nothing. */
  readonly against?: string;
}

/** One target of it. */
export interface BenchReportRow {
  readonly result: BenchOutcome;
  /** Absent for one that has nothing to be compared with. */
  readonly comparison?: BenchComparison;
  /** The times that it is compared with, microseconds; absent when they are of another machine. */
  readonly before?: readonly number[];
  /** Set for members of a group but its reference: how they stand to that. */
  readonly reference?: { readonly name: string; readonly time: TimeChange };
}

/** What a report is made of. */
export interface ReportParts {
  readonly title: string;
  readonly result: BenchRunResult;
  /** What is known of before, and what it is called. */
  readonly against?: { readonly name: string; readonly baselines: Baselines };
  /** The id of each target in the baselines, in their order; undefined for one that is in none. */
  readonly ids: readonly (string | undefined)[];
  /** By a target's index, the index of the one that it is compared with. */
  readonly references?: ReadonlyMap<number, number>;
  /** By a target's index; absent: those that hold for all. */
  readonly thresholds?: readonly (BenchThresholds | undefined)[];
}

/** Puts what was measured beside what was measured before, and beside what does the same. */
export function reportOf(parts: ReportParts): BenchReport {
  const { title, result, against, ids, thresholds = [] } = parts;
  const { targets, ...run } = result;
  const rows = targets.map((target, index): BenchReportRow => {
    if (target.outcome === 'failed') return { result: target };
    const id = ids[index];
    const known = id === undefined ? undefined : baselineOf(against?.baselines, id);
    const before = known && samplesOn(known, result.machine);
    const reference = referenceOf(parts, index);
    return {
      result: target,
      ...(before && { comparison: compareSamples(before, target, thresholds[index] ?? DEFAULT_THRESHOLDS) }),
      ...(before?.micros && { before: before.micros }),
      ...(reference && {
        reference: { name: reference.name, time: compareTimes(reference.micros, target.micros) },
      }),
    };
  });
  return { ...run, title, rows, ...(against && { against: against.name }) };
}

function baselineOf(baselines: Baselines | undefined, id: string) {
  if (baselines === undefined || !Object.hasOwn(baselines.benchmarks, id)) return undefined;
  return baselines.benchmarks[id];
}

function referenceOf({ result, references }: ReportParts, index: number): BenchMeasured | undefined {
  const at = references?.get(index);
  if (at === undefined || at === index) return undefined;
  const found = result.targets[at];
  return found?.outcome === 'measured' ? found : undefined;
}

/** How a target did, in one word; whoever shows it has a sign for each. */
export type Verdict =
  | 'failed'
  | 'slower'
  | 'more-fuel'
  | 'faster'
  | 'less-fuel'
  | 'same'
  | 'unsure'
  | 'other'
  | 'new';

/** How a target did against what it is compared with; the worse of time and fuel. */
export function verdictOf({ result, comparison }: Pick<BenchReportRow, 'result' | 'comparison'>): Verdict {
  if (result.outcome === 'failed') return 'failed';
  if (comparison === undefined) return 'new';
  if (comparison.type === 'otherWork') return 'other';
  const { time, fuel } = comparison;
  if (time?.verdict === 'slower') return 'slower';
  if (fuel?.verdict === 'more') return 'more-fuel';
  if (time?.verdict === 'faster') return 'faster';
  if (fuel?.verdict === 'less') return 'less-fuel';
  if (time?.verdict === 'unsure') return 'unsure';
  return time === undefined && fuel === undefined ? 'other' : 'same';
}

/** A verdict's words: `slower`, `takes more fuel`. */
export function verdictWords(verdict: Verdict, l10n: Localizer = ENGLISH): string {
  switch (verdict) {
    case 'failed':
      return l10n.t('failed');
    case 'slower':
      return l10n.t('slower');
    case 'more-fuel':
      return l10n.t('takes more fuel');
    case 'faster':
      return l10n.t('faster');
    case 'less-fuel':
      return l10n.t('takes less fuel');
    case 'same':
      return l10n.t('the same');
    case 'unsure':
      return l10n.t('not sure');
    case 'other':
      return l10n.t('not comparable');
    case 'new':
      return l10n.t('not compared');
    default:
      return assertNever(verdict);
  }
}

/** A verdict's sign, which tells it without a colour. */
export const VERDICT_SIGNS: Readonly<Record<Verdict, string>> = {
  failed: '✖',
  slower: '▲',
  'more-fuel': '▲',
  faster: '▼',
  'less-fuel': '▼',
  same: '=',
  unsure: '?',
  other: '≠',
  new: '–',
};

/** A ratio of times or fuel as people read it: `1.18×`. */
export function ratioText(ratio: number): string {
  if (!Number.isFinite(ratio)) return '∞×';
  return `${ratio >= 100 ? Math.round(ratio).toLocaleString('en-US') : ratio.toFixed(ratio < 0.1 ? 3 : 2)}×`;
}

/** A change of time with how sure it is: `1.18× (1.15× to 1.21×)`. */
export function changeText({ ratio, low, high }: TimeChange, l10n: Localizer = ENGLISH): string {
  return l10n.t('{0} ({1} to {2})', ratioText(ratio), ratioText(low), ratioText(high));
}

/** A chance: `p = 0.03`, `p < 0.001`. */
export function chanceText(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(p < 0.01 ? 3 : 2)}`;
}

/**
 * What a comparison says, in one or two sentences: `Slower: 1.18× (1.15× to 1.21×), 4.2 ms, was 3.6 ms; p < 0.001.`
 *
 * @param against what it is compared with
 */
export function comparisonText(
  comparison: BenchComparison,
  against: string,
  l10n: Localizer = ENGLISH,
): string {
  if (comparison.type === 'otherWork') return otherWorkText(comparison.reason, against, l10n);
  const { time, fuel, changedModules } = comparison;
  const modules = changedModules.join(', ');
  const sentences = [
    time ? timeSentence(time, against, l10n) : l10n.t('The times in {0} are of another machine.', against),
    ...(fuel && fuel.verdict !== 'same' ? [fuelSentence(fuel, l10n)] : []),
    ...(changedModules.length === 0 ? [] : [l10n.t('Changed since: {0}.', modules)]),
  ];
  return sentences.join(' ');
}

function timeSentence(time: TimeChange, against: string, l10n: Localizer): string {
  const { before, after, p } = time;
  const figures = [changeText(time, l10n), durationText(after), durationText(before), chanceText(p)];
  const values = [against, ...figures] as const;
  switch (time.verdict) {
    case 'slower':
      return l10n.t('Slower than in {0}: {1}, {2}, was {3}; {4}.', ...values);
    case 'faster':
      return l10n.t('Faster than in {0}: {1}, {2}, was {3}; {4}.', ...values);
    case 'same':
      return l10n.t('No slower and no faster than in {0}: {1}, {2}, was {3}; {4}.', ...values);
    case 'unsure':
      return l10n.t('Perhaps another time than in {0}: {1}, {2}, was {3}; {4}.', ...values);
    default:
      return assertNever(time.verdict);
  }
}

function fuelSentence({ verdict, ratio, before, after }: FuelChange, l10n: Localizer): string {
  const instructions = counted(after.least, l10n.t('{0} instruction'), l10n.t('{0} instructions'));
  const values = [ratioText(ratio), instructions, before.least.toLocaleString('en-US')] as const;
  return verdict === 'more'
    ? l10n.t('Takes more fuel: {0}, {1}, was {2}.', ...values)
    : l10n.t('Takes less fuel: {0}, {1}, was {2}.', ...values);
}

function otherWorkText(
  reason: Extract<BenchComparison, { readonly type: 'otherWork' }>['reason'],
  against: string,
  l10n: Localizer,
): string {
  switch (reason) {
    case 'work':
      return l10n.t('Its text, its parameters or its input are other ones than in {0}.', against);
    case 'rows':
      return l10n.t('It gives another number of rows than in {0}.', against);
    case 'functionRows':
      return l10n.t('It calls functions for another number of rows than in {0}.', against);
    default:
      return assertNever(reason);
  }
}

/** How a run went as a whole: `3 benchmarks against quern.bench.json: 1 slower, 2 the same`. */
export function reportSummary({ rows, against }: BenchReport, l10n: Localizer = ENGLISH): string {
  const verdicts = rows.map(verdictOf);
  const countOf = (verdict: Verdict) => verdicts.filter((found) => found === verdict).length;
  const measured = counted(rows.length, l10n.t('{0} benchmark'), l10n.t('{0} benchmarks'));
  if (against === undefined) {
    const failed = countOf('failed');
    return failed === 0 ? measured : l10n.t('{0}, {1} failed', measured, failed);
  }
  const counts = (Object.keys(VERDICT_SIGNS) as Verdict[])
    .filter((verdict) => countOf(verdict) > 0)
    .map((verdict) => `${countOf(verdict)} ${verdictWords(verdict, l10n)}`);
  return l10n.t('{0} against {1}: {2}', measured, against, counts.join(', '));
}

/** Rows that a target handles in a second; undefined for what handles none. */
export function rowsPerSecond({
  rowCount = 0,
  functionRows = 0,
  figures,
}: BenchMeasured): number | undefined {
  const rows = Math.max(rowCount, functionRows);
  return rows === 0 || figures.median === 0 ? undefined : (rows / figures.median) * 1e6;
}

/** Instructions for each row that functions were called with; undefined for what counts none. */
export function fuelPerRow({ fuel, functionRows = 0 }: BenchMeasured): number | undefined {
  return fuel === undefined || functionRows === 0 ? undefined : fuel.least / functionRows;
}
