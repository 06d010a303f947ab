import { startBrowser } from '../test/support/results-page/browser.ts';
import { startPageServer } from '../test/support/results-page/page-server.ts';
import { openResultsPage, type ResultsPage } from '../test/support/results-page/results-page.ts';
import { answerPulls, type ScrollPlan, scroll } from './grid/in-page.ts';
import { type LongResult, longResult } from './grid/long-result.ts';
import { median, percentile } from './measure.ts';
import type { Row, SuiteResult } from './report.ts';

/** What the extension takes from a page's pull to its bytes in the page, milliseconds. */
const PULL_MS = 10;

const LONG = `select i as id, i * 1.5 as half, 'row ' || i as label, date '2024-01-01' + (i % 1000)::int as day,
  i % 7 = 0 as flag, case when i % 5 = 0 then null else i * 1000003 end as big, md5(i::varchar) as hash,
  (i / 7)::decimal(12, 3) as part from range(20000) t(i)`;

/** As many columns as a result may have. */
const WIDE = `select ${Array.from({ length: 5000 }, (_, i) => `${i}::int as c${i}`).join(', ')} from range(200) t(i)`;

const PLANS: Readonly<Record<string, ScrollPlan>> = {
  'the wheel, 100 pixels a frame': { frames: 240, step: 100 },
  'three screens a frame': { frames: 120, step: 1500 },
  'the scroll bar, over all rows': { frames: 120, step: 260_000 },
};

/** The grid of the results page, in a real browser without a window. */
export async function gridSuite(): Promise<SuiteResult> {
  const long = await longResult(LONG, 10_000_000);
  const wide = await longResult(WIDE, 1000);
  const browser = await startBrowser();
  const server = await startPageServer();
  try {
    const rows: Row[] = [];
    const open = async (result: LongResult) => {
      const page = await openResultsPage({ browser, url: server.url, width: 1400, height: 800 });
      await show(page, result);
      return page;
    };
    const page = await open(long);
    for (const [what, plan] of Object.entries(PLANS)) rows.push(...(await scrolled(what, page, plan)));
    rows.push(await memory('memory of the page, ten million rows', page));
    await page.close();
    const other = await open(wide);
    for (const [what, step] of [
      ['sideways over 5,000 columns', 900],
      ['sideways by two columns a frame', 100],
    ] as const)
      rows.push(...(await scrolled(what, other, { frames: 120, step, isSideways: true })));
    rows.push(await memory('memory of the page, 5,000 columns', other));
    await other.close();
    return {
      title: 'The grid',
      rows,
      notes: [
        `Chromium without a window or a graphics card, 1,400 by 800 pixels, ${long.view.rowCount.toLocaleString('en-US')} rows of 8 columns; a pull is answered after ${PULL_MS} ms.`,
        'A frame is what the main thread does for it: scripts, styles, layout, painting.',
      ],
    };
  } finally {
    await browser.close();
    await server.close();
  }
}

async function show(page: ResultsPage, { view, schema, page: bytes }: LongResult): Promise<void> {
  const base64 = Buffer.from(bytes).toString('base64');
  await page.page.evaluate(answerPulls, { base64, afterMs: PULL_MS });
  await page.post({ type: 'results', results: [view], schemas: [schema], micros: 0 });
  await page.drawn();
}

async function scrolled(what: string, { page }: ResultsPage, plan: ScrollPlan): Promise<Row[]> {
  const devTools = await page.context().newCDPSession(page);
  // The thread's own time: on a busy machine a frame takes longer than what is done for it.
  await devTools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busySeconds = async () => {
    const { metrics } = await devTools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  };
  const before = await busySeconds();
  const { frames, blanks } = await page.evaluate(scroll, plan);
  const busyMs = (((await busySeconds()) - before) * 1000) / frames.length;
  await devTools.detach();
  return [
    { what: `${what}: frame, median`, ours: median(frames), unit: 'ms' },
    {
      what: `${what}: frame, p95`,
      ours: percentile(frames, 0.95),
      unit: 'ms',
      bars: [{ of: 'ours', atMost: 16 }],
    },
    { what: `${what}: processor time of a frame, with what measures it`, ours: busyMs, unit: 'ms' },
    {
      what: `${what}: longest without values`,
      ours: Math.max(0, ...blanks),
      unit: 'ms',
      bars: [{ of: 'ours', atMost: 100 }],
    },
  ];
}

/** Everything that the page's scripts hold, garbage aside. */
async function memory(what: string, { page }: ResultsPage): Promise<Row> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('HeapProfiler.collectGarbage');
  const usage: Readonly<Record<string, number>> = { ...(await devTools.send('Runtime.getHeapUsage')) };
  const { usedSize = Number.NaN, embedderHeapUsedSize = 0, backingStorageSize = 0 } = usage;
  const bytes = usedSize + embedderHeapUsedSize + backingStorageSize;
  return { what, ours: bytes / 1e6, unit: 'MB', bars: [{ of: 'ours', atMost: 200 }] };
}
