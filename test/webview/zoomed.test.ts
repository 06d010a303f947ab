import assert from 'node:assert/strict';
import { chartData } from '../support/chart-query.ts';
import { outOfReach } from '../support/results-page/reachable.ts';
import type { ResultsPage } from '../support/results-page/results-page.ts';
import { useResultsPage } from '../support/results-page/suite.ts';

/** A panel of 1,000 by 640 pixels at 200 %, and one of 1,280 by 1,200 at 400 %. */
const ZOOMS = {
  '200 %': { width: 500, height: 320, gridHeight: 110 },
  '400 %': { width: 320, height: 300, gridHeight: 50 },
};

const ROWS = `select i as n, 'row ' || i as "a name that is longer than most", i % 7 as m,
  ['a', 'b'] as list from range(5000) t(i)`;

for (const [zoom, size] of Object.entries(ZOOMS)) {
  describe(`the results page at ${zoom}`, function () {
    this.timeout(120_000);
    const suite = useResultsPage();
    const shoot = async (view: ResultsPage, state: string) => {
      const folder = process.env.QUERN_SCREENSHOTS;
      if (folder !== undefined) await view.page.screenshot({ path: `${folder}/${size.width}-${state}.png` });
    };
    const check = async (view: ResultsPage, state: string) => {
      await shoot(view, state);
      assert.deepEqual(await outOfReach(view), [], state);
      const grid = view.page.getByRole('grid');
      if ((await grid.count()) === 0) return;
      const box = await grid.boundingBox();
      assert.ok((box?.height ?? 0) >= size.gridHeight, `the grid is ${box?.height} pixels high: ${state}`);
    };

    it('has all its controls in reach in each state of a run', async () => {
      const view = await suite.open(size);
      await check(view, 'empty');
      await view.post({ type: 'running', title: `select 42 -- ${'long '.repeat(40)}` });
      await check(view, 'running');
      await view.post({
        type: 'failed',
        message: `Parser Error: ${'what the engine says, '.repeat(30)}`,
        details: { start: 0, end: 1 },
      });
      await check(view, 'failed');
      await view.post({ type: 'cancelled' });
      await check(view, 'cancelled');
      await view.post({ type: 'gone', title: `select 42 -- ${'long '.repeat(40)}`, isRestricted: true });
      await check(view, 'gone');
    });

    it('has them in reach beside rows, filters, the search and the timeline', async () => {
      const view = await suite.openWith(`${ROWS}; ${ROWS.replace('5000', '100')}`, size);
      await view.drawn();
      await check(view, 'rows');
      await view.cell(1, 0).click();
      await view.cell(3, 2).click({ modifiers: ['Shift'] });
      await check(view, 'selected');
      await view.page.keyboard.press('Control+f');
      await view.page.getByRole('textbox').first().waitFor();
      await check(view, 'find');
      await view.page.keyboard.press('Escape');
      await view.cell(1, 3).click();
      await view.page.keyboard.press('Enter');
      await check(view, 'value');
    });

    it('has them in reach in a chart, a summary and a plan', async () => {
      const view = await suite.open(size);
      view.answer(async (question) => {
        if (question.kind !== 'chart') throw new Error(`nothing answers ${question.kind}`);
        return await chartData(suite.session(), ROWS, question.spec);
      });
      await suite.show(view, ROWS);
      await view.page.getByRole('tab', { name: 'Chart' }).click();
      await view.page.locator('.chart[role=img] canvas').first().waitFor();
      await view.page.locator('.chart-facet:not([aria-busy])').waitFor();
      await check(view, 'chart');
      const other = await suite.openWith(ROWS, size);
      await other.page.getByRole('tab', { name: 'Summary' }).click();
      await other.page.getByText('5,000', { exact: true }).first().waitFor();
      await check(other, 'summary');
      await suite.explain(
        view,
        'select count(*) from range(100) a(i) join range(50) b(i) using (i)',
        'analyze',
      );
      await view.page.getByRole('treeitem').first().waitFor();
      await check(view, 'plan');
    });
  });
}
