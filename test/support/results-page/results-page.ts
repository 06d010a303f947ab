import type { Browser, Locator, Page } from 'playwright-core';
import type { CutRun, LiveRun } from '../../../client/results/live-run.ts';
import { parseFromPage } from '../../../client/results/page-messages.ts';
import { answerMessage, REFUSING, type ResultAnswerer } from '../../../client/results/result-answers.ts';
import { type AskHost, type ReopenRows, ResultQuestions } from '../../../client/results/result-questions.ts';
import { openResults, readPage, type ShownResults } from '../../../client/results/result-views.ts';
import type { RunResult } from '../../../wasm-core/protocol/methods.ts';
import type { ResultAnswers, ResultQuestion } from '../../../wasm-core/protocol/result-questions.ts';
import type { FailureView, FromResultsPage, ToResultsPage } from '../../../wasm-core/protocol/webview.ts';
import { dressPage } from './dress-page.ts';
import { type Theme, themeNamed } from './themes.ts';

/** A results page in a browser, with a stand-in for the editor around it; the extension's own code feeds it. */
export interface ResultsPage {
  readonly page: Page;
  /** What the page asked of the extension, oldest first. */
  readonly asked: readonly FromResultsPage[];
  /** What went wrong in the page: errors, policy violations, requests of things that the extension does not offer. */
  readonly faults: readonly string[];
  /** Answers what the page asks about a result from now on; before it, nothing does. */
  answer(answer: (question: ResultQuestion) => Promise<ResultAnswers[keyof ResultAnswers]>): void;
  /**
   * Asks this about the results that are shown from now on, where nothing else answers.
   *
   * @param reopen where rows may be kept beyond their session; absent: they are not
   */
  askWith(ask: AskHost, reopen?: ReopenRows): void;
  /** While true, the page's pulls wait, and what it asks. */
  hold(held: boolean): Promise<void>;
  /** Sends a message as the extension does. */
  post(message: ToResultsPage): Promise<void>;
  /** Shows the results of a run, and answers the page's pulls from their files. */
  show(run: RunResult, sql: string, look?: 'rows' | 'plan' | 'diff'): Promise<void>;
  /** Shows the rows of a run that was cut off, and answers what is asked about them. */
  showCut(cut: CutRun, failure?: FailureView): Promise<void>;
  /** Answers the page's pulls from the files of a run under way, which has its rows from `live.take`. */
  watch(live: LiveRun): void;
  /** Loads the page again, as the editor does with one that was hidden, and shows what it showed. */
  reload(): Promise<void>;
  /** The element of a cell, both from 0; it is there only while in view. */
  cell(row: number, column: number): Locator;
  /** Waits until the first row shows its values, by which the columns get their widths. */
  drawn(): Promise<void>;
  close(): Promise<void>;
}

/** Where and how a page opens. */
export interface ResultsPageOptions {
  readonly browser: Browser;
  readonly url: string;
  readonly theme?: Theme;
  /** Of the page's texts, as the page's server knows it; absent: English. */
  readonly language?: string;
  readonly width?: number;
  readonly height?: number;
}

/** Opens a results page and waits until it listens. */
export async function openResultsPage(options: ResultsPageOptions): Promise<ResultsPage> {
  const { browser, url, language, theme = themeNamed('Dark Modern'), width = 1000, height = 600 } = options;
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
    const request = parseFromPage(unpacked(value));
    if (request === undefined) faults.push(`asked for ${JSON.stringify(value)}`);
    else {
      asked.push(request);
      if (request.type === 'pull') extension.pull(request.id, request.page);
      if (request.type === 'ask') extension.answer(request);
    }
  });
  await page.addInitScript(dressPage, { colors: theme.colors, bodyClass: theme.bodyClass });
  await page.goto(language === undefined ? url : `${url}?language=${language}`);
  await page.locator('main *').first().waitFor();
  const cell = (row: number, column: number): Locator =>
    page.locator(`[role=row][aria-rowindex="${row + 2}"] [role=gridcell][aria-colindex="${column + 2}"]`);
  return {
    page,
    asked,
    faults,
    askWith: (ask, reopen) => extension.askWith(ask, reopen),
    answer: (answer) => extension.answerWith({ answer }),
    hold: (held) => extension.hold(held),
    post: (message) => extension.post(message),
    show: (run, sql, look) => extension.show(run, sql, look),
    showCut: (cut, failure) => extension.showOpen(cut, failure),
    watch: (live) => extension.watch(live),
    reload: async () => {
      await page.reload();
      await page.locator('main *').first().waitFor();
      await extension.showAgain();
    },
    cell,
    drawn: () => cell(0, 0).and(page.locator(':not(.pending)')).waitFor(),
    close: async () => {
      await context.close();
      await extension.close();
    },
  };
}

