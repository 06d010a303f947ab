// Runs DuckDB's own tests through `quern test`, and holds what fails against test/duckdb-tests.tsv:
// `node tools/duckdb-tests.mjs [--jobs N] [--out FILE.tsv] [--every N]`. QUERN_CORPORA names the folder that has
// `duckdb-v1.4.3`. Files named .test_slow are left out. The exit code is 1 when other files fail than those listed.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const root = path.resolve(import.meta.dirname, '..');
/** Kinds of reasons for which a file cannot pass here, whatever Quern does; the others count as failures. */
const OUTSIDE = ['extension', 'threads', 'corpus'];
/** Files that one command runs. */
const BATCH = 200;

const { values: options } = parseArgs({
  options: {
    jobs: { type: 'string', default: '1' },
    out: { type: 'string' },
    every: { type: 'string', default: '1' },
  },
});
if (process.env.QUERN_CORPORA === undefined) {
  console.error('QUERN_CORPORA has to name the folder that has duckdb-v1.4.3.');
  process.exit(2);
}
const corpus = path.resolve(process.env.QUERN_CORPORA, 'duckdb-v1.4.3');
const home = mkdtempSync(path.join(tmpdir(), 'quern-duckdb-tests-'));
const environment = { ...process.env, QUERN_HOME: home, QUERN_SPARE_ENGINE: '0' };

try {
  const files = testFiles().filter((_, index) => index % Number(options.every) === 0);
  const results = [];
  for (let start = 0; start < files.length; start += BATCH) {
    await quern(testArguments(files.slice(start, start + BATCH)), (line) => results.push(JSON.parse(line)));
    console.error(`${results.length} of ${files.length} files`);
  }
  if (options.out !== undefined) writeFileSync(options.out, results.map(resultLine).join(''));
  process.exitCode = report(results) ? 0 : 1;
} finally {
  await quern(['stop'], () => {});
  rmSync(home, { recursive: true, force: true });
}

/** Paths of all tests from the corpus's folder, in their order. */
function testFiles() {
  return readdirSync(path.join(corpus, 'test'), { recursive: true })
    .filter((name) => name.endsWith('.test'))
    .map((name) => path.join('test', name))
    .sort();
}

function testArguments(files) {
  return ['test', '--json', '--jobs', options.jobs, '--timeout-ms', '120000', ...files];
}

/** Runs the command line that was built, and gives each line that it prints. */
function quern(args, onLine) {
  const child = spawn(process.execPath, [path.join(root, 'dist/quern.js'), ...args], {
    cwd: corpus,
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  createInterface({ input: child.stdout }).on('line', onLine);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
}

/** Path, outcome, line and message, with tabs between them. */
function resultLine(result) {
  const failed = result.records.find((record) => record.failure !== undefined);
  const { line = '', reason = '' } =
    failed === undefined
      ? (result.skipped ?? {})
      : { line: failed.line, reason: failed.failure.message.split('\n', 1)[0] };
  return `${[path.relative(corpus, result.path), result.outcome, line, reason].join('\t')}\n`;
}

/** Prints what came. @returns whether exactly those files failed that are listed, of those that ran */
function report(results) {
  const listed = readList();
  const byOutcome = (outcome) => results.filter((result) => result.outcome === outcome);
  const pathOf = (result) => path.relative(corpus, result.path);
  const failed = byOutcome('failed').map(pathOf);
  const outside = failed.filter((file) => OUTSIDE.includes(listed.get(file)));
  const base = results.length - byOutcome('skipped').length - outside.length;
  const passed = byOutcome('passed').length;
  console.log(`${results.length} files, ${byOutcome('skipped').length} skipped by what they require`);
  console.log(`${outside.length} need what is not there (${OUTSIDE.join(', ')})`);
  console.log(`${passed} of the other ${base} passed: ${((100 * passed) / base).toFixed(2)} %`);
  const unlisted = failed.filter((file) => !listed.has(file));
  for (const file of unlisted) console.log(`fails and is not listed: ${file}`);
  const mended = byOutcome('passed')
    .map(pathOf)
    .filter((file) => listed.has(file));
  for (const file of mended) console.log(`passes and is listed: ${file}`);
  return unlisted.length + mended.length === 0;
}

/** The kind of each listed file's reason. */
function readList() {
  const lines = readFileSync(path.join(root, 'test/duckdb-tests.tsv'), 'utf8').split('\n').slice(1);
  return new Map(lines.filter((line) => line !== '').map((line) => line.split('\t')));
}
