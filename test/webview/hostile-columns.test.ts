import assert from 'node:assert/strict';
import { chartData } from '../support/chart-query.ts';
import { eventually } from '../support/eventually.ts';
import type { ResultsPage } from '../support/results-page/results-page.ts';
import { useResultsPage } from '../support/results-page/suite.ts';

const COUNT = 5000;

/** 5,000 columns, of which pairs have one name, one has none that is seen, and one has a name of ten million characters. */
const WIDE = `select ${Array.from({ length: COUNT }, (_, i) => `i + ${i} as c${i >> 1}`).join(', ')} from range(40) t(i)`;

const LONG_NAME = 'n'.repeat(10_000_000);

describe('columns that are many, or whose names are long, equal or empty', function () {
  this.timeout(180_000);
  const suite = useResultsPage();

  /** Shows a result whose columns have other names, as a host may send them. */
  async function showNamed(view: ResultsPage, sql: string, names: readonly string[]): Promise<void> {
    const run = await suite.run(sql);
    const statements = run.statements.map((statement) => ({
      ...statement,
      columns: statement.columns.map((column, i) => ({ ...column, name: names[i] ?? column.name })),
    }));
    await view.show({ ...run, statements }, sql);
    await view.drawn();
  }

  const tab = (view: ResultsPage, name: string) => view.page.getByRole('tab', { name, exact: true }).click();

  it('are gone through by the keyboard and copied when there are 5,000', async () => {
    const view = await suite.openWith(WIDE);
    await view.drawn();
    const grid = view.page.locator('[role=grid]');
    await grid.press('End');
    await view
      .cell(0, COUNT - 1)
      .getByText('4999', { exact: true })
      .waitFor();
    await view.page.keyboard.press('Control+c');
    const copied = await eventually('a copy', async () =>
      view.asked.flatMap((asked) => (asked.type === 'copy' ? [asked.text] : [])).at(-1),
    );
    assert.equal(copied, '4999');
  });

  it('are offered by a chart by their beginning, and drawn, when there are 5,000', async () => {
    const view = await suite.open();
    view.answer(async (question) => {
      if (question.kind !== 'chart') throw new Error(`nothing answers ${question.kind}`);
      return await chartData(suite.session(), WIDE, question.spec);
    });
    await suite.show(view, WIDE);
    await tab(view, 'Chart');
    await view.page.locator('.chart-facet:not([aria-busy])').waitFor();
    const options = await view.page.getByLabel('X', { exact: true }).locator('option').count();
    assert.ok(options >= COUNT, `${options} columns to choose from`);
  });

  it('are shown by their beginning everywhere when a name has ten million characters', async () => {
    const view = await suite.open();
    await showNamed(view, "select i as a, i * 2 as b, 'x' || i as c from range(50) t(i)", [
      LONG_NAME,
      '',
      '',
    ]);
    const longest = () =>
      view.page.evaluate(() => {
        const lengths = Array.from(document.querySelectorAll('*'), (node) =>
          Math.max(
            ...Array.from(node.childNodes, (child) => (child instanceof Text ? child.data.length : 0)),
            ...Array.from(node.attributes, ({ value }) => value.length),
            0,
          ),
        );
        return Math.max(...lengths);
      });
    const check = async (state: string) =>
      assert.ok((await longest()) < 2000, `${state}: ${await longest()}`);
    await check('rows');
    await view.cell(0, 0).click();
    await check('a cell');
    await view.page.keyboard.press('Alt+ArrowDown');
    await view.page.getByRole('menu').waitFor();
    await check('the menu of a column');
    await view.page.keyboard.press('Escape');
    await view.page.keyboard.press('Enter');
    await check('the viewer');
    await view.page.keyboard.press('Escape');
    await view.page.keyboard.press('Control+Shift+c');
    const copied = await eventually('a copy with names', async () =>
      view.asked.flatMap((asked) => (asked.type === 'copy' ? [asked.text] : [])).at(-1),
    );
    assert.ok(copied.length > LONG_NAME.length, `${copied.length} characters were copied`);
    await tab(view, 'Summary');
    await view.page.locator('.column-card').first().waitFor();
    await check('the summary');
    await tab(view, 'Chart');
    await view.page.getByLabel('X', { exact: true }).waitFor();
    await check('the chart');
  });

  it('of equal and empty names are told apart in copies', async () => {
    const view = await suite.open();
    await showNamed(view, 'select 1 as a, 2 as b, 3 as c', ['x', 'x', '']);
    await view.cell(0, 0).click();
    await view.page.keyboard.press('Control+a');
    await view.page.keyboard.press('Control+Shift+c');
    const copied = await eventually('a copy with names', async () =>
      view.asked.flatMap((asked) => (asked.type === 'copy' ? [asked.text] : [])).at(-1),
    );
    assert.equal(copied.replaceAll('\r', ''), 'x\tx\t\n1\t2\t3');
  });
});
