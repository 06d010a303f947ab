import type { BenchFuel, BenchMachine, BenchMeasured, BenchRunResult, BenchSamples } from '../bench.ts';
import { JsonPlace, shown } from '../json-place.ts';
import { thinned } from './statistics.ts';

/*
 * Files of baselines: what benchmarks gave once, to be committed beside what they measure. docs/benchmarks.md tells users
 * about them.
 */

/** The file's name, beside the benchmarks or in a folder around them. */
export const BASELINE_FILE = 'quern.bench.json';

/** What a file holds. */
export interface Baselines {
  /** By `benchmarkId`. */
  readonly benchmarks: Readonly<Record<string, Baseline>>;
}

/** What one benchmark gave. Fuel and counts are the same on each machine, times are not. */
export interface Baseline extends Omit<BenchSamples, 'micros'> {
  /** By `machineKey`. */
  readonly times: Readonly<Record<string, BaselineTimes>>;
}

/** Times on one machine. */
export interface BaselineTimes {
  /** When they were measured, ISO 8601. */
  readonly at: string;
  readonly quern: string;
  readonly node: string;
  readonly duckdb: string;
  /** At most 50 of the samples, microseconds with four digits. */
  readonly micros: readonly number[];
}

/**
 * What names a benchmark in a file of baselines.
 *
 * @param file what it is about, relative to the file's folder, with slashes, such as `sql/report.sql`; `host` for the host
 * @param name of the benchmark in it
 */
export function benchmarkId(file: string, name: string): string {
  return `${file}#${name}`;
}

/** What tells machines apart whose times are not to be compared, as people read it: `AMD EPYC 7B13, 2 cores, linux x64`. */
export function machineKey({ cpu, cores, os, arch }: BenchMachine): string {
  return `${cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}, ${os} ${arch}`;
}

/** A baseline as `compareSamples` takes it: its times are those of a machine, or undefined. */
export function samplesOn(
  { times, ...counted }: Baseline,
  machine: BenchMachine,
): Omit<BenchSamples, 'micros'> & { readonly micros: readonly number[] | undefined } {
  const key = machineKey(machine);
  return { ...counted, micros: Object.hasOwn(times, key) ? times[key]?.micros : undefined };
}

/**
 * Puts what was measured into baselines. Times of other machines stay where the work, the modules and the fuel are those
 * of before, since they would be of something else otherwise.
 *
 * @param measured by `benchmarkId`
 * @param run where and when
 */
export function withMeasured(
  before: Baselines,
  measured: Readonly<Record<string, BenchMeasured>>,
  run: Pick<BenchRunResult, 'machine' | 'versions' | 'at'>,
): Baselines {
  const fresh = Object.entries(measured).map(([id, result]) => {
    const known = Object.hasOwn(before.benchmarks, id) ? before.benchmarks[id] : undefined;
    return [id, baselineOf(result, run, known)] as const;
  });
  return { benchmarks: { ...before.benchmarks, ...Object.fromEntries(fresh) } };
}

function baselineOf(
  { micros, fuel, rowCount, functionRows, work, modules }: BenchMeasured,
  { machine, versions, at }: Pick<BenchRunResult, 'machine' | 'versions' | 'at'>,
  known: Baseline | undefined,
): Baseline {
  const { quern, node, duckdb } = versions;
  const counted = {
    ...(fuel && { fuel }),
    ...(rowCount !== undefined && { rowCount }),
    ...(functionRows !== undefined && { functionRows }),
    work,
    modules,
  };
  const { times: others = {}, ...before } = known ?? {};
  const own = { at, quern, node, duckdb, micros: thinned(micros, KEPT_SAMPLES).map(fourDigits) };
  const isAsBefore = known !== undefined && stable(before) === stable(counted);
  return { ...counted, times: { ...(isAsBefore && others), [machineKey(machine)]: own } };
}

/** Samples that a file keeps of each benchmark. */
const KEPT_SAMPLES = 50;

