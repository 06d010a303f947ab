import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../../support/eventually.ts';
import { projectRoot } from '../../support/project.ts';
import { variable } from '../../support/vscode/environment.ts';
import { Workbench } from '../../support/vscode/workbench.ts';

/** The example's folder, copied for this run. */
const folder = variable(process.env, 'QUERN_WORKSPACE');

const FILES = {
  'slug.sql': "select slug('A plugin that was changed') as slug;\n",
  'long.sql': 'select count(*) from range(100000000) a, range(100000) b where a.range + b.range = 7;\n',
  'rows.sql': `select
  i,
  i * 90071992547409 as big,
  (i::hugeint * 170141183460469231731687303715) as huge,
  (i / 7)::decimal(12, 4) as decimal,
  timestamp '2026-01-01' + to_minutes(i) as moment,
  if(i % 3 = 0, null, 'row ' || i) as text,
  {'list': [i, i + 1], 'name': 'n' || i} as nested
from range(100000) t(i);
`,
};

/** Of rows.sql, as DuckDB writes the values. */
const LAST_ROW = [
  '99999',
  '9007109182748352591',
  '17013948204863462703936998684196285',
  '14285.5714',
  '2026-03-11 10:39:00',
  'NULL',
  "{'list': [99999, 100000], 'name': n99999}",
];

/** The process of the host, as the command line tells it. */
function hostPid(): number {
  const quern = path.join(projectRoot(), 'dist/quern.js');
  const { stdout } = spawnSync(process.execPath, [quern, 'status', '--json'], { encoding: 'utf8' });
  const { pid } = JSON.parse(stdout) as { pid?: number };
  assert.ok(pid, stdout);
  return pid;
}

describe('the main job, in the window of a real VS Code', () => {
  let workbench: Workbench;

  before(async () => {
    for (const [name, text] of Object.entries(FILES)) writeFileSync(path.join(folder, name), text);
    workbench = await Workbench.open();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot(`failed-${this.currentTest.title}`);
  });
  after(() => workbench?.close());

  it('shows Run above each statement of the example', async () => {
    await workbench.openFile('movies.sql');
    await workbench.lenses.nth(2).waitFor();
    await workbench.screenshot('1-lenses');
  });

  it('shows the rows, with the cells that the plugin computed, when Run is pressed', async () => {
    await workbench.lenses.first().click();
    const [title, slug] = await workbench.cells(0, 2);
    assert.equal(
      slug,
      title
        ?.toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-')
        .replaceAll(/^-|-$/g, ''),
    );
    assert.equal(await workbench.rowCount(), 10);
    await workbench.screenshot('2-rows');
  });

  it('underlines the very word when the SQL is broken, and says why in Problems', async () => {
    await workbench.page.keyboard.press('Control+1');
    await workbench.click('slug(title)');
    await workbench.page.keyboard.press('End');
    await workbench.page.keyboard.insertText(', no_such_column');
    await workbench.page.locator('.squiggly-error').first().waitFor();
    await workbench.page.keyboard.press('Control+Shift+M');
    await workbench.page.locator('.markers-panel', { hasText: 'no_such_column' }).waitFor();
    await workbench.screenshot('3-sql-error');
    await workbench.page.keyboard.press('Control+J');
  });

  it('runs a changed plugin without a restart once it is saved', async () => {
    await workbench.openFile('plugins/text.ts');
    const file = path.join(folder, 'plugins/text.ts');
    const source = readFileSync(file, 'utf8');
    await workbench.type(source.replace("result += '-'", "result += '_'"));
    await workbench.page.keyboard.press('Control+S');
    await workbench.openFile('slug.sql');
    await workbench.runUntil('a_plugin_that_was_changed');
    await workbench.screenshot('4-changed-plugin');
  });

  it('underlines the place when a plugin is broken', async () => {
    await workbench.openFile('plugins/upper.wat');
    const source = readFileSync(path.join(folder, 'plugins/upper.wat'), 'utf8');
    await workbench.type(source.replace('i32.add', 'i32.ad'));
    await workbench.page.keyboard.press('Control+Shift+M');
    await workbench.page.locator('.markers-panel .monaco-list-row', { hasText: 'Ln 16' }).click();
    await workbench.page.locator('.squiggly-error').first().waitFor();
    await workbench.screenshot('5-wat-error');
    await workbench.page.keyboard.press('Control+J');
    await workbench.page.keyboard.press('Control+1');
    await workbench.type(source);
    await workbench.page.keyboard.press('Control+S');
  });

  it('scrolls to the last of 100,000 rows', async () => {
    await workbench.openFile('rows.sql');
    await workbench.click('range');
    await workbench.page.keyboard.press('Control+Enter');
    await workbench.waitForCell(0, 0, '0');
    await workbench.results.locator('[role=grid]').click({ position: { x: 120, y: 60 } });
    await workbench.page.keyboard.press('Control+End');
    await workbench.waitForCell(99_999, 0, '99999');
    assert.deepEqual(await workbench.cells(99_999, 7), LAST_ROW);
    await workbench.screenshot('6-last-row');
  });

  it('offers to cancel what runs when something else is to run, and only for as long as it does', async () => {
    await workbench.openFile('long.sql');
    await workbench.startRun('range');
    const offer = workbench.page.locator('.notification-toast', { hasText: 'Quern still runs' });
    await eventually('the offer', async () => {
      await workbench.click('range');
      await workbench.page.keyboard.press('Control+Enter');
      await offer.waitFor({ timeout: 5_000 });
      return true;
    });
    assert.equal(await offer.count(), 1);
    await workbench.screenshot('6-still-runs');
    await workbench.results.getByRole('button', { name: 'Cancel' }).click();
    await workbench.results.getByRole('heading', { name: 'Cancelled' }).waitFor();
    await offer.waitFor({ state: 'hidden' });
  });

  it('says so when the host is killed in the middle of a run, and runs the next', async () => {
    await workbench.openFile('long.sql');
    await workbench.startRun('range');
    await workbench.screenshot('7-running');
    process.kill(hostPid(), 'SIGKILL');
    await workbench.page.locator('.notification-toast', { hasText: /host.*stopped/i }).waitFor();
    await workbench.screenshot('8-host-killed');
    await workbench.openFile('slug.sql');
    await workbench.runUntil('a_plugin_that_was_changed');
  });

  for (const theme of ['Dark Modern', 'Light Modern', 'Dark High Contrast']) {
    it(`shows rows without a fault of accessibility in the theme ${theme}`, async () => {
      await workbench.theme(theme);
      assert.deepEqual(await workbench.accessibilityFaults(), []);
      await workbench.screenshot(`9-${theme.replaceAll(' ', '-').toLowerCase()}`);
    });
  }

  it('asks nobody outside this machine for anything', () => {
    assert.deepEqual([...workbench.outside], []);
  });
});
