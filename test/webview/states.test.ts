import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { useResultsPage } from '../support/results-page/suite.ts';

const FAILURE = {
  type: 'failed',
  message: 'Referenced column "orign" not found in FROM clause!\nCandidate bindings: "origin"',
  details: { start: 7, end: 12 },
} as const;

describe('the results page', function () {
  this.timeout(60_000);
  const suite = useResultsPage();

  it('says that it listens, once, and how to get results', async () => {
    const view = await suite.open();
    await view.page.getByText('No results yet').waitFor();
    assert.deepEqual(view.asked, [{ type: 'ready' }]);
  });

  it('shows what runs, for how long and how far it is', async () => {
    const view = await suite.open();
    await view.post({ type: 'running', title: 'select 42' });
    await view.page.getByText('select 42').waitFor();
    await view.page.getByText(/^0\.[1-9] s$/).waitFor();
    const bar = view.page.getByRole('progressbar');
    assert.equal(await bar.getAttribute('aria-valuenow'), null);
    await view.post({ type: 'progress', percent: 42.4 });
    assert.equal(await bar.getAttribute('aria-valuenow'), '42');
    await view.post({ type: 'progress', percent: -1 });
    assert.equal(await bar.getAttribute('aria-valuenow'), null);
  });

  it('cancels once, however often the button is pressed', async () => {
    const view = await suite.open();
    await view.post({ type: 'running', title: 'select 42' });
    await view.page.getByRole('button', { name: 'Cancel' }).dblclick();
    await view.page.getByRole('button', { name: 'Cancelling…' }).waitFor();
    assert.deepEqual(view.asked, [{ type: 'ready' }, { type: 'cancel' }]);
    await view.post({ type: 'cancelled' });
    await view.page.getByText('Cancelled').waitFor();
    assert.equal(await view.page.getByRole('button').count(), 0);
  });

  it('shows an error as it is and its place on demand', async () => {
    const view = await suite.open();
    await view.post(FAILURE);
    assert.equal(await view.page.locator('.message').textContent(), FAILURE.message);
    await view.page.getByRole('button', { name: 'Show in editor' }).press('Enter');
    assert.deepEqual(view.asked.at(-1), { type: 'revealError' });
  });

  it('offers no place when an error has none', async () => {
    const view = await suite.open();
    await view.post({ ...FAILURE, details: {} });
    await view.page.locator('.message').waitFor();
    assert.equal(await view.page.getByRole('button').count(), 0);
  });

  it('shows a result without rows with its columns', async () => {
    const view = await suite.openWith('select 1 as a, 2 as b where false');
    await view.page.getByText('No rows.').waitFor();
    assert.deepEqual(await view.page.locator('.head .label').allTextContents(), ['a', 'b']);
    await view.page.locator('[role=grid]').focus();
    for (const key of ['Control+a', 'Control+c', 'ArrowDown', 'Control+End']) {
      await view.page.keyboard.press(key);
    }
  });

  it('shows a statement that gives no rows', async () => {
    const view = await suite.openWith('create or replace table made as select 1 as a');
    await view.page.locator('.sentence').waitFor();
    assert.equal(await view.page.locator('[role=grid]').count(), 0);
  });

  it('gives each statement a tab and shows the last result', async () => {
    const sql = "select 'one' as a; create or replace table u as select 1 as a; select 'three' as c";
    const view = await suite.openWith(sql);
    const tabs = view.page.getByRole('tab');
    assert.deepEqual(await tabs.allTextContents(), sql.split('; '));
    assert.equal(await tabs.nth(2).getAttribute('aria-selected'), 'true');
    await view.cell(0, 0).getByText('three').waitFor();
    await tabs.nth(0).click();
    await view.cell(0, 0).getByText('one').waitFor();
    await view.page.keyboard.press('ArrowRight');
    assert.equal(await tabs.nth(1).getAttribute('aria-selected'), 'true');
    assert.equal(await view.page.locator('[role=grid]').count(), 0);
    await view.page.keyboard.press('ArrowLeft');
    await view.cell(0, 0).getByText('one').waitFor();
  });

  it('brings the chosen one of many tabs into view', async () => {
    const sql = Array.from({ length: 20 }, (_, i) => `select ${i} as column_number_${i}`).join('; ');
    const view = await suite.openWith(sql, { width: 600 });
    await view.cell(0, 0).getByText('19').waitFor();
    const isInView = (index: number) =>
      view.page
        .getByRole('tab')
        .nth(index)
        .evaluate((tab) => {
          const list = tab.parentElement?.getBoundingClientRect();
          const box = tab.getBoundingClientRect();
          return list !== undefined && box.left >= list.left - 1 && box.right <= list.right + 1;
        });
    await eventually('the last tab in view', async () => (await isInView(19)) || undefined);
    await view.page.getByRole('tab').nth(19).press('ArrowRight');
    await eventually('the first tab in view', async () => (await isInView(0)) || undefined);
  });

  it('keeps place and selection of a tab that was left', async () => {
    const view = await suite.openWith('select i as n from range(5000) t(i); select 1 as one');
    await view.page.getByRole('tab').nth(0).click();
    await view.cell(0, 0).waitFor();
    await view.page.locator('[role=grid]').press('Control+End');
    await view.cell(4999, 0).getByText('4999').waitFor();
    await view.page.getByRole('tab').nth(1).click();
    await view.cell(0, 0).getByText('1').waitFor();
    await view.page.getByRole('tab').nth(0).click();
    await view.cell(4999, 0).getByText('4999').waitFor();
    await view.page.getByText('row 5,000 of 5,000').waitFor();
  });

  it('forgets the run before, and what comes late for it', async () => {
    const view = await suite.open();
    await view.hold(true);
    await suite.show(view, "select 'old' as a");
    await view.page.locator('.cell.pending').first().waitFor();
    await suite.show(view, "select 'new' as a");
    await view.hold(false);
    await view.cell(0, 0).getByText('new').waitFor();
    assert.equal(await view.page.getByText('old').count(), 0);
  });

  it('tells the share of the time that plugin functions took', async () => {
    const view = await suite.open();
    const cost = { micros: 200_000, functionMicros: 50_000, functionRows: 10, functionFuel: 900 };
    const result = {
      id: '1.0',
      title: 'select f(1)',
      columns: [],
      rowCount: 0,
      truncated: false,
      pages: [],
      cost,
    };
    await view.post({ type: 'results', results: [result], schemas: [new ArrayBuffer(0)], micros: 200_000 });
    await view.page.getByText('functions 50 ms (25 %)').waitFor();
  });

  it('says that a result was cut off', async () => {
    const view = await suite.open();
    const cost = { micros: 10, functionMicros: 0, functionRows: 0, functionFuel: 0 };
    const columns = [{ name: 'a', type: 'INTEGER' }];
    const pages = [{ firstRow: 0, rowCount: 1000, offset: 0, byteLength: 10 }];
    const result = { id: 'x', title: 't', columns, rowCount: 1000, truncated: true, pages, cost };
    await view.post({ type: 'results', results: [result], schemas: [new ArrayBuffer(0)], micros: 10 });
    await view.page.getByText('First 1,000 rows').waitFor();
  });

  it('drops messages that the extension does not send', async () => {
    const view = await suite.open();
    await view.page.getByText('No results yet').waitFor();
    await view.page.evaluate(() => {
      const wrong = [
        null,
        7,
        'running',
        {},
        { type: 'evil' },
        { type: 'running' },
        { type: 'results', results: [{}] },
      ];
      for (const data of [...wrong, { type: 'page', id: 1 }, { type: 'failed', message: ['x'] }]) {
        window.dispatchEvent(new MessageEvent('message', { data }));
      }
    });
    assert.equal(await view.page.getByText('No results yet').count(), 1);
  });
});
