import assert from 'node:assert/strict';
import { COMPARED_ROWS } from '../support/results-page/compared-rows.ts';
import { useResultsPage } from '../support/results-page/suite.ts';

describe('a comparison in the results page', () => {
  const suite = useResultsPage();

  it('marks the cells that changed, and rows that one side alone has', async () => {
    const view = await suite.openWith(COMPARED_ROWS, { look: 'diff' });
    await view.drawn();
    const marks = await Promise.all(
      [0, 1, 2, 3, 4].map((row) =>
        Promise.all(
          [0, 1, 2, 3, 4, 5, 6].map(async (column) => {
            const classes = (await view.cell(row, column).getAttribute('class')) ?? '';
            return /diff-(\w+)/.exec(classes)?.[1] ?? '';
          }),
        ),
      ),
    );
    assert.deepEqual(marks, [
      ['', '', '', '', '', 'after', 'before'],
      ['', '', '', 'after', 'before', 'after', 'before'],
      Array(7).fill('added'),
      Array(7).fill('removed'),
      Array(7).fill('duplicate'),
    ]);
  });

  it('leaves rows alone that only look like a comparison', async () => {
    const view = await suite.openWith(COMPARED_ROWS);
    await view.drawn();
    assert.equal(await view.page.locator('[class*=diff-]').count(), 0);
  });
});
