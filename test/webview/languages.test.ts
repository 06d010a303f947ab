import assert from 'node:assert/strict';
import type { BenchReport } from '../../wasm-core/protocol/bench/report.ts';
import type { ToProfilePage } from '../../wasm-core/protocol/profile-page.ts';
import { exampleReport } from '../support/bench-report.ts';
import { useBenchPages, useProfilePages } from '../support/results-page/message-page.ts';
import { BRACKETED } from '../support/results-page/page-server.ts';
import { useResultsPage } from '../support/results-page/suite.ts';
import { untranslated } from '../support/results-page/untranslated.ts';
import { useWasmPage } from '../support/wasm-page/suite.ts';

describe("the results page in the editor's language", () => {
  const suite = useResultsPage();

  it('is in German for an editor in German', async () => {
    const view = await suite.open({ language: 'de' });
    await view.page.getByRole('heading', { name: 'Noch keine Ergebnisse' }).waitFor();
    assert.equal(await view.page.locator('html').getAttribute('lang'), 'de');
    await view.post({ type: 'running', title: 'select 42' });
    await view.page.getByRole('button', { name: 'Abbrechen' }).click();
    assert.deepEqual(view.asked.at(-1), { type: 'cancel' });
    await view.post({ type: 'cancelled' });
    await view.page.getByRole('heading', { name: 'Abgebrochen' }).waitFor();
  });

  it('has no text that is not translated', async () => {
    const view = await suite.open({ language: BRACKETED });
    assert.deepEqual(await untranslated(view), []);
    await view.post({ type: 'running', title: 'Ж' });
    assert.deepEqual(await untranslated(view), []);
    await view.post({ type: 'failed', message: 'Ж', details: { start: 0, end: 1 } });
    assert.deepEqual(await untranslated(view), []);
    await view.post({ type: 'cancelled' });
    assert.deepEqual(await untranslated(view), []);
  });

  it('has no text that is not translated where rows are summarized and selected', async () => {
    const view = await suite.openWith("select 'Ж' as Ж from range(3) r(i) union all select null", {
      language: BRACKETED,
    });
    await view.page.getByRole('tab', { name: '⟦Summary⟧' }).click();
    await view.page.getByRole('button', { name: '⟦Only NULL⟧' }).click();
    await view.page.locator('.filter-sql').filter({ hasText: 'is null' }).waitFor();
    await view.page.locator('.card-note').filter({ hasText: '⟦No values.⟧' }).waitFor();
    const texts = await untranslated(view);
    // The statement, the clauses, and what the line at the top says.
    const ours = texts.filter((text) => !/^(select|where) /.test(text));
    assert.deepEqual(ours, []);
  });
});

describe("the page of a .wasm file in the editor's language", () => {
  const suite = useWasmPage();

  it('has no text that is not translated, but the names of its format', async () => {
    const view = await suite.open({ language: BRACKETED });
    assert.deepEqual(await untranslated(view), []);
    await view.show(
      new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 4, 1, 2, 0, 11]),
      'Ж',
    );
    await view.page.getByRole('columnheader').first().waitFor();
    const names = await untranslated(view);
    assert.deepEqual([...new Set(names.filter((text) => !/^(type|function|code)\b/.test(text)))], []);
  });
});

const CALL = { function: 0, parent: 0, calls: 1, selfFuel: 60, totalFuel: 0 };
const PROFILE: ToProfilePage = {
  type: 'profile',
  title: 'Ж',
  profile: {
    fuel: 100,
    unprofiled: ['Ж'],
    modules: [
      {
        module: 'Ж',
        digest: '',
        fuel: 100,
        outsideFuel: 40,
        truncated: true,
        functions: [
          {
            index: 0,
            name: 'Ж',
            place: { file: 'Ж', path: '/Ж', line: 1, column: 1 },
            calls: 1,
            selfFuel: 60,
            totalFuel: 60,
            executedBytes: 1,
            reachableBytes: 2,
            ranges: [],
          },
        ],
        calls: [{ ...CALL, function: -1, parent: -1, calls: 0, selfFuel: 0 }, CALL],
      },
    ],
  },
};

describe("the profile page in the editor's language", () => {
  const pages = useProfilePages();

  it('has no text that is not translated', async () => {
    const view = await pages.open({ language: BRACKETED });
    assert.deepEqual(await untranslated(view), []);
    await view.post(PROFILE);
    await view.page.getByRole('treeitem').last().focus();
    await view.page.getByRole('button', { name: '⟦Show in editor⟧' }).waitFor();
    assert.deepEqual(await untranslated(view), []);
  });
});

/** A report whose names have no Latin letters, as data of these tests. */
function foreignReport(): BenchReport {
  const report = exampleReport();
  const machine = { ...report.machine, cpu: 'Ж', os: 'Ж', osRelease: '1', arch: 'Ж' };
  const rows = report.rows.map(({ reference, comparison, result, ...row }) => ({
    ...row,
    result: { ...result, name: 'Ж', ...(result.outcome === 'failed' && { message: 'Ж' }) },
    ...(reference && { reference: { ...reference, name: 'Ж' } }),
    ...(comparison && {
      comparison: comparison.type === 'compared' ? { ...comparison, changedModules: ['Ж'] } : comparison,
    }),
  }));
  return { ...report, title: 'Ж', against: 'Ж', machine, rows };
}

describe("the page of benchmarks in the editor's language", () => {
  const pages = useBenchPages();

  it('has no text that is not translated in a report, its pictures included', async () => {
    const view = await pages.open({ language: BRACKETED });
    const points = [100, 1000].map((rowCount) => ({
      rowCount,
      micros: rowCount,
      q1: rowCount,
      q3: rowCount,
    }));
    const commit = { revision: 'Ж', message: 'Ж', at: '2026-01-02T03:04:05Z', micros: 5, q1: 4, q3: 6 };
    await view.post({
      type: 'report',
      report: foreignReport(),
      scaling: [{ name: 'Ж', points }],
      history: [{ name: 'Ж', points: [commit] }],
      canScale: true,
      canSave: true,
    });
    await view.page.getByRole('table').first().waitFor();
    assert.deepEqual(await untranslated(view), []);
  });

  it('has no text that is not translated before there is a report', async () => {
    const view = await pages.open({ language: BRACKETED });
    assert.deepEqual(await untranslated(view), []);
    await view.post({ type: 'running', title: 'Ж', targets: ['Ж'] });
    assert.deepEqual(await untranslated(view), []);
    await view.post({ type: 'failed', message: 'Ж' });
    assert.deepEqual(await untranslated(view), []);
    await view.post({ type: 'cancelled' });
    assert.deepEqual(await untranslated(view), []);
  });
});
