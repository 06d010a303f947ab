import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { damaged } from '../support/damaged-files.ts';
import { MANY_TYPES } from '../support/results-page/many-types.ts';
import type { ResultsPage } from '../support/results-page/results-page.ts';
import { type ResultsSuite, useResultsPage } from '../support/results-page/suite.ts';

/** Damaged pages that one page of the browser is given. */
const CASES = 600;

/** A result whose page of rows is sent with it. */
interface Sent {
  /** As in `results`, but for its id. */
  readonly view: object;
  readonly schema: string;
  readonly page: string;
}

/** A real result of many types with its bytes. */
async function manyTypes(
  suite: ResultsSuite,
): Promise<{ view: object; schema: Uint8Array; page: Uint8Array }> {
  const { statements } = await suite.run(MANY_TYPES);
  const [{ file, columns, rowCount, cost }] = [statements[0] ?? assert.fail('no statement')];
  const { path = '', schemaByteLength = 0, pages = [] } = file ?? {};
  const [range] = pages;
  assert.ok(range !== undefined && pages.length === 1);
  // No Buffer, whose slices share their bytes.
  const bytes = new Uint8Array(readFileSync(path));
  return {
    view: { title: 'many types', columns, rowCount, truncated: false, cost, pages },
    schema: bytes.slice(0, schemaByteLength),
    page: bytes.slice(range.offset, range.offset + range.byteLength),
  };
}

/** What the page shows once rows were sent: texts of cells, a sentence that says why there are none, or nothing at all. */
function showAll({ page }: ResultsPage, all: readonly Sent[]): Promise<string[]> {
  return page.evaluate(async (all) => {
    const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)).buffer;
    const post = (data: unknown) => window.dispatchEvent(new MessageEvent('message', { data }));
    const frame = () => new Promise(requestAnimationFrame);
    const found: string[] = [];
    for (const [i, { view, schema, page }] of all.entries()) {
      const id = `damaged.${i}`;
      post({ type: 'results', results: [{ ...view, id }], schemas: [bytesOf(schema)], micros: 1 });
      post({ type: 'page', id, page: 0, bytes: bytesOf(page) });
      await frame();
      await frame();
      const cells = [...document.querySelectorAll('[role=gridcell]:not(.pending)')];
      const notice = document.querySelector('.notice .message')?.textContent ?? '';
      found.push(cells.map((cell) => cell.textContent).join('|') || notice);
    }
    return found;
  }, all);
}

describe('rows of a broken host', function () {
  this.timeout(240_000);
  const suite = useResultsPage();

  it(`are values, marks of what is missing or an error, in ${CASES} damaged pages, and the next are right`, async () => {
    const { view, schema, page } = await manyTypes(suite);
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
    const right = { view, schema: text(schema), page: text(page) };
    const wrong = [
      ...fc
        .sample(damaged(page), { numRuns: CASES - 100, seed: 8 })
        .map((copy) => ({ ...right, page: text(copy) })),
      ...fc
        .sample(damaged(schema), { numRuns: 100, seed: 8 })
        .map((copy) => ({ ...right, schema: text(copy) })),
    ];
    const shown = await suite.open();
    const found = await showAll(shown, [...wrong, right]);
    assert.equal(found.length, CASES + 1);
    const blank = found.flatMap((texts, i) => (texts === '' ? [i] : []));
    assert.deepEqual(blank, []);
    assert.match(found.at(-1) ?? '', /^0\|text 0\|/);
    // Some were read, and some were not.
    assert.ok(
      found.some((texts) => texts.startsWith('—')) && found.filter((t) => t === found.at(-1)).length > 10,
    );
  });

  it('that do not come, as the host has died while one scrolls, are marked, and the next result is shown', async () => {
    const view = await suite.openWith('select i from range(300000) t(i)');
    await view.drawn();
    await view.hold(true);
    const before = view.asked.length;
    const grid = view.page.locator('[role=grid]');
    for (const key of ['Control+End', 'Control+Home', 'PageDown', 'Control+End']) await grid.press(key);
    for (const asked of view.asked.slice(before)) {
      if (asked.type !== 'pull') continue;
      const message = 'The host went away.';
      await view.post({ type: 'pageFailed', id: asked.id, page: asked.page, message });
    }
    await view.page.locator('.detail .text', { hasText: 'The host went away.' }).waitFor();
    assert.ok((await view.page.locator('[role=gridcell]', { hasText: '—' }).count()) > 5);
    await grid.press('Control+Home');
    await view.page.locator('.detail .text', { hasText: /^0$/ }).waitFor();
    await view.hold(false);
    await suite.show(view, 'select 42 as n');
    await view.page.locator('.detail .text', { hasText: /^42$/ }).waitFor();
  });
});

