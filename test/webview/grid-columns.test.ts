import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import type { ResultsPage } from '../support/results-page/results-page.ts';
import { useResultsPage } from '../support/results-page/suite.ts';

const LETTERS = 'select i as a, i + 1 as b, i + 2 as c, i + 3 as d, i + 4 as e from range(100) t(i)';

const names = (view: ResultsPage) => view.page.locator('.head .label').allTextContents();

/** Opens the menu of a column by its keys, and chooses a line of it. */
async function choose(view: ResultsPage, position: number, line: string | RegExp): Promise<void> {
  await view.cell(0, position).click();
  await view.page.keyboard.press('Alt+ArrowDown');
  await view.page.getByRole('menuitem', { name: line }).click();
}

/** Waits until the names stand in an order. */
const ordered = (view: ResultsPage, expected: readonly string[]) =>
  eventually(
    `the names ${expected.join()}`,
    async () => (await names(view)).join() === expected.join() || undefined,
  );

const focusedRole = (view: ResultsPage) =>
  view.page.evaluate(() => document.activeElement?.getAttribute('role'));

describe('the columns of a grid', () => {
  const suite = useResultsPage();

  it('stay at the left once frozen, while the others scroll', async () => {
    const wide = Array.from({ length: 60 }, (_, i) => `i * 1000000 + ${i} as c${i}`);
    const view = await suite.openWith(`select ${wide.join(', ')} from range(100) t(i)`);
    await view.drawn();
    await choose(view, 1, 'Freeze up to here');
    const left = async () => (await view.cell(0, 1).boundingBox())?.x;
    // The cells are drawn anew when a column is frozen.
    const before = await eventually('the column is there', left);
    const grid = view.page.locator('[role=grid]');
    await grid.press('End');
    await view.cell(0, 59).waitFor();
    assert.equal(await left(), before);
    assert.equal(await view.cell(0, 1).textContent(), '1');
    assert.equal(await view.cell(0, 4).count(), 0);
    await choose(view, 1, 'Unfreeze');
    await grid.press('End');
    await eventually(
      'the first columns scroll away',
      async () => (await view.cell(0, 1).count()) === 0 || undefined,
    );
  });

  it('do not cover one that the keyboard goes to', async () => {
    const wide = Array.from({ length: 60 }, (_, i) => `i * 1000000 + ${i} as c${i}`);
    const view = await suite.openWith(`select ${wide.join(', ')} from range(100) t(i)`);
    await view.drawn();
    await choose(view, 2, 'Freeze up to here');
    const grid = view.page.locator('[role=grid]');
    await grid.press('End');
    for (let i = 0; i < 40; i++) await grid.press('ArrowLeft');
    const cell = await view.cell(0, 19).boundingBox();
    const frozen = await view.cell(0, 2).boundingBox();
    assert.ok(cell !== null && frozen !== null);
    assert.ok(
      cell.x >= frozen.x + frozen.width,
      `the cell begins at ${cell.x}, under ${frozen.x + frozen.width}`,
    );
  });

  it('move by keys and by dragging their names', async () => {
    const view = await suite.openWith(LETTERS);
    await view.cell(0, 1).click();
    await view.page.keyboard.press('Alt+Shift+ArrowRight');
    await ordered(view, ['a', 'c', 'b', 'd', 'e']);
    assert.equal(await view.cell(0, 2).textContent(), '1');
    const from = await view.page.locator('.head .label').nth(0).boundingBox();
    const to = await view.page.locator('.head .label').nth(3).boundingBox();
    assert.ok(from !== null && to !== null);
    await view.page.mouse.move(from.x + 10, from.y + 5);
    await view.page.mouse.down();
    await view.page.mouse.move(to.x + 10, to.y + 5, { steps: 4 });
    await view.page.mouse.up();
    await ordered(view, ['c', 'b', 'd', 'a', 'e']);
  });

  it('are hidden and shown again', async () => {
    const view = await suite.openWith(LETTERS);
    await view.drawn();
    await choose(view, 1, 'Hide');
    await ordered(view, ['a', 'c', 'd', 'e']);
    assert.equal(await view.page.getByRole('grid').getAttribute('aria-colcount'), '5');
    await choose(view, 0, 'Show hidden (1)…');
    await view.page.getByRole('menuitem', { name: 'b', exact: true }).click();
    await ordered(view, ['a', 'b', 'c', 'd', 'e']);
  });

  it('keep the last one when all are hidden', async () => {
    const view = await suite.openWith('select 1 as a, 2 as b');
    await view.drawn();
    await choose(view, 0, 'Hide');
    await ordered(view, ['b']);
    await view.cell(0, 0).click();
    await view.page.keyboard.press('Alt+ArrowDown');
    const hide = view.page.getByRole('menuitem', { name: 'Hide', exact: true });
    assert.equal(await hide.getAttribute('aria-disabled'), 'true');
  });

  it('become wider and narrower by keys', async () => {
    const view = await suite.openWith(LETTERS);
    await view.cell(0, 0).click();
    const width = async () => (await view.cell(0, 0).boundingBox())?.width ?? 0;
    const before = await width();
    for (let i = 0; i < 3; i++) await view.page.keyboard.press('Alt+ArrowRight');
    await eventually('a wider column', async () => (await width()) === before + 48 || undefined);
    await choose(view, 0, 'Fit width');
    await eventually('the width of before', async () => (await width()) === before || undefined);
  });

  it('have a menu that the keyboard walks through and leaves', async () => {
    const view = await suite.openWith(LETTERS);
    await view.cell(3, 2).click();
    await view.page.keyboard.press('Alt+ArrowDown');
    const focused = () => view.page.evaluate(() => document.activeElement?.textContent);
    assert.equal(await focused(), 'Sort ascending');
    await view.page.keyboard.press('f');
    assert.match((await focused()) ?? '', /^Freeze up to here/);
    await view.page.keyboard.press('End');
    assert.equal(await focused(), 'Reset columns');
    await view.page.keyboard.press('h');
    assert.equal(await focused(), 'Hide');
    await view.page.keyboard.press('Enter');
    await ordered(view, ['a', 'b', 'd', 'e']);
    assert.equal(await focusedRole(view), 'grid');
    await view.page.keyboard.press('Shift+F10');
    await view.page.keyboard.press('Escape');
    assert.equal(await view.page.getByRole('menu').count(), 0);
    assert.equal(await focusedRole(view), 'grid');
  });

  it('of equal and empty names are told apart', async () => {
    const view = await suite.openWith(
      'select * from (select 1 as x, 2 as y), (select 3 as x), (select 4 as " ")',
    );
    await view.drawn();
    await choose(view, 0, 'Hide');
    await eventually('three names', async () => (await names(view)).length === 3 || undefined);
    assert.equal(await view.cell(0, 0).textContent(), '2');
    assert.equal(await view.cell(0, 1).textContent(), '3');
  });

  it('of a result with 5,000 of them are drawn as far as they are in view', async () => {
    const wide = Array.from({ length: 5000 }, (_, i) => `${i} as c${i}`);
    const view = await suite.openWith(`select ${wide.join(', ')} from range(3) t(i)`);
    await view.drawn();
    const cells = () => view.page.locator('[role=gridcell]').count();
    assert.ok((await cells()) < 3 * 40, `${await cells()} cells`);
    const grid = view.page.locator('[role=grid]');
    await grid.press('End');
    await view.cell(0, 4999).getByText('4999', { exact: true }).waitFor();
    await grid.press('Home');
    await view.cell(0, 0).getByText('0', { exact: true }).waitFor();
    await choose(view, 2, 'Freeze up to here');
    await grid.press('End');
    await view.cell(0, 4999).waitFor();
    assert.equal(await view.cell(0, 2).textContent(), '2');
  });
});
