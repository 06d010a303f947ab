import { footprintRows } from './executor/footprint.ts';
import { longRunRows } from './executor/long-run.ts';
import { runtimeNotes } from './executor/runtimes.ts';
import { type Bench, openBench } from './executor/setup.ts';
import { throughputRows } from './executor/throughput.ts';
import { loadTools } from './load/tools.ts';
import type { Row, SuiteResult } from './report.ts';

/** The host over its socket, as clients meet it, beside an echo server over another socket under the same load. */
export async function executorSuite(): Promise<SuiteResult> {
  const tools = loadTools();
  const memory = await footprintRows(tools);
  const bench = await openBench(tools);
  try {
    const rows: Row[] = [...(await throughputRows(bench)), ...(await longRunRows(bench)), ...memory];
    return { title: 'The executor over its socket', notes: notesOf(bench), rows };
  } finally {
    await bench.dispose();
  }
}

function notesOf({ tools }: Bench): string[] {
  return [
    tools.note,
    'Rates are shares of the echo: higher is better; of times, lower is.',
    ...runtimeNotes(),
  ];
}
