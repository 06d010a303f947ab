import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../../support/eventually.ts';
import { variable } from '../../support/vscode/environment.ts';
import { Workbench } from '../../support/vscode/workbench.ts';

/** The example's folder, copied for this run. */
const folder = variable(process.env, 'QUERN_WORKSPACE');

/** Seven is not a divisor of 5,000, so that the order of `n` is another than that of the rows. */
const SQL = `select (i * 7) % 5000 as n, 'kind ' || (i % 4) as kind from range(5000) t(i);
`;

/** The same but for one row. */
const OTHER = SQL.replace('(i * 7) % 5000 as n', 'case i when 3 then -1 else (i * 7) % 5000 end as n');

/** Gives 3,000 rows at once, and looks for others for longer than any test. */
const LONG = `select range as m from range(100000000000) where range < 3000 or hash(range) = 0;
`;

describe('what one does with results, in the window of a real VS Code', () => {
  let workbench: Workbench;
  before(async () => {
    writeFileSync(path.join(folder, 'results.sql'), SQL);
    workbench = await Workbench.open();
    await workbench.openFile('results.sql');
    await workbench.click('select');
    await workbench.page.keyboard.press('Control+Enter');
    await workbench.waitForCell(1, 0, '7');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot(`failed-${this.currentTest.title}`);
  });
  after(() => workbench?.close());

  it('sorts and filters all rows by the engine, and says how as SQL', async () => {
    const { results } = workbench;
    await results.getByRole('columnheader', { name: /^n/ }).hover();
    await results.getByRole('columnheader', { name: /^n/ }).getByRole('button', { name: /^Sort/ }).click();
    await workbench.waitForCell(1, 0, '1');
    await results.getByText('order by "n"').waitFor();
    await results.getByRole('tab', { name: 'Summary' }).click();
    await results.getByRole('button', { name: /^kind 2/ }).click();
    await results.getByText('1,250 of 5,000 rows').waitFor();
    await workbench.screenshot('results-1-summary');
    await results.getByRole('tab', { name: 'Rows' }).click();
    await workbench.waitForCell(0, 1, 'kind 2');
    assert.equal(await workbench.rowCount(), 1250);
  });

  it('draws a chart of what is selected', async () => {
    const { results } = workbench;
    await results.getByRole('tab', { name: 'Chart' }).click();
    await results.locator('.chart canvas').waitFor();
    await results.locator('.chart-data summary').click();
    assert.deepEqual(await results.locator('.chart-table td').allTextContents(), ['kind 2', '3125000']);
    await workbench.screenshot('results-2-chart');
  });

  it('looks at another run while one is under way, and asks the rows that were cut off', async () => {
    const { results } = workbench;
    await results.getByRole('tab', { name: 'Rows' }).click();
    writeFileSync(path.join(folder, 'long.sql'), LONG);
    await workbench.openFile('long.sql');
    await workbench.startRun('select');
    const list = results.getByRole('combobox', { name: 'Runs' });
    assert.match((await list.locator('option:checked').textContent()) ?? '', /, running$/);
    await results.getByText('3,000 rows so far').waitFor();
    await list.selectOption({ index: 1 });
    // Sorted and filtered as it was left.
    await workbench.waitForCell(1, 0, '6');
    await results.getByText('1,250 of 5,000 rows').waitFor();
    await results.getByRole('button', { name: 'Clear' }).click();
    await workbench.waitForCell(1, 0, '7');
    await list.selectOption({ index: 0 });
    await results.getByText('3,000 rows so far').waitFor();
    await results.getByRole('button', { name: 'Cancel' }).click();
    await results.getByText('cut off: the run was cancelled').waitFor();
    const header = results.getByRole('columnheader', { name: /^m/ });
    for (const _ of ['ascending', 'descending']) {
      await header.hover();
      await header.getByRole('button', { name: /^Sort/ }).click();
    }
    await workbench.waitForCell(0, 0, '2999');
    await workbench.screenshot('results-3-cut');
  });

  it('comes back after a reload of the window with its rows, pinned and named, without running anything', async () => {
    const { results } = workbench;
    await results.getByRole('combobox', { name: 'Runs' }).selectOption({ index: 1 });
    await workbench.waitForCell(1, 0, '7');
    await results.getByRole('button', { name: 'Pin', exact: true }).click();
    await results.getByRole('button', { name: 'Rename…' }).click();
    const input = workbench.page.locator('.quick-input-box input');
    await input.waitFor();
    await input.fill('sevens');
    await workbench.page.keyboard.press('Enter');
    await results.getByRole('button', { name: 'Pinned: sevens' }).waitFor();
    await results.getByRole('columnheader', { name: /^n/ }).hover();
    await results.getByRole('columnheader', { name: /^n/ }).getByRole('button', { name: /^Sort/ }).click();
    await workbench.waitForCell(1, 0, '1');
    await workbench.command('Developer: Reload Window');
    await results.getByRole('button', { name: 'Pinned: sevens' }).waitFor();
    await workbench.waitForCell(1, 0, '1');
    await results.getByText('order by "n"').waitFor();
    await results.getByText(/^cached, .* when run /).waitFor();
    assert.equal(await workbench.rowCount(), 5000);
    await workbench.screenshot('results-4-kept');
    await results.getByRole('button', { name: 'Clear' }).click();
    await workbench.waitForCell(1, 0, '7');
    // The rows that were cut off, sorted as they were.
    const list = results.getByRole('combobox', { name: 'Runs' });
    const cut = list.locator('option').filter({ hasText: 'range as m' });
    await list.selectOption((await cut.getAttribute('value')) ?? '');
    await results.getByText('cut off: the run was cancelled').waitFor();
    await workbench.waitForCell(0, 0, '2999');
    await workbench.screenshot('results-4-cut-kept');
    await results.getByRole('button', { name: 'Pinned: sevens' }).click();
    await workbench.waitForCell(1, 0, '7');
  });

  it('brings a plan back after a reload, without running anything', async () => {
    const { results } = workbench;
    await workbench.openFile('results.sql');
    await workbench.click('select');
    await workbench.command('Quern: Run and Explain Statement');
    await results.getByRole('treeitem').first().waitFor();
    const operators = await results.getByRole('treeitem').allTextContents();
    await workbench.command('Developer: Reload Window');
    await results.getByText(/^cached, .* when run /).waitFor();
    assert.deepEqual(await results.getByRole('treeitem').allTextContents(), operators);
    await workbench.screenshot('results-5-plan');
    await results.getByRole('button', { name: 'Pinned: sevens' }).click();
    await workbench.waitForCell(1, 0, '7');
  });

  it('compares two results, sorts what differs, and has it after a reload', async () => {
    const { results, page } = workbench;
    writeFileSync(path.join(folder, 'other.sql'), OTHER);
    await workbench.openFile('other.sql');
    await workbench.click('select');
    await page.keyboard.press('Control+Enter');
    await workbench.waitForCell(3, 0, '-1');
    await results.getByRole('button', { name: 'Compare…' }).click();
    await page.locator('.quick-input-list').getByText('(i * 7) % 5000 as n').first().click();
    await page.locator('.quick-input-widget').getByText('Columns That Tell Rows Apart').waitFor();
    await page.keyboard.press('Enter');
    const status = results.getByRole('columnheader', { name: /^status/ });
    for (const [order, first] of [
      ['asc', 'added'],
      ['desc', 'removed'],
    ]) {
      await status.hover();
      await status.getByRole('button', { name: /^Sort/ }).click();
      await workbench.waitForCell(0, 0, first ?? '');
      await results.getByText(`order by "status"${order === 'asc' ? '' : ' desc'}`).waitFor();
    }
    await workbench.command('Developer: Reload Window');
    await workbench.waitForCell(0, 0, 'removed');
    assert.equal(await workbench.rowCount(), 2);
    await workbench.screenshot('results-6-comparison');
    await results.getByRole('button', { name: 'Pinned: sevens' }).click();
    await workbench.waitForCell(1, 0, '7');
  });

  it('says so after a reload when its rows are kept no longer, and runs again when it is told to', async () => {
    rmSync(path.join(variable(process.env, 'QUERN_HOME'), 'cache'), { recursive: true });
    await workbench.command('Developer: Reload Window');
    const { results } = workbench;
    await results.getByText('The rows of this run are gone').waitFor();
    await workbench.screenshot('results-7-gone');
    await results.getByRole('button', { name: 'Run again' }).click();
    await eventually('the rows', async () => {
      await workbench.waitForCell(1, 0, '7', 5_000);
      return true;
    });
  });
});
