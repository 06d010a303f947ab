import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { useResultsPage } from '../support/results-page/suite.ts';

const FAILURE = {
  type: 'failed',
  message: 'Referenced column "orign" not found in FROM clause!\nCandidate bindings: "origin"',
  details: { start: 7, end: 12 },
} as const;

describe('the results page', () => {
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

  it('says that rows are gone, and runs what gave them on demand alone', async () => {
    const view = await suite.open();
    await view.post({ type: 'gone', title: 'select 42', isRestricted: true });
    await view.page.getByRole('heading', { name: 'The rows of this run are gone' }).waitFor();
    await view.page.getByText('select 42').waitFor();
    await view.page.getByText('Restricted Mode').waitFor();
    assert.deepEqual(view.asked, [{ type: 'ready' }]);
    await view.page.getByRole('button', { name: 'Run again' }).press('Enter');
    assert.deepEqual(view.asked.at(-1), { type: 'runAgain' });
  });

  it('says that rows are looked for, and shows those that are kept beside what is gone', async () => {
    const view = await suite.open();
    await view.post({ type: 'opening', title: 'select 42' });
    await view.page.getByRole('status').getByText('select 42').waitFor();
    assert.equal(await view.page.getByRole('button').count(), 0);
    const cost = { micros: 900, functionMicros: 0, transferMicros: 0, functionRows: 0, functionFuel: 0 };
    const result = { columns: [], rowCount: 0, truncated: false, pages: [], cost };
    const results = [
      { ...result, id: '1.0', title: 'create' },
      { ...result, id: '1.1', title: 'select 42', isGone: true },
    ];
    const schemas = [new ArrayBuffer(0), new ArrayBuffer(0)];
    await view.post({ type: 'results', results, schemas, micros: 900 });
    await view.page.getByText('Done.').waitFor();
    await view.page.getByRole('tab', { name: 'select 42' }).click();
    await view.page.getByText('The rows are kept no longer.').waitFor();
    await view.page.getByRole('button', { name: 'Run again' }).press('Enter');
    assert.deepEqual(view.asked.at(-1), { type: 'runAgain' });
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

  it('says that rows are of before, and asks for new ones on demand', async () => {
    const view = await suite.open();
    const cost = { micros: 900, functionMicros: 0, transferMicros: 0, functionRows: 0, functionFuel: 0 };
    const cached = { time: '2026-11-27T07:00:00.000Z', micros: 3_000_000 };
    const result = {
      id: '1.0',
      title: 'create',
      columns: [],
      rowCount: 0,
      truncated: false,
      pages: [],
      cost,
    };
    const results = [{ ...result, cached }];
    await view.post({ type: 'results', results, schemas: [new ArrayBuffer(0)], micros: 900 });
    await view.page.getByText(/^cached, 3\.00 s when run /).waitFor();
    await view.page.getByRole('button', { name: 'Run again' }).press('Enter');
    assert.deepEqual(view.asked.at(-1), { type: 'runAgain' });
    await view.post({ type: 'results', results: [result], schemas: [new ArrayBuffer(0)], micros: 900 });
    await eventually('the button is gone', async () =>
      (await view.page.getByRole('button', { name: 'Run again' }).count()) === 0 ? true : undefined,
    );
  });

  it('says what has changed since the rows were read, until there are others', async () => {
    const view = await suite.open();
    const cost = { micros: 900, functionMicros: 0, transferMicros: 0, functionRows: 0, functionFuel: 0 };
    const result = { id: '1.0', title: 't', columns: [], rowCount: 0, truncated: false, pages: [], cost };
    const results = {
      type: 'results',
      results: [result],
      schemas: [new ArrayBuffer(0)],
      micros: 900,
    } as const;
    await view.post({ type: 'outdated', changes: ['early.csv'] });
    await view.post(results);
    await view.post({ type: 'outdated', changes: ['trips.csv', '<b>slug</b>'] });
    await view.page.getByText('Changed since: trips.csv, <b>slug</b>.').waitFor();
    await view.page.getByRole('button', { name: 'Run again' }).press('Enter');
    assert.deepEqual(view.asked.at(-1), { type: 'runAgain' });
    await view.post(results);
    await eventually('nothing is said of new rows', async () =>
      (await view.page.getByText('Changed since').count()) === 0 ? true : undefined,
    );
  });

  it('says what failed where that is no statement', async () => {
    const view = await suite.open();
    await view.post({ ...FAILURE, title: 'The file cannot be read', details: {} });
    await view.page.getByRole('heading', { name: 'The file cannot be read' }).waitFor();
    assert.equal(await view.page.getByText('The statement failed').count(), 0);
  });

  it('asks for more rows where they are offered, and else not', async () => {
    const view = await suite.open();
    const cost = { micros: 1, functionMicros: 0, transferMicros: 0, functionRows: 0, functionFuel: 0 };
    const result = { id: 'x', title: 't', columns: [], rowCount: 2, truncated: true, pages: [], cost };
    const results = { type: 'results', results: [result], schemas: [new ArrayBuffer(0)], micros: 1 } as const;
    await view.post({ ...results, more: 'Load 100,000 rows' });
    await view.page.getByRole('button', { name: 'Load 100,000 rows' }).click();
    assert.deepEqual(view.asked.at(-1), { type: 'more' });
    await view.post(results);
    await view.page.getByText('2 rows changed').first().waitFor();
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

  it('asks for the export of the result that is shown, and of nothing else', async () => {
    const view = await suite.openWith('select 1 as a; select 2 as b');
    await view.page.getByRole('button', { name: 'Export…' }).press('Enter');
    const ids = () => view.asked.flatMap((asked) => (asked.type === 'export' ? [asked.id] : []));
    await eventually('it asks', () => (ids().length === 1 ? true : undefined));
    await view.page.getByRole('tab').first().click();
    await view.page.getByRole('button', { name: 'Export…' }).click();
    await eventually('it asks again', () => (ids().length === 2 ? true : undefined));
    assert.equal(new Set(ids()).size, 2);
  });

  it('shows a statement that gives no rows', async () => {
    const view = await suite.openWith('create or replace table made as select 1 as a');
    await view.page.locator('.sentence').waitFor();
    assert.equal(await view.page.locator('[role=grid]').count(), 0);
  });

  it('gives each statement a tab and shows the last result', async () => {
    const sql = "select 'one' as a; create or replace table u as select 1 as a; select 'three' as c";
    const view = await suite.openWith(sql);
    const tabs = view.page.getByRole('tablist', { name: 'Statements' }).getByRole('tab');
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
    await view.drawn();
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

  it('tells how the time is split between the engine, its plugin functions and the transfer', async () => {
    const view = await suite.open();
    const cost = {
      micros: 200_000,
      functionMicros: 50_000,
      transferMicros: 2000,
      functionRows: 10,
      functionFuel: 900,
    };
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
    await view.page.getByText('engine 150 ms, functions 48 ms, transfer 2.0 ms').waitFor();
  });

  it('says that a result was cut off', async () => {
    const view = await suite.open();
    const cost = { micros: 10, functionMicros: 0, transferMicros: 0, functionRows: 0, functionFuel: 0 };
    const columns = [{ name: 'a', type: 'INTEGER' }];
    const pages = [{ firstRow: 0, rowCount: 1000, offset: 0, byteLength: 10 }];
    const result = { id: 'x', title: 't', columns, rowCount: 1000, truncated: true, pages, cost };
    await view.post({ type: 'results', results: [result], schemas: [new ArrayBuffer(0)], micros: 10 });
    await view.page.getByText('First 1,000 rows').waitFor();
  });

  it('shows the results before the statement that failed, and the error in a tab of its own', async () => {
    const view = await suite.open();
    const cost = { micros: 10, functionMicros: 0, transferMicros: 0, functionRows: 0, functionFuel: 0 };
    const base = { columns: [], rowCount: 2, truncated: false, pages: [], cost };
    const results = [{ ...base, id: '1.0', title: 'update t' }];
    const failure = { title: 'top customers', message: FAILURE.message, details: FAILURE.details };
    await view.post({ type: 'results', results, schemas: [new ArrayBuffer(0)], micros: 10, failure });
    const tabs = view.page.getByRole('tab');
    assert.deepEqual(await tabs.allTextContents(), ['update t', 'top customers']);
    assert.equal(await tabs.nth(1).getAttribute('aria-selected'), 'true');
    assert.equal(await view.page.locator('.message').textContent(), FAILURE.message);
    await view.page.getByRole('button', { name: 'Show in editor' }).click();
    assert.deepEqual(view.asked.at(-1), { type: 'revealError' });
    await tabs.nth(0).click();
    await view.page.locator('.sentence').getByText('2 rows changed').waitFor();
  });

  it('shows what EXPLAIN gives as the text that it is, and as rows', async () => {
    const view = await suite.openWith('explain analyze select * from range(7)');
    await view.page
      .getByLabel('Plan', { exact: true })
      .getByText(/RANGE[\s\S]*7/)
      .waitFor();
    assert.equal(await view.page.locator('[role=grid]').count(), 0);
    await view.page.getByRole('tab', { name: 'Rows' }).click();
    await view.page.getByRole('grid').waitFor();
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
