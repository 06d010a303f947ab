import type { CallProfile, FunctionProfile, ModuleProfile, RangeProfile } from '../../protocol/profile.ts';
import type { TrapSource } from '../../protocol/replays.ts';
import { readNames } from '../names.ts';
import { OP } from '../opcodes.ts';
import { readInstructions } from '../read-instructions.ts';
import { readModule } from '../reader.ts';
import type { SourcePlace } from '../source-lines/line-table.ts';
import { lineFinder } from '../source-lines/source-lines.ts';
import { type ByteRange, importedCount, type WasmModule } from '../wasm-module.ts';
import { LineCounts } from './line-counts.ts';
import type { ProfileMap, RawProfile } from './profile-map.ts';

/** What a report is made of. */
export interface ReportOptions {
  /** The module as it was loaded. */
  readonly bytes: Uint8Array;
  readonly map: ProfileMap;
  readonly profile: RawProfile;
  /** Adds the absolute path of a place's file, where it is known. */
  readonly pathOf: (place: SourcePlace) => TrapSource;
  /** Waited for now and then, so that others have their turn. */
  readonly pause: () => Promise<void>;
  /** How much of what is sent at most the report may have, 0 to 1. */
  readonly share: number;
}

/** What an answer holds at most, so that it fits into a line of the protocol. */
const MAX_FUNCTIONS = 10_000;
const MAX_RANGES = 20_000;
const MAX_LINES = 10_000;

/** Names of C++ and Rust may have thousands of characters. */
const MAX_NAME_LENGTH = 200;

/** Instructions that are looked up in a row. */
const INSTRUCTIONS_PER_TURN = 20_000;

/**
 * Says by function, range and source line what a module did. Takes time linear in the size of its code.
 *
 * @returns all of the module's profile but what the registry knows of it
 */
export async function reportModule(
  options: ReportOptions,
): Promise<Omit<ModuleProfile, 'module' | 'digest' | 'source'>> {
  const report = new ModuleReport(options);
  await report.readCode();
  return report.finish();
}

/** A segment of a function, or a bulk operation in it: see `ProfileMap`. */
interface Counted {
  readonly start: number;
  readonly end: number;
  readonly cost: number;
  readonly count: number;
}

class ModuleReport {
  private readonly options: ReportOptions;
  private readonly module: WasmModule;
  private readonly firstFunction: number;
  private readonly counted: readonly (readonly Counted[])[];
  private readonly find: ReturnType<typeof lineFinder>;
  private readonly lines = new LineCounts();
  private readonly functions: FunctionProfile[] = [];

  constructor(options: ReportOptions) {
    this.options = options;
    this.module = readModule(options.bytes);
    this.firstFunction = importedCount(this.module, 'function');
    this.counted = byFunction(options);
    this.find = lineFinder(this.module);
  }

  async readCode(): Promise<void> {
    const names = readNames(this.module).functions;
    const exported = new Map([...this.module.exportedFunctions].map(([name, index]) => [index, name]));
    let seen = 0;
    for (const [at, body] of this.module.bodies.entries()) {
      const index = this.firstFunction + at;
      const name = names.get(index) ?? exported.get(index) ?? `func ${index}`;
      this.functions.push(this.functionProfile(index, { name: name.slice(0, MAX_NAME_LENGTH), body }));
      seen += this.find ? this.readLines(index, body) : 1;
      if (seen < INSTRUCTIONS_PER_TURN) continue;
      seen = 0;
      await this.options.pause();
    }
  }

  finish(): Omit<ModuleProfile, 'module' | 'digest' | 'source'> {
    const { profile, share, pathOf } = this.options;
    const { lines, isCut } = this.lines.finish({ max: Math.floor(MAX_LINES * share), pathOf });
    const calls = withTotals(profile);
    const { functions, isShort } = fitting(this.functions, share);
    const inside = this.functions.reduce((sum, { selfFuel }) => sum + selfFuel, 0);
    const fuel = calls[0]?.totalFuel ?? 0;
    return {
      fuel,
      outsideFuel: fuel - inside,
      functions,
      ...(this.find && { lines }),
      calls,
      ...((profile.isCut || isCut || isShort) && { truncated: true }),
    };
  }

