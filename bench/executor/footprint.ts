import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { HostHome } from '../../test/support/host-process.ts';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import type { LoadTools } from '../load/tools.ts';
import { median, timeMs } from '../measure.ts';
import { upperVariant } from '../modules.ts';
import { anonymousMb } from '../process-figures.ts';
import { type Bar, type Row, versus } from '../report.ts';
import { executeUpper, loadModule } from './setup.ts';
import { EXECUTE } from './throughput.ts';

const MODULES = 10;
const EXECUTIONS = 100_000;
/** A host that is so slow that it does not get there is measured where it got. */
const MAX_LOAD_ROUNDS = 10;
const MEMORY_BAR: readonly Bar[] = [{ of: 'ours', atMost: 40 }];

/** A fresh host: how long a module's first load and run take, and what memory it has with ten modules and after. */
export async function footprintRows(tools: LoadTools): Promise<Row[]> {
  const home = new HostHome();
  const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)'], { stdio: 'ignore' });
  try {
    const host = await home.start();
    const connection = await home.connect();
    const memoryRow = (what: string, bars: readonly Bar[]) => memoryBeside(bare, host, { what, bars });
    const idle = await memoryRow("host's anonymous memory, no modules", []);
    const first = await firstTimes(connection);
    const loaded = await memoryRow(`host's anonymous memory, ${MODULES} modules loaded and run`, MEMORY_BAR);
    const count = await executeMany(tools, home.socket);
    const what = `host's anonymous memory, ${MODULES} modules, after ${count.toLocaleString('en-US')} executions`;
    return [...first, idle, loaded, await memoryRow(what, MEMORY_BAR)];
  } finally {
    bare.kill();
    await home.dispose();
  }
}

/** First load and first run of each of the modules, beside what V8 alone takes to compile and to instantiate it. */
async function firstTimes(connection: HostConnection): Promise<Row[]> {
  const load: number[] = [];
  const run: number[] = [];
  const compile: number[] = [];
  const instantiate: number[] = [];
  for (let number = 0; number < MODULES; number++) {
    // The last one has the name that the load generator asks for.
    const name = number === MODULES - 1 ? 'upper' : `upper-${number}`;
    const bytes = await upperVariant(number);
    load.push(await timeMs(() => loadModule(connection, name, bytes)));
    run.push(await timeMs(() => executeUpper(connection, name)));
    const started = performance.now();
    const module = await WebAssembly.compile(Buffer.from(bytes));
    compile.push(performance.now() - started);
    instantiate.push(await timeMs(() => new WebAssembly.Instance(module)));
  }
  const row = (what: string, ours: number[], peer: number[], peerName: string) =>
    versus({ what, ours: median(ours), peer: median(peer), unit: 'ms', peerName });
  return [
    row('first load of a module', load, compile, 'V8 compiling it'),
    row('first run of a module', run, instantiate, 'V8 instantiating it'),
  ];
}

/** @returns how many executions it came to */
async function executeMany(tools: LoadTools, socket: string): Promise<number> {
  let count = 0;
  for (let round = 0; round < MAX_LOAD_ROUNDS && count < EXECUTIONS; round++) {
    count += (await tools.run({ socket, clients: 10, depth: 1, seconds: 1, ...EXECUTE })).answers;
  }
  return count;
}

async function memoryBeside(
  bare: ChildProcess,
  host: ChildProcess,
  { what, bars }: { readonly what: string; readonly bars: readonly Bar[] },
): Promise<Row> {
  // A moment for what is freed late.
  await sleep(500);
  const [ours, peer] = [host, bare].map(({ pid = 0 }) => anonymousMb(pid) ?? Number.NaN);
  return versus({ what, ours: ours ?? 0, peer: peer ?? 0, unit: 'MiB', peerName: 'an idle Node', bars });
}
