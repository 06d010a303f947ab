import assert from 'node:assert/strict';
import { LiveRun } from '../../client/results/live-run.ts';
import type { LiveRows } from '../../wasm-core/protocol/live-rows.ts';
import type { RunResult, StatementResult } from '../../wasm-core/protocol/methods.ts';
import type { FailureView } from '../../wasm-core/protocol/webview.ts';
import { eventually } from '../support/eventually.ts';
import type { ResultsPage } from '../support/results-page/results-page.ts';
import { useResultsPage } from '../support/results-page/suite.ts';

const SQL = 'select range as n from range(40000)';

/** A run whose rows a test lets through, page by page. */
class Staged {
  readonly view: ResultsPage;
  readonly live: LiveRun;
  readonly statement: StatementResult;
  #told = 0;

  constructor(view: ResultsPage, run: RunResult) {
    const [statement] = run.statements;
    assert.ok(statement !== undefined);
    this.view = view;
    this.statement = statement;
    this.live = new LiveRun(1, { post: (message) => void view.post(message) });
    view.watch(this.live);
  }

  /** Tells of one page more. */
  async page(): Promise<void> {
    const { file, columns } = this.statement;
    const page = file?.pages[this.#told];
    assert.ok(file !== undefined && page !== undefined);
    await this.tell({
      ...(this.#told === 0 && {
        file: { path: file.path, schemaByteLength: file.schemaByteLength, columns },
      }),
      pages: [page],
      rowCount: page.firstRow + page.rowCount,
      micros: 3_200_000,
    });
    this.#told++;
  }

  async tell(rows: Omit<LiveRows, 'statement'>): Promise<void> {
    const before = { statements: [], micros: 0 };
    const { start, end } = this.statement;
    await this.live.take({ before, start, end, sql: SQL, rows: { statement: 0, ...rows } });
  }

  /** Ends the run well. */
  async end(): Promise<void> {
    const run = { statements: [this.statement], micros: this.statement.cost.micros };
    await this.view.show(run, SQL);
    await this.live.close();
  }

  async cut(why: 'cancelled' | 'failed', failure?: FailureView) {
    const cut = await this.live.cut(0, why);
    assert.ok(cut !== undefined);
    await this.view.showCut(cut, failure);
  }
}

