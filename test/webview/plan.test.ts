import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { StatementResult } from '../../wasm-core/protocol/methods.ts';
import type { PlanNode } from '../../wasm-core/protocol/plan.ts';
import type { FunctionCost } from '../../wasm-core/protocol/statement-cost.ts';
import { faultsOf } from '../support/results-page/axe.ts';
import type { ResultsPage } from '../support/results-page/results-page.ts';
import { useResultsPage } from '../support/results-page/suite.ts';
import { THEMES } from '../support/results-page/themes.ts';

const COSTS: readonly FunctionCost[] = [
  { name: 'slug', calls: 3, rows: 6000, micros: 4000, transferMicros: 1000, fuel: 60_000 },
  { name: 'hidden', calls: 1, rows: 5, micros: 10, transferMicros: 0, fuel: 50 },
];

const NODES: readonly PlanNode[] = [
  { parent: -1, operator: 'PROJECTION', details: [], estimate: 10, rows: 12, micros: 100 },
  {
    parent: 0,
    operator: 'HASH_JOIN',
    details: [{ name: 'Conditions', value: "a = b\nc <> '<img src=x onerror=alert(1)>'" }],
    estimate: 40_000,
    rows: 12,
    micros: 3000,
  },
  {
    parent: 1,
    operator: 'FILTER',
    details: [{ name: 'Expression', value: 'slug(s) > 1' }],
    rows: 6000,
    micros: 6000,
    functions: ['slug'],
  },
  {
    parent: 2,
    operator: 'SEQ_SCAN',
    details: [{ name: 'Table', value: 't' }],
    rows: 6000,
    scanned: 6000,
    micros: 500,
  },
  { parent: 1, operator: 'RANGE', details: [], estimate: 7, rows: 7, micros: 20 },
];

function statement(nodes: readonly PlanNode[] = NODES, more: Partial<StatementResult> = {}): StatementResult {
  return {
    start: 0,
    end: 8,
    kind: 'SELECT',
    columns: [],
    rowCount: 12,
    truncated: false,
    cost: {
      micros: 12_000,
      functionMicros: 4010,
      transferMicros: 1000,
      functionRows: 6005,
      functionFuel: 60_050,
      functions: COSTS,
    },
    plan: { isMeasured: true, nodes },
    timeline: { queue: 300, parse: 20, bind: 900, run: 7000, functions: 3010, transfer: 1000 },
    ...more,
  };
}

