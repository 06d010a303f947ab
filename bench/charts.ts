import type { Page } from 'playwright-core';
import { chartData } from '../client/results/chart-answer.ts';
import { startBrowser } from '../test/support/results-page/browser.ts';
import { startPageServer } from '../test/support/results-page/page-server.ts';
import { openResultsPage } from '../test/support/results-page/results-page.ts';
import { openTestSession, startEngine } from '../test/support/sql-session.ts';
import type { ChartData } from '../wasm-core/protocol/result-questions.ts';
import { median, timeMs } from './measure.ts';
import type { Row, SuiteResult } from './report.ts';

const ROUNDS = 5;
const POINTS = 1_000_000;
const QUERY = `select i / 1000 as x, sin(i / 50000) * 100 + random() * 40 as y from range(${POINTS}) r(i)`;

/** Charts: from the question for a million points until they are on the screen. */
export async function chartsSuite(): Promise<SuiteResult> {
  const engine = startEngine();
  const [test, browser, server] = await Promise.all([
    openTestSession(engine),
    startBrowser(),
    startPageServer(),
  ]);
  try {
    const run = await test.run(QUERY);
    const [statement] = run.statements;
    if (statement?.file === undefined) throw new Error('the query gave no rows');
    const { file, columns, rowCount } = statement;
    const result = { path: file.path, columns, rowCount };
    const spec = { kind: 'scatter', x: { index: 0, name: 'x' }, y: [{ index: 1, name: 'y' }] } as const;
    const ask = async (): Promise<ChartData> => {
      const { signal } = new AbortController();
      return await chartData(
        await test.session.askResult({ question: { type: 'chart', result, spec }, signal }),
      );
    };
    const asked: number[] = [];
    const drawn: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const view = await openResultsPage({ browser, url: server.url });
      view.answer(async () => {
        let data: ChartData | undefined;
        const millis = await timeMs(async () => {
          data = await ask();
        });
        if (round > 0) asked.push(millis);
        if (data === undefined) throw new Error('no chart');
        return data;
      });
      await view.show(run, QUERY);
      await watch(view.page);
      await view.page.getByRole('tab', { name: 'Chart' }).click();
      const millis = await drawnMillis(view.page);
      if (round > 0) drawn.push(millis);
      await view.close();
    }
    const row = (what: string, ours: number): Row => ({ what, ours, unit: 'ms' });
    const [engineMs, pageMs] = [median(asked), median(drawn)];
    return {
      title: 'Charts',
      notes: [
        `A scatter of ${POINTS.toLocaleString('en-US')} rows, ${ROUNDS} times in a page of its own, so that the page's time has the drawing library's loading in it.`,
        'The way of the 16 MB from the extension to the page is not counted: this page gets them as text.',
      ],
      rows: [
        row('the engine, and its file read', engineMs),
        row('the page, from the answer to the picture', pageMs),
        { ...row('both', engineMs + pageMs), bars: [{ of: 'ours', atMost: 1000 }] },
      ],
    };
  } finally {
    await Promise.all([browser.close(), server.close(), test.close()]);
    await engine.dispose();
  }
}

/** Has the page note when the answer arrives, and when its picture was painted. */
function watch(page: Page): Promise<void> {
  return page.evaluate(() => {
    const times = { start: 0, end: 0 };
    Object.assign(window, { times });
    window.addEventListener(
      'message',
      ({ data }: MessageEvent<{ type?: string }>) => {
        if (data.type === 'answer') times.start = performance.now();
      },
      { capture: true },
    );
    new MutationObserver(() => {
      const isDrawn = document.querySelector('.chart canvas') !== null;
      if (times.start === 0 || times.end > 0 || !isDrawn) return;
      // Behind the frame in which it is painted.
      requestAnimationFrame(() =>
        setTimeout(() => {
          times.end ||= performance.now();
        }),
      );
    }).observe(document, { subtree: true, childList: true, attributes: true });
  });
}

async function drawnMillis(page: Page): Promise<number> {
  type Times = { readonly times: { readonly start: number; readonly end: number } };
  await page.waitForFunction(() => (window as unknown as Times).times.end > 0);
  return await page.evaluate(() => {
    const { times } = window as unknown as Times;
    return times.end - times.start;
  });
}
