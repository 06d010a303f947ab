import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import type { Page } from 'playwright-core';
import type { AskHost, ReopenRows } from '../../client/results/result-questions.ts';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { exitOf, HostHome } from '../support/host-process.ts';
import type { ResultsPage } from '../support/results-page/results-page.ts';
import { useResultsPage } from '../support/results-page/suite.ts';

const SQL = 'select range as n, range % 7 as k from range(100000)';

/** A host that may be killed, and whoever asks it: the next one is asked in a session of its own, as the editor does. */
class LosingHost {
  readonly home = new HostHome();
  history = '';
  #child: ChildProcess | undefined;
  #opened: Promise<{ readonly connection: HostConnection; readonly session: string }> | undefined;

  /** Starts a host, and runs the statement in it. @param cache whether its rows are kept */
  async run(view: ResultsPage, cache: 'use' | 'off'): Promise<void> {
    this.#child = await this.home.start();
    const { connection, session } = await this.#session();
    const result = await connection.request('sql/run', { session, sql: SQL, cache });
    this.history = result.history ?? '';
    view.askWith(this.ask, this.reopen);
    await view.show(result, SQL);
    await view.drawn();
  }

  async kill(): Promise<void> {
    assert.ok(this.#child !== undefined);
    this.#child.kill('SIGKILL');
    await exitOf(this.#child);
  }

  readonly ask: AskHost = async (method, params, options) => {
    const { connection, session } = await this.#session();
    try {
      return await connection.request(method, { ...params, session } as never, options);
    } catch (error) {
      if (error instanceof CoreError && error.kind === 'HOST_LOST') await this.#startAgain();
      throw error;
    }
  };

  readonly reopen: ReopenRows = async () => {
    const { connection, session } = await this.#session();
    const { statements } = await connection.request('history/result', { session, id: this.history });
    const [statement] = statements;
    return statement == null ? undefined : { ...statement, start: 0, end: SQL.length };
  };

  async dispose(): Promise<void> {
    await this.home.dispose();
  }

  #session() {
    this.#opened ??= this.home.connect().then(async (connection) => {
      const { session } = await connection.request('sql/open', { folder: this.home.folder });
      return { connection, session };
    });
    return this.#opened;
  }

  async #startAgain(): Promise<void> {
    this.#opened = undefined;
    this.#child = await this.home.start();
  }
}

describe('a results page whose host is killed', function () {
  this.timeout(180_000);
  const suite = useResultsPage();
  let host: LosingHost;
  beforeEach(() => {
    host = new LosingHost();
  });
  afterEach(() => host.dispose());

  const sort = (page: Page) =>
    page.getByRole('columnheader', { name: /^k\b/ }).getByRole('button', { name: /sort/i }).click();
  const bar = (page: Page) => page.getByRole('region', { name: 'Filters' });
  const find = async (page: Page, text: string) => {
    await page.locator('[role=grid]').press('Control+F');
    await page.getByRole('textbox', { name: 'Find' }).fill(text);
    await page.getByRole('textbox', { name: 'Find' }).press('Enter');
  };

  it('has its rows still, says that the engine has them no longer, and what to do', async () => {
    const view = await suite.open();
    await host.run(view, 'off');
    await host.kill();
    const grid = view.page.locator('[role=grid]');
    // Rows that the page has not pulled yet.
    await grid.press('Control+End');
    await view.cell(99_999, 0).filter({ hasText: '99999' }).waitFor();
    // The first question finds the host dead, the next one another host.
    for (const turn of ['dead', 'another']) {
      await sort(view.page);
      await bar(view.page)
        .getByRole('status')
        .filter({ hasText: 'These rows are gone; run the statement again.' })
        .waitFor();
      await bar(view.page).getByRole('button', { name: 'Remove' }).click();
      assert.equal(await grid.getAttribute('aria-rowcount'), '100001', turn);
    }
    await find(view.page, '4242');
    await view.page.getByRole('search').getByText('These rows are gone; run the statement again.').waitFor();
    await view.page.getByRole('textbox', { name: 'Find' }).press('Escape');
    await view.page.getByRole('tab', { name: 'Summary' }).click();
    await view.page.getByText('These rows are gone; run the statement again.').first().waitFor();
    await view.page.getByRole('tab', { name: 'Rows' }).click();
    await grid.press('Control+Home');
    await view.cell(0, 0).filter({ hasText: /^0$/ }).waitFor();
  });

  it('is answered as before where its rows are kept', async () => {
    const view = await suite.open();
    await host.run(view, 'use');
    await host.kill();
    await find(view.page, '4242');
    // Another host starts for it, and an engine in that.
    const count = view.page.getByRole('search').getByRole('status');
    await count.filter({ hasText: /of 20$/ }).waitFor({ timeout: 120_000 });
    await view.page.getByRole('textbox', { name: 'Find' }).press('Escape');
    await sort(view.page);
    await bar(view.page)
      .getByRole('status')
      .filter({ hasText: /^100,000 of 100,000 rows$/ })
      .waitFor();
    await view.page.locator('[role=grid]').press('Control+End');
    await view.cell(99_999, 1).filter({ hasText: '6' }).waitFor();
  });
});
