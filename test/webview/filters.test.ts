import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { askSession, useResultsPage } from '../support/results-page/suite.ts';

const ROWS = "select i as n, 'v' || (i % 4) as t, if(i % 5 = 0, null, i / 4) as d from range(2000) r(i)";

describe('rows that are selected in the results page', function () {
  this.timeout(120_000);
  const suite = useResultsPage();

  const bar = (page: Page) => page.getByRole('region', { name: 'Filters' });
  const state = (page: Page) => bar(page).getByRole('status');
  /** Chooses of a column's menu. */
  const choose = async (page: Page, cell: { click(options: object): Promise<void> }, item: string) => {
    await cell.click({ button: 'right' });
    await page.getByRole('menuitem', { name: item }).click();
  };

  it('are sorted by the engine when a header is pressed, and stand as they were when that ends', async () => {
    const view = await suite.openWith(ROWS);
    await view.drawn();
    const header = view.page.getByRole('columnheader', { name: /^n\b/ });
    await header.getByRole('button', { name: /sort/i }).click();
    await header.getByRole('button', { name: /sort/i }).click();
    await state(view.page).filter({ hasText: '2,000 of 2,000 rows' }).waitFor();
    await view.cell(0, 0).filter({ hasText: '1999' }).waitFor();
    assert.equal(await header.getAttribute('aria-sort'), 'descending');
    assert.equal(await bar(view.page).locator('code').textContent(), 'order by "n" desc nulls last');
    await view.page.locator('[role=grid]').press('Control+End');
    await view.cell(1999, 0).filter({ hasText: '0' }).waitFor();
    await bar(view.page).getByRole('button', { name: 'Remove n ↓' }).click();
    await view.cell(0, 0).filter({ hasText: /^0$/ }).waitFor();
    assert.equal(await bar(view.page).isHidden(), true);
    assert.notEqual(await header.getAttribute('aria-sort'), 'descending');
  });

  it('are those with the value of a cell, one condition after the other', async () => {
    const view = await suite.openWith(ROWS);
    await view.drawn();
    await choose(view.page, view.cell(2, 1), 'Only “v2”');
    await state(view.page).filter({ hasText: '500 of 2,000 rows' }).waitFor();
    await choose(view.page, view.cell(2, 2), 'Only NULL');
    await state(view.page).filter({ hasText: '100 of 2,000 rows' }).waitFor();
    await view.cell(0, 0).filter({ hasText: '10' }).waitFor();
    assert.deepEqual(await bar(view.page).locator('.chip-text').allTextContents(), ['t = v2', 'd = NULL']);
    assert.equal(await bar(view.page).locator('code').textContent(), `where "t" = 'v2' and "d" is null`);
    await bar(view.page).getByRole('button', { name: 'Remove t = v2' }).press('Enter');
    await state(view.page).filter({ hasText: '400 of 2,000 rows' }).waitFor();
    // The focus is on what stands in the place of the button.
    assert.equal(
      await view.page.evaluate(() => document.activeElement?.getAttribute('aria-label')),
      'Remove d = NULL',
    );
    await bar(view.page).getByRole('button', { name: 'Clear' }).click();
    await view.cell(1, 0).filter({ hasText: /^1$/ }).waitFor();
  });

  it('are those that a chart is drawn of, also when they change under it', async () => {
    const view = await suite.openWith(ROWS);
    await view.drawn();
    await choose(view.page, view.cell(2, 1), 'Only “v2”');
    await state(view.page).filter({ hasText: '500 of 2,000 rows' }).waitFor();
    await view.page.getByRole('tab', { name: 'Chart' }).click();
    await view.page.locator('.chart canvas').first().waitFor();
    await view.page.locator('.chart-data summary').click();
    const values = view.page.locator('.chart-table');
    await values.filter({ hasText: 'v2' }).waitFor();
    assert.doesNotMatch((await values.textContent()) ?? '', /v[013]/);
    await bar(view.page).getByRole('button', { name: 'Clear' }).click();
    await values.filter({ hasText: 'v3' }).waitFor();
  });

  it('are given as SQL by the extension, which knows the statement', async () => {
    const view = await suite.openWith(ROWS);
    await view.drawn();
    await choose(view.page, view.cell(2, 1), 'Not “v2”');
    await state(view.page).filter({ hasText: '1,500 of' }).waitFor();
    await bar(view.page).getByRole('button', { name: 'Copy SQL' }).click();
    await bar(view.page).getByRole('button', { name: 'Open in Editor' }).click();
    await view.page.getByRole('button', { name: 'Export…' }).click();
    const given = view.asked.filter(({ type }) => type === 'selectionSql' || type === 'export');
    const [{ id }] = given as unknown as [{ id: string }];
    assert.match(id, /^1\.0\/1/);
    assert.deepEqual(given, [
      { type: 'selectionSql', id, to: 'clipboard' },
      { type: 'selectionSql', id, to: 'editor' },
      { type: 'export', id },
    ]);
  });

  it('are selected again when the page was hidden, or its window reloaded, and all of them once that is cleared', async () => {
    const view = await suite.openWith(ROWS);
    await view.drawn();
    await choose(view.page, view.cell(2, 1), 'Only “v2”');
    await state(view.page).filter({ hasText: '500 of 2,000 rows' }).waitFor();
    const header = () => view.page.getByRole('columnheader', { name: /^n\b/ });
    for (const _ of ['ascending', 'descending']) {
      await header().getByRole('button', { name: /sort/i }).click();
    }
    await view.cell(0, 0).filter({ hasText: '1998' }).waitFor();
    await view.reload();
    await view.cell(0, 0).filter({ hasText: '1998' }).waitFor();
    await state(view.page).filter({ hasText: '500 of 2,000 rows' }).waitFor();
    assert.equal(await header().getAttribute('aria-sort'), 'descending');
    assert.deepEqual(await bar(view.page).locator('.chip-text').allTextContents(), ['t = v2', 'n ↓']);
    await bar(view.page).getByRole('button', { name: 'Clear' }).click();
    await view.cell(0, 0).filter({ hasText: /^0$/ }).waitFor();
    await view.reload();
    await view.cell(0, 0).filter({ hasText: /^0$/ }).waitFor();
    assert.equal(await bar(view.page).isHidden(), true);
  });

  it('come first of a long result, and then all of them', async () => {
    const view = await suite.openWith('select i as n from range(120000) r(i)');
    await view.drawn();
    await view.hold(true);
    const header = view.page.getByRole('columnheader', { name: /^n\b/ });
    await header.getByRole('button', { name: /sort/i }).click();
    await header.getByRole('button', { name: /sort/i }).click();
    await state(view.page).filter({ hasText: 'Filtering…' }).waitFor();
    // Until the new rows are there the old ones are shown.
    assert.equal(await view.cell(0, 0).textContent(), '0');
    await view.hold(false);
    await state(view.page)
      .filter({ hasText: /^120,000 of 120,000 rows$/ })
      .waitFor();
    await view.cell(0, 0).filter({ hasText: '119999' }).waitFor();
    const limits = view.asked.flatMap((each) =>
      each.type === 'ask' && each.question.kind === 'rows' ? [each.question.maxRows] : [],
    );
    assert.deepEqual(limits.slice(-2), [5000, undefined]);
    await view.page.locator('[role=grid]').press('Control+End');
    await view.cell(119_999, 0).filter({ hasText: /^0$/ }).waitFor();
  });

  it('say why when they cannot be had, and are tried again', async () => {
    const view = await suite.openWith(ROWS);
    await view.drawn();
    let isLost = true;
    const { session } = suite.session();
    view.askWith(async (method, params, options) => {
      if (isLost) throw new Error('The engine is <b>lost</b>.');
      return askSession(session)(method, params, options);
    });
    await suite.show(view, ROWS);
    await view.drawn();
    await choose(view.page, view.cell(2, 1), 'Only “v2”');
    await state(view.page).filter({ hasText: 'The engine is <b>lost</b>.' }).waitFor();
    assert.equal(await view.cell(1, 0).textContent(), '1');
    isLost = false;
    await bar(view.page).getByRole('button', { name: 'Try again' }).click();
    await state(view.page).filter({ hasText: '500 of 2,000 rows' }).waitFor();
    // What is there already is shown again by a page that is loaded anew, whatever the engine does.
    isLost = true;
    await view.reload();
    await view.cell(0, 0).filter({ hasText: /^2$/ }).waitFor();
    await state(view.page).filter({ hasText: '500 of 2,000 rows' }).waitFor();
  });

  it('may be none', async () => {
    const view = await suite.openWith("select '<i>x</i>' as a, i as b from range(3) t(i)");
    await view.drawn();
    await choose(view.page, view.cell(0, 0), 'Not “<i>x</i>”');
    await state(view.page).filter({ hasText: '0 of 3 rows' }).waitFor();
    await view.page.getByText('No rows.').waitFor();
    await bar(view.page).getByRole('button', { name: 'Clear' }).click();
    await view.cell(2, 1).filter({ hasText: '2' }).waitFor();
  });
});
