import assert from 'node:assert/strict';
import type { ResultsPage } from '../support/results-page/results-page.ts';
import { useResultsPage } from '../support/results-page/suite.ts';

const ROWS = "select i as n, 'a' || i as a, 'b' || i as b from range(1000) t(i)";

/** The copied text, once the page has sent it. */
async function copied(view: ResultsPage): Promise<string> {
  for (let i = 0; i < 200; i++) {
    const request = view.asked.findLast(({ type }) => type === 'copy');
    if (request?.type === 'copy') return request.text;
    await view.page.waitForTimeout(25);
  }
  return assert.fail('nothing was copied');
}

/** Row and column of the cell that the keyboard is on, as the page tells readers of it. */
async function activeCell(view: ResultsPage): Promise<string> {
  // The grid names its cell when it draws, in the next frame.
  await view.page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
  return view.page.locator('[role=grid]').evaluate((grid) => {
    const cell = document.getElementById(grid.getAttribute('aria-activedescendant') ?? '');
    const row = Number(cell?.closest('[role=row]')?.getAttribute('aria-rowindex')) - 2;
    return `${row},${Number(cell?.getAttribute('aria-colindex')) - 2}`;
  });
}

describe('selecting cells', () => {
  const suite = useResultsPage();

  it('moves by the keys of a table', async () => {
    const view = await suite.openWith(ROWS);
    await view.drawn();
    const grid = view.page.locator('[role=grid]');
    const steps: readonly (readonly [string, RegExp])[] = [
      ['ArrowDown', /^1,0$/],
      ['ArrowRight', /^1,1$/],
      ['End', /^1,2$/],
      ['ArrowRight', /^1,2$/],
      ['Home', /^1,0$/],
      ['PageDown', /^\d\d,0$/],
      ['PageUp', /^1,0$/],
      ['Control+End', /^999,2$/],
      ['ArrowDown', /^999,2$/],
      ['Control+Home', /^0,0$/],
      ['ArrowUp', /^0,0$/],
    ];
    for (const [key, place] of steps) {
      await grid.press(key);
      assert.match(await activeCell(view), place, key);
    }
  });

  it('copies the selected cells as tab-separated lines', async () => {
    const view = await suite.openWith(ROWS);
    await view.cell(1, 1).click();
    await view.page.keyboard.press('Shift+ArrowDown');
    await view.page.keyboard.press('Shift+ArrowRight');
    await view.page.keyboard.press('Control+c');
    assert.equal(await copied(view), 'a1\tb1\na2\tb2');
  });

  it('copies with the names of the columns on Ctrl+Shift+C', async () => {
    const view = await suite.openWith(ROWS);
    await view.cell(3, 0).click();
    await view.cell(3, 2).click({ modifiers: ['Shift'] });
    await view.page.keyboard.press('Control+Shift+C');
    assert.equal(await copied(view), 'n\ta\tb\n3\ta3\tb3');
  });

  it('copies all rows, also those that were never in view', async () => {
    const view = await suite.openWith("select i as n, 'v' || i as v from range(60000) t(i)");
    await view.drawn();
    await view.page.locator('[role=grid]').press('Control+a');
    await view.page.keyboard.press('Control+c');
    const expected = Array.from({ length: 60_000 }, (_, i) => `${i}\tv${i}`).join('\n');
    assert.equal(await copied(view), expected);
    await view.page.getByText('Copied 60,000 rows').waitFor();
  });

  it('quotes tabs, quotes and line ends as spreadsheets read them', async () => {
    const view = await suite.openWith(`select 'a' || chr(9) || 'b' as t, 'say "x"' as q, null as z`);
    await view.drawn();
    await view.page.locator('[role=grid]').press('Control+a');
    await view.page.keyboard.press('Control+c');
    assert.equal(await copied(view), '"a\tb"\t"say ""x"""\t');
  });

  it('copies one cell as it is', async () => {
    const view = await suite.openWith(`select 'two' || chr(10) || '"lines"' as t`);
    await view.cell(0, 0).click();
    await view.page.keyboard.press('Control+c');
    assert.equal(await copied(view), 'two\n"lines"');
  });

  it('drags over cells, and takes rows by their numbers and columns by their names', async () => {
    const view = await suite.openWith(ROWS);
    const selected = () => view.page.locator('[role=gridcell][aria-selected=true]').count();
    await view.cell(0, 0).hover();
    await view.page.mouse.down();
    await view.cell(4, 1).hover();
    await view.page.mouse.up();
    await view.page.getByText('5 rows × 2 columns').waitFor();
    assert.equal(await selected(), 10);
    await view.page.locator('[role=row][aria-rowindex="4"] [role=rowheader]').click();
    await view.page.getByText('1 row × 3 columns').waitFor();
    await view.page.locator('.head .label').nth(1).click();
    await view.page.getByText('1,000 rows × 1 column').waitFor();
    await view.page.locator('.corner').click();
    await view.page.getByText('1,000 rows × 3 columns').waitFor();
  });

  it('scrolls a cell into view that the keyboard goes to', async () => {
    const view = await suite.openWith(ROWS);
    await view.cell(0, 0).click();
    for (let i = 0; i < 60; i++) await view.page.keyboard.press('ArrowDown');
    assert.equal(await activeCell(view), '60,0');
    const cell = await view.cell(60, 0).boundingBox();
    const grid = await view.page.locator('[role=grid]').boundingBox();
    assert.ok(cell !== null && grid !== null);
    assert.ok(cell.y >= grid.y && cell.y + cell.height <= grid.y + grid.height);
  });

  it('scrolls when a drag goes past the edge', async () => {
    const view = await suite.openWith(ROWS);
    await view.cell(2, 1).hover();
    await view.page.mouse.down();
    const grid = await view.page.locator('[role=grid]').boundingBox();
    assert.ok(grid !== null);
    for (let i = 0; i < 20; i++) await view.page.mouse.move(grid.x + 200 + i, grid.y + grid.height + 15);
    await view.page.mouse.up();
    const [row] = (await activeCell(view)).split(',');
    assert.ok(Number(row) > 30, `it reached row ${row}`);
    await view.cell(Number(row), 1).waitFor();
  });

  it('lets Tab leave the grid', async () => {
    const view = await suite.openWith(ROWS);
    await view.cell(0, 0).click();
    await view.page.keyboard.press('Tab');
    const focused = () => view.page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    assert.equal(await focused(), 'Selected value');
    await view.page.keyboard.press('Shift+Tab');
    assert.equal(await view.page.evaluate(() => document.activeElement?.getAttribute('role')), 'grid');
  });
});
