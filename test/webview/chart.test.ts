import assert from 'node:assert/strict';
import { chartData } from '../support/chart-query.ts';
import { eventually } from '../support/eventually.ts';
import { faultsOf } from '../support/results-page/axe.ts';
import type { ResultsPage } from '../support/results-page/results-page.ts';
import { type OpenOptions, useResultsPage } from '../support/results-page/suite.ts';
import { THEMES } from '../support/results-page/themes.ts';

const SALES = `select (date '2024-01-01' + to_days(((i * 7) % 360)::integer))::date as day,
  ['North', 'South', 'East', 'West'][1 + i % 4] as region,
  round(100 + 60 * sin(i / 40) + (i % 17), 2)::decimal(10,2) as revenue, i % 23 as units
  from range(2000) r(i)`;

describe('the chart of a result', function () {
  this.timeout(120_000);
  const suite = useResultsPage();

  /** A page with the chart of a query before the eyes, once it is drawn. */
  async function openChart(
    query: string,
    options?: OpenOptions & { readonly above?: string },
  ): Promise<ResultsPage> {
    const view = await suite.open(options);
    view.answer(async (question) => {
      if (question.kind !== 'chart') throw new Error(`nothing answers ${question.kind}`);
      return await chartData(suite.session(), query, question.spec);
    });
    await suite.show(view, `${options?.above ?? ''}${query}`);
    if (options?.above === undefined) await view.page.getByRole('tab', { name: 'Chart' }).click();
    return view;
  }

  const chart = (view: ResultsPage) => view.page.locator('.chart[role=img]');
  const drawn = async (view: ResultsPage) => {
    await chart(view).locator('canvas').first().waitFor();
    await view.page.locator('.chart-facet:not([aria-busy])').waitFor();
  };
  const choose = (view: ResultsPage, label: string, option: string) =>
    view.page.getByLabel(label, { exact: true }).selectOption({ label: option });
  /** How many pixels of the chart differ from its corner. */
  const inked = (view: ResultsPage) =>
    chart(view)
      .locator('canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => {
        const { width, height } = canvas;
        const data = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
        let count = 0;
        for (let i = 3; i < data.length; i += 4) if ((data[i] ?? 0) > 100) count++;
        return count;
      });

  it('is proposed from the types, and says what it shows', async () => {
    const view = await openChart(SALES);
    await drawn(view);
    assert.equal(await chart(view).getAttribute('aria-label'), 'Line: sum(revenue) by day and region.');
    assert.equal(await view.page.getByLabel('Kind').inputValue(), 'line');
    assert.ok((await inked(view)) > 500);
  });

  for (const name of ['Line', 'Area', 'Bars', 'Scatter', 'Histogram', 'Boxes', 'Heat map']) {
    it(`draws ${name}`, async () => {
      const view = await openChart(SALES);
      await drawn(view);
      await choose(view, 'Kind', name);
      await view.page.locator(`.chart[aria-label^="${name}"]`).waitFor();
      await drawn(view);
      assert.ok((await inked(view)) > 500);
    });
  }

  for (const theme of THEMES) {
    it(`breaks no rule of axe in ${theme.name}`, async () => {
      const view = await openChart(SALES, { theme });
      await drawn(view);
      await view.page.locator('summary').click();
      assert.deepEqual(await faultsOf(view, 'chart'), []);
    });
  }

  it('shows every digit beside the pointer and in the table', async () => {
    const view = await openChart("select 'a' as name, 12345678901234567890.123456789::decimal(38,9) as n");
    await drawn(view);
    const box = await chart(view).boundingBox();
    assert.ok(box !== null);
    await view.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const tip = view.page.locator('.chart-tip');
    await tip.waitFor();
    assert.match((await tip.textContent()) ?? '', /sum\(n\): 12345678901234567890\.123456789/);
    await view.page.locator('summary').click();
    assert.equal(
      await view.page.locator('.chart-table td').nth(1).textContent(),
      '12345678901234567890.123456789',
    );
  });

  it('shows labels that are HTML, templates or control characters as text', async () => {
    const hostile = [
      '<img src=x onerror="document.title=1">',
      '{a|b}{value}',
      'a\u0001b\u202ec',
      '__proto__',
      '',
    ];
    const values = hostile.map((text, i) => `('${text.replaceAll("'", "''")}', ${i + 1})`).join(', ');
    const view = await openChart(
      `select n as "<b>{x}</b>", name as "<script>alert(1)</script>" from (values ${values}, (null, 9)) t(name, n)`,
    );
    await drawn(view);
    const box = await chart(view).boundingBox();
    assert.ok(box !== null);
    await view.page.mouse.move(box.x + 120, box.y + box.height / 2);
    await view.page.locator('.chart-tip').waitFor();
    assert.equal(await view.page.locator('img, script:not([nonce]), b').count(), 0);
    const svg = await exported(view, 'SVG…');
    const text = new TextDecoder().decode(svg);
    assert.doesNotMatch(text, /<img|<script|<b>/);
    // A page without our policy, which would hold for the document too.
    const reader = await view.page.context().newPage();
    const parsed = await reader.evaluate((source) => {
      const root = new DOMParser().parseFromString(source, 'image/svg+xml').documentElement;
      return { name: root.nodeName, text: root.textContent ?? '' };
    }, text);
    assert.equal(parsed.name, 'svg');
    assert.ok(parsed.text.includes('<img src=x'));
    // An axis leaves labels out where they would overlap; the table has all of them.
    const table = (await view.page.locator('.chart-table').textContent()) ?? '';
    for (const label of ['<img src=x', '{a|b}{value}', '__proto__', '(empty)', 'NULL']) {
      assert.ok(table.includes(label), label);
    }
  });

  it('draws labels that look like templates as they are', async () => {
    const view = await openChart("select * from (values ('{a|b}{value}', 1), ('{b} {c}', 2)) t(name, n)");
    await drawn(view);
    const text = new TextDecoder().decode(await exported(view, 'SVG…'));
    for (const label of ['{a|b}{value}', '{b} {c}']) assert.ok(text.includes(label), label);
  });

  /** The bytes that a button sends to the extension. */
  async function exported(view: ResultsPage, name: string): Promise<Uint8Array> {
    const before = view.asked.length;
    await view.page.getByRole('button', { name }).click();
    const found = await eventually('the message of the page', () =>
      view.asked.slice(before).find(({ type }) => type === 'exportChart'),
    );
    assert.ok(found?.type === 'exportChart');
    return new Uint8Array(found.bytes);
  }

  it('is exported as SVG and PNG', async () => {
    const view = await openChart(SALES);
    await drawn(view);
    const svg = new TextDecoder().decode(await exported(view, 'SVG…'));
    assert.match(svg, /^<svg [^>]*><title>sum\(revenue\) by day and region<\/title>/);
    assert.match(svg, />North</);
    const png = await exported(view, 'PNG…');
    assert.deepEqual([...png.slice(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    assert.ok(png.length > 5000);
  });

  it('is saved as it is shown, and shown first when it was', async () => {
    const view = await openChart(SALES, { above: '-- @chart bar x=region y=units agg=max\n' });
    await drawn(view);
    assert.equal(await chart(view).getAttribute('aria-label'), 'Bars: max(units) by region.');
    await choose(view, 'Aggregate', 'median');
    await view.page.locator('.chart[aria-label*="median"]').waitFor();
    await view.page.getByRole('button', { name: 'Save in document' }).click();
    const saved = await eventually('the message of the page', () =>
      view.asked.find(({ type }) => type === 'saveChart'),
    );
    assert.ok(saved?.type === 'saveChart');
    assert.deepEqual(saved.spec, {
      kind: 'bar',
      x: { index: 1, name: 'region' },
      y: [{ index: 3, name: 'units' }],
      aggregate: 'median',
    });
    assert.equal(saved.to, 'document');
    await view.page.getByRole('button', { name: 'Save in quern.json' }).click();
    const kept = await eventually('the message of the page', () =>
      view.asked.find((asked) => asked.type === 'saveChart' && asked.to === 'workspace'),
    );
    assert.deepEqual(kept, { ...saved, to: 'workspace' });
  });

  it('says what is wrong with a directive, and shows the proposed chart', async () => {
    const view = await openChart(SALES, { above: '-- @chart bar x=regoin\n' });
    await drawn(view);
    assert.equal(
      await view.page.locator('.chart-state').textContent(),
      '@chart names a column regoin, which the statement does not have. Did you mean region?',
    );
  });

  const states: readonly (readonly [string, string, string])[] = [
    [
      'nothing but NULL',
      'select null::date as d, 1 as n from range(3)',
      'No values to draw: in every row one of the chosen columns is NULL, or no finite value.',
    ],
    ['no rows', 'select 1 as n where false', 'No rows to draw.'],
    [
      'no column that can be drawn',
      "select [1] as a, 'x'::blob as b",
      'No column of this result can be drawn: a chart takes numbers, dates and times, texts, and booleans.',
    ],
  ];
  for (const [name, query, text] of states) {
    it(`says so for ${name}`, async () => {
      const view = await openChart(query);
      await view.page.getByText(text, { exact: true }).waitFor();
    });
  }

  it('shows the text of an error', async () => {
    const view = await suite.open();
    view.answer(() => Promise.reject(new Error('sum overflow <b>')));
    await suite.show(view, SALES);
    await view.page.getByRole('tab', { name: 'Chart' }).click();
    await view.page.getByText('sum overflow <b>', { exact: true }).waitFor();
  });

  it('draws a million points', async () => {
    const view = await openChart(
      'select random() as x, random() * 2 + random() as y from (select unnest(range(1000000)))',
    );
    await drawn(view);
    await view.page.getByText('1,000,000 points: the stronger a spot, the more points lie in it.').waitFor();
    assert.ok((await inked(view)) > 20_000);
  });
});
