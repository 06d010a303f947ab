import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../results-page/browser.ts';
import { type PageServer, startPageServer } from '../results-page/page-server.ts';
import { openWasmPage, type WasmPage, type WasmPageOptions } from './wasm-page.ts';

/** Opens pages for the tests of one file. */
export interface WasmSuite {
  /** A page for one test; it is closed after the test, which fails when anything went wrong in the page. */
  open(options?: Omit<WasmPageOptions, 'browser' | 'url'>): Promise<WasmPage>;
}

/** Starts a browser and a server of the page for a `describe`, and ends them after it. */
export function useWasmPage(): WasmSuite {
  const opened: WasmPage[] = [];
  let shared: { browser: Browser; server: PageServer } | undefined;
  before(async () => {
    const [browser, server] = await Promise.all([startBrowser(), startPageServer('wasm-viewer')]);
    shared = { browser, server };
  });
  after(async () => {
    await shared?.browser.close();
    await shared?.server.close();
  });
  afterEach(async () => {
    for (const view of opened.splice(0)) {
      await view.close();
      assert.deepEqual(view.faults, []);
    }
  });
  return {
    open: async (options = {}) => {
      assert.ok(shared !== undefined, 'the suite has not started');
      const view = await openWasmPage({ browser: shared.browser, url: shared.server.url, ...options });
      opened.push(view);
      return view;
    },
  };
}
