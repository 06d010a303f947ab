// Runs everything, or the suites named: `node tools/test.mjs [tidy] [unit] [lsp] [host] [webview] [editor]`.
// The last line is `N passed, N failed`; the exit code is 1 when anything failed.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureInstalled } from './lib/ensure-installed.mjs';

const root = path.resolve(import.meta.dirname, '..');
const MOCHA_SUITES = ['unit', 'lsp', 'host', 'webview'];
const ALL = ['tidy', ...MOCHA_SUITES, 'editor'];

const named = process.argv.slice(2).filter((a) => !a.startsWith('-'));
const unknown = named.filter((n) => !ALL.includes(n));
if (unknown.length > 0) {
  console.error(`No suite ${unknown.join(', ')}; there are ${ALL.join(', ')}.`);
  process.exit(2);
}
const suites = named.length > 0 ? named : ALL;
const scratch = mkdtempSync(path.join(tmpdir(), 'quern-test-'));
const total = { passed: 0, failed: 0 };

try {
  await ensureInstalled(root);
  const { buildTests } = await import('./build-tests.mjs');
  await must('build', process.execPath, ['tools/build.mjs']);
  await buildTests(suites.filter((s) => s !== 'tidy'));
  for (const suite of suites) await runSuite(suite);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  total.failed++;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 ? 1 : 0);

async function runSuite(suite) {
  const started = Date.now();
  console.log(`\n== ${suite}`);
  if (suite === 'tidy') await tidy();
  else if (suite === 'editor') await editor();
  else await mocha(suite);
  console.log(`== ${suite} took ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** Type check, lint and format: each is one check that passes or fails. */
async function tidy() {
  await check('type check', process.execPath, ['node_modules/typescript/bin/tsc', '-b']);
  await check('lint and format', 'node_modules/.bin/biome', ['ci', '--colors=off', '.']);
}

async function mocha(suite) {
  const report = path.join(scratch, `${suite}.json`);
  const args = [
    '--enable-source-maps',
    'node_modules/mocha/bin/mocha.js',
    '--reporter',
    path.join(root, 'tools/lib/mocha-reporter.cjs'),
    '--reporter-option',
    `output=${report}`,
    '--timeout',
    '60000',
    `out/test/${suite}/**/*.test.cjs`,
  ];
  await run(process.execPath, args);
  addReport(report, suite);
}

async function editor() {
  const report = path.join(scratch, 'editor.json');
  await run(process.execPath, ['tools/editor-tests.mjs', `--report=${report}`]);
  addReport(report, 'editor');
}

function addReport(file, suite) {
  try {
    const { passed, failed } = JSON.parse(readFileSync(file, 'utf8'));
    total.passed += passed;
    total.failed += failed;
    if (passed + failed === 0) throw new Error('no test ran');
  } catch (error) {
    console.error(`The ${suite} suite gave no result: ${error.message}`);
    total.failed++;
  }
}

async function check(name, command, args) {
  const code = await run(command, args);
  console.log(`${code === 0 ? '  ok' : '  FAILED'}  ${name}`);
  if (code === 0) total.passed++;
  else total.failed++;
}

async function must(name, command, args) {
  if ((await run(command, args)) !== 0) throw new Error(`${name} failed`);
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    // The suites start many hosts for a few seconds each, where an engine started ahead is only in the way.
    const env = { ...process.env, QUERN_SPARE_ENGINE: '0' };
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
