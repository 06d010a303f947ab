import assert from 'node:assert/strict';
import { useWasmPage } from '../support/wasm-page/suite.ts';
import type { WasmPage } from '../support/wasm-page/wasm-page.ts';
import { assembleAny } from '../support/wasm-tools.ts';

const WAT = `(module $shapes
  (type $op (func (param i32 i32) (result i32)))
  (import "host" "random" (func $random (param i32 i32)))
  (memory (export "memory") 1 4)
  (table $ops 2 funcref)
  (elem (table $ops) (i32.const 0) func $add $sub)
  (func $add (type $op) (i32.add (local.get 0) (local.get 1)))
  (func $sub (type $op) (i32.sub (local.get 0) (local.get 1)))
  (func $pick (export "pick") (param $which i32) (result i32)
    (call_indirect $ops (type $op) (i32.const 1) (i32.const 2) (local.get $which)))
  (func $main (export "main") (result i32)
    (call $random (i32.const 0) (i32.const 4))
    (block $b (br_if $b (i32.const 0)))
    (i32.add (call $pick (i32.const 0)) (i32.const 70)))
  (data (i32.const 0) "some data that takes some room")
  (@custom "producers" "\\01\\08language\\01\\03WAT\\011"))`;

/** The texts of the rows that are drawn. */
async function rowTexts(view: WasmPage): Promise<string[][]> {
  await view.page.locator('.virtual .cell').first().waitFor();
  const rows = await view.page.locator('.virtual [role=option]').all();
  return await Promise.all(rows.map((row) => row.locator('.cell').allTextContents()));
}

/** The texts of the lines of code that are drawn. */
async function codeLines(view: WasmPage): Promise<string[]> {
  await view.page.locator('.line .text').first().waitFor();
  return await view.page.locator('.line .text').allTextContents();
}