/** The corpus of naughty strings, where it is at hand. */
function naughtyStrings(): readonly string[] {
  const file = path.join(process.env.QUERN_CORPORA ?? 'no-corpora', 'naughty-strings/blns.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as string[]) : [];
}

/** What is read aloud of elements: their texts without what is hidden from readers. */
function spoken(elements: readonly Element[]): string[] {
  return elements.map((one) => {
    const copy = one.cloneNode(true) as Element;
    for (const hidden of copy.querySelectorAll('[aria-hidden]')) hidden.remove();
    return copy.textContent ?? '';
  });
}

describe('the plan of a statement', function () {
  this.timeout(120_000);
  const suite = useResultsPage();

  async function show(
    view: ResultsPage,
    nodes?: readonly PlanNode[],
    more?: Partial<StatementResult>,
  ): Promise<void> {
    await view.show({ statements: [statement(nodes, more)], micros: 12_000 }, 'select 1', 'plan');
    await view.page.getByRole('tree').waitFor();
  }

  async function opened(nodes?: readonly PlanNode[], more?: Partial<StatementResult>): Promise<ResultsPage> {
    const view = await suite.open();
    await show(view, nodes, more);
    return view;
  }

  const focused = async (view: ResultsPage): Promise<string> =>
    (await view.page.locator(':focus').evaluateAll(spoken))[0] ?? '';

  it('is the tree of operators that the engine ran, with time and rows', async () => {
    const view = await suite.open();
    const sql = 'select count(*) from range(10000) a(i) join range(100) b(i) using (i)';
    await suite.explain(view, sql, 'analyze');
    const join = view.page.getByRole('treeitem').filter({ hasText: /HASH_JOIN.*%, 100 rows/ });
    await join.waitFor();
    assert.equal(await view.page.getByRole('treeitem').first().getAttribute('aria-level'), '1');
    await view.page.getByText(/^The statement ran for this plan/).waitFor();
    assert.equal(await view.page.getByRole('treeitem', { name: /end of the hot path/ }).count(), 1);
  });

  it('says that a plan of estimates did not run', async () => {
    const view = await suite.open();
    await suite.explain(view, 'select * from range(7)', 'estimates');
    await view.page.getByText('the statement was not run').waitFor();
    const item = view.page.getByRole('treeitem').filter({ hasText: /RANGE.*, 7 expected/ });
    await item.waitFor();
    assert.equal(await view.page.locator('.plan-bar:visible').count(), 0);
  });

  it('marks the hot path, estimates that are far off, and plugin functions', async () => {
    const view = await opened();
    const labels = await view.page.getByRole('treeitem').evaluateAll(spoken);
    assert.deepEqual(labels, [
      'PROJECTION, 100 µs, 1 %, 12 rows, 10 expected, on the hot path',
      'HASH_JOIN, 3.0 ms, 31 %, 12 rows⚠ 3,333× fewer than expected, 40,000 expected, on the hot path',
      'FILTER, 6.0 ms, 62 %, 6,000 rows, end of the hot path',
      'plugin function slug, 3 calls, 10 fuel a row, 1.0 ms of it transfer, 4.0 ms, 42 %, 6,000 rows',
      'SEQ_SCAN, 500 µs, 5 %, 6,000 rows',
      'RANGE, 20 µs, < 1 %, 7 rows, 7 expected',
      'plugin function hidden, 1 call, 10 fuel a row, in an operator that the plan does not name, 10 µs, < 1 %, 5 rows',
    ]);
    await view.page.getByText('⚠ 3,333× fewer than expected').waitFor();
    await view.page.getByText('hottest').waitFor();
  });

  it('is gone through with keys', async () => {
    const view = await opened();
    const { page } = view;
    await page.getByRole('treeitem').first().focus();
    const press = async (key: string): Promise<string> => {
      await page.keyboard.press(key);
      return (await focused(view)).split(',')[0] ?? '';
    };
    assert.equal(await press('ArrowDown'), 'HASH_JOIN');
    assert.equal(await press('ArrowLeft'), 'HASH_JOIN');
    assert.equal(
      await page.getByRole('treeitem', { name: /^HASH_JOIN/ }).getAttribute('aria-expanded'),
      'false',
    );
    assert.equal(await page.getByRole('treeitem', { name: /^FILTER/ }).count(), 0);
    assert.equal(await press('ArrowDown'), 'plugin function hidden');
    assert.equal(await press('ArrowUp'), 'HASH_JOIN');
    assert.equal(await press('ArrowRight'), 'HASH_JOIN');
    assert.equal(await press('ArrowRight'), 'FILTER');
    assert.equal(await press('End'), 'plugin function hidden');
    assert.equal(await press('s'), 'plugin function slug');
    assert.equal(await press('Home'), 'PROJECTION');
    assert.equal(await press('ArrowDown'), 'HASH_JOIN');
    assert.equal(await press('Enter'), 'HASH_JOIN');
    assert.equal(await press('ArrowDown'), "Conditions: a = b\nc <> '<img src=x onerror=alert(1)>'");
    assert.equal(await press('ArrowLeft'), 'HASH_JOIN');
    await page.keyboard.press(' ');
    assert.equal(await page.locator('.plan-item.detail').count(), 0);
    assert.equal(await page.locator('[role=treeitem][tabindex="0"]').count(), 1, 'one stop for Tab');
  });

  it('is copied as text and as JSON, and shown as text', async () => {
    const view = await opened();
    await view.page.getByRole('button', { name: 'Copy as Text' }).click();
    const asked = view.asked.at(-1);
    assert.ok(asked?.type === 'copy');
    assert.match(asked.text, /^PROJECTION {2}100 µs {2}12 rows {2}about 10 rows expected\n {2}HASH_JOIN/);
    await view.page.getByRole('button', { name: 'Copy as JSON' }).click();
    const json = view.asked.at(-1);
    assert.ok(json?.type === 'copy');
    const copied = JSON.parse(json.text) as { nodes: unknown; functions: unknown };
    assert.deepEqual([copied.nodes, copied.functions], [NODES, COSTS]);
    const button = view.page.getByRole('button', { name: 'Text', exact: true });
    await button.click();
    assert.equal(await view.page.getByLabel('Plan as text').textContent(), asked.text);
    await button.click();
    await view.page.getByRole('tree').waitFor();
  });

  it('opens a large plan as far as there is room, and all of it by hand', async () => {
    const wide: PlanNode[] = [{ parent: -1, operator: 'UNION', details: [] }];
    for (let index = 0; index < 3000; index++) {
      const at = wide.length;
      wide.push({ parent: index % 7 === 0 ? 0 : at - 1, operator: `SCAN_${index}`, details: [] });
    }
    const view = await opened(wide);
    const shown = await view.page.getByRole('treeitem').count();
    assert.ok(shown > 20 && shown <= 1000, `${shown}`);
    const deep: PlanNode[] = Array.from({ length: 5000 }, (_, at) => ({
      parent: at - 1,
      operator: 'UNION',
      details: [],
    }));
    await show(view, deep);
    await view.page.getByRole('treeitem').filter({ hasText: 'UNION' }).last().press('ArrowRight');
    assert.ok((await view.page.getByRole('treeitem').count()) > 300);
  });

  it('keeps texts texts, however hostile and long they are', async () => {
    const hostile = [
      '<script>window.hit=1</script>',
      '"><img src=x onerror="window.hit=1">',
      'javascript:window.hit=1',
      '\u202egnp.exe\u0000\u001b[31m',
      '\ud800 lone',
      `${'長い'.repeat(10_000)}`,
      ...naughtyStrings(),
    ];
    const nodes = hostile.map((text, at) => ({
      parent: at - 1,
      operator: text,
      details: [{ name: text, value: text.repeat(2) }],
      rows: 1,
      micros: 1,
    }));
    const view = await opened(nodes);
    const first = view.page.getByRole('treeitem').first();
    await first.focus();
    for (let line = 0; line < 12; line++) {
      await view.page.keyboard.press('Enter');
      await view.page.keyboard.press('ArrowDown');
      await view.page.keyboard.press('ArrowDown');
    }
    assert.equal(await view.page.locator('.plan-item.detail').count(), Math.min(12, nodes.length));
    assert.equal(await view.page.locator('main :is(script, img, a)').count(), 0);
    assert.equal(await view.page.evaluate(() => 'hit' in window), false);
  });

  it('is not shown when it is none', async () => {
    const view = await suite.open();
    const wrong = { isMeasured: true, nodes: [{ parent: 3, operator: 'X', details: [] }] };
    await view.show({ statements: [statement([], { plan: wrong })], micros: 1 }, 'select 1', 'plan');
    await view.page.locator('.sentence').waitFor();
    assert.equal(await view.page.getByRole('tree').count(), 0);
  });

  for (const theme of THEMES) {
    it(`breaks no rule of axe in ${theme.name}`, async () => {
      const view = await suite.open({ theme });
      await show(view);
      await view.page.getByRole('treeitem', { name: /^HASH_JOIN/ }).press('Enter');
      await view.page.getByRole('button', { name: '12 ms' }).click();
      await view.page.getByRole('table', { name: 'Where the time went' }).waitFor();
      const faults = await faultsOf(view, 'plan and timeline');
      await view.page.getByRole('button', { name: 'Text', exact: true }).click();
      assert.deepEqual([...faults, ...(await faultsOf(view, 'text'))], []);
    });
  }
});

describe('the timeline of a run', function () {
  this.timeout(120_000);
  const suite = useResultsPage();

  it('opens from the duration, and tells of each phase, the showing of rows included', async () => {
    const view = await suite.openWith("select i, 'x' || i as s from range(20000) t(i)");
    await view.drawn();
    const button = view.page.locator('.summary button');
    assert.equal(await button.getAttribute('aria-expanded'), 'false');
    await button.press('Enter');
    assert.equal(await button.getAttribute('aria-expanded'), 'true');
    const table = view.page.getByRole('table', { name: 'Where the time went' });
    await table.getByRole('rowheader', { name: 'Render' }).waitFor();
    const heads = await table.getByRole('rowheader').allTextContents();
    for (const name of ['Parse', 'Bind', 'Run', 'Write', 'Render', 'All of it'])
      assert.ok(heads.includes(name), name);
    const parts = await view.page
      .locator('.timeline-part')
      .evaluateAll((all) => all.map((one) => Number((one as HTMLElement).style.flexGrow)));
    const run = await view.page.evaluate(() => performance.now() * 1000);
    assert.ok(parts.reduce((sum, micros) => sum + micros, 0) < run * 10);
    await button.press('Enter');
    assert.equal(await table.count(), 0);
  });

  it('is there for statements without rows, and only for what was measured', async () => {
    const view = await suite.openWith('create or replace table tl as select 1 as x');
    await view.page.locator('.summary button').click();
    await view.page.getByRole('rowheader', { name: 'Bind' }).waitFor();
    const { timeline: _, plan: __, ...plain } = statement();
    await view.show({ statements: [plain], micros: 12_000 }, 'select 1');
    await view.page.getByText('12 ms').waitFor();
    assert.equal(await view.page.locator('.summary button').count(), 0);
  });
});