/** Members that messages have, with values that none of them has, and some that one has. */
const MEMBERS = fc.record(
  {
    type: fc.constantFrom(
      ...[
        'running',
        'progress',
        'results',
        'outdated',
        'report',
        'failed',
        'cancelled',
        'page',
        'pageFailed',
      ],
      ...['answer', 'refused', 'evil', '__proto__', 'toString', ''],
    ),
    id: fc.oneof(fc.string(), fc.integer(), fc.constant(null)),
    title: fc.oneof(fc.constant(7), fc.constant(null), fc.constant({})),
    message: fc.oneof(fc.constant(['x']), fc.constant(null), fc.string()),
    page: fc.oneof(fc.integer(), fc.double(), fc.string()),
    percent: fc.oneof(fc.double(), fc.string(), fc.constant('NaN')),
    results: fc.anything({ maxDepth: 3 }),
    schemas: fc.oneof(fc.constant([]), fc.constant([{}]), fc.constant({ length: 2 })),
    micros: fc.oneof(fc.double(), fc.string()),
    ask: fc.oneof(fc.integer(), fc.string()),
    answer: fc.anything({ maxDepth: 3 }),
    changes: fc.anything({ maxDepth: 2 }),
    text: fc.anything({ maxDepth: 1 }),
  },
  { requiredKeys: ['type'] },
);

describe('messages that nobody sends', function () {
  this.timeout(120_000);
  const suite = useResultsPage();

  it('leave a thousand times what is shown or an error in place of it, and the page goes on', async () => {
    const view = await suite.openWith('select 42 as n');
    await view.drawn();
    const messages = fc.sample(fc.oneof(MEMBERS, fc.anything({ maxDepth: 2 })), { numRuns: 1_000, seed: 8 });
    // As JSON, since what a browser's driver can carry is not what is tested.
    const texts = messages.map((message) => JSON.stringify(message, plain) ?? 'null');
    const blank = await view.page.evaluate((texts) => {
      return texts.filter((text) => {
        window.dispatchEvent(new MessageEvent('message', { data: JSON.parse(text) as unknown }));
        return (document.querySelector('main')?.textContent ?? '').trim() === '';
      });
    }, texts);
    assert.deepEqual(blank, []);
    await suite.show(view, 'select 43 as n');
    await view.page.locator('.detail .text', { hasText: /^43$/ }).waitFor();
  });

  it('about impossible rows show an error or what can be shown, and the page goes on', async () => {
    const view = await suite.open();
    const blank = await view.page.evaluate(async () => {
      const cost = { micros: 1, functionMicros: 0, transferMicros: 0, functionRows: 0, functionFuel: 0 };
      const column = { name: 'n', type: 'INTEGER' };
      const range = { firstRow: 0, rowCount: 10, offset: 0, byteLength: 8 };
      const most = Number.MAX_SAFE_INTEGER;
      const odd = [
        { rowCount: most, pages: [] },
        { rowCount: most, pages: [{ ...range, rowCount: most }] },
        { rowCount: 10, pages: [] },
        { rowCount: 10, pages: [range, range, range] },
        { rowCount: 10, pages: [{ ...range, firstRow: 5 }, range] },
        { rowCount: 10, pages: [{ ...range, byteLength: most }] },
        { rowCount: 0, pages: [range] },
        { rowCount: 10, pages: [range], columns: [{ name: '', type: '' }] },
        { rowCount: 10, pages: [range], columns: [{ name: 'n', type: 'STRUCT('.repeat(5_000) }] },
        { rowCount: 10, pages: [range], look: 'plan' },
        { rowCount: 10, pages: [range], look: 'diff' },
        { rowCount: 10, pages: [range], columns: Array.from({ length: 100_000 }, () => column) },
      ];
      const found: number[] = [];
      for (const [i, shown] of odd.entries()) {
        const id = `odd.${i}`;
        const base = { id, title: 't', columns: [column], truncated: false, cost };
        const results = [{ ...base, ...shown }];
        const post = (data: unknown) => window.dispatchEvent(new MessageEvent('message', { data }));
        post({ type: 'results', results, schemas: [new ArrayBuffer(8)], micros: 1 });
        post({ type: 'page', id, page: 0, bytes: new ArrayBuffer(8) });
        await new Promise(requestAnimationFrame);
        if ((document.querySelector('main')?.textContent ?? '').trim() === '') found.push(i);
      }
      return found;
    });
    assert.deepEqual(blank, []);
    await suite.show(view, 'select 43 as n');
    await view.page.locator('.detail .text', { hasText: /^43$/ }).waitFor();
  });
});

/** What JSON has no form for, as a text. */
function plain(_: string, value: unknown): unknown {
  return ['bigint', 'symbol', 'function'].includes(typeof value) ? String(value) : value;
}