  private functionProfile(
    index: number,
    { name, body }: { readonly name: string; readonly body: ByteRange },
  ): FunctionProfile {
    const { calls, selfFuel, totalFuel } = this.options.profile;
    const own = selfFuel[index] ?? 0;
    const ranges = rangesOf(this.counted[index] ?? []);
    const hostFuel = own - ranges.reduce((sum, { fuel }) => sum + fuel, 0);
    const place = this.find?.(ranges[0]?.start ?? body.start, body).own;
    const isCalled = (calls[index] ?? 0) > 0;
    return {
      index,
      name,
      ...(place && { place: this.options.pathOf(place) }),
      calls: calls[index] ?? 0,
      selfFuel: own,
      totalFuel: totalFuel[index] ?? 0,
      ...(hostFuel !== 0 && { hostFuel }),
      executedBytes: byteLengthOf(ranges.filter(({ executions }) => executions > 0)),
      reachableBytes: byteLengthOf(ranges),
      ranges: isCalled ? ranges : [],
    };
  }

  /** @returns how many instructions were looked at */
  private readLines(index: number, body: ByteRange): number {
    const counted = this.counted[index] ?? [];
    const segments = counted.filter(({ end }) => end > 0);
    const bulk = new Map(counted.flatMap(({ start, end, count }) => (end > 0 ? [] : [[start, count]])));
    const isCalled = (this.options.profile.calls[index] ?? 0) > 0;
    const instructions = readInstructions(this.module, body);
    let at = 0;
    for (const { offset, opcode } of instructions) {
      while ((segments[at]?.end ?? Number.POSITIVE_INFINITY) <= offset) at++;
      const segment = segments[at];
      if (segment === undefined || offset < segment.start || opcode === OP.end || opcode === OP.else)
        continue;
      const { own, place = own } = this.find?.(offset, body) ?? {};
      const line = own ?? place;
      if (line === undefined) continue;
      const { count } = segment;
      const fuel = (FREE.has(opcode) ? 0 : count) + (bulk.get(offset) ?? 0);
      this.lines.add(line, { function: index, isCalled, executions: count, fuel });
    }
    return instructions.length;
  }
}

/** Operators that cost nothing: docs/metering.md. */
const FREE: ReadonlySet<number> = new Set<number>([
  OP.nop,
  OP.drop,
  OP.block,
  OP.loop,
  OP.else,
  OP.end,
  OP.return,
  OP.unreachable,
  OP.try,
  OP.catch,
  OP.catchAll,
  OP.delegate,
  OP.tryTable,
]);

function byFunction({ map, profile }: ReportOptions): Counted[][] {
  const all: Counted[][] = Array.from({ length: map.functionCount }, () => []);
  for (const [counter, index] of map.functions.entries()) {
    all[index]?.push({
      start: map.starts[counter] ?? 0,
      end: map.ends[counter] ?? 0,
      cost: map.costs[counter] ?? 0,
      count: profile.counts[counter] ?? 0,
    });
  }
  return all;
}

/** The segments; a bulk operation belongs to the one that it is in. */
function rangesOf(counted: readonly Counted[]): RangeProfile[] {
  const ranges: { start: number; end: number; executions: number; fuel: number }[] = [];
  for (const { start, end, cost, count } of counted) {
    const last = ranges.at(-1);
    if (end > 0) ranges.push({ start, end, executions: count, fuel: count * cost });
    else if (last) last.fuel += count;
  }
  return ranges;
}

function byteLengthOf(ranges: readonly RangeProfile[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

function withTotals({ tree }: RawProfile): CallProfile[] {
  const totals = tree.map(({ selfFuel }) => selfFuel);
  for (let at = tree.length - 1; at > 0; at--) {
    const parent = tree[at]?.parent ?? 0;
    totals[parent] = (totals[parent] ?? 0) + (totals[at] ?? 0);
  }
  return tree.map((node, at) => ({ ...node, totalFuel: totals[at] ?? 0 }));
}

/** Of functions and ranges that are too many, those that used most fuel. */
function fitting(
  functions: readonly FunctionProfile[],
  share: number,
): { readonly functions: readonly FunctionProfile[]; readonly isShort: boolean } {
  const rangeCount = functions.reduce((sum, { ranges }) => sum + ranges.length, 0);
  const maxFunctions = Math.floor(MAX_FUNCTIONS * share);
  let left = Math.floor(MAX_RANGES * share);
  if (functions.length <= maxFunctions && rangeCount <= left) return { functions, isShort: false };
  const byFuel = [...functions].sort((a, b) => b.selfFuel - a.selfFuel).slice(0, maxFunctions);
  const kept = byFuel.map((fn) => {
    left -= fn.ranges.length;
    return left >= 0 ? fn : { ...fn, ranges: [] };
  });
  return { functions: kept.sort((a, b) => a.index - b.index), isShort: true };
}
