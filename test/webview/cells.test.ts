import assert from 'node:assert/strict';
import { useResultsPage } from '../support/results-page/suite.ts';

/** An expression, and its value as the page shows it. */
const VALUES: readonly (readonly [string, string])[] = [
  ['9223372036854775807::bigint', '9223372036854775807'],
  ['(-9223372036854775808)::bigint', '-9223372036854775808'],
  ['18446744073709551615::ubigint', '18446744073709551615'],
  ["'-170141183460469231731687303715884105728'::hugeint", '-170141183460469231731687303715884105728'],
  ["'12345678901234567890123456789.123456789'::decimal(38, 9)", '12345678901234567890123456789.123456789'],
  ['0.1::decimal(4, 3)', '0.100'],
  ['0.1::double + 0.2::double', '0.30000000000000004'],
  ['1e300::double', '1e+300'],
  ["'nan'::double", 'nan'],
  ["timestamp '2024-02-29 23:59:59.123456'", '2024-02-29 23:59:59.123456'],
  ["timestamp_ns '2024-02-29 23:59:59.123456789'", '2024-02-29 23:59:59.123456789'],
  ["timestamptz '2024-02-29 23:59:59+00'", '2024-02-29 23:59:59+00'],
  ["date '0044-03-15 (BC)'", '0044-03-15 (BC)'],
  ["interval '1 year 2 days 03:04:05'", '1 year 2 days 03:04:05'],
  ["uuid '00112233-4455-6677-8899-aabbccddeeff'", '00112233-4455-6677-8899-aabbccddeeff'],
  ["'\\xAA\\x00z'::blob", '\\xAA\\x00z'],
  ['true', 'true'],
  ["''", ''],
  ["{'a': 1, 'b': [null, 'it''s']}", "{'a': 1, 'b': [NULL, 'it\\'s']}"],
  ["map {'k': 1.5::double}", '{k=1.5}'],
  ['union_value(n := 7)', '7'],
  ["['a', 'b, c']", "[a, 'b, c']"],
];

describe('a cell', () => {
  const suite = useResultsPage();

  it('shows each value exactly, also in the strip below', async () => {
    const view = await suite.openWith(`select ${VALUES.map(([sql], i) => `${sql} as v${i}`).join(', ')}`);
    const grid = view.page.locator('[role=grid]');
    await grid.focus();
    for (const [column, [sql, expected]] of VALUES.entries()) {
      const cell = view.cell(0, column);
      await cell.waitFor();
      assert.equal(await cell.textContent(), expected, sql);
      assert.equal(await view.page.locator('.detail .text').textContent(), expected, sql);
      await grid.press('ArrowRight');
    }
  });

  it('shows NULL unlike the text NULL and unlike empty text', async () => {
    const view = await suite.openWith("select null::varchar as a, 'NULL' as b, '' as c");
    await view.drawn();
    const looks = [0, 1, 2].map((column) =>
      view.cell(0, column).evaluate((cell) => {
        const { fontStyle, color } = getComputedStyle(cell);
        return `${cell.textContent} ${fontStyle} ${color}`;
      }),
    );
    assert.equal(new Set(await Promise.all(looks)).size, 3);
    assert.equal(await view.cell(0, 0).textContent(), 'NULL');
  });

  it('shows what one cannot see, and keeps it in its text', async () => {
    const view = await suite.openWith(
      "select 'a' || chr(8238) || 'b' as bidi, 'x' || chr(10) || chr(1) as lines, '  two ' as spaces, '' as nothing",
    );
    await view.drawn();
    const signs = (column: number) =>
      view.cell(0, column).evaluate((cell) => {
        const marks = [cell, ...cell.querySelectorAll('.sign')];
        return marks.map((mark) => getComputedStyle(mark, '::before').content.replaceAll('"', ''));
      });
    assert.equal(await view.cell(0, 0).textContent(), 'a\u202eb');
    assert.deepEqual(await signs(0), ['none', 'U+202E']);
    assert.deepEqual(await signs(1), ['none', '⏎', 'SOH']);
    assert.deepEqual(await view.cell(0, 2).locator('.space').allTextContents(), ['  ', ' ']);
    assert.deepEqual(await signs(3), ['empty']);
  });

  it('that is written from right to left turns none of its neighbours round', async () => {
    const view = await suite.openWith("select 'שלום 12' as rtl, 'left 34' as ltr, '日本語' as cjk");
    await view.drawn();
    const look = (column: number) =>
      view.cell(0, column).evaluate((cell) => {
        const { direction, unicodeBidi } = getComputedStyle(cell);
        return `${direction} ${unicodeBidi}`;
      });
    assert.match(await look(0), /^rtl (isolate|plaintext)$/);
    assert.match(await look(1), /^ltr isolate$/);
    assert.match(await look(2), /^ltr isolate$/);
  });

  it('stands right when its column is of numbers, else left', async () => {
    const view = await suite.openWith(
      "select 1 as n, 1.5::decimal(4, 1) as d, 'x' as s, date '2024-01-01' as t",
    );
    await view.drawn();
    const sides = await view.page
      .locator('[role=gridcell]')
      .evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell).textAlign));
    assert.deepEqual(
      sides.map((side) => side === 'right'),
      [true, true, false, false],
    );
  });

  it('cuts long text on one line, and the strip shows all of it', async () => {
    const view = await suite.openWith(
      "select repeat('line one' || chr(10) || chr(9), 200) || 'end' as t, 1 as n",
    );
    await view.drawn();
    const text = await view.page.locator('.detail .text').textContent();
    assert.equal(text, `${'line one\n\t'.repeat(200)}end`);
    const box = await view.cell(0, 0).boundingBox();
    assert.ok(box !== null && box.height <= 22 && box.width <= 400, JSON.stringify(box));
  });

  it('of 6 MB does not keep the page from answering', async () => {
    const view = await suite.openWith("select repeat('0123456789', 600000) as t, 7 as n");
    await view.cell(0, 1).getByText('7', { exact: true }).waitFor();
    assert.ok(((await view.cell(0, 0).textContent())?.length ?? 0) < 2000);
    const text = await view.page.locator('.detail .text').textContent();
    assert.ok((text?.length ?? 0) < 200_000 && text?.endsWith('more characters'));
  });
});
