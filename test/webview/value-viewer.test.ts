import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { faultsOf } from '../support/results-page/axe.ts';
import type { ResultsPage } from '../support/results-page/results-page.ts';
import { useResultsPage } from '../support/results-page/suite.ts';
import { THEMES } from '../support/results-page/themes.ts';

/** Opens the value of a cell by its key. */
async function openCell(view: ResultsPage, row: number, column: number): Promise<void> {
  await view.cell(row, column).click();
  await view.page.keyboard.press('Enter');
}

const lines = (view: ResultsPage) => view.page.getByRole('treeitem').allTextContents();

describe('a value in full', () => {
  const suite = useResultsPage();

  it('of nested values is a tree that the keyboard opens', async () => {
    const view = await suite.openWith("select {'a': 12345678901234567890::hugeint, 'b': [1, null]} as s");
    await openCell(view, 0, 0);
    assert.deepEqual(await lines(view), [
      '{"a":12345678901234567890,"b":[1,null]}',
      'a: 12345678901234567890',
      'b: [1,null]',
    ]);
    await view.page.keyboard.press('End');
    await view.page.keyboard.press('ArrowRight');
    assert.deepEqual((await lines(view)).slice(2), ['b: [1,null]', '0: 1', '1: null']);
    await view.page.keyboard.press('ArrowLeft');
    assert.equal((await lines(view)).length, 3);
    await view.page.keyboard.press('Escape');
    assert.equal(await view.page.getByRole('tree').count(), 0);
    assert.equal(await view.page.evaluate(() => document.activeElement?.getAttribute('role')), 'grid');
  });

  it('of JSON keeps what JavaScript would lose, however deep it is', async () => {
    const deep = `${'['.repeat(900)}${']'.repeat(900)}`;
    const view = await suite.openWith(`select '{"n": 1.10, "x": 1, "x": 2, "deep": ${deep}}'::json as j`);
    await openCell(view, 0, 0);
    assert.deepEqual((await lines(view)).slice(1, 4), ['n: 1.10', 'x: 1', 'x: 2']);
  });

  it('of a long list comes in parts', async () => {
    const view = await suite.openWith('select range(1000) as l');
    await openCell(view, 0, 0);
    assert.equal((await lines(view)).length, 202);
    await view.page.getByText('more…').click();
    assert.equal((await lines(view)).length, 1001);
    assert.equal((await lines(view)).at(-1), '999: 999');
  });

  it('of bytes are the bytes', async () => {
    const view = await suite.openWith("select '\\x00\\xFFabc\\x27defghijklmnop'::blob as b");
    await openCell(view, 0, 0);
    assert.equal(
      await view.page.locator('.viewer-hex').textContent(),
      "00000000  00 ff 61 62 63 27 64 65 66 67 68 69 6a 6b 6c 6d  ..abc'defghijklm\n" +
        '00000010  6e 6f 70                                         nop',
    );
    await view.page.getByText('19 bytes').waitFor();
  });

  it('of a text of 10 MB is shown in parts, and copied whole', async () => {
    const view = await suite.openWith("select repeat('0123456789', 1000000) as t");
    await openCell(view, 0, 0);
    await view.page.getByText('10,000,000 characters').first().waitFor();
    assert.equal((await view.page.locator('.viewer-text').textContent())?.length, 100_000);
    await view.page.getByRole('button', { name: 'Next part' }).click();
    await view.page.getByText('100,001 to 200,000 of 10,000,000 characters').waitFor();
    await view.page.getByRole('button', { name: 'Copy the whole value' }).click();
    const copied = await eventually('a copy', async () => view.asked.findLast(({ type }) => type === 'copy'));
    assert.equal(copied.type === 'copy' && copied.text.length, 10_000_000);
  });

  it('follows the selection', async () => {
    const view = await suite.openWith("select 'first' as t union all select 'second' order by 1");
    await openCell(view, 0, 0);
    await view.page.locator('.viewer-text').getByText('first').waitFor();
    await view.cell(1, 0).click();
    await view.page.locator('.viewer-text').getByText('second').waitFor();
  });

  it('breaks no rule of axe in any theme', async function () {
    this.timeout(120_000);
    for (const theme of THEMES) {
      const view = await suite.openWith("select {'a': [1, 2]} as s, '\\xAA'::blob as b, 'it' as t", {
        theme,
      });
      const faults: string[] = [];
      for (const column of [0, 1, 2]) {
        await openCell(view, 0, column);
        faults.push(...(await faultsOf(view, `${theme.name}, value ${column}`)));
      }
      await view.cell(0, 0).click();
      await view.page.keyboard.press('Control+f');
      faults.push(...(await faultsOf(view, `${theme.name}, find`)));
      await view.page.keyboard.press('Escape');
      await view.page.keyboard.press('Alt+ArrowDown');
      faults.push(...(await faultsOf(view, `${theme.name}, menu`)));
      await view.page.keyboard.press('Escape');
      await view.page.keyboard.press('Control+g');
      faults.push(...(await faultsOf(view, `${theme.name}, go to row`)));
      assert.deepEqual(faults, []);
      await view.close();
    }
  });
});
