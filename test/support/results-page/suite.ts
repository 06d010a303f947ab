import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { openTestSession, startEngine, type TestSession } from '../sql-session.ts';
import { startBrowser } from './browser.ts';
import { type PageServer, startPageServer } from './page-server.ts';
import { openResultsPage, type ResultsPage } from './results-page.ts';
import type { Theme } from './themes.ts';

/** How a test's page opens, and what may go wrong in it. */
export interface OpenOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
}

/** What the tests of one file share. */
export interface ResultsSuite {
  /** A page for one test; it is closed after the test, which fails when anything went wrong in the page. */
  open(options?: OpenOptions): Promise<ResultsPage>;
  /** Runs statements in a real engine and shows what they give. */
  show(view: ResultsPage, sql: string): Promise<void>;
  /** A page that shows what statements give. */
  openWith(sql: string, options?: OpenOptions): Promise<ResultsPage>;
}

/** Starts a browser, a server of the page and an engine for a `describe`, and ends them after it. */
export function useResultsPage(): ResultsSuite {
  const opened: ResultsPage[] = [];
  const engine = startEngine();
  let shared: { browser: Browser; server: PageServer; session: TestSession } | undefined;

  before(async () => {
    const [browser, server, session] = await Promise.all([
      startBrowser(),
      startPageServer(),
      openTestSession(engine),
    ]);
    shared = { browser, server, session };
  });
  after(async () => {
    await shared?.browser.close();
    await shared?.server.close();
    await shared?.session.close();
    await engine.dispose();
  });
  afterEach(async () => {
    for (const view of opened.splice(0)) {
      await view.close();
      assert.deepEqual(view.faults, []);
    }
  });

  const started = () => {
    assert.ok(shared !== undefined, 'the suite has not started');
    return shared;
  };
  const open = async (options: OpenOptions = {}): Promise<ResultsPage> => {
    const { browser, server } = started();
    const view = await openResultsPage({ browser, url: server.url, ...options });
    opened.push(view);
    return view;
  };
  const show = async (view: ResultsPage, sql: string): Promise<void> => {
    await view.show(await started().session.run(sql), sql);
  };
  return {
    open,
    show,
    openWith: async (sql, options) => {
      const view = await open(options);
      await show(view, sql);
      return view;
    },
  };
}