function fourDigits(micros: number): number {
  return Number(micros.toPrecision(4));
}

/**
 * The text of a file: members in the order of their names, and each list of samples on a line of its own, so that a
 * change shows as little as it is.
 */
export function baselineText({ benchmarks }: Baselines): string {
  return `${stable({ benchmarks, version: FILE_VERSION }, '')}\n`;
}

const FILE_VERSION = 1;

/** JSON with sorted members; indented from `indent` on, or without space where it is undefined. */
function stable(value: unknown, indent?: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value))
    return `[${value.map((item) => stable(item)).join(indent === undefined ? ',' : ', ')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (indent === undefined || members.length === 0) {
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${stable(member)}`).join(',')}}`;
  }
  const inner = `${indent}  `;
  const lines = members.map(([name, member]) => `${inner}${JSON.stringify(name)}: ${stable(member, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

/**
 * Reads the text of a file, strictly.
 *
 * @param options.source the file's name, for messages
 * @throws CoreError FORMAT_BENCH that names the JSON path and what to write
 */
export function parseBaselines(text: string, options: { readonly source: string }): Baselines {
  const root = new JsonPlace({ kind: 'FORMAT_BENCH', source: options.source });
  const file = root.object(root.parse(text), ['version', 'benchmarks']);
  if (file.version !== FILE_VERSION) {
    throw root
      .member('version')
      .fault(`is ${shown(file.version)}; this version of Quern reads ${FILE_VERSION}`);
  }
  return { benchmarks: mapOf(file.benchmarks, root.member('benchmarks'), readBaseline) };
}

function readBaseline(value: unknown, place: JsonPlace): Baseline {
  const members = ['fuel', 'rowCount', 'functionRows', 'work', 'modules', 'times'];
  const baseline = place.object(value, members);
  const { fuel, rowCount, functionRows } = baseline;
  return {
    ...(fuel !== undefined && { fuel: readFuel(fuel, place.member('fuel')) }),
    ...(rowCount !== undefined && { rowCount: readCount(rowCount, place.member('rowCount')) }),
    ...(functionRows !== undefined && {
      functionRows: readCount(functionRows, place.member('functionRows')),
    }),
    work: place.member('work').text(baseline.work, MAX_TEXT),
    modules: mapOf(baseline.modules, place.member('modules'), (digest, at) => at.text(digest, MAX_TEXT)),
    times: mapOf(baseline.times, place.member('times'), readTimes),
  };
}

const MAX_TEXT = 200;

function readFuel(value: unknown, place: JsonPlace): BenchFuel {
  const { least, most } = place.object(value, ['least', 'most']);
  return { least: readCount(least, place.member('least')), most: readCount(most, place.member('most')) };
}

function readTimes(value: unknown, place: JsonPlace): BaselineTimes {
  const times = place.object(value, ['at', 'quern', 'node', 'duckdb', 'micros']);
  const text = (name: 'at' | 'quern' | 'node' | 'duckdb') => place.member(name).text(times[name], MAX_TEXT);
  const { micros } = times;
  if (
    !Array.isArray(micros) ||
    micros.length === 0 ||
    micros.length > MOST_SAMPLES ||
    !micros.every(isTime)
  ) {
    throw place.member('micros').fault(`is not an array of 1 to ${MOST_SAMPLES} times, microseconds from 0`);
  }
  return { at: text('at'), quern: text('quern'), node: text('node'), duckdb: text('duckdb'), micros };
}

const MOST_SAMPLES = 10_000;

function isTime(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function readCount(value: unknown, place: JsonPlace): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw place.fault(`is ${shown(value)}; write a number from 0`);
}

function mapOf<T>(
  value: unknown,
  place: JsonPlace,
  read: (member: unknown, place: JsonPlace) => T,
): Readonly<Record<string, T>> {
  const members = Object.entries(place.object(value));
  return Object.fromEntries(members.map(([name, member]) => [name, read(member, place.member(name))]));
}
