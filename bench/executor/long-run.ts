import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { median } from '../measure.ts';
import { type Row, versus } from '../report.ts';
import type { Bench } from './setup.ts';
import { EXECUTE } from './throughput.ts';

const LONG_RUN_MS = 5000;
const SECONDS = 4;
const P99_LIMIT_US = 1000;

/** Latency of short runs while one connection runs for five seconds, beside the same without the long run. */
export async function longRunRows(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const clients of [1, 10]) {
    const before = await shortRuns(bench, clients);
    const during = await besideLongRun(bench, () => shortRuns(bench, clients));
    const after = await shortRuns(bench, clients);
    rows.push(
      versus({
        what: `p99 of short runs of ${clients === 1 ? '1 client' : `${clients} clients`} during a 5-second run`,
        ours: during.p99Us,
        peer: median([before.p99Us, after.p99Us]),
        unit: 'µs',
        peerName: 'without the long run',
        bars: [{ of: 'ours', atMost: P99_LIMIT_US }],
      }),
    );
  }
  return rows;
}

function shortRuns({ tools, host }: Bench, clients: number) {
  return tools.run({ socket: host.socket, clients, depth: 1, seconds: SECONDS, ...EXECUTE });
}

/** Does something while a module spins. @throws Error when the spinning is over first, or does not end as it must */
async function besideLongRun<T>({ connection }: Bench, work: () => Promise<T>): Promise<T> {
  let ended = false;
  const limits = { timeoutMs: LONG_RUN_MS };
  const spinning = connection
    .request('module/execute', { module: 'spin', input: { utf8: '' }, limits })
    .then(() => new Error('a run without an end came to an end'))
    .catch((error: unknown) => error)
    .finally(() => {
      ended = true;
    });
  const result = await work();
  if (ended) throw new Error(`the long run was over before the short ones: ${await spinning}`);
  const error = await spinning;
  if (error instanceof CoreError && error.kind === 'DEADLINE_EXCEEDED') return result;
  throw new Error(`the long run should have met its deadline: ${error}`);
}
