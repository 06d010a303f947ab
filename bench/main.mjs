// `npm run bench [-- SUITE…]`: bundles the benchmarks and runs them, all or those named; see CONTRIBUTING.md.
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
  entryPoints: ['bench/run.ts', 'bench/load/load.ts', 'bench/load/echo.ts'],
  outdir: 'out/bench',
  entryNames: '[name]',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  logLevel: 'warning',
});
run(['--no-warnings', 'out/bench/run.cjs', ...process.argv.slice(2)]);

function run(args) {
  // An engine started ahead would be in the way of what is measured.
  const env = { ...process.env, QUERN_SPARE_ENGINE: '0' };
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env });
  if (status !== 0) process.exit(status ?? 1);
}
