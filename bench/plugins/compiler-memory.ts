import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CompilerThread } from '../../server/compilers/node/compiler-thread.ts';
import { residentMb } from '../process-figures.ts';
import type { Row } from '../report.ts';

/** All compilers of ours together, after they have worked. */
const MAX_MB = 500;
/** The editor's compilers rest after three minutes; these sooner. */
const IDLE_MS = 200;
/** Until the memory of a thread that has ended is given back, at most. */
const RELEASE_MS = 10_000;

const PLUGINS = path.resolve('examples/plugins');
const SCRIPT =
  '/** Twice a number. @udf (n DOUBLE) -> DOUBLE */\nexport function twice(n) { return 2 * n; }\n';

/** What the compilers hold that run in the language server, while they work and when they have nothing to do. */
export async function compilerMemory(): Promise<Row[]> {
  const before = residentMb(process.pid);
  if (before === undefined) return [];
  const threads = [
    { thread: compiler('assemblyscript'), sources: sourcesOf('.ts') },
    { thread: compiler('wat'), sources: sourcesOf('.wat') },
    { thread: compiler('javascript'), sources: [{ entry: 'twice.js', text: SCRIPT }] },
  ];
  let most = before;
  await Promise.all(
    threads.map(async ({ thread, sources }) => {
      for (const source of sources) {
        await thread.compile({ ...source, root: PLUGINS });
        most = Math.max(most, residentMb(process.pid) ?? 0);
      }
    }),
  );
  const left = await whenReleased(before);
  await Promise.all(threads.map(({ thread }) => thread.dispose()));
  return [
    {
      what: 'memory of the compilers of AssemblyScript, WAT and JavaScript, all examples compiled',
      ours: most - before,
      unit: 'MiB',
      bars: [{ of: 'ours', atMost: MAX_MB }],
    },
    {
      what: 'what is left of it when they rest',
      ours: left,
      unit: 'MiB',
    },
  ];
}

function compiler(name: string): CompilerThread {
  return new CompilerThread(name, path.resolve(`dist/${name}-worker.mjs`), IDLE_MS);
}

function sourcesOf(ending: string): { readonly entry: string; readonly text: string }[] {
  const names = readdirSync(PLUGINS).filter((name) => name.endsWith(ending));
  return names.map((entry) => ({ entry, text: readFileSync(path.join(PLUGINS, entry), 'utf8') }));
}

/** The least above `before` in a while after the threads are gone, MiB: the process keeps a part for itself. */
async function whenReleased(before: number): Promise<number> {
  const end = performance.now() + RELEASE_MS;
  let left = Number.POSITIVE_INFINITY;
  while (performance.now() < end) {
    await sleep(100);
    left = Math.min(left, (residentMb(process.pid) ?? 0) - before);
  }
  return left;
}
