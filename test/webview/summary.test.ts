import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { faultsOf } from '../support/results-page/axe.ts';
import { useResultsPage } from '../support/results-page/suite.ts';
import { THEMES } from '../support/results-page/themes.ts';

const ROWS = `select i as n, 'v' || (i % 4) as t, if(i % 5 = 0, null, i / 4) as d, md5(i::varchar) as m,
  date '2024-01-01' + (i % 300)::integer as day, [i] as l from range(2000) r(i)`;

describe('the summary of columns in the results page', function () {
  this.timeout(120_000);
  const suite = useResultsPage();

  const openSummary = async (page: Page) => {
    await page.getByRole('tab', { name: 'Summary' }).click();
    await page.locator('.column-card:not([aria-busy])').first().waitFor();
  };
  const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
  const figures = async (page: Page, name: string) => {
    const lines = card(page, name).locator('.column-figures > div');
    await lines.first().waitFor();
    return Object.fromEntries(
      await lines.evaluateAll((all) =>
        all.map((line) => [line.querySelector('dt')?.textContent, line.querySelector('dd')?.textContent]),
      ),
    );
  };

  it('tells of each column what it holds', async () => {
    const view = await suite.openWith(ROWS);
    await openSummary(view.page);
    assert.deepEqual(await figures(view.page, 'n'), {
      NULL: '0 (0 %)',
      Different: '2,000',
      Least: '0',
      Quarter: '499',
      Median: '999',
      'Three quarters': '1499',
      Greatest: '1999',
      Mean: '999.5',
    });
    const { NULL: nulls, Least: least } = await figures(view.page, 'd');
    assert.deepEqual([nulls, least], ['400 (20 %)', '0.25']);
    const { Different: different } = await figures(view.page, 't');
    assert.equal(different, '4');
    assert.deepEqual(await card(view.page, 't').locator('.spread-value').allTextContents(), [
      'v0',
      'v1',
      'v2',
      'v3',
    ]);
    assert.equal(await card(view.page, 'n').locator('.histogram .spread-bar').count(), 20);
  });

  it('filters when a bar is pressed, tells of the rows that are left, and shows them', async () => {
    const view = await suite.openWith(ROWS);
    await openSummary(view.page);
    const bars = card(view.page, 'n').getByRole('button', { name: 'Show only these' });
    assert.equal(await bars.nth(2).getAttribute('title'), '200 – 300: 100 rows (5.0 %)');
    await bars.nth(2).press('Enter');
    const bar = view.page.getByRole('region', { name: 'Filters' });
    await bar.getByRole('status').filter({ hasText: '100 of 2,000 rows' }).waitFor();
    assert.deepEqual(await bar.locator('.chip-text').allTextContents(), ['200 ≤ n < 300']);
    await card(view.page, 'n').locator('dd', { hasText: /^299$/ }).waitFor();
    const { Least: least } = await figures(view.page, 'n');
    assert.equal(least, '200');
    await view.page.getByRole('tab', { name: 'Rows' }).click();
    await view.cell(0, 0).filter({ hasText: '200' }).waitFor();
    assert.equal(await view.page.getByRole('grid').getAttribute('aria-rowcount'), '101');
  });

  it('asks for columns when they come into view', async () => {
    const list = Array.from({ length: 300 }, (_, i) => `i + ${i} as c${i}`).join(', ');
    const view = await suite.openWith(`select ${list} from range(10) r(i)`);
    await openSummary(view.page);
    await figures(view.page, 'c0');
    const asked = () => view.asked.filter((each) => each.type === 'ask').length;
    assert.ok(asked() < 60, `${asked()} columns were asked for`);
    await card(view.page, 'c299').scrollIntoViewIfNeeded();
    assert.equal((await figures(view.page, 'c299')).Least, '299');
  });

  for (const theme of THEMES) {
    it(`breaks no rule of axe in ${theme.name}`, async () => {
      const view = await suite.openWith(ROWS, { theme });
      await openSummary(view.page);
      await figures(view.page, 'm');
      const faults = await faultsOf(view, 'summary');
      await card(view.page, 't').getByRole('button', { name: 'Show only these' }).first().click();
      await view.page.getByRole('region', { name: 'Filters' }).getByText('500 of 2,000 rows').waitFor();
      await card(view.page, 't').locator('.spread-count', { hasText: '500' }).waitFor();
      faults.push(...(await faultsOf(view, 'filtered summary')));
      assert.deepEqual(faults, []);
    });
  }
});
