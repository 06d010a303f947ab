import assert from 'node:assert/strict';
import type { ToBenchPage } from '../../wasm-core/protocol/bench-page.ts';
import { exampleReport, timesAround } from '../support/bench-report.ts';
import { faultsOf } from '../support/results-page/axe.ts';
import { type BenchPage, useBenchPages } from '../support/results-page/message-page.ts';
import { outOfReach } from '../support/results-page/reachable.ts';
import { THEMES, type Theme } from '../support/results-page/themes.ts';

const HOSTILE = '<img src=x onerror=alert(1)>\u202e gnp|`*_';

type Report = Extract<ToBenchPage, { type: 'report' }>;

const point = (revision: string, at: string, micros: number) => ({
  revision,
  message: `as of ${revision}`,
  at,
  micros,
  q1: micros * 0.95,
  q3: micros * 1.05,
});

const REPORT: Report = {
  type: 'report',
  report: exampleReport(),
  canScale: true,
  canSave: true,
  history: [
    {
      name: 'slug',
      points: [
        point('a1b2c3d', '2026-01-01', 3900),
        point('b2c3d4e', '2026-01-02', 3600),
        point('now', '2026-01-03', 4300),
      ],
    },
  ],
  scaling: [
    {
      name: 'slug',
      points: [1_000, 10_000, 100_000].map((rowCount) => ({
        rowCount,
        micros: 300 + rowCount / 25,
        q1: 290 + rowCount / 25,
        q3: 320 + rowCount / 25,
      })),
    },
  ],
};

const RUNNING: ToBenchPage = { type: 'running', title: 'Benchmarks of text.sql', targets: ['slug', 'upper'] };

const SAMPLES: ToBenchPage = {
  type: 'samples',
  phase: 'measuring',
  percent: 40,
  samples: [
    ...timesAround(4300, 9).map((micros) => ({ target: 0, micros })),
    ...timesAround(6000, 8).map((micros) => ({ target: 1, micros })),
    { target: 99, micros: 1 },
  ],
};