describe('the page of a .wasm file', function () {
  this.timeout(120_000);
  const suite = useWasmPage();
  const opened = async (wat = WAT) => {
    const view = await suite.open();
    await view.show(await assembleAny(wat));
    await view.page.locator('.treemap .tile').first().waitFor();
    return view;
  };

  it('shows sections, memory, producers and needs at a glance', async () => {
    const { page } = await opened();
    const facts = (await page.locator('dl.facts').allInnerTexts()).join('\n');
    assert.match(facts, /Name\s+shapes/);
    assert.match(facts, /Memory\s+1 4 \(66 KB to 262 KB\)/);
    assert.match(facts, /Written in\s+WAT 1/);
    assert.match(facts, /Needs\s+random/);
    const sections = await page.locator('table.plain tbody td:first-child').allTextContents();
    assert.ok(sections.includes('code') && sections.includes('custom “producers”'), sections.join());
  });

  it('leads from the picture of sizes to the code of a function', async () => {
    const view = await opened();
    await view.page.getByRole('button', { name: /^main: \d+ bytes/ }).click();
    assert.ok((await codeLines(view)).includes('call $pick'));
    assert.equal(await view.page.getByRole('tab', { selected: true }).textContent(), 'Code');
  });

  it('searches and sorts functions', async () => {
    const view = await opened();
    await view.tab('Functions');
    await view.page.getByRole('button', { name: 'Bytes' }).click();
    await view.page.locator('.virtual [role=option]').first().getByText('main').waitFor();
    const sizes = (await rowTexts(view)).map((cells) => Number.parseInt(cells[3] ?? '', 10) || 0);
    assert.deepEqual(
      sizes,
      [...sizes].sort((a, b) => b - a),
    );
    await view.page.getByRole('searchbox', { name: 'Search functions' }).fill('PICK');
    await view.page.getByText('1 row', { exact: true }).waitFor();
    assert.deepEqual(
      (await rowTexts(view)).map((cells) => cells[1]),
      ['pick'],
    );
  });

  it('shows imports and exports with their types', async () => {
    const view = await opened();
    await view.tab('Imports');
    assert.deepEqual(await rowTexts(view), [['host', 'random', 'function', '(func (param i32 i32))']]);
    await view.tab('Exports');
    assert.deepEqual((await rowTexts(view)).map((cells) => cells.slice(0, 3)).sort(), [
      ['main', 'function', '(func (result i32))'],
      ['memory', 'memory', '(memory 1 4)'],
      ['pick', 'function', '(func (param i32) (result i32))'],
    ]);
  });

  it('goes to a function by name, follows a call, and comes back', async () => {
    const view = await opened();
    const { page } = view;
    await page.getByRole('searchbox', { name: /Go to function/ }).fill('main');
    await page.keyboard.press('Enter');
    assert.deepEqual((await codeLines(view)).slice(2, 6), [
      'call $random',
      'block ;; label = @1',
      'i32.const 0',
      'br_if 0 (;@1;)',
    ]);
    // As long as a person's press is.
    await page.locator('.line .link', { hasText: '$pick' }).click({ delay: 150 });
    await page.getByText('(func $pick').waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByText('(func $main').waitFor();
  });

  it('tells that there is no function of a name', async () => {
    const { page } = await opened();
    await page.getByRole('searchbox', { name: /Go to function/ }).fill('nowhere');
    await page.keyboard.press('Enter');
    await page.getByText('There is no function “nowhere”.').waitFor();
  });

  it('finds a text in a function', async () => {
    const view = await opened();
    const { page } = view;
    await page.getByRole('searchbox', { name: /Go to function/ }).fill('4');
    await page.keyboard.press('Enter');
    await codeLines(view);
    await page.getByRole('searchbox', { name: 'Find in function' }).fill('I32.ADD');
    await page.keyboard.press('Enter');
    await page.locator('.line.active', { hasText: 'i32.add' }).waitFor();
    await page.getByRole('searchbox', { name: 'Find in function' }).fill('nowhere');
    await page.keyboard.press('Enter');
    await page.getByText('“nowhere” is not in this function.').waitFor();
  });

  it('shows whom a function calls, through tables too, and who calls it', async () => {
    const view = await opened();
    const { page } = view;
    await page.getByRole('button', { name: /^main:/ }).click();
    await page.getByRole('button', { name: 'Calls', exact: true }).click();
    const callees = page.getByRole('tree', { name: 'Functions that it calls' });
    await callees.getByText('pick').waitFor();
    await callees.getByRole('treeitem').filter({ hasText: 'pick' }).focus();
    await page.keyboard.press('ArrowRight');
    const group = callees.getByText(/through a table, one of 2 functions of type/);
    await group.click();
    await callees.getByText('sub', { exact: true }).waitFor();
    await page
      .getByRole('tree', { name: 'Functions that call it' })
      .getByText('no function by its name')
      .waitFor();
  });

  it('asks for a copy of a function and of the module, and tells how it went', async () => {
    const view = await opened();
    const copies = view.page.getByRole('button', { name: 'Copy as WAT' });
    await copies.first().click();
    await view.page.getByRole('button', { name: /^main:/ }).click();
    await copies.last().click();
    await view.page.getByText('(func $main').waitFor();
    assert.deepEqual(
      view.asked.filter(({ type }) => type === 'copyWat'),
      [{ type: 'copyWat' }, { type: 'copyWat', function: 4 }],
    );
    await view.post({ type: 'notice', message: 'Copied 9 lines of text.', isError: false });
    await view.page.getByText('Copied 9 lines of text.').waitFor();
  });

  it('shows what differs from another file', async () => {
    const view = await opened();
    await view.page.getByRole('button', { name: 'Compare…' }).click();
    assert.ok(view.asked.some(({ type }) => type === 'compare'));
    await view.compare(await assembleAny(WAT.replace('(export "pick") ', '')), 'older.wasm');
    await view.page.getByText('Compared with older.wasm').waitFor();
    assert.deepEqual(await rowTexts(view), [
      ['added', 'export', 'pick', '', '(func (param i32) (result i32))', ''],
    ]);
  });

  it('shows the file anew when it has changed, and the same function', async () => {
    const view = await opened();
    await view.page.getByRole('button', { name: /^main:/ }).click();
    await codeLines(view);
    await view.show(await assembleAny(WAT.replace('(i32.const 70)', '(i32.const 71)')));
    await view.page.locator('.line', { hasText: 'i32.const 71' }).waitFor();
  });

  it('shows a list of thousands, from the first row to the last', async () => {
    const view = await opened(`(module ${'(func)'.repeat(5000)})`);
    await view.tab('Functions');
    assert.equal((await rowTexts(view))[0]?.[1], 'function 0');
    await view.page.locator('.virtual').focus();
    await view.page.keyboard.press('End');
    await view.page.locator('.virtual .active', { hasText: 'function 4999' }).waitFor();
    await view.page.keyboard.press('Enter');
    await view.page.getByText('(func (;4999;)').waitFor();
  });

  it('tells what is wrong with a broken file, and shows the rest', async () => {
    const view = await suite.open();
    const bytes = await assembleAny(WAT);
    await view.show(bytes.subarray(0, bytes.length - 30));
    await view.page
      .getByRole('alert')
      .filter({ hasText: /ends too early \(at byte \d+\)/ })
      .waitFor();
    await view.tab('Exports');
    assert.equal((await rowTexts(view)).length, 3);
    await view.show(new TextEncoder().encode('select 42'));
    await view.tab('Overview');
    await view.page.getByRole('alert').filter({ hasText: 'does not begin with' }).waitFor();
  });

  it('shows names of markup as text', async () => {
    const view = await suite.open();
    await view.show(
      await assembleAny(`(module $"<u>m</u>" (import "<i>" "</i>" (func))
        (func $"<img src=x onerror=alert(1)>" (export "<b>bold</b>") (call 1)))`),
    );
    await view.page.getByText('<u>m</u>').waitFor();
    await view.tab('Functions');
    assert.ok((await rowTexts(view)).some((cells) => cells[1] === '<img src=x onerror=alert(1)>'));
    await view.tab('Exports');
    assert.equal((await rowTexts(view))[0]?.[0], '<b>bold</b>');
    assert.equal(await view.page.locator('main img, main b, main i, main u').count(), 0);
  });
});
