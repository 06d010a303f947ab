import path from 'node:path';
import { machineKey } from '../../../protocol/bench/baseline-file.ts';
import { chanceText, changeText, comparisonText } from '../../../protocol/bench/report.ts';
import type { BenchMeasured, BenchRunResult } from '../../../protocol/bench.ts';
import { countText, shortCountText, shortDurationText } from '../../../protocol/figures.ts';
import { alignColumns, visible } from '../text-table.ts';
import { isRegression, type JudgedBench } from './judge.ts';

/**
 * What benchmarks that were measured together gave: a table, what they are compared with, and what failed.
 *
 * @param against what the file of baselines is called
 */
export function batchText(batch: readonly JudgedBench[], against: string): string {
  const measured = batch.filter(({ outcome }) => outcome.outcome === 'measured');
  const table = measured.length === 0 ? '' : alignColumns([HEAD, ...measured.map(cells)], SIDES);
  const notes = batch.flatMap((judged) => [...noteLines(judged, against), ...failureLines(judged)]);
  return [table.trimEnd(), ...notes].filter((text) => text !== '').join('\n');
}

/** The last line: how many there were. */
export function benchSummary(all: readonly JudgedBench[], isCompared: boolean): string {
  const failed = all.filter(({ outcome }) => outcome.outcome === 'failed').length;
  const slower = all.filter(isRegression).length;
  return [
    countText(all.length, 'benchmark'),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(isCompared
      ? [slower === 0 ? 'none worse than its baseline' : `${slower} worse than the baseline`]
      : []),
  ].join(', ');
}

/** What it was measured on: `Some CPU, 2 cores, linux x64, load 0.4; Quern 0.1.0, DuckDB v1.4.3, Node 22.12.0`. */
export function machineText({ machine, versions, load }: BenchRunResult): string {
  const { quern, duckdb, node } = versions;
  const busy = load === undefined ? '' : `, load ${load[0]}`;
  return `${machineKey(machine)}${busy}; Quern ${quern}, DuckDB ${duckdb}, Node ${node}`;
}

/** Where a benchmark stands: `sql/report.sql:12`, or `host`. */
export function placeText({ bench }: JudgedBench): string {
  const { file, line } = bench;
  if (file === undefined) return 'host';
  const shown = path.relative(process.cwd(), file) || file;
  return line === undefined ? shown : `${shown}:${line}`;
}

const HEAD = ['', 'benchmark', 'median', 'spread', 'p95', 'rows/s', 'fuel', 'fuel/row', 'runs'];
const SIDES = ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right', 'right'] as const;

function cells(judged: JudgedBench): readonly string[] {
  const { figures, fuel, functionRows, rowCount, outcome } = judged.outcome as BenchMeasured;
  if (outcome !== 'measured') throw new Error('a failure has no figures');
  const { median, q1, q3, p95, count } = figures;
  const rows = functionRows ?? rowCount;
  const spread = median === 0 ? 0 : ((q3 - q1) / median) * 100;
  return [
    placeText(judged),
    visible(judged.bench.name),
    shortDurationText(median),
    `${spread.toFixed(spread < 10 ? 1 : 0)} %`,
    shortDurationText(p95),
    rows === undefined || median === 0 ? '' : shortCountText((rows / median) * 1e6),
    fuel === undefined ? '' : fuel.least.toLocaleString('en'),
    fuel === undefined || functionRows === undefined ? '' : shortCountText(fuel.least / functionRows),
    String(count),
  ];
}

function noteLines(judged: JudgedBench, against: string): string[] {
  const { bench, comparison, reference, outcome } = judged;
  const name = `${placeText(judged)}: ${visible(bench.name)}:`;
  const isUnsteady = outcome.outcome === 'measured' && !outcome.warmUp.isSteady && outcome.warmUp.runs > 1;
  return [
    ...(reference === undefined ? [] : [`${name} ${referenceText(reference)}`]),
    ...(comparison === undefined
      ? []
      : [`${isRegression(judged) ? 'WORSE ' : ''}${name} ${baselineText(comparison, against)}`]),
    ...(isUnsteady ? [`${name} its times still changed when it was measured`] : []),
  ];
}

function referenceText({ name, time }: NonNullable<JudgedBench['reference']>): string {
  return `${changeText(time)} of the time of ${visible(name)}; ${chanceText(time.p)}.`;
}

function baselineText(comparison: NonNullable<JudgedBench['comparison']>, against: string): string {
  return comparison.type === 'new' ? `It is not in ${against}.` : comparisonText(comparison, against);
}

function failureLines({ bench, outcome, ...judged }: JudgedBench): string[] {
  if (outcome.outcome !== 'failed') return [];
  const text =
    bench.failureText?.(outcome) ?? `${placeText({ bench, outcome, ...judged })}: ${outcome.message}`;
  return [`FAIL ${visible(bench.name)}`, text];
}
