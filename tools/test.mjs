// Runs everything, or the suites named: `node tools/test.mjs [tidy] [unit] [lsp] [host] [webview] [editor]`.
// The last line is `N passed, N failed`; the exit code is 1 when anything failed.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { copyExampleData } from './example-data.mjs';
import { collectOutput } from './lib/collect-output.mjs';
import { ensureInstalled } from './lib/ensure-installed.mjs';

const root = path.resolve(import.meta.dirname, '..');
const MOCHA_SUITES = ['unit', 'lsp', 'host', 'webview'];
const ALL = ['tidy', ...MOCHA_SUITES, 'editor'];
/** What runs beside the others, since most tests keep one core busy. The editor's are alone: they package dist/ anew. */
const BESIDE = ['host', 'lsp'];

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
  copyExampleData(root);
  await must('build', process.execPath, ['tools/build.mjs']);
  await buildTests(suites.filter((s) => s !== 'tidy'));
  const beside = suites.filter((suite) => BESIDE.includes(suite));
  const others = suites.filter((suite) => !BESIDE.includes(suite) && suite !== 'editor');
  const output = others.length > 0 ? collectOutput() : undefined;
  await Promise.all([runSuites(beside, output), runSuites(others)]);
  if (suites.includes('editor')) await runSuite('editor');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  total.failed++;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 ? 1 : 0);

/** Runs suites one after the other; output that is collected is printed when the last of them ends. */
async function runSuites(names, output) {
  try {
    for (const suite of names) await runSuite(suite, output);
  } finally {
    output?.print();
  }
}

async function runSuite(suite, output) {
  const started = Date.now();
  const say = output?.say ?? console.log;
  say(`\n== ${suite}`);
  if (suite === 'tidy') await tidy();
  else if (suite === 'editor') await editor();
  else await mocha(suite, output);
  say(`== ${suite} took ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** Type check, lint and format: each is one check that passes or fails. */
async function tidy() {
  await check('type check', process.execPath, ['node_modules/typescript/bin/tsc', '-b']);
  await check('lint and format', 'node_modules/.bin/biome', ['ci', '--colors=off', '.']);
}

async function mocha(suite, output) {
  const report = path.join(scratch, `${suite}.json`);
  const args = [
    '--enable-source-maps',
    'node_modules/mocha/bin/mocha.js',
    '--reporter',
    path.join(root, 'tools/lib/mocha-reporter.cjs'),
    '--reporter-option',
    `output=${report}`,
    '--require',
    path.join(root, 'tools/lib/mocha-setup.cjs'),
    '--timeout',
    // A hang should fail, not a slow machine.
    '180000',
    // Processes and browsers on a shared machine: the second attempt decides, and the report names who needed it.
    '--retries',
    suite === 'unit' ? '0' : '1',
    `out/test/${suite}/**/*.test.cjs`,
  ];
  await run(process.execPath, args, output);
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

function run(command, args, output) {
  return new Promise((resolve, reject) => {
    // The suites start many hosts for a few seconds each, where an engine started ahead is only in the way.
    const env = { ...process.env, QUERN_SPARE_ENGINE: '0' };
    const stdio = output === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'];
    const child = spawn(command, args, { cwd: root, stdio, env });
    output?.follow(child);
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
