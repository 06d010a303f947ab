import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { ResultsPage } from '../support/results-page/results-page.ts';
import { useResultsPage } from '../support/results-page/suite.ts';

const COMPARED = `select * from (values ('changed', 1, ['b'], 1, 2), ('added', 3, null, 1, null), ('removed', 4, null, null, 2))
  t(status, id, changed, b, "b (before)")`;

describe('the results page with the colours that a system forces', function () {
  this.timeout(120_000);
  const suite = useResultsPage();
  const open = async () => {
    const view = await suite.open({ width: 900, height: 500 });
    await view.page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
    return view;
  };
  const style = (locator: Locator, property: string) =>
    locator.first().evaluate((node, name) => getComputedStyle(node).getPropertyValue(name), property);
  /** That something has a colour of its own, which is what shows how long it is. */
  const checkSeen = async (view: ResultsPage, selector: string) => {
    const bar = view.page.locator(selector);
    await bar.first().waitFor({ state: 'attached' });
    const [own, page] = [
      await style(bar, 'background-color'),
      await style(view.page.locator('body'), 'background-color'),
    ];
    assert.notEqual(own, page, selector);
    assert.doesNotMatch(own, /, 0\)$/, selector);
  };

  it('has bars that are seen, and none that moves', async () => {
    const view = await open();
    await view.post({ type: 'running', title: 'select 42' });
    await checkSeen(view, '.bar');
    assert.equal(await style(view.page.locator('.bar'), 'animation-name'), 'none');
    await suite.show(view, 'select i as n from range(100) t(i)');
    await view.page.getByRole('tab', { name: 'Summary' }).click();
    await checkSeen(view, '.spread-fill');
    const sql = 'select count(*) from range(100000) a(i) join range(50) b(i) using (i)';
    await suite.explain(view, sql, 'analyze');
    await checkSeen(view, '.plan-fill.operator');
    const edge = (name: string) => style(view.page.locator(name), 'border-inline-start-color');
    assert.notEqual(await edge('.plan-item:is(.path, .end)'), await edge('.plan-item:not(.path, .end)'));
  });

  it('shows which tab is chosen, and which cells are selected', async () => {
    const view = await open();
    await suite.show(view, 'select i as n, i as m from range(100) t(i)');
    await view.cell(1, 0).click();
    const under = (chosen: boolean) =>
      style(view.page.locator(`.facets [role=tab][aria-selected=${chosen}]`), 'border-bottom-color');
    assert.notEqual(await under(true), await under(false));
    assert.notEqual(await style(view.cell(1, 0), 'outline-style'), 'none');
    assert.equal(await style(view.cell(2, 1), 'outline-style'), 'none');
  });

  it('shows by lines what a comparison shows by colours', async () => {
    const view = await open();
    await suite.show(view, COMPARED, 'diff');
    await view.drawn();
    const line = (row: number, column: number) => style(view.cell(row, column), 'border-inline-start-style');
    assert.deepEqual(
      [await line(0, 0), await line(0, 3), await line(0, 4), await line(1, 1), await line(2, 1)],
      ['none', 'solid', 'double', 'solid', 'double'],
    );
  });
});
