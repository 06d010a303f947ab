// `npm run bench`: bundles the benchmarks and runs them. Ratios to a peer in the same run; see bench/sql.ts.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { copyExampleData } from '../tools/example-data.mjs';
import { ensureInstalled } from '../tools/lib/ensure-installed.mjs';

const root = path.resolve(import.meta.dirname, '..');
await ensureInstalled(root);
copyExampleData(root);
run(['tools/build.mjs']);
await esbuild.build({
  absWorkingDir: root,
  entryPoints: ['bench/sql.ts'],
  outfile: 'out/bench/sql.cjs',
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  logLevel: 'warning',
});
run(['out/bench/sql.cjs']);

function run(args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