describe('rows that come while a statement runs', () => {
  const suite = useResultsPage();
  const staged = async (): Promise<Staged> => new Staged(await suite.open(), await suite.run(SQL));

  it('are there before it has ended, with their number, the time and a way to cancel', async () => {
    const run = await staged();
    const { page } = run.view;
    await run.view.post({ type: 'running', title: SQL });
    await run.page();
    await run.view.drawn();
    const first = run.statement.file?.pages[0]?.rowCount ?? 0;
    await page.getByText(`${first.toLocaleString('en-US')} rows so far`).waitFor();
    // The text stands in the line, not over what is above it.
    const line = await page.locator('.running-strip').boundingBox();
    const text = await page.getByText(/rows so far/).boundingBox();
    assert.ok(line !== null && text !== null && text.y >= line.y);
    await page.getByText(/^3\.\d s$/).waitFor();
    await run.view.post({ type: 'progress', percent: 40 });
    assert.equal(await page.getByRole('progressbar').getAttribute('aria-valuenow'), '40');
    assert.equal(await page.getByRole('button', { name: 'Export…' }).count(), 0);
    await run.page();
    await page.getByText(/32,768 rows so far/).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).press('Enter');
    assert.deepEqual(run.view.asked.at(-1), { type: 'cancel' });
  });

  it('stay where they are looked at when the statement has ended', async () => {
    const run = await staged();
    const { page } = run.view;
    await run.page();
    await run.view.drawn();
    const grid = page.getByRole('grid');
    await grid.focus();
    await grid.evaluate((node) => node.scrollTo({ top: 200 * 22 - 100 }));
    await run.view.cell(200, 0).click();
    const place = await grid.evaluate((node) => node.scrollTop);
    await run.page();
    await run.end();
    await page.getByText('40,000 rows').waitFor();
    assert.equal(await page.getByRole('progressbar').count(), 0);
    assert.equal(await grid.evaluate((node) => node.scrollTop), place);
    assert.equal(await run.view.cell(200, 0).getAttribute('aria-selected'), 'true');
    assert.ok(await grid.evaluate((node) => node === document.activeElement));
    assert.equal(await grid.getAttribute('aria-rowcount'), '40001');
    assert.equal(await page.getByRole('button', { name: 'Export…' }).count(), 1);
  });

  it('stay when the run is cancelled, and say that they are not all', async () => {
    const run = await staged();
    await run.page();
    await run.view.drawn();
    await run.cut('cancelled');
    await run.view.page.getByText('cut off: the run was cancelled').waitFor();
    await run.view.cell(5, 0).waitFor();
    assert.equal(await run.view.page.getByRole('button', { name: 'Cancel' }).count(), 0);
    assert.equal(await run.view.page.getByRole('button', { name: 'Export…' }).count(), 0);
  });

  it('are sorted, filtered, summarised and drawn when they were cut off, those that came and no others', async () => {
    const run = await staged();
    const { page } = run.view;
    await run.page();
    await run.view.drawn();
    await run.cut('cancelled');
    const came = run.statement.file?.pages[0]?.rowCount ?? 0;
    assert.ok(came > 0 && came < 40_000);
    const header = page.getByRole('columnheader', { name: /^n\b/ });
    await header.getByRole('button', { name: /sort/i }).click();
    await header.getByRole('button', { name: /sort/i }).click();
    await run.view
      .cell(0, 0)
      .filter({ hasText: String(came - 1) })
      .waitFor();
    await run.view.cell(0, 0).click({ button: 'right' });
    await page.getByRole('menuitem', { name: /^Only “/ }).click();
    await page.getByText(`1 of ${came.toLocaleString('en-US')} rows`).waitFor();
    await page.getByRole('tab', { name: 'Summary' }).click();
    await page.getByRole('region', { name: 'n', exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Chart' }).click();
    await page.locator('.chart canvas').waitFor();
  });

  it('stay beside the error when the statement fails', async () => {
    const run = await staged();
    const { page } = run.view;
    await run.page();
    await run.view.drawn();
    const failure = { title: 'select range', message: 'no more', details: { start: 0 } };
    await run.cut('failed', failure);
    await page.getByRole('alert').getByText('no more').waitFor();
    await page.getByRole('button', { name: 'Show in editor' }).waitFor();
    await page.getByRole('tab').first().click();
    await page.getByText('cut off: the statement failed behind these rows').waitFor();
    await run.view.cell(5, 0).waitFor();
  });

  it('go when a file changed while they were read, and come anew', async () => {
    const run = await staged();
    await run.page();
    await run.view.drawn();
    await run.tell({ pages: [], rowCount: 0, micros: 1, isGivenUp: true });
    await run.view.page.locator('.notice').getByText(SQL).waitFor();
    assert.equal(await run.view.page.getByRole('grid').count(), 0);
    assert.equal(run.live.shown, undefined);
    assert.equal(await run.live.cut(0, 'failed'), undefined);
    await run.end();
    await run.view.page.getByText('40,000 rows').waitFor();
  });

  it('come of several statements, the last of which is looked at', async () => {
    const run = await staged();
    const { page } = run.view;
    await run.page();
    await run.view.drawn();
    const statements = [run.statement, { ...run.statement }];
    const shown = { statements, micros: 1 };
    await run.view.show(shown, SQL);
    await eventually('the second statement is looked at', async () =>
      (await page.getByRole('tab').nth(1).getAttribute('aria-selected')) === 'true' ? true : undefined,
    );
  });
});
