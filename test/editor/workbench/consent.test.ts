import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { eventually } from '../../support/eventually.ts';
import { RemoteServer } from '../../support/remote-server.ts';
import { variable } from '../../support/vscode/environment.ts';
import { Workbench } from '../../support/vscode/workbench.ts';

/** The example's folder, copied for this run. */
const folder = variable(process.env, 'QUERN_WORKSPACE');

/** A plugin that tells the time, plus something that makes it other bytes. */
function clock(extra: number): string {
  return `(module
  (@custom "quern" "{\\"abi\\":1,\\"functions\\":[{\\"name\\":\\"moment\\",\\"returns\\":\\"DOUBLE\\",\\"deterministic\\":false}]}")
  (import "host" "now_ms" (func $now (result f64)))
  (func (export "moment") (result f64) (f64.add (call $now) (f64.const ${extra}))))
`;
}

const PLUGIN = 'plugins/moment.wat';

describe('what is asked before it is allowed, in the window of a real VS Code', () => {
  const server = new RemoteServer();
  const files: Record<string, string> = {
    'quern.json': JSON.stringify({ capabilities: { moment: ['clock'] } }),
    [PLUGIN]: clock(0),
    'moment.sql': "select if(moment() > 0, 'a time', 'none') as it;\n",
  };
  let workbench: Workbench;
  const toast = (text: RegExp): Locator =>
    workbench.page.locator('.notification-toast', { hasText: text }).first();

  before(async () => {
    await server.start();
    server.files.set('/towns.csv', { bytes: Buffer.from('town\nOslo\nBern\n') });
    files['remote.sql'] = `select town from '${server.origin}/towns.csv';\n`;
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    workbench = await Workbench.open();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot(`failed-${this.currentTest.title}`);
  });
  after(async () => {
    await workbench?.close();
    await server.stop();
    for (const name of [...Object.keys(files), 'quern.lock.json']) {
      rmSync(path.join(folder, name), { force: true });
    }
  });

  it('is a plugin that quern.json grants something: Allow begins the lock file with it', async () => {
    await workbench.openFile('moment.sql');
    const question = toast(/moment\.wat is new to quern\.lock\.json, and quern\.json grants it clock/);
    await question.waitFor();
    await workbench.screenshot('consent-1-new-plugin');
    const lock = path.join(folder, 'quern.lock.json');
    assert.equal(existsSync(lock), false);
    await question.getByRole('button', { name: 'Allow' }).click();
    await eventually('the lock file', () => existsSync(lock) || undefined);
    const { plugins } = JSON.parse(readFileSync(lock, 'utf8')) as {
      plugins: Record<string, { granted: string[] }>;
    };
    assert.deepEqual(plugins[PLUGIN]?.granted, ['clock']);
    await workbench.runUntil('a time');
  });

  it('is a plugin that changed on the disk: it gets nothing until its change is allowed', async () => {
    writeFileSync(path.join(folder, PLUGIN), clock(1));
    const question = toast(/moment\.wat has changed since it was allowed, and quern\.json grants it clock/);
    await question.waitFor();
    await workbench.openFile('moment.sql');
    await workbench.click('select');
    await workbench.page.keyboard.press('Control+Enter');
    await workbench.results
      .getByText(/needs the capability clock/)
      .first()
      .waitFor();
    await workbench.screenshot('consent-2-denied');
    await question.getByRole('button', { name: 'Show Changes' }).click();
    await workbench.page.locator('.tab.active', { hasText: `${PLUGIN}: allowed and now` }).waitFor();
    await question.waitFor();
    await workbench.screenshot('consent-3-changes');
    await question.getByRole('button', { name: 'Allow' }).click();
    await workbench.openFile('moment.sql');
    await workbench.runUntil('a time');
  });

  it('is an origin that a statement reads from: nothing is sent before it is allowed', async () => {
    await workbench.openFile('remote.sql');
    await workbench.click('select');
    await workbench.page.keyboard.press('Control+Enter');
    const question = toast(/reads a file from http:\/\/127\.0\.0\.1:\d+, which is not among the origins/);
    await question.waitFor();
    await workbench.screenshot('consent-4-origin');
    assert.deepEqual(server.requests, []);
    await question.getByRole('button', { name: 'Allow and Run' }).click();
    await workbench.waitForCell(1, 0, 'Bern');
    assert.notDeepEqual(server.requests, []);
  });
});