describe('the page of benchmarks', function () {
  this.timeout(120_000);
  const pages = useBenchPages();
  async function open(message: ToBenchPage = REPORT, theme?: Theme): Promise<BenchPage> {
    const view = await pages.open({ theme });
    await view.post(message);
    return view;
  }
  const row = ({ page }: BenchPage, name: string) =>
    page.getByRole('row').filter({ has: page.getByRole('button', { name, exact: true }) });
  const picture = ({ page }: BenchPage, name: string) => page.getByRole('img', { name });

  it('has all its controls in reach at 200 %', async () => {
    const view = await pages.open({ size: { width: 500, height: 400 } });
    assert.deepEqual(await outOfReach(view), [], 'empty');
    await view.post(RUNNING);
    await view.post(SAMPLES);
    await picture(view, 'Times of the runs').waitFor();
    assert.deepEqual(await outOfReach(view), [], 'running');
    await view.post(REPORT);
    await row(view, 'slug').first().waitFor();
    assert.deepEqual(await outOfReach(view), [], 'report');
  });

  for (const theme of THEMES) {
    it(`breaks no rule of axe in ${theme.name}`, async () => {
      const view = await pages.open({ theme });
      const folder = process.env.QUERN_SCREENSHOTS;
      const shoot = async (state: string) => {
        if (folder !== undefined)
          await view.page.screenshot({ path: `${folder}/bench-${state}-${theme.name}.png` });
      };
      const faults: string[] = await faultsOf(view, 'empty');
      await view.post(RUNNING);
      await view.post(SAMPLES);
      await picture(view, 'Times of the runs').waitFor();
      faults.push(...(await faultsOf(view, 'running')));
      await shoot('running');
      await view.post({ type: 'failed', message: 'The host has ended.' });
      faults.push(...(await faultsOf(view, 'failed')));
      await view.post(REPORT);
      await picture(view, 'History').waitFor();
      await view.post({ type: 'notice', message: 'quern.bench.json is written.', isError: false });
      faults.push(...(await faultsOf(view, 'report')));
      await shoot('report');
      await view.page.locator('.body').evaluate((body) => body.scrollTo(0, body.scrollHeight));
      await shoot('report-end');
      assert.deepEqual(faults, []);
    });
  }

  it('shows each sample as it comes, and takes a cancel', async () => {
    const view = await open(RUNNING);
    await view.page.getByText('Preparing').waitFor();
    await view.post(SAMPLES);
    await view.page.getByText(/^9 samples, median 4\.\d ms$/).waitFor();
    assert.equal(await view.page.locator('.mark').count(), 17);
    await view.post(SAMPLES);
    await view.page.getByText(/^18 samples/).waitFor();
    assert.equal(await view.page.getByRole('progressbar').getAttribute('aria-valuenow'), '40');
    await view.page.getByRole('button', { name: 'Cancel' }).click();
    assert.deepEqual(view.asked.at(-1), { type: 'cancel' });
    await view.post({ type: 'cancelled' });
    await view.page.getByRole('heading', { name: 'Cancelled' }).waitFor();
  });

  it('says of each benchmark how it did, in words and signs', async () => {
    const view = await open();
    const verdict = async (name: string) =>
      (await row(view, name).locator('.verdict').allTextContents()).join();
    assert.equal(await verdict('slug'), '▲slower');
    assert.equal(await verdict('upper'), '▼faster');
    assert.equal(await verdict('same'), '=the same');
    assert.equal(await verdict('moved'), '≠not comparable');
    assert.equal(await verdict('fresh'), '');
    assert.match((await row(view, 'broken').textContent()) ?? '', /✖failed: Binder Error: no function nope/);
    const summary = await view.page.locator('.summary').textContent();
    assert.equal(
      summary,
      '6 benchmarks against quern.bench.json: 1 failed, 1 slower, 1 faster, 1 the same, 1 not comparable, 1 not compared',
    );
    const cells = await row(view, 'slug').locator('th, td').allTextContents();
    const titles = await view.page.locator('thead th').allTextContents();
    const at = (title: string) => cells[titles.indexOf(title)];
    assert.deepEqual([at('Rows/s'), at('Fuel'), at('Fuel/row')], ['23 M', '2,500,000', '25']);
    assert.match(at('Against') ?? '', /^1\.19× \(1\.\d\d× to 1\.\d\d×\)$/);
    await view.page
      .getByText(
        /Slower than in quern\.bench\.json: 1\.19×.* Takes more fuel: 1\.25×.* Changed since: slug\./,
      )
      .waitFor();
    assert.match((await row(view, 'upper').textContent()) ?? '', /1\.05× of slug/);
  });

  it('draws the times, the split of the time, the scaling and the history', async () => {
    const view = await open();
    for (const name of [
      'Times of the runs',
      'Where the time goes',
      'Rows a second',
      'History over commits',
    ]) {
      await picture(view, name).waitFor();
    }
    const label = (await picture(view, 'Where the time goes').getAttribute('aria-label')) ?? '';
    assert.match(label, /slug: engine 2\.2 ms, functions 1\.7 ms, transfer 400 µs/);
    await view.page.setViewportSize({ width: 500, height: 700 });
    await view.page.waitForFunction(() =>
      [...document.querySelectorAll('svg')].every((svg) => svg.getBoundingClientRect().width <= 500),
    );
  });

  it('asks for what its buttons say, and keeps the focus when it is shown anew', async () => {
    const view = await open();
    const { page } = view;
    const press = (name: string) => page.getByRole('button', { name, exact: true }).press('Enter');
    for (const name of ['Run Again', 'Save as Baseline', 'Compare with…', 'Measure Scaling'])
      await press(name);
    assert.deepEqual(
      view.asked.slice(1).map(({ type }) => type),
      ['runAgain', 'saveBaseline', 'compare', 'scale'],
    );
    await view.post(REPORT);
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Measure Scaling');
    await row(view, 'upper').getByRole('button').click();
    assert.deepEqual(view.asked.at(-1), { type: 'reveal', target: 1 });
    await press('Copy as Markdown');
    const copied = view.asked.at(-1);
    assert.ok(copied?.type === 'copy');
    assert.match(copied.text, /^### Benchmarks of text\.sql\n[\s\S]*\| slug \| ▲ slower \| {2}\| 4\.\d ms/);
    await press('Export SVG…');
    const exported = view.asked.at(-1);
    assert.ok(exported?.type === 'exportSvg');
    assert.match(exported.svg, /^<svg [\s\S]*Where the time goes[\s\S]*<\/svg>\n$/);
    await view.post({ ...REPORT, canSave: false, canScale: false });
    assert.equal(await page.getByRole('button', { name: /Save|Scaling/ }).count(), 0);
    await view.post({ type: 'notice', message: 'quern.bench.json cannot be written.', isError: true });
    await page.getByRole('status').getByText('quern.bench.json cannot be written.').waitFor();
  });

  it('shows names as text, whatever they are', async () => {
    const names = [HOSTILE, HOSTILE.repeat(2000), '', '\ud800', 'x'.repeat(100_000), HOSTILE];
    const report = { ...exampleReport({ names }), title: HOSTILE, against: HOSTILE };
    const view = await open({ type: 'running', title: HOSTILE, targets: names });
    await view.post({ ...SAMPLES });
    await picture(view, 'Times of the runs').waitFor();
    await view.post({
      ...REPORT,
      report,
      history: [{ name: HOSTILE, points: REPORT.history[0]?.points ?? [] }],
    });
    await picture(view, 'History').waitFor();
    assert.equal(await view.page.locator('img, script:not([nonce])').count(), 0);
    assert.equal(await view.page.locator('h1').textContent(), HOSTILE);
    await view.page.getByRole('button', { name: 'Export SVG…' }).click();
    await view.page.getByRole('button', { name: 'Copy as Markdown' }).click();
    assert.equal(view.asked.at(-1)?.type, 'copy');
  });

  it('believes no message that is none', async () => {
    const view = await open({ type: 'failed', message: 'no such table' });
    const { report } = REPORT;
    const [first] = report.rows;
    const broken = [
      { ...REPORT, report: undefined },
      { ...REPORT, report: { ...report, rows: [{ result: { outcome: 'measured', name: 'x' } }] } },
      { ...REPORT, report: { ...report, machine: null } },
      {
        ...REPORT,
        report: { ...report, rows: [{ ...first, comparison: { type: 'otherWork', reason: 'constructor' } }] },
      },
      { ...REPORT, history: [{ name: 'x', points: [{ micros: -1 }] }] },
      { type: 'notice', message: 'x' },
      { type: 'samples', phase: 'sleeping', percent: 1, samples: [] },
    ];
    for (const message of broken) await view.post(message as ToBenchPage);
    await view.page.getByRole('alert').getByText('no such table').waitFor();
  });

  it('draws many benchmarks of many runs', async () => {
    const [row] = REPORT.report.rows;
    const { result } = row ?? {};
    assert.ok(row !== undefined && result?.outcome === 'measured');
    const micros = timesAround(4000, 10_000);
    const rows = Array.from({ length: 200 }, (_, i) => ({
      ...row,
      result: { ...result, name: `query ${i}`, micros },
    }));
    const view = await open({ ...REPORT, report: { ...REPORT.report, rows } });
    await picture(view, 'Times of the runs').waitFor();
    assert.equal(await view.page.locator('tbody tr').count(), 200);
    assert.ok((await view.page.locator('svg *').count()) < 3000);
  });
});
