import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import type { ResultsPage } from '../support/results-page/results-page.ts';
import { useResultsPage } from '../support/results-page/suite.ts';

const HUNDRED_THOUSAND = "select i as n, 'row ' || i as label from range(100000) t(i)";

/** How many cells the page holds, drawn or not. */
const cellCount = (view: ResultsPage) => view.page.locator('[role=gridcell]').count();

const pulls = (view: ResultsPage) => view.asked.filter((request) => request.type === 'pull').length;

describe('the grid of a result', () => {
  const suite = useResultsPage();

  it('shows the first rows under the names and types of the columns', async () => {
    const view = await suite.openWith(HUNDRED_THOUSAND);
    await view.cell(0, 1).getByText('row 0', { exact: true }).waitFor();
    assert.deepEqual(await view.page.locator('.head .label').allTextContents(), ['n', 'label']);
    assert.deepEqual(await view.page.locator('.head .type').allTextContents(), ['BIGINT', 'VARCHAR']);
    const summary = await view.page.locator('.summary > *').allTextContents();
    assert.equal(summary[0], '100,000 rows');
    assert.match(summary[1] ?? '', /^[\d.]+ (µs|ms|s)$/);
    assert.equal(await view.cell(7, 0).textContent(), '7');
  });

  it('scrolls to the last of 100,000 rows and pulls only what it shows', async () => {
    const view = await suite.openWith(HUNDRED_THOUSAND);
    await view.cell(0, 0).getByText('0', { exact: true }).waitFor();
    await view.page.locator('[role=grid]').evaluate((grid) => grid.scrollTo({ top: grid.scrollHeight }));
    await view.cell(99_999, 1).getByText('row 99999', { exact: true }).waitFor();
    assert.ok(pulls(view) <= 4, `${pulls(view)} pages were pulled`);
  });

  it('holds the elements of the rows in view and a few more', async () => {
    const view = await suite.openWith(HUNDRED_THOUSAND);
    await view.drawn();
    for (let top = 0; top < 2_000_000; top += 250_000) {
      await view.page.locator('[role=grid]').evaluate((grid, to) => grid.scrollTo({ top: to }), top);
      await view.cell(Math.ceil(top / 22), 0).waitFor();
      const count = await cellCount(view);
      assert.ok(count < 140, `${count} cells`);
    }
  });

  it('reaches the last row of more rows than a browser can lay out', async () => {
    const view = await suite.openWith('select i as n from range(2500000) t(i)');
    await view.drawn();
    await view.page.locator('[role=grid]').press('Control+End');
    await view.cell(2_499_999, 0).getByText('2499999', { exact: true }).waitFor();
    const { grid, row } = await view.page.evaluate(() => {
      const box = (selector: string) =>
        document.querySelector(selector)?.getBoundingClientRect().bottom ?? -1;
      return { grid: box('[role=grid]'), row: box('.rows .row:last-child') };
    });
    assert.ok(Math.abs(grid - row) < 2, `the last row ends at ${row}, the grid at ${grid}`);
  });

  it('moves by rows at a turn of the wheel, however many rows there are', async () => {
    const view = await suite.openWith('select i as n from range(2500000) t(i)');
    await view.drawn();
    const grid = view.page.locator('[role=grid]');
    const box = await grid.boundingBox();
    assert.ok(box !== null);
    const isTop = async (row: number) => {
      const cell = await view.cell(row, 0).boundingBox();
      return (cell !== null && Math.abs(cell.y - box.y - 38) <= 1) || undefined;
    };
    await view.page.mouse.move(box.x + 100, box.y + 100);
    await view.page.mouse.wheel(0, 110);
    await eventually('the sixth row at the top', () => isTop(5));
    await view.page.mouse.wheel(0, -110);
    await eventually('the first row at the top', () => isTop(0));
    await grid.press('Control+End');
    await view.cell(2_499_999, 0).waitFor();
    await view.page.mouse.wheel(0, -220);
    await eventually('the last row ten rows below', async () => {
      const [cell, now] = [await view.cell(2_499_989, 0).boundingBox(), await grid.boundingBox()];
      return (
        (cell !== null && now !== null && Math.abs(cell.y + cell.height - now.y - now.height) <= 1) ||
        undefined
      );
    });
  });

  it('draws the columns in view of a wide result', async () => {
    const columns = Array.from({ length: 400 }, (_, i) => `i + ${i} as c${i}`);
    const view = await suite.openWith(`select ${columns.join(', ')} from range(50) t(i)`);
    await view.drawn();
    assert.ok((await cellCount(view)) < 50 * 40);
    await view.page.locator('[role=grid]').press('End');
    await view.cell(0, 399).getByText('399', { exact: true }).waitFor();
    assert.equal(await view.page.locator('.head .label').last().textContent(), 'c399');
    assert.equal(await view.cell(0, 0).count(), 0);
  });

  it('marks cells whose page has not come, and fills them when it comes', async () => {
    const view = await suite.open();
    await view.hold(true);
    await suite.show(view, HUNDRED_THOUSAND);
    await view.page.locator('.cell.pending').first().waitFor();
    assert.equal(await view.cell(0, 1).textContent(), '');
    await view.hold(false);
    await view.cell(0, 1).getByText('row 0', { exact: true }).waitFor();
    assert.equal(await view.page.locator('.cell.pending').count(), 0);
  });

  it('asks once for a page, however often it draws meanwhile', async () => {
    const view = await suite.open();
    await view.hold(true);
    await suite.show(view, HUNDRED_THOUSAND);
    await view.page.locator('.cell.pending').first().waitFor();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowDown']) {
      await view.page.locator('[role=grid]').press(key);
    }
    assert.equal(pulls(view), 1);
    await view.hold(false);
  });

  it('says why rows cannot be had', async () => {
    const view = await suite.open();
    await view.hold(true);
    await suite.show(view, 'select 1 as one');
    await view.page.locator('.cell.pending').first().waitFor();
    const pull = view.asked.find((request) => request.type === 'pull');
    assert.ok(pull !== undefined);
    const message = 'These rows are gone; run the statement again.';
    await view.post({ type: 'pageFailed', id: pull.id, page: pull.page, message });
    await view.page.locator('.detail .text').getByText(message).waitFor();
    assert.equal(await view.page.locator('.cell.pending').count(), 0);
  });

  it('says so when the bytes of a page are torn', async () => {
    const view = await suite.open();
    await view.hold(true);
    await suite.show(view, HUNDRED_THOUSAND);
    await view.page.locator('.cell.pending').first().waitFor();
    const pull = view.asked.find((request) => request.type === 'pull');
    assert.ok(pull !== undefined);
    await view.post({ type: 'page', id: pull.id, page: pull.page, bytes: new ArrayBuffer(64) });
    await view.page.locator('.cell.failed').first().waitFor();
    assert.notEqual(await view.page.locator('.detail .text').textContent(), '…');
  });

  it('makes a column wider by its edge, and as wide as its values by a double press', async () => {
    const view = await suite.openWith("select repeat('wide ', 40) as a, 2 as b");
    await view.drawn();
    const width = async () => (await view.cell(0, 0).boundingBox())?.width ?? 0;
    const before = await width();
    const edge = view.page.locator('.head .edge').first();
    const box = await edge.boundingBox();
    assert.ok(box !== null);
    await view.page.mouse.move(box.x + box.width / 2, box.y + 10);
    await view.page.mouse.down();
    await view.page.mouse.move(box.x + box.width / 2 - 120, box.y + 10, { steps: 4 });
    await view.page.mouse.up();
    await eventually(
      'a narrower column',
      async () => Math.abs((await width()) - (before - 120)) <= 1 || undefined,
    );
    await edge.dblclick();
    await eventually('a wide column', async () => (await width()) > 900 || undefined);
  });
});
