import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

/** Bundles the execution worker into a temporary folder. Tests of lanes need no build of everything. */
export async function bundleExecutionWorker(): Promise<{ workerPath: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'qx-'));
  const workerPath = path.join(folder, 'execution-worker.js');
  await build({
    entryPoints: ['wasm-core/runtime/node/execution-worker.ts'],
    outfile: workerPath,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
  });
  return { workerPath, remove: () => rm(folder, { recursive: true, force: true }) };
}
