import assert from 'node:assert/strict';
import { faultsOf } from '../support/results-page/axe.ts';
import { COMPARED_ROWS } from '../support/results-page/compared-rows.ts';
import { useResultsPage } from '../support/results-page/suite.ts';
import { THEMES } from '../support/results-page/themes.ts';

describe('the results page for everyone', function () {
  this.timeout(120_000);
  const suite = useResultsPage();

  for (const theme of THEMES) {
    it(`breaks no rule of axe in ${theme.name}`, async () => {
      const view = await suite.open({ theme });
      const faults: string[] = [];
      const check = async (state: string) => faults.push(...(await faultsOf(view, state)));
      await check('before a run');
      await view.post({ type: 'running', title: 'select 42' });
      await check('running');
      await view.post({ type: 'failed', message: 'no such table', details: { start: 0, end: 1 } });
      await check('failed');
      await view.post({ type: 'cancelled' });
      await check('cancelled');
      await view.post({ type: 'gone', title: 'select 42', isRestricted: true });
      await check('rows gone');
      await suite.show(view, "select i as n, null as z, 'text' as t from range(5000) r(i)");
      await view.drawn();
      await check('rows');
      await view.cell(2, 1).click();
      await view.cell(4, 2).click({ modifiers: ['Shift'] });
      await check('selected rows');
      await view.cell(2, 2).click({ button: 'right' });
      await view.page.getByRole('menuitem', { name: 'Only “text”' }).click();
      await view.page.getByRole('status').filter({ hasText: '5,000 of 5,000 rows' }).waitFor();
      await check('filtered rows');
      await suite.show(view, COMPARED_ROWS, 'diff');
      await view.drawn();
      await check('comparison');
      await suite.show(view, 'select 1 as a where false; create or replace table t as select 1 as a');
      await check('tabs, no rows');
      assert.deepEqual(faults, []);
    });
  }

  it('tells readers how many rows there are and which are here', async () => {
    const view = await suite.openWith('select i as n, i as m from range(5000) t(i)');
    await view.drawn();
    const grid = view.page.getByRole('grid');
    assert.equal(await grid.getAttribute('aria-rowcount'), '5001');
    assert.equal(await grid.getAttribute('aria-colcount'), '3');
    await grid.press('Control+End');
    await view.cell(4999, 1).waitFor();
    const rows = await view.page
      .locator('.rows [role=row]')
      .evaluateAll((all) => all.map((row) => Number(row.getAttribute('aria-rowindex'))));
    assert.deepEqual(
      rows,
      rows.map((_, i) => (rows[0] ?? 0) + i),
    );
    assert.equal(rows.at(-1), 5001);
  });

  it('shows where the focus is in each theme', async () => {
    for (const theme of THEMES) {
      const view = await suite.openWith('select 1 as a', { theme });
      await view.drawn();
      await view.page.locator('[role=grid]').focus();
      const outline = await view.cell(0, 0).evaluate((cell) => getComputedStyle(cell).outline);
      assert.match(outline, /solid/, theme.name);
      assert.doesNotMatch(outline, /rgba\(0, 0, 0, 0\)|none/, theme.name);
    }
  });
});
