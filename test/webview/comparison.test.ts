import assert from 'node:assert/strict';
import { useResultsPage } from '../support/results-page/suite.ts';

const ROWS = `select * from (values
  ('changed', 1, ['b, c'], 1, 1, 2, 3),
  ('changed', 2, ['a', 'b, c'], 1, null, 2, 3),
  ('added', 3, null, 1, null, 2, null),
  ('removed', 4, null, null, 1, null, 3),
  ('duplicate', 5, null, null, null, null, null)
) t(status, id, changed, a, "a (before)", "b, c", "b, c (before)")`;

describe('a comparison in the results page', () => {
  const suite = useResultsPage();

  it('marks the cells that changed, and rows that one side alone has', async () => {
    const view = await suite.openWith(ROWS, { look: 'diff' });
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
    const view = await suite.openWith(ROWS);
    await view.drawn();
    assert.equal(await view.page.locator('[class*=diff-]').count(), 0);
  });
});
