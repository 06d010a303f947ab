import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../../support/eventually.ts';
import { variable } from '../../support/vscode/environment.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import { assemble } from '../../support/wat.ts';

/** Sources and settings with which a trusted folder would call compilers, and ask what plugins may do. */
const UNTRUSTED = {
  'plugins/untrusted_c.c':
    '// @udf untrusted_c(x BIGINT) -> BIGINT\nlong long untrusted_c(long long x) { return x; }\n',
  'plugins/untrusted_rust.rs':
    '/// @udf untrusted_rust(x BIGINT) -> BIGINT\n#[no_mangle]\npub extern "C" fn untrusted_rust(x: i64) -> i64 { x }\n',
  'quern.json': '{ "plugins": ["plugins"], "capabilities": { "*": ["state"] } }\n',
  'quern.lock.json': '{ "version": 1, "plugins": {} }\n',
};

const WAT = '(module (func $shout (export "shout") (result i32) (i32.const 42)))';

describe('a folder that nobody has trusted', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'qr-'));
  let workbench: Workbench;

  const workspace = variable(process.env, 'QUERN_WORKSPACE');
  const file = path.join(workspace, 'shown.wasm');
  const calls = path.join(home, 'calls');

  before(async () => {
    writeFileSync(file, await assemble(WAT));
    for (const [name, text] of Object.entries(UNTRUSTED)) writeFileSync(path.join(workspace, name), text);
    // The user's own tools: even to ask for their versions would be to start a process for the folder.
    const tool = path.join(home, 'tool');
    const note = `require('fs').appendFileSync(${JSON.stringify(calls)}, process.argv.join(' ') + '\\n');`;
    writeFileSync(tool, `#!${process.execPath}\n${note}\n`);
    chmodSync(tool, 0o755);
    const settings = { 'quern.tools': { clang: tool, rustc: tool, cargo: tool } };
    workbench = await Workbench.open({ restricted: true, home, settings });
  });
  after(async () => {
    await workbench?.close();
    for (const name of Object.keys(UNTRUSTED)) rmSync(path.join(workspace, name), { force: true });
    rmSync(home, { recursive: true, force: true });
  });

  it('runs nothing, starts no host, and says what to do', async () => {
    await workbench.openFile('movies.sql');
    await workbench.click('select "Title"');
    await workbench.page.keyboard.press('Control+Enter');
    const toast = workbench.page.locator('.notification-toast', { hasText: /trust/i });
    await toast.getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
    await workbench.screenshot('10-restricted');
    assert.equal(existsSync(path.join(home, 'run')), false);
  });

  it('starts no compiler for sources that are opened, edited and saved, and asks for no rights', async () => {
    const { page } = workbench;
    for (const [name, wanted] of [
      ['untrusted_c.c', 'plugins/untrusted_c.c'],
      ['untrusted_rust.rs', 'plugins/untrusted_rust.rs'],
    ] as const) {
      await workbench.openFile(name);
      await page.keyboard.press('Control+Home');
      await page.keyboard.type('// edited\n');
      await page.keyboard.press('Control+S');
      const saved = path.join(workspace, wanted);
      await eventually(`${name} is saved`, () =>
        readFileSync(saved, 'utf8').startsWith('// edited\n') ? true : undefined,
      );
    }
    // What a run says comes behind anything that the saved files could have set going.
    await workbench.openFile('movies.sql');
    await workbench.click('select "Title"');
    await page.keyboard.press('Control+Enter');
    await page.locator('.notification-toast', { hasText: /trust/i }).first().waitFor();
    assert.equal(existsSync(calls), false, 'a tool was started');
    assert.deepEqual(
      ['run', 'cache', 'log'].filter((name) => existsSync(path.join(home, name))),
      [],
    );
    assert.equal(await page.locator('.notification-toast', { hasText: /quern\.lock\.json/ }).count(), 0);
    assert.equal(await page.locator('.terminal-wrapper, .terminal-tabs-entry').count(), 0);
    for (const name of ['untrusted_c', 'untrusted_rust']) {
      assert.equal(existsSync(path.join(workspace, 'plugins', `${name}.wasm`)), false);
    }
    assert.equal(readFileSync(path.join(workspace, 'quern.lock.json'), 'utf8'), UNTRUSTED['quern.lock.json']);
  });

  it('shows what is in a .wasm file, since nothing of it runs, and follows its changes', async () => {
    const { page, results: shown } = workbench;
    await workbench.openAny('shown.wasm');
    await workbench.command('Quern: Show WebAssembly Module');
    await shown.getByText('WebAssembly module', { exact: true }).waitFor();
    await shown.getByRole('button', { name: /^shout: \d+ bytes/ }).click();
    await shown.locator('.line', { hasText: 'i32.const 42' }).waitFor();
    await workbench.screenshot('11-wasm-viewer');
    writeFileSync(file, await assemble(WAT.replace('42', '43')));
    await shown.locator('.line', { hasText: 'i32.const 43' }).waitFor();
    await shown.getByRole('button', { name: 'Copy as WAT' }).last().click();
    await shown.getByText(/^Copied \d+ lines of text\.$/).waitFor();
    assert.equal(await page.locator('.notification-toast', { hasText: /error/i }).count(), 0);
    assert.equal(existsSync(path.join(home, 'run')), false);
  });
});
