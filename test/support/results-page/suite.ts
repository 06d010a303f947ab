import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { AskHost } from '../../../client/results/result-questions.ts';
import type { RunResult } from '../../../wasm-core/protocol/methods.ts';
import type { EngineSession, ExplainKind } from '../../../wasm-core/sql/engine.ts';
import type { ResultQuestion } from '../../../wasm-core/sql/result/result-question.ts';
import { openTestSession, startEngine, type TestSession } from '../sql-session.ts';
import { startBrowser } from './browser.ts';
import { type PageServer, startPageServer } from './page-server.ts';
import { openResultsPage, type ResultsPage } from './results-page.ts';
import type { Theme } from './themes.ts';

/** How a test's page opens, and what may go wrong in it. */
export interface OpenOptions {
  readonly theme?: Theme;
  /** Of the page's texts; absent: English. */
  readonly language?: string;
  readonly width?: number;
  readonly height?: number;
  /** How the rows of `openWith` are shown; absent: as rows. */
  readonly look?: 'rows' | 'plan' | 'diff';
}

/** What the tests of one file share. */
export interface ResultsSuite {
  /** A page for one test; it is closed after the test, which fails when anything went wrong in the page. */
  open(options?: OpenOptions): Promise<ResultsPage>;
  /** Runs statements in a real engine. */
  run(sql: string): Promise<RunResult>;
  /** Runs statements in a real engine and shows what they give. */
  show(view: ResultsPage, sql: string, look?: 'rows' | 'plan' | 'diff'): Promise<void>;
  /** Explains a statement in a real engine and shows its plan. */
  explain(view: ResultsPage, sql: string, kind: ExplainKind): Promise<void>;
  /** The session that statements run in. */
  session(): TestSession;
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
    const { browser, server, session } = started();
    const view = await openResultsPage({ browser, url: server.url, ...options });
    view.askWith(askSession(session.session));
    opened.push(view);
    return view;
  };
  const show = async (
    view: ResultsPage,
    sql: string,
    look: 'rows' | 'plan' | 'diff' = 'rows',
  ): Promise<void> => {
    await view.show(await started().session.run(sql), sql, look);
  };
  return {
    open,
    run: (sql) => started().session.run(sql),
    show,
    explain: async (view, sql, explain) => {
      await view.show(await started().session.run(sql, { explain }), sql, 'plan');
    },
    session: () => started().session,
    openWith: async (sql, options) => {
      const view = await open(options);
      await show(view, sql, options?.look);
      return view;
    },
  };
}

/** Asks the engine about results as the host does. */
export function askSession(session: EngineSession): AskHost {
  return async (method, params, { signal }) => {
    const question = { type: method.slice('result/'.length), ...params } as ResultQuestion;
    // The answer of a method is that of its question.
    return (await session.askResult({ question, signal })) as never;
  };
}
