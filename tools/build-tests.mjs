// Bundles the test files of the named suites (all by default) into out/test/, packages left outside.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');

/** Every test file and entry of a suite, relative to the root. */
function entries(suite) {
  const folder = path.join(root, 'test', suite);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((f) => f.endsWith('.test.ts') || f.endsWith('.entry.ts'))
    .map((f) => path.join('test', suite, f));
}

/**
 * @param {readonly string[]} suites folders of test/
 */
export async function buildTests(suites) {
  for (const suite of suites) rmSync(path.join(root, 'out/test', suite), { recursive: true, force: true });
  const entryPoints = suites.flatMap(entries);
  if (entryPoints.length === 0) return;
  await esbuild.build({
    absWorkingDir: root,
    entryPoints,
    outbase: 'test',
    outdir: 'out/test',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    packages: 'external',
    external: ['vscode'],
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
    define: { QUERN_VERSION: '"0.0.0-test"', QUERN_BUILD: '"test"' },
  });
}
