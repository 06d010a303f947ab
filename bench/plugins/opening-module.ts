import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { InspectorThread } from '../../client/node/inspector-thread.ts';
import type { WasmQuestion } from '../../wasm-core/protocol/wasm-viewer.ts';
import { median, timeMs } from '../measure.ts';
import type { Row } from '../report.ts';

const ROUNDS = 5;

/** Until the page of a large module has all that it shows first. */
const MAX_OPEN_MS = 1500;
/** What a person does not notice. */
const MAX_WAIT_MS = 50;

/** Opening DuckDB's own module, which is more than twice as large as the 14 MB that the bar is about. */
export async function openingModule(): Promise<Row[]> {
  const file = createRequire(path.resolve('package.json')).resolve('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm');
  const size = `${Math.round(statSync(file).size / 1e6)} MB`;
  const opened: number[] = [];
  const calls: number[] = [];
  const waits: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const delays = monitorEventLoopDelay({ resolution: 1 });
    delays.enable();
    const thread = new InspectorThread(path.resolve('dist/inspect-thread.js'));
    const ask = (question: WasmQuestion) => thread.request({ type: 'ask', question });
    opened.push(
      await timeMs(async () => {
        await thread.request({ type: 'open', source: { path: file } });
        await ask({ kind: 'overview' });
        await ask({ kind: 'rows', list: 'functions', search: '', descending: false, first: 0, count: 200 });
      }),
    );
    delays.disable();
    waits.push(delays.max / 1e6);
    calls.push(await timeMs(() => ask({ kind: 'calls', function: 24_092 })));
    thread.dispose();
  }
  return [
    {
      what: `opening a module of ${size}`,
      ours: median(opened),
      unit: 'ms',
      bars: [{ of: 'ours', atMost: MAX_OPEN_MS }],
    },
    {
      what: 'longest wait of the other thread meanwhile',
      ours: median(waits),
      unit: 'ms',
      bars: [{ of: 'ours', atMost: MAX_WAIT_MS }],
    },
    { what: 'who calls whom in it, asked first', ours: median(calls), unit: 'ms' },
  ];
}
