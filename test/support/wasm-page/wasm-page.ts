import type { Browser, Page } from 'playwright-core';
import { parseFromWasmPage } from '../../../client/wasm-editor/page-messages.ts';
import { ModuleInspector } from '../../../wasm-core/binary/inspect/inspector.ts';
import type { FromWasmPage, ToWasmPage } from '../../../wasm-core/protocol/wasm-viewer.ts';
import { dressPage } from '../results-page/dress-page.ts';
import { type Theme, themeNamed } from '../results-page/themes.ts';

/** The page that shows a `.wasm` file in a browser; the inspector that the editor's thread has answers it. */
export interface WasmPage {
  readonly page: Page;
  /** What the page asked of the extension, oldest first. */
  readonly asked: readonly FromWasmPage[];
  /** What went wrong in the page: errors, policy violations, requests of things that the extension does not offer. */
  readonly faults: readonly string[];
  /** Sends a message as the extension does. */
  post(message: ToWasmPage): Promise<void>;
  /** Shows a file, as the extension does at the beginning and when it changes. */
  show(bytes: Uint8Array, name?: string): Promise<void>;
  /** Compares the file with another, as the extension does when one was chosen. */
  compare(other: Uint8Array, name: string): Promise<void>;
  /** Shows a tab by its name. */
  tab(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Where and how a page opens. */
export interface WasmPageOptions {
  readonly browser: Browser;
  readonly url: string;
  readonly theme?: Theme;
  /** Of the page's texts, as the page's server knows it; absent: English. */
  readonly language?: string;
  readonly width?: number;
  readonly height?: number;
}

/** Opens the page and waits until it listens. */
export async function openWasmPage(options: WasmPageOptions): Promise<WasmPage> {
  const { browser, url, language, theme = themeNamed('Dark Modern'), width = 1100, height = 760 } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme.dark ? 'dark' : 'light',
  });
  const page = await context.newPage();
  const asked: FromWasmPage[] = [];
  const faults: string[] = [];
  let inspector: ModuleInspector | undefined;
  const post = async (message: ToWasmPage) => {
    if (page.isClosed()) return;
    await page.evaluate((data) => window.dispatchEvent(new MessageEvent('message', { data })), message);
  };
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.exposeFunction('quernFault', (fault: string) => faults.push(fault));
  await page.exposeFunction('quernPost', (value: unknown) => {
    const request = parseFromWasmPage(value);
    if (request === undefined) faults.push(`asked for ${JSON.stringify(value)}`);
    else asked.push(request);
    if (request?.type === 'ask' && inspector !== undefined) void post(replyOf(inspector, request));
  });
  await page.addInitScript(dressPage, { colors: theme.colors, bodyClass: theme.bodyClass });
  await page.goto(language === undefined ? url : `${url}?language=${language}`);
  await page.locator('main *').first().waitFor();
  return {
    page,
    asked,
    faults,
    post,
    show: async (bytes, name = 'plugin.wasm') => {
      inspector = new ModuleInspector(bytes);
      await post({ type: 'opened', name });
    },
    compare: async (other, name) => {
      if (inspector === undefined) throw new Error('No file is shown.');
      await post({ type: 'compared', comparison: inspector.compare(other, name) });
    },
    tab: (name) => page.getByRole('tab', { name, exact: true }).click(),
    close: () => context.close(),
  };
}

function replyOf(
  inspector: ModuleInspector,
  { id, question }: FromWasmPage & { readonly type: 'ask' },
): ToWasmPage {
  try {
    return { type: 'answer', id, answer: inspector.answer(question) };
  } catch (error) {
    return { type: 'refused', id, message: error instanceof Error ? error.message : String(error) };
  }
}
