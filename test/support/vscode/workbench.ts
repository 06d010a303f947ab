import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { eventually } from '../eventually.ts';
import { projectRoot } from '../project.ts';
import { openPage, type TestPage } from './browser.ts';
import { type EditorEnvironment, editorEnvironment, variable } from './environment.ts';
import { createProfile, type Profile } from './profile.ts';
import { installExtension, startServer, type VsCodeServer } from './server.ts';

/** How a window is opened. */
export interface WorkbenchOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Start in Restricted Mode, as in a folder that nobody has trusted. */
  readonly restricted?: boolean;
  /** Quern's home; absent: QUERN_HOME. */
  readonly home?: string;
}

/** Text goes in as it is given, without brackets, quotes and spaces of the editor's own. */
const VERBATIM = {
  'editor.autoIndent': 'none',
  'editor.autoClosingBrackets': 'never',
  'editor.autoClosingQuotes': 'never',
  'editor.autoClosingComments': 'never',
  'editor.autoSurround': 'never',
  'editor.minimap.enabled': false,
};

/** A real VS Code window with the extension installed from its VSIX, driven as a user would. */
export class Workbench {
  readonly page: Page;
  readonly #environment: EditorEnvironment;
  readonly #profile: Profile;
  readonly #server: VsCodeServer;
  readonly #browser: TestPage;
  readonly #home: string | undefined;

  private constructor(parts: {
    readonly environment: EditorEnvironment;
    readonly profile: Profile;
    readonly server: VsCodeServer;
    readonly browser: TestPage;
    readonly home: string | undefined;
  }) {
    this.page = parts.browser.page;
    this.#environment = parts.environment;
    this.#profile = parts.profile;
    this.#server = parts.server;
    this.#browser = parts.browser;
    this.#home = parts.home;
  }

  /** Installs the VSIX named by QUERN_VSIX and opens the folder named by QUERN_WORKSPACE. */
  static async open(options: WorkbenchOptions = {}): Promise<Workbench> {
    const environment = editorEnvironment();
    const trust = {
      'security.workspace.trust.startupPrompt': 'never',
      'security.workspace.trust.banner': 'never',
    };
    const profile = createProfile({ ...VERBATIM, ...(options.restricted ? trust : {}), ...options.settings });
    let server: VsCodeServer | undefined;
    let browser: TestPage | undefined;
    try {
      await installExtension(environment, profile, variable(process.env, 'QUERN_VSIX'));
      const env: Record<string, string> = options.home === undefined ? {} : { QUERN_HOME: options.home };
      server = await startServer({ environment, profile, trust: options.restricted === true, env });
      browser = await openPage(environment);
      const folder = encodeURIComponent(variable(process.env, 'QUERN_WORKSPACE'));
      await browser.page.goto(`${server.origin}/?folder=${folder}`);
      await browser.page.locator('.monaco-workbench .part.editor').waitFor();
      return new Workbench({ environment, profile, server, browser, home: options.home });
    } catch (error) {
      await browser?.close();
      await server?.stop();
      profile.remove();
      throw error;
    }
  }

  /** Hosts outside this machine that the window asked for. */
  get outside(): ReadonlySet<string> {
    return this.#browser.outside;
  }

