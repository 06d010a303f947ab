import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import type { ResultsPage } from '../support/results-page/results-page.ts';
import { useResultsPage } from '../support/results-page/suite.ts';

/** The last question that the page asked. */
const question = (view: ResultsPage) =>
  eventually('a question', async () => view.asked.findLast((request) => request.type === 'ask'));

/** Selects all and copies by the menu. */
async function copyAll(view: ResultsPage, line: string): Promise<string> {
  await view.page.locator('[role=grid]').press('Control+a');
  await view.page.getByRole('button', { name: 'Copy…' }).click();
  await view.page.getByRole('menuitem', { name: line, exact: true }).click();
  const request = await eventually('a copy', async () => view.asked.findLast(({ type }) => type === 'copy'));
  return request.type === 'copy' ? request.text : '';
}

const VALUES = `select 1 as n, 'a,"b"' as t, 1.50::decimal(4, 2) as d, true as f union all
  select 2, '', null, false union all select 3, 'it''s | <b>' || chr(10) || 'x', 'nan'::double, null order by 1`;

describe('what one does with cells', () => {
  const suite = useResultsPage();

  it('is to copy them as CSV, in which an empty text is not NULL', async () => {
    const view = await suite.openWith(
      "select 1 as n, 'a,\"b\"' as t, null as z union all select 2, '', null order by 1",
    );
    await view.drawn();
    assert.equal(await copyAll(view, 'Copy as CSV'), 'n,t,z\n1,"a,""b""",\n2,"",');
  });

  it('is to copy them as JSON, with all digits and each name once', async () => {
    const view = await suite.openWith(
      "select 12345678901234567890::hugeint as n, {'a': [1]} as s, 'x' as n, null as z",
    );
    await view.drawn();
    const text = await copyAll(view, 'Copy as JSON');
    assert.equal(text, '[\n  {"n":12345678901234567890,"s":{"a":[1]},"n_1":"x","z":null}\n]');
  });

  it('is to copy them as Markdown, in which nothing is markup', async () => {
    const view = await suite.openWith("select 1 as n, 'a|b' || chr(10) || '<i>*x*' as t");
    await view.drawn();
    assert.equal(
      await copyAll(view, 'Copy as Markdown'),
      '| n | t |\n| ---: | --- |\n| 1 | a\\|b<br>&lt;i&gt;\\*x\\* |\n',
    );
  });

  it('is to copy them as SQL that gives the same rows', async () => {
    const view = await suite.openWith(VALUES);
    await view.drawn();
    const inserts = await copyAll(view, 'Copy as SQL INSERT');
    await suite.show(
      view,
      `create or replace temp table result (n integer, t varchar, d double, f boolean); ${inserts} from result order by 1`,
    );
    await view.cell(2, 2).getByText('nan', { exact: true }).waitFor();
    assert.equal(await view.cell(0, 1).textContent(), 'a,"b"');
    assert.equal(await view.cell(1, 1).textContent(), '');
    assert.equal(await view.cell(1, 2).textContent(), 'NULL');
    assert.equal(await view.cell(2, 1).textContent(), "it's | <b>\nx");
    assert.equal(await view.cell(2, 2).textContent(), 'nan');
  });

  it('is to see the count, sum, average, least and greatest of them, exactly', async () => {
    const view = await suite.openWith(
      "select '170141183460469231731687303715884105727'::hugeint - i as h, (i / 8)::decimal(10, 3) as d from range(4) t(i)",
    );
    await view.drawn();
    const figures = view.page.locator('.figures');
    await view.page.locator('.head .label').first().click();
    await figures.getByText('sum 680564733841876926926749214863536422902').waitFor();
    await figures.getByText('min 170141183460469231731687303715884105724').waitFor();
    await figures.getByText('max 170141183460469231731687303715884105727').waitFor();
    await figures.getByText('average 170141183460469231731687303715884105725.5').waitFor();
    await view.page.locator('.head .label').nth(1).click();
    await figures.getByText('sum 0.750').waitFor();
    await figures.getByText('average 0.1875', { exact: true }).waitFor();
    await figures.getByText('4 values').waitFor();
  });

  it('is to see that there are too many to add up', async () => {
    const view = await suite.openWith('select i as n, i as m from range(600000) t(i)');
    await view.drawn();
    await view.page.locator('[role=grid]').press('Control+a');
    await view.page.getByText('no sums of more than 1,000,000 cells').waitFor();
  });

  it('is to select whole rows and columns by keys', async () => {
    const view = await suite.openWith('select i as a, i as b, i as c from range(500) t(i)');
    await view.cell(2, 1).click();
    await view.page.keyboard.press('Shift+ArrowDown');
    await view.page.keyboard.press('Shift+Space');
    await view.page.getByText('2 rows × 3 columns').waitFor();
    await view.cell(2, 1).click();
    await view.page.keyboard.press('Control+Space');
    await view.page.getByText('500 rows × 1 column').waitFor();
  });

  it('is to go to a row by its number', async () => {
    const view = await suite.openWith('select i as n from range(2000000) t(i)');
    await view.cell(0, 0).click();
    await view.page.keyboard.press('Control+g');
    await view.page.keyboard.type('1,234,568');
    await view.page.keyboard.press('Enter');
    await view.cell(1_234_567, 0).getByText('1234567', { exact: true }).waitFor();
    await view.page.getByText('row 1,234,568 of 2,000,000').waitFor();
    assert.equal(await view.page.evaluate(() => document.activeElement?.getAttribute('role')), 'grid');
  });

  it('is to find a text, which the engine is asked for', async () => {
    const view = await suite.openWith("select i as n, 'row ' || i as t from range(100000) t(i)");
    const cell = { row: 54_321, column: 1 };
    view.answer((asked) => {
      assert.ok(asked.kind === 'find');
      return asked.backwards === true
        ? Promise.reject(new Error('The rows are gone.'))
        : Promise.resolve({ cell, count: 10_000, index: 11 });
    });
    await view.cell(0, 0).click();
    await view.page.keyboard.press('Control+f');
    await view.page.keyboard.type('77');
    await view.page.keyboard.press('Enter');
    const asked = await question(view);
    assert.ok(asked.type === 'ask' && asked.question.kind === 'find');
    assert.equal(asked.question.text, '77');
    assert.deepEqual(asked.question.columns, [0, 1]);
    await view.page.getByText('12 of 10,000+').waitFor();
    await view.cell(54_321, 1).and(view.page.locator('.active')).waitFor();
    await view.page.keyboard.press('Escape');
    assert.equal(await view.page.evaluate(() => document.activeElement?.getAttribute('role')), 'grid');
    await view.page.keyboard.press('Shift+F3');
    await eventually(
      'the refusal',
      async () =>
        (await view.page.locator('.find-count').textContent()) === 'The rows are gone.' || undefined,
    );
    const next = await question(view);
    assert.ok(next.type === 'ask' && next.question.kind === 'find');
    assert.deepEqual(next.question.from, cell);
  });
});
