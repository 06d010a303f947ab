import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import type { ResultsPage } from '../support/results-page/results-page.ts';
import { useResultsPage } from '../support/results-page/suite.ts';

/** A thousand columns, c0 to c999, whose values are their numbers. */
const WIDE = `select ${Array.from({ length: 1000 }, (_, i) => `${i} as c${i}`).join(', ')} from range(60) t(i)`;

/** Scrolls sideways in steps, a frame each, as a wheel does. */
const sideways = (view: ResultsPage, step: number, steps: number) =>
  view.page.locator('[role=grid]').evaluate(
    async (grid, scroll) => {
      for (let i = 0; i < scroll.steps; i++) {
        grid.scrollLeft += scroll.step;
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    },
    { step, steps },
  );

/** The columns of each row in the order of the document, the header's first. */
const order = (view: ResultsPage) =>
  view.page
    .locator('[role=row]')
    .evaluateAll((rows) =>
      rows.map((row) =>
        Array.from(row.querySelectorAll('[role=gridcell], [role=columnheader]'), (cell) =>
          Number(cell.getAttribute('aria-colindex')),
        ),
      ),
    );

/** Waits until every row has its cells in the order of their columns. */
const inOrder = (view: ResultsPage) =>
  eventually('cells in the order of their columns', async () => {
    const rows = await order(view);
    const isSorted = (row: readonly number[]) => row.every((at, i) => i === 0 || at > (row[i - 1] ?? 0));
    return (rows.length > 1 && rows.every(isSorted)) || undefined;
  });

describe('a grid that is scrolled sideways', () => {
  const suite = useResultsPage();

  for (const [what, step] of [
    ['slowly', 90],
    ['by screens', 2500],
  ] as const) {
    it(`${what} shows the names and values of the columns that come`, async () => {
      const view = await suite.openWith(WIDE);
      await view.drawn();
      for (const [by, steps] of [
        [step, 7],
        [-step, 3],
      ] as const) {
        await sideways(view, by, steps);
        const shown = () =>
          view.page.locator('[role=grid]').evaluate((grid) => {
            const texts = (selector: string) =>
              Array.from(grid.querySelectorAll(selector), (cell) => [
                cell.closest('[aria-colindex]')?.getAttribute('aria-colindex'),
                cell.textContent,
              ]);
            return { names: texts('.head .label'), values: texts('[role=gridcell]') };
          });
        await inOrder(view);
        const { names, values } = await shown();
        assert.ok(names.length > 5 && values.length > 100, `${names.length} names, ${values.length} values`);
        for (const [at, name] of names) assert.equal(name, `c${Number(at) - 2}`);
        for (const [at, value] of values) assert.equal(value, String(Number(at) - 2));
      }
    });
  }

  it('has its cells in the order of their columns again once it rests, with frozen ones in front', async () => {
    const view = await suite.openWith(WIDE);
    await view.cell(0, 1).click();
    await view.page.keyboard.press('Alt+ArrowDown');
    await view.page.getByRole('menuitem', { name: 'Freeze up to here' }).click();
    await sideways(view, 130, 9);
    await inOrder(view);
    await sideways(view, -130, 4);
    await inOrder(view);
    const [head = [], first = []] = await order(view);
    assert.deepEqual(head.slice(1, 3), [2, 3]);
    assert.deepEqual(head.slice(1), first);
  });

  it('sorts by the column whose button is pressed, whatever the button was before', async () => {
    const view = await suite.openWith(WIDE);
    view.answer(async (question) => {
      throw new Error(JSON.stringify(question));
    });
    await view.drawn();
    await sideways(view, 700, 8);
    await inOrder(view);
    const name = view.page.locator('.head .name', { hasText: /c\d+/ }).nth(6);
    const column = Number(await name.getAttribute('aria-colindex')) - 2;
    await name.hover();
    await name.locator('.sort-button').click();
    const sorts = () => view.asked.flatMap((asked) => (asked.type === 'ask' ? [asked.question] : []));
    const question = await eventually('a question', async () => sorts().at(-1));
    assert.match(JSON.stringify(question), new RegExp(`"column":${column}\\b`));
  });

  it('takes the focus of a button whose column leaves the view', async () => {
    const view = await suite.openWith(WIDE);
    await view.drawn();
    await view.page.locator('.head .name').nth(2).locator('.menu-button').focus();
    await sideways(view, 3000, 2);
    await view.cell(0, 2).waitFor({ state: 'detached' });
    const role = await view.page.evaluate(() => document.activeElement?.getAttribute('role'));
    assert.equal(role, 'grid');
  });
});
