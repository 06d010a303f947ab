import type { LoadResult } from '../load/load-result.ts';
import type { Load } from '../load/tools.ts';
import { inTurn, median } from '../measure.ts';
import { processorMicros } from '../process-figures.ts';
import { type Bar, type Row, versus } from '../report.ts';
import type { Bench, Server } from './setup.ts';

/** What the clients ask for. */
interface Work {
  readonly method: string;
  readonly params: string;
  readonly expected: string;
}

/** One upper-casing of five bytes. */
export const EXECUTE: Work = {
  method: 'module/execute',
  params: '{"module":"upper","input":{"utf8":"hello"}}',
  expected: '"result":{"output":{"utf8":"HELLO"}',
};

const CHAIN: Work = {
  method: 'chain/execute',
  params: '{"steps":["upper","reverse","upper"],"input":{"utf8":"hello"}}',
  expected: '"result":{"output":{"utf8":"OLLEH"}',
};

interface Scenario {
  readonly name: string;
  readonly work: Work;
  readonly clients: number;
  readonly depth: number;
  readonly bars: readonly Bar[];
  /** Also rows of latency. */
  readonly latency?: true;
  /** Also a row of the host's processor time, with its bar. */
  readonly processorBar?: Bar;
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'execute, 1 client, one at a time',
    work: EXECUTE,
    clients: 1,
    depth: 1,
    bars: [{ of: 'ratio', atLeast: 0.6 }],
    latency: true,
    processorBar: { of: 'ours', atMost: 12 },
  },
  {
    name: 'execute, 1 client, 64 at a time',
    work: EXECUTE,
    clients: 1,
    depth: 64,
    bars: [
      { of: 'ratio', atLeast: 0.25 },
      { of: 'ours', atLeast: 300_000 },
    ],
    processorBar: { of: 'ours', atMost: 3 },
  },
  {
    name: 'execute, 10 clients, one at a time',
    work: EXECUTE,
    clients: 10,
    depth: 1,
    bars: [
      { of: 'ratio', atLeast: 0.25 },
      { of: 'ours', atLeast: 100_000 },
    ],
    latency: true,
  },
  {
    name: 'chain of three, 10 clients, one at a time',
    work: CHAIN,
    clients: 10,
    depth: 1,
    bars: [{ of: 'ours', atLeast: 50_000 }],
  },
  { name: 'chain of three, 1 client, 64 at a time', work: CHAIN, clients: 1, depth: 64, bars: [] },
];

const ROUNDS = 3;
const SECONDS = 1.5;

/** Executions and chains a second, latencies and the host's processor time, beside the echo. */
export async function throughputRows(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const scenario of SCENARIOS) rows.push(...(await measure(bench, scenario)));
  return rows;
}

/** A load over the echo server: every answer is the request itself. */
export function overEcho(load: Load, echo: Server): Load {
  return { ...load, socket: echo.socket, expected: '"params"' };
}

interface Figures extends LoadResult {
  /** Processor time of the server for each answer; undefined where the system does not tell. */
  readonly processorUs: number | undefined;
}

async function measure(bench: Bench, scenario: Scenario): Promise<Row[]> {
  const { work, clients, depth } = scenario;
  const load: Load = { socket: bench.host.socket, clients, depth, seconds: SECONDS, ...work };
  const { host, echo } = await inTurn({
    rounds: ROUNDS,
    ways: {
      host: () => runWithProcessor(bench, load, bench.host),
      echo: () => runWithProcessor(bench, overEcho(load, bench.echo), bench.echo),
    },
  });
  const peerName = bench.tools.echoName;
  const row = (what: string, of: (figures: Figures) => number, unit: string, bars: readonly Bar[] = []) =>
    versus({ what, ours: median(host.map(of)), peer: median(echo.map(of)), unit, peerName, bars });
  const rows = [row(scenario.name, (f) => f.perSecond, '/s', scenario.bars)];
  if (scenario.latency) {
    rows.push(row(`median latency, ${scenario.name}`, (f) => f.p50Us, 'µs'));
    rows.push(row(`p99 latency, ${scenario.name}`, (f) => f.p99Us, 'µs'));
  }
  if (scenario.processorBar) {
    const what = `processor time of the server, ${scenario.name}`;
    rows.push(row(what, (f) => f.processorUs ?? Number.NaN, 'µs', [scenario.processorBar]));
  }
  return rows;
}

async function runWithProcessor({ tools }: Bench, load: Load, server: Server): Promise<Figures> {
  const before = processorMicros(server.pid);
  const result = await tools.run(load);
  const after = processorMicros(server.pid);
  const known = before !== undefined && after !== undefined;
  return { ...result, processorUs: known ? (after - before) / result.answers : undefined };
}