  /** Closes the window and ends its host, whose files go with the extension. */
  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.stop();
    const quern = path.join(projectRoot(), 'dist/quern.js');
    const home = this.#home ?? variable(process.env, 'QUERN_HOME');
    spawnSync(process.execPath, [quern, 'stop'], {
      env: { ...process.env, QUERN_HOME: home },
      timeout: 30_000,
    });
    this.#profile.remove();
  }

  /** Opens a file of the workspace through the quick picker, in the left editor group. */
  async openFile(name: string): Promise<void> {
    const base = await this.openAny(name);
    // The tab is there before the text: what is typed or clicked meanwhile goes to the editor that was shown before.
    await this.page
      .locator(`.editor-group-container.active .monaco-editor[data-uri$="/${base}"].focused .view-line`)
      .first()
      .waitFor();
  }

  /** The same with a file that need not be text. @returns its name without folders */
  async openAny(name: string): Promise<string> {
    const base = path.posix.basename(name);
    await eventually(`${name} in the quick picker`, async () => {
      await this.page.keyboard.press('Control+1');
      await this.#pick('Control+P', name, base);
      return true;
    });
    await this.page.keyboard.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await this.page.locator(`.tab.active[data-resource-name="${base}"]`).waitFor();
    return base;
  }

  /** Runs a command by its title through the command palette. */
  async command(title: string): Promise<void> {
    await eventually(`the command ${title}`, async () => {
      await this.#pick('F1', `>${title}`, title);
      return true;
    });
    await this.page.keyboard.press('Enter');
  }

  /** The `Run` lenses in the editors that are shown. */
  get lenses(): Locator {
    return this.page.locator('.codelens-decoration a', { hasText: 'Run' });
  }

  /** The results page's own document. */
  get results(): FrameLocator {
    return this.page.frameLocator('iframe.webview').first().frameLocator('iframe#active-frame');
  }

  /** The texts of a row's first cells, once they are there; rows and cells count from 0. */
  async cells(row: number, count: number): Promise<string[]> {
    const cells = this.#row(row).locator('[role=gridcell]');
    await cells.first().waitFor();
    return (await cells.allTextContents()).slice(0, count);
  }

  /** Waits until a cell in view shows a text. */
  async waitForCell(row: number, column: number, text: string, timeoutMs = 90_000): Promise<void> {
    const cell = this.#row(row).locator('[role=gridcell]').nth(column);
    await cell.filter({ hasText: new RegExp(`^${text}$`) }).waitFor({ timeout: timeoutMs });
  }

  /** Chooses a colour theme. */
  async theme(name: string): Promise<void> {
    await this.page.keyboard.press('Control+1');
    await this.page.keyboard.press('Control+K');
    await this.page.keyboard.press('Control+T');
    const input = this.page.locator('.quick-input-box input');
    await input.waitFor();
    await input.fill(name);
    await this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: name }).waitFor();
    await this.page.keyboard.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    // The page's colours follow in a message of their own.
    await this.page.waitForTimeout(500);
  }

  /** What axe finds wrong with the results page. */
  async accessibilityFaults(): Promise<string[]> {
    const axe = readFileSync(path.join(projectRoot(), 'node_modules/axe-core/axe.min.js'), 'utf8');
    const outer = await (await this.page.locator('iframe.webview').first().elementHandle())?.contentFrame();
    const inner = await (await outer?.locator('iframe#active-frame').elementHandle())?.contentFrame();
    assert.ok(inner, 'the results page is open');
    await inner.evaluate(axe);
    const found = await inner.evaluate('axe.run(document)');
    const { violations } = found as { violations: { id: string; nodes: { html: string }[] }[] };
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  }

  /** Rows of the result that is shown. */
  async rowCount(): Promise<number> {
    return Number(await this.results.locator('[role=grid]').getAttribute('aria-rowcount')) - 1;
  }

  /** Runs the active editor's statement until its first cell shows a text: a plugin is in force a moment after its save. */
  async runUntil(text: string): Promise<void> {
    await eventually(`a cell with ${text}`, async () => {
      await this.click('select');
      await this.page.keyboard.press('Control+Enter');
      await this.waitForCell(0, 0, text, 2_000);
      return true;
    });
  }

  /** Runs the first statement that reads a text, and waits until the results page shows that it runs. */
  async startRun(text: string): Promise<void> {
    const cancel = this.results.getByRole('button', { name: 'Cancel' });
    await eventually('a run under way', async () => {
      await this.click(text);
      await this.page.keyboard.press('Control+Enter');
      await cancel.waitFor({ timeout: 10_000 });
      return true;
    });
  }

  /** Replaces the text of the editor that has the focus. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(text);
  }

  /** Puts the cursor into a line of the active editor. */
  async click(text: string): Promise<void> {
    await this.page
      .locator('.editor-group-container.active .view-line', { hasText: text })
      .first()
      .click({ position: { x: 24, y: 8 }, force: true });
  }

  /** Opens the quick picker, and looks for what it may not know yet: a file that was just written. */
  async #pick(key: string, text: string, found: string): Promise<void> {
    const input = this.page.locator('.quick-input-box input');
    // Keys pressed while the focus leaves a webview may be lost.
    await this.page.keyboard.press(key);
    await input.waitFor({ timeout: 2_000 });
    await input.fill('');
    await input.fill(text);
    const row = this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: found });
    await row.waitFor({ timeout: 10_000 });
  }

  #row(row: number): Locator {
    // The first row of the grid holds the columns' names, and ARIA counts from one.
    return this.results.locator(`[role=row][aria-rowindex="${row + 2}"]`);
  }

  /** Writes a screenshot to out/screenshots. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(this.#environment.screenshots, { recursive: true });
    await this.page.screenshot({ path: path.join(this.#environment.screenshots, `${name}.png`) });
  }
}
