import type { Browser, Locator, Page } from 'playwright-core';
import { parseFromPage } from '../../../client/results/page-messages.ts';
import { openResults, readPage, type ShownResults } from '../../../client/results/result-views.ts';
import type { RunResult } from '../../../wasm-core/protocol/methods.ts';
import type { FromResultsPage, ToResultsPage } from '../../../wasm-core/protocol/webview.ts';
import { dressPage } from './dress-page.ts';
import { type Theme, themeNamed } from './themes.ts';

/** A results page in a browser, with a stand-in for the editor around it; the extension's own code feeds it. */
export interface ResultsPage {
  readonly page: Page;
  /** What the page asked of the extension, oldest first. */
  readonly asked: readonly FromResultsPage[];
  /** What went wrong in the page: errors, policy violations, requests of things that the extension does not offer. */
  readonly faults: readonly string[];
  /** While true, the page's pulls wait. */
  hold(held: boolean): Promise<void>;
  /** Sends a message as the extension does. */
  post(message: ToResultsPage): Promise<void>;
  /** Shows the results of a run, and answers the page's pulls from their files. */
  show(run: RunResult, sql: string): Promise<void>;
  /** The element of a cell, both from 0; it is there only while in view. */
  cell(row: number, column: number): Locator;
  close(): Promise<void>;
}

/** Where and how a page opens. */
export interface ResultsPageOptions {
  readonly browser: Browser;
  readonly url: string;
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
}

/** Opens a results page and waits until it listens. */
export async function openResultsPage(options: ResultsPageOptions): Promise<ResultsPage> {
  const { browser, url, theme = themeNamed('Dark Modern'), width = 1000, height = 600 } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme.dark ? 'dark' : 'light',
  });
  const page = await context.newPage();
  const asked: FromResultsPage[] = [];
  const faults: string[] = [];
  const extension = new Extension(page);
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.exposeFunction('quernFault', (fault: string) => faults.push(fault));
  await page.exposeFunction('quernPost', (value: unknown) => {
    const request = parseFromPage(value);
    if (request === undefined) faults.push(`asked for ${JSON.stringify(value)}`);
    else {
      asked.push(request);
      if (request.type === 'pull') extension.pull(request.id, request.page);
    }
  });
  await page.addInitScript(dressPage, { colors: theme.colors, bodyClass: theme.bodyClass });
  await page.goto(url);
  await page.locator('main *').first().waitFor();
  return {
    page,
    asked,
    faults,
    hold: (held) => extension.hold(held),
    post: (message) => extension.post(message),
    show: (run, sql) => extension.show(run, sql),
    cell: (row, column) =>
      page.locator(`[role=row][aria-rowindex="${row + 2}"] [role=gridcell][aria-colindex="${column + 2}"]`),
    close: async () => {
      await context.close();
      await extension.close();
    },
  };
}

/** What the extension does for its page: sends states, reads pages of rows. */
class Extension {
  readonly #page: Page;
  readonly #waiting: (() => Promise<void>)[] = [];
  #shown: ShownResults | undefined;
  #runs = 0;
  #isHeld = false;

  constructor(page: Page) {
    this.#page = page;
  }

  async show(run: RunResult, sql: string): Promise<void> {
    const before = this.#shown;
    const shown = await openResults(run, sql, ++this.#runs);
    this.#shown = shown;
    await this.post({ type: 'results', results: shown.views, schemas: shown.schemas, micros: run.micros });
    await before?.files.close();
  }

  pull(id: string, page: number): void {
    const answer = () => this.#answer(id, page);
    if (this.#isHeld) this.#waiting.push(answer);
    else void answer();
  }

  async hold(held: boolean): Promise<void> {
    this.#isHeld = held;
    if (!held) for (const answer of this.#waiting.splice(0)) await answer();
  }

  async post(message: ToResultsPage): Promise<void> {
    await this.#page.evaluate(
      (text) => {
        const bytesOf = (base64: string) => {
          const text = atob(base64);
          const bytes = new Uint8Array(text.length);
          for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
          return bytes.buffer;
        };
        const message: unknown = JSON.parse(text, (_, value) =>
          typeof value?.$bytes === 'string' ? bytesOf(value.$bytes) : value,
        );
        window.dispatchEvent(new MessageEvent('message', { data: message }));
      },
      JSON.stringify(message, (_, value: unknown) =>
        value instanceof ArrayBuffer ? { $bytes: Buffer.from(value).toString('base64') } : value,
      ),
    );
  }

  async close(): Promise<void> {
    await this.#shown?.files.close();
  }

  async #answer(id: string, page: number): Promise<void> {
    if (this.#shown === undefined || this.#page.isClosed()) return;
    try {
      const bytes = await readPage(this.#shown, id, page);
      await this.post({ type: 'page', id, page, bytes });
    } catch (error) {
      if (this.#page.isClosed()) return;
      await this.post({ type: 'pageFailed', id, page, message: String(error) });
    }
  }
}
