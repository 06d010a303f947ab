import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { distFolder } from '../support/dist.ts';
import { faultsOf } from '../support/results-page/axe.ts';
import { THEMES } from '../support/results-page/themes.ts';
import { useWasmPage } from '../support/wasm-page/suite.ts';

/** A real module, with imports, exports, tables and calls of each kind. */
const quickjs = () => readFileSync(path.join(distFolder(), 'quickjs.wasm'));

describe('the page of a .wasm file for everyone', function () {
  this.timeout(240_000);
  const suite = useWasmPage();

  for (const theme of THEMES) {
    it(`breaks no rule of axe in ${theme.name}`, async () => {
      const view = await suite.open({ theme });
      const { page } = view;
      const faults: string[] = [];
      const check = async (state: string) => faults.push(...(await faultsOf(view, state)));
      await check('before the file is read');
      await view.show(quickjs());
      await page.locator('.treemap button').first().waitFor();
      await check('Overview');
      for (const tab of ['Functions', 'Exports', 'Imports']) {
        await view.tab(tab);
        await page.locator('.virtual .cell').first().waitFor();
        await page.locator('.virtual').focus();
        await check(tab);
      }
      await view.post({ type: 'show', function: 221 });
      await page.locator('.line .text').first().waitFor();
      await check('Code');
      await view.tab('Calls');
      await page.locator('.tree [aria-expanded]').first().click();
      await page.locator('.tree [role=group] [role=treeitem]').first().waitFor();
      await check('Calls');
      await view.compare(quickjs().subarray(0, 300_000), 'other.wasm');
      await page.locator('.virtual .cell').first().waitFor();
      await check('Comparison');
      await view.post({ type: 'notice', message: 'It went wrong.', isError: true });
      await view.show(new Uint8Array([1, 2, 3]));
      await view.tab('Overview');
      await page.getByRole('alert').first().waitFor();
      await check('not WebAssembly');
      assert.deepEqual(faults, []);
    });
  }

  it('is worked with the keyboard alone', async () => {
    const view = await suite.open();
    const { page } = view;
    await view.show(quickjs());
    await page.locator('.treemap button').first().waitFor();
    await page.getByRole('tab', { name: 'Overview' }).focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.getByRole('tab', { selected: true }).textContent(), 'Functions');
    await page.locator('.virtual .cell').first().waitFor();
    await page.getByRole('searchbox', { name: 'Search functions' }).focus();
    for (let stops = 0; stops < 5; stops++) await page.keyboard.press('Tab');
    const focused = page.locator('.virtual:focus');
    await focused.waitFor();
    await page.keyboard.press('ArrowDown');
    const active = await focused.getAttribute('aria-activedescendant');
    assert.equal(await page.locator(`#${active}`).getAttribute('aria-posinset'), '2');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.locator('.line .text').first().waitFor();
  });

  it('goes from part to part of the picture of sizes with arrows', async () => {
    const view = await suite.open();
    await view.show(quickjs());
    const tiles = view.page.locator('.treemap button');
    await tiles.first().focus();
    await view.page.keyboard.press('ArrowRight');
    assert.equal(await tiles.nth(1).evaluate((tile) => tile === document.activeElement), true);
    assert.equal(await view.page.locator('.treemap button[tabindex="0"]').count(), 1);
  });
});
