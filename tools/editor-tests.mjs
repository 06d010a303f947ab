// Runs the editor tests: mocha inside a real extension host, then scenarios in the real workbench with the VSIX installed.
// `--report=FILE` gets {"passed", "failed"}; `--only=host|workbench` runs one half. The bundles in dist/ and out/test/ are
// built before (tools/test.mjs does). QUERN_DESKTOP=1 takes a downloaded desktop VS Code for the first half,
// VSCODE_EXECUTABLE the one it names.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { copyExampleData } from './example-data.mjs';
import { findChromium } from './lib/chromium.mjs';
import { installServer } from './vscode/install.mjs';

const root = path.resolve(import.meta.dirname, '..');
const { runTests } = createRequire(import.meta.url)('@vscode/test-electron');
const option = (name) => process.argv.find((a) => a.startsWith(`--${name}=`))?.slice(name.length + 3);

// Short, because a Unix socket's path in it may be 107 bytes long.
const scratch = mkdtempSync(path.join(tmpdir(), 'qe-'));
const total = { passed: 0, failed: 0 };
try {
  const only = option('only');
  const env = environment();
  if (only !== 'workbench') await suite('extension host', (report) => hostSuite(env, report));
  if (only !== 'host') await suite('workbench', (report) => workbenchSuite(env, report));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  total.failed++;
} finally {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
}
const report = option('report');
if (report) writeFileSync(report, JSON.stringify(total));
else console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** What the tests' own processes are told. */
function environment() {
  const common = { QUERN_SCREENSHOTS: path.join(root, 'out/screenshots') };
  if (process.platform !== 'linux' || process.arch !== 'x64') return common;
  const server = installServer((line) => console.error(line));
  return {
    ...common,
    QUERN_VSCODE_NODE: server.node,
    QUERN_VSCODE_MAIN: server.main,
    QUERN_CHROMIUM: findChromium(),
  };
}

/** Runs one half with its report, and counts a half that gave none as failed. */
async function suite(name, run) {
  const file = path.join(scratch, `${name.replace(' ', '-')}.json`);
  try {
    await run(file);
  } catch (error) {
    console.error(`The ${name} tests: ${error instanceof Error ? error.message : error}`);
  }
  try {
    const { passed, failed } = JSON.parse(readFileSync(file, 'utf8'));
    total.passed += passed;
    total.failed += failed;
    if (passed + failed === 0) throw new Error('no test ran');
  } catch (error) {
    console.error(`The ${name} tests gave no result: ${error.message}`);
    total.failed++;
  }
}

/** Mocha inside the extension host, through the runner that desktop tests use. */
async function hostSuite(env, report) {
  const workspace = copyExamples('host-workspace');
  const home = path.join(scratch, 'h');
  try {
    await runTests({
      vscodeExecutablePath: executable(),
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(root, 'out/test/editor/main.entry.cjs'),
      extensionTestsEnv: { ...env, QUERN_HOME: home, QUERN_TEST_REPORT: report },
      launchArgs: [workspace, '--disable-extensions'],
    });
  } finally {
    stopHost(home);
  }
}

/** The desktop VS Code that is asked for; else ours, which takes the same arguments; undefined: one to download. */
function executable() {
  if (process.env.VSCODE_EXECUTABLE) return process.env.VSCODE_EXECUTABLE;
  if (process.env.QUERN_DESKTOP || process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const file = path.join(scratch, 'code');
  const entry = path.join(root, 'out/test/editor/desktop.entry.cjs');
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${entry}' "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Scenarios in the workbench, the extension installed from the VSIX that users get. */
async function workbenchSuite(env, report) {
  if (!env.QUERN_CHROMIUM) throw new Error('the workbench scenarios need Linux on x64.');
  const vsix = packageExtension();
  const home = path.join(scratch, 'w');
  const args = [
    ['--enable-source-maps', 'node_modules/mocha/bin/mocha.js', '--timeout', '240000', '--retries', '1'],
    ['--reporter', path.join(root, 'tools/lib/mocha-reporter.cjs'), '--reporter-option', `output=${report}`],
    ['out/test/editor/workbench/**/*.test.cjs'],
  ].flat();
  const settings = {
    QUERN_HOME: home,
    QUERN_VSIX: vsix,
    QUERN_WORKSPACE: copyExamples('workbench-workspace'),
  };
  try {
    await new Promise((resolve, reject) => {
      const child = spawn(process.execPath, args, {
        cwd: root,
        stdio: 'inherit',
        env: { ...process.env, ...env, ...settings },
      });
      child.on('error', reject);
      child.on('exit', resolve);
    });
  } finally {
    stopHost(home);
  }
}

/** Packages the extension as for a release; gives the file. */
function packageExtension() {
  const ran = spawnSync(process.execPath, ['tools/package.mjs'], { cwd: root, encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`packaging failed:\n${ran.stdout}${ran.stderr}`);
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return path.join(root, `quern-${version}.vsix`);
}

/** A copy of the examples with their data, which tests may edit. */
function copyExamples(name) {
  const folder = path.join(scratch, name);
  cpSync(path.join(root, 'examples'), folder, {
    recursive: true,
    filter: (file) => !file.startsWith(path.join(root, 'examples/data')),
  });
  copyExampleData(root, path.join(folder, 'data'));
  return folder;
}

/** The host outlives the editor, as it should; here nobody would use it again. */
function stopHost(home) {
  spawnSync(process.execPath, [path.join(root, 'dist/quern.js'), 'stop'], {
    env: { ...process.env, QUERN_HOME: home },
    stdio: 'ignore',
    timeout: 10_000,
  });
}
