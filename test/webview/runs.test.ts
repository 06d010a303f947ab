import assert from 'node:assert/strict';
import type { RunLabel } from '../../wasm-core/protocol/webview.ts';
import { faultsOf } from '../support/results-page/axe.ts';
import type { ResultsPage } from '../support/results-page/results-page.ts';
import { useResultsPage } from '../support/results-page/suite.ts';

const RUNS: readonly RunLabel[] = [
  { id: '3', title: 'select 3', detail: '1 row, 12:00:03', isPinned: false },
  { id: '2', title: 'flights by month', detail: '12 rows, 12:00:02', isPinned: true },
  { id: '1', title: '<b>select</b> 1', detail: 'failed, 12:00:01', isPinned: false },
];

describe('the runs of the results page', () => {
  const suite = useResultsPage();
  const shown = async (): Promise<ResultsPage> => {
    const view = await suite.openWith('select 3 as n');
    await view.post({ type: 'runs', runs: RUNS, chosen: '3' });
    return view;
  };
  const bar = (view: ResultsPage) => view.page.getByRole('navigation', { name: 'Runs' });

  it('are offered when there is more than one, and are text', async () => {
    const view = await suite.openWith('select 3 as n');
    await view.post({ type: 'runs', runs: RUNS.slice(0, 1), chosen: '3' });
    assert.ok(!(await bar(view).isVisible()));
    await view.post({ type: 'runs', runs: RUNS, chosen: '3' });
    const list = bar(view).getByRole('combobox', { name: 'Runs' });
    assert.equal(await list.inputValue(), '3');
    assert.deepEqual(await list.locator('option').allTextContents(), [
      'select 3, 1 row, 12:00:03',
      'flights by month, 12 rows, 12:00:02',
      '<b>select</b> 1, failed, 12:00:01',
    ]);
    await list.selectOption('1');
    assert.deepEqual(view.asked.at(-1), { type: 'run', action: 'choose', run: '1' });
  });

  it('have the one under way in front, with which nothing can be done but look at it', async () => {
    const view = await shown();
    const running = {
      id: '4',
      title: 'select 4',
      detail: 'running',
      isPinned: false,
      isRunning: true,
    } as const;
    await view.post({ type: 'runs', runs: [running, ...RUNS], chosen: '4' });
    await view.post({ type: 'running', title: 'select 4' });
    const list = bar(view).getByRole('combobox', { name: 'Runs' });
    assert.equal(await list.inputValue(), '4');
    assert.equal(await list.locator('option').first().textContent(), 'select 4, running');
    assert.equal(
      await bar(view)
        .getByRole('button', { name: /^(Pin|Rename|Compare|Close)/ })
        .count(),
      1,
    );
    await list.selectOption('1');
    assert.deepEqual(view.asked.at(-1), { type: 'run', action: 'choose', run: '1' });
    // Two runs of which one has no rows yet cannot be compared.
    await view.post({ type: 'runs', runs: [running, ...RUNS.slice(0, 1)], chosen: '3' });
    assert.equal(await bar(view).getByRole('button', { name: 'Compare…' }).count(), 0);
    assert.equal(await bar(view).getByRole('button', { name: 'Rename…' }).count(), 1);
  });

  it('have a button each when they are pinned', async () => {
    const view = await shown();
    await bar(view).getByRole('button', { name: 'flights by month' }).press('Enter');
    assert.deepEqual(view.asked.at(-1), { type: 'run', action: 'choose', run: '2' });
    await view.post({ type: 'runs', runs: RUNS, chosen: '2' });
    const pinned = bar(view).getByRole('button', { name: 'flights by month' });
    assert.equal(await pinned.getAttribute('aria-current'), 'true');
    await bar(view).getByRole('button', { name: 'Unpin' }).click();
    assert.deepEqual(view.asked.at(-1), { type: 'run', action: 'unpin', run: '2' });
  });

  it('are pinned, renamed, compared and closed, and the focus stays', async () => {
    const view = await shown();
    for (const [name, action] of [
      ['Pin', 'pin'],
      ['Rename…', 'rename'],
      ['Compare…', 'compare'],
      ['Close', 'close'],
    ] as const) {
      await bar(view).getByRole('button', { name, exact: true }).press('Enter');
      assert.deepEqual(view.asked.at(-1), { type: 'run', action, run: '3' });
    }
    await view.post({ type: 'runs', runs: RUNS.slice(1), chosen: '2' });
    assert.ok(
      await bar(view)
        .getByRole('button', { name: 'Close' })
        .evaluate((node) => node === document.activeElement),
    );
  });

  it('are looked at where they were, when the page was hidden and is loaded again', async () => {
    const sql = 'select range as n from range(40000); select range as m from range(50000)';
    const view = await suite.openWith(sql);
    await view.drawn();
    const tabs = view.page.getByRole('tablist', { name: 'Statements' }).getByRole('tab');
    await tabs.first().click();
    await view.drawn();
    const grid = view.page.getByRole('grid');
    await grid.evaluate((node) => node.scrollTo({ top: 1000 * 22 }));
    await view.cell(1005, 0).click();
    const place = await grid.evaluate((node) => node.scrollTop);
    await view.reload();
    await view.cell(1005, 0).and(view.page.locator('[aria-selected="true"]')).waitFor();
    assert.equal(await tabs.first().getAttribute('aria-selected'), 'true');
    assert.equal(await grid.evaluate((node) => node.scrollTop), place);
  });

  it('are accessible', async () => {
    const view = await shown();
    assert.deepEqual(await faultsOf(view, 'runs'), []);
  });
});