/** A message of the page with its bytes, which got through as text. */
function unpacked(message: unknown): unknown {
  const { $bytes } = ((message as { bytes?: unknown } | null)?.bytes ?? {}) as { $bytes?: unknown };
  if (typeof $bytes !== 'string') return message;
  return { ...(message as object), bytes: new Uint8Array(Buffer.from($bytes, 'base64')).buffer };
}

/** What the extension does for its page: sends states, reads pages of rows. */
class Extension {
  readonly #page: Page;
  readonly #waiting: (() => Promise<void>)[] = [];
  #shown: ShownResults | undefined;
  #runs = 0;
  #live: LiveRun | undefined;
  #isHeld = false;
  #last: ToResultsPage | undefined;
  #answerer: ResultAnswerer | undefined;
  #ask: AskHost | undefined;
  #reopen: ReopenRows | undefined;
  #questions: ResultQuestions | undefined;

  constructor(page: Page) {
    this.#page = page;
  }

  async show(run: RunResult, sql: string, look: 'rows' | 'plan' | 'diff' = 'rows'): Promise<void> {
    const shown = await openResults(run, sql, { runId: ++this.#runs, look });
    await this.showOpen({ shown, statements: run.statements });
  }

  async showOpen({ shown, statements }: CutRun, failure?: FailureView): Promise<void> {
    const before = this.#shown;
    this.#shown = shown;
    const micros = statements.reduce((sum, { cost }) => sum + cost.micros, 0);
    const { views: results, schemas } = shown;
    this.#last = { type: 'results', results, schemas, micros, ...(failure && { failure }) };
    await this.post(this.#last);
    await this.#questions?.dispose();
    const asked = statements.map((statement, index) => ({
      id: shown.views[index]?.id ?? '',
      title: shown.views[index]?.title ?? '',
      statement,
    }));
    this.#questions = this.#ask && new ResultQuestions(this.#ask, asked, this.#reopen);
    await before?.files.close();
  }

  async showAgain(): Promise<void> {
    if (this.#last !== undefined) await this.post(this.#last);
  }

  watch(live: LiveRun): void {
    this.#live = live;
  }

  answerWith(answerer: ResultAnswerer): void {
    this.#answerer = answerer;
  }

  askWith(ask: AskHost, reopen?: ReopenRows): void {
    this.#ask = ask;
    this.#reopen = reopen;
  }

  answer(asked: Extract<FromResultsPage, { type: 'ask' }>): void {
    this.#later(async () => {
      const message = await answerMessage(asked, this.#answerer ?? this.#questions ?? REFUSING);
      if (!this.#page.isClosed()) await this.post(message);
    });
  }

  pull(id: string, page: number): void {
    this.#later(() => this.#answer(id, page));
  }

  #later(answer: () => Promise<void>): void {
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
    await this.#questions?.dispose();
    await this.#shown?.files.close();
    await this.#live?.close();
  }

  async #answer(id: string, page: number): Promise<void> {
    const shown = this.#live?.shown ?? this.#shown;
    if (shown === undefined || this.#page.isClosed()) return;
    try {
      const selected = await this.#questions?.page(id, page);
      if (selected !== undefined) return await this.post(selected);
      const bytes = await readPage(shown, id, page);
      await this.post({ type: 'page', id, page, bytes });
    } catch (error) {
      if (this.#page.isClosed()) return;
      await this.post({ type: 'pageFailed', id, page, message: String(error) });
    }
  }
}
