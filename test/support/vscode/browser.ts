import { type Browser, chromium, type Page } from 'playwright-core';
import type { EditorEnvironment } from './environment.ts';

/** A page in a browser of its own, and what went wrong in it. */
export interface TestPage {
  readonly page: Page;
  /** Hosts outside this machine that the page asked for. */
  readonly outside: ReadonlySet<string>;
  /** Errors that the page wrote to its console. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Opens an empty page, 1280 by 800 pixels. */
export async function openPage(environment: EditorEnvironment): Promise<TestPage> {
  const browser: Browser = await chromium.launch({
    executablePath: environment.chromium,
    headless: true,
    args: QUIET,
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    // Only what hangs should fail: on a busy machine the first run of a window may take most of a minute.
    page.setDefaultTimeout(90_000);
    const outside = new Set<string>();
    const errors: string[] = [];
    page.on('requestfailed', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (/^https?:/.test(protocol) && !/^127\.|^localhost$/.test(hostname)) outside.add(hostname);
    });
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    page.on('pageerror', (error) => errors.push(error.message));
    return { page, outside, errors, close: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
