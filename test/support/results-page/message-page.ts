import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { parseFromBenchPage } from '../../../client/bench/page-messages.ts';
import { parseFromChainPage } from '../../../client/chains/page-messages.ts';
import { parseFromProfilePage } from '../../../client/profile/page-messages.ts';
import type { FromBenchPage, ToBenchPage } from '../../../wasm-core/protocol/bench-page.ts';
import type { FromChainPage } from '../../../wasm-core/protocol/chain-page.ts';
import type { FromProfilePage, ToProfilePage } from '../../../wasm-core/protocol/profile-page.ts';
import { startBrowser } from './browser.ts';
import { dressPage } from './dress-page.ts';
import { type PageServer, startPageServer } from './page-server.ts';
import { type Theme, themeNamed } from './themes.ts';

/** A page in a browser that shows what it is sent, with a stand-in for the editor around it. */
export interface MessagePage<From, To> {
  readonly page: Page;
  /** What the page asked of the extension, oldest first. */
  readonly asked: readonly From[];
  /** What went wrong in the page: errors, policy violations, requests of things that the extension does not offer. */
  readonly faults: readonly string[];
  /** Sends a message as the extension does; also one that it does not send. */
  post(message: To): Promise<void>;
  close(): Promise<void>;
}

export type BenchPage = MessagePage<FromBenchPage, ToBenchPage>;
export type ChainPage = MessagePage<FromChainPage, unknown>;
export type ProfilePage = MessagePage<FromProfilePage, ToProfilePage>;

/** How a page opens. */
export interface MessagePageOptions {
  readonly theme?: Theme | undefined;
  /** Of the page's texts, as the page's server knows it; absent: English. */
  readonly language?: string;
  /** Pixels; absent: as large as a page of its kind mostly is. */
  readonly size?: { readonly width: number; readonly height: number };
}

/** Opens pages for the tests of one file. */
export interface MessagePages<From, To> {
  /** A page that listens; it is closed after the test, which fails when anything went wrong in the page. */
  open(options?: MessagePageOptions): Promise<MessagePage<From, To>>;
}

/** What a page is. */
interface PageKind<From> {
  /** The name of its script. */
  readonly bundle: string;
  /** In pixels. */
  readonly height: number;
  /** Checks what it asks, as the extension does. */
  readonly parse: (value: unknown) => From | undefined;
}

/** Pages of benchmarks. */
export function useBenchPages(): MessagePages<FromBenchPage, ToBenchPage> {
  return usePages({ bundle: 'bench', height: 900, parse: parseFromBenchPage });
}

/** Pages of chains; they are sent what the extension does not send, too. */
export function useChainPages(): MessagePages<FromChainPage, unknown> {
  return usePages({ bundle: 'chain', height: 800, parse: parseFromChainPage });
}

/** Pages of profiles. */
export function useProfilePages(): MessagePages<FromProfilePage, ToProfilePage> {
  return usePages({ bundle: 'profile', height: 600, parse: parseFromProfilePage });
}

/** Starts a browser and a server of the page for a `describe`, and ends them after it. */
function usePages<From, To>(kind: PageKind<From>): MessagePages<From, To> {
  const opened: MessagePage<From, To>[] = [];
  let shared: { readonly browser: Browser; readonly server: PageServer } | undefined;
  before(async () => {
    const [browser, server] = await Promise.all([startBrowser(), startPageServer(kind.bundle)]);
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
      const { browser, server } = shared;
      const view = await openPage<From, To>(kind, { browser, url: server.url, ...options });
      opened.push(view);
      return view;
    },
  };
}

/** Opens a page and waits until it listens. */
async function openPage<From, To>(
  { height, parse }: PageKind<From>,
  options: MessagePageOptions & { readonly browser: Browser; readonly url: string },
): Promise<MessagePage<From, To>> {
  const {
    browser,
    url,
    language,
    theme = themeNamed('Dark Modern'),
    size = { width: 1000, height },
  } = options;
  const colorScheme = theme.dark ? 'dark' : 'light';
  const context = await browser.newContext({ viewport: size, colorScheme });
  const page = await context.newPage();
  const asked: From[] = [];
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.exposeFunction('quernFault', (fault: string) => faults.push(fault));
  await page.exposeFunction('quernPost', (value: unknown) => {
    const request = parse(value);
    if (request === undefined) faults.push(`asked for ${JSON.stringify(value)}`);
    else asked.push(request);
  });
  await page.addInitScript(dressPage, { colors: theme.colors, bodyClass: theme.bodyClass });
  await page.goto(language === undefined ? url : `${url}?language=${language}`);
  await page.locator('main *').first().waitFor();
  return {
    page,
    asked,
    faults,
    post: (message) =>
      page.evaluate(
        (data: unknown) => void window.dispatchEvent(new MessageEvent('message', { data })),
        message as unknown,
      ),
    close: () => context.close(),
  };
}
