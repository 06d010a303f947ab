import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Locator } from 'playwright-core';
import { eventually } from '../../support/eventually.ts';
import { variable } from '../../support/vscode/environment.ts';
import { Workbench } from '../../support/vscode/workbench.ts';

/** The example's folder, copied for this run. */
const folder = variable(process.env, 'QUERN_WORKSPACE');

const FILES = {
  'quern.json': JSON.stringify({
    tables: { places: { path: 'data/airports.csv', description: 'Airports of the USA.' } },
  }),
  'drop.sql': '\n',
};

async function makeParquet(file: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run(
    `copy (select i as id, 'row ' || i as name, date '2026-01-01' + i::int as day, (i / 7)::decimal(9, 3) as share
       from range(5000) t(i)) to '${file}'`,
  );
  connection.closeSync();
  instance.closeSync();
}

describe('the view of data, in the window of a real VS Code', () => {
  let workbench: Workbench;
  const row = (text: string): Locator =>
    workbench.page.locator('.sidebar .monaco-list-row', { hasText: text }).first();
  const grow = (rows: number): void =>
    writeFileSync(path.join(folder, 'data/growing.csv'), `n\n${'1\n'.repeat(rows)}`);
  let growing: NodeJS.Timeout | undefined;

  before(async () => {
    for (const [name, text] of Object.entries(FILES)) writeFileSync(path.join(folder, name), text);
    await makeParquet(path.join(folder, 'data/rows.parquet'));
    grow(0);
    workbench = await Workbench.open();
    await workbench.page.locator('.activitybar a[aria-label="Quern"]').first().click();
  });
  afterEach(async function () {
    clearInterval(growing);
    if (this.currentTest?.state === 'failed') await workbench.screenshot(`failed-${this.currentTest.title}`);
  });
  after(() => workbench?.close());

  it('shows files, tables and functions in the side bar, each with its columns', async () => {
    await row('Plugin functions').waitFor();
    // What one opens stays open, whatever changes meanwhile.
    let rows = 0;
    growing = setInterval(() => grow(rows++), 600);
    // VS Code itself drops a click that comes while it reads the whole tree.
    const open = (text: string): Promise<boolean> =>
      eventually(`${text}, opened`, async () => {
        const isOpen = row(text).and(workbench.page.locator('[aria-expanded="true"]'));
        if ((await isOpen.count()) > 0) return true;
        await row(text).locator('.monaco-tl-twistie').click();
        await isOpen.waitFor({ timeout: 5_000 });
        return true;
      });
    await open('data');
    await row('rows.parquet').waitFor();
    await open('airports.csv');
    await row('latitude').waitFor();
    await open('Tables of quern.json');
    await row('places').waitFor();
    await open('Plugin functions');
    await row('base32_encode').waitFor();
    await row('places').waitFor();
    await workbench.screenshot('data-1-tree');
  });

  it('opens a Parquet file as rows when it is pressed', async () => {
    await row('rows.parquet').click();
    await workbench.page.locator('.tab.active[data-resource-name="rows.parquet"]').waitFor();
    const page = workbench.page.frameLocator('.webview.ready >> nth=-1').frameLocator('iframe#active-frame');
    await page
      .locator('[role=row][aria-rowindex="2"] [role=gridcell]')
      .nth(1)
      .filter({ hasText: 'row 0' })
      .waitFor();
    assert.equal(await page.locator('[role=grid]').getAttribute('aria-rowcount'), '1001');
    await workbench.screenshot('data-2-editor');
    await page.getByRole('button', { name: 'Load 100,000 rows' }).click();
    await page.locator('[role=grid][aria-rowcount="5001"]').waitFor();
    assert.equal(await page.getByRole('button', { name: /^Load/ }).count(), 0);
    await workbench.screenshot('data-3-all-rows');
  });

  it('gives a file to SQL that it is dragged into, as a statement writes it', async () => {
    await workbench.openFile('drop.sql');
    const editor = workbench.page.locator('.editor-group-container.active .monaco-editor .view-lines');
    const { mouse, keyboard } = workbench.page;
    const to = await editor.first().boundingBox();
    assert.ok(to);
    await row('airports.csv').hover();
    await mouse.down();
    await mouse.move(to.x + 60, to.y + 40, { steps: 10 });
    // Held from the beginning, it would select rows of the tree.
    await keyboard.down('Shift');
    await mouse.move(to.x + 20, to.y + 8, { steps: 10 });
    await mouse.up();
    await keyboard.up('Shift');
    await workbench.page
      .locator('.editor-group-container.active .view-line', { hasText: "'data/airports.csv'" })
      .waitFor();
    await workbench.screenshot('data-4-dropped');
  });
});
