import assert from 'node:assert/strict';
import { hostileStrings, isUnicode } from '../support/results-page/hostile-strings.ts';
import type { ResultsPage } from '../support/results-page/results-page.ts';
import { useResultsPage } from '../support/results-page/suite.ts';

const STRINGS = hostileStrings();

/** The longest text of one cell, name or error; characters. */
const LONG = 10_000_000;

/** A text as a SQL literal; DuckDB has no NUL in literals. */
function literal(text: string): string {
  const parts = text.split('\u0000').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.join(' || chr(0) || ');
}

/** What the page's own elements are. None of them runs or loads anything, but the page's script. */
const OWN_ELEMENTS =
  /^(body|main|div|span|p|h1|h2|button|pre|header|section|input|label|ul|li|svg|path|line|rect|g|title|script:src|code\.filter-sql)$/;

/** Elements of the page that are none of its own. */
async function strangers({ page }: ResultsPage): Promise<string[]> {
  const names = await page.evaluate(() =>
    [document.body, ...document.body.querySelectorAll('*')].map((element) => {
      const name = element.tagName.toLowerCase();
      if (name === 'script' && element.hasAttribute('src')) return 'script:src';
      return name === 'code' ? `code.${element.className}` : name;
    }),
  );
  return [...new Set(names)].filter((name) => !OWN_ELEMENTS.test(name));
}

/** Presses a key of the grid once for each text, and tells what the element shows each time. */
function walk(view: ResultsPage, options: { key: string; shown: string; count: number }): Promise<string[]> {
  return view.page.evaluate(async ({ key, shown, count }) => {
    const grid = document.querySelector('[role=grid]');
    const found: string[] = [];
    while (found.length < count && grid !== null) {
      const text = document.querySelector(shown)?.textContent ?? '';
      if (text === '…') {
        await new Promise(requestAnimationFrame);
        continue;
      }
      found.push(text);
      grid.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    }
    return found;
  }, options);
}

describe('a thousand hostile strings', function () {
  this.timeout(240_000);
  const suite = useResultsPage();

  it('are that many', () => assert.ok(STRINGS.length > 1_000, `${STRINGS.length}`));

  it('are text in cells', async () => {
    const texts = STRINGS.filter(isUnicode);
    assert.ok(texts.length > 1_000);
    const rows = texts.map((text, i) => `(${i}, ${literal(text)})`);
    const view = await suite.openWith(`select t from (values ${rows.join(', ')}) t(i, t) order by i`);
    await view.drawn();
    await view.page.locator('[role=grid]').press('ArrowDown');
    await view.page.locator('[role=grid]').press('ArrowUp');
    const shown = await walk(view, { key: 'ArrowDown', shown: '.detail .text', count: texts.length });
    assert.deepEqual(shown, texts);
    assert.deepEqual(await strangers(view), []);
  });

  it('are text in the names of 5,000 columns, empty and equal ones among them', async () => {
    const names = Array.from({ length: 5_000 }, (_, i) => STRINGS[i % STRINGS.length] ?? '');
    assert.ok(names.includes(''));
    const view = await suite.open();
    const run = await suite.run(`select ${names.map((_, i) => `${i} as c${i}`).join(', ')}`);
    const statements = run.statements.map((statement) => ({
      ...statement,
      columns: statement.columns.map((column, i) => ({ ...column, name: names[i] ?? '' })),
    }));
    await view.show({ ...run, statements }, 'select');
    await view.drawn();
    await view.page.locator('[role=grid]').press('Home');
    const shown = await walk(view, { key: 'ArrowRight', shown: '.place .name', count: STRINGS.length });
    assert.deepEqual(shown, STRINGS);
    await view.page.locator('[role=grid]').press('End');
    assert.equal(await view.page.locator('.place .name').textContent(), names.at(-1));
    assert.equal(await view.page.locator('.detail .text').textContent(), '4999');
    assert.deepEqual(await strangers(view), []);
  });

  it('are text in titles, errors and what a run waits for', async () => {
    const view = await suite.open();
    const wrong = await view.page.evaluate((texts) => {
      const post = (data: unknown) => window.dispatchEvent(new MessageEvent('message', { data }));
      const shown = (selector: string) => document.querySelector(selector)?.textContent;
      return texts.filter((text) => {
        post({ type: 'running', title: text });
        post({ type: 'progress', percent: 1, message: text });
        if (shown('.statement') !== text) return true;
        post({ type: 'failed', title: text, message: text, details: {} });
        return shown('.message') !== text || shown('.lead') !== text;
      });
    }, STRINGS);
    assert.deepEqual(wrong, []);
    assert.deepEqual(await strangers(view), []);
  });

  it('are text in the tabs of statements', async () => {
    const view = await suite.open();
    const texts = STRINGS.slice(0, 200);
    await view.page.evaluate((titles) => {
      const cost = { micros: 1, functionMicros: 0, transferMicros: 0, functionRows: 0, functionFuel: 0 };
      const results = titles.map((title, i) => ({
        ...{ id: `t.${i}`, title, columns: [], rowCount: 0, truncated: false, pages: [], cost },
      }));
      const schemas = titles.map(() => new ArrayBuffer(0));
      const data = { type: 'results', results, schemas, micros: 1 };
      window.dispatchEvent(new MessageEvent('message', { data }));
    }, texts);
    const shown = await view.page.getByRole('tab').evaluateAll((tabs) => tabs.map((tab) => tab.textContent));
    assert.deepEqual(shown.slice(0, texts.length), texts);
    assert.deepEqual(await strangers(view), []);
  });
});

describe('a text of ten million characters', function () {
  this.timeout(240_000);
  const suite = useResultsPage();

  it('is shown by its beginning in a cell, and the page goes on', async () => {
    const view = await suite.openWith(`select repeat('<b> ', ${LONG / 4}) as t, 2 as n`);
    await view.drawn();
    const text = (await view.page.locator('.detail .text').textContent()) ?? '';
    assert.ok(text.startsWith('<b> <b> ') && text.length < 200_000, `${text.length} characters`);
    await view.page.locator('[role=grid]').press('ArrowRight');
    assert.equal(await view.page.locator('.detail .text').textContent(), '2');
  });

  it('is shown by its beginning as an error or a title, and the page goes on', async () => {
    const view = await suite.open();
    const lengths = await view.page.evaluate((length) => {
      const post = (data: unknown) => window.dispatchEvent(new MessageEvent('message', { data }));
      const shown = (selector: string) => document.querySelector(selector)?.textContent?.length ?? 0;
      // Made here: a way for so much text into a browser is not what is tested.
      const text = '<b>\u202e'.repeat(length / 4);
      post({ type: 'failed', title: text, message: text, details: {} });
      const found = [shown('.message'), shown('.lead')];
      post({ type: 'running', title: text });
      post({ type: 'progress', percent: 1, message: text });
      found.push(shown('.statement'));
      return found;
    }, LONG);
    for (const length of lengths) assert.ok(length > 100 && length < 200_000, `${length} characters`);
    await suite.show(view, 'select 2 as n');
    await view.drawn();
    assert.equal(await view.page.locator('.detail .text').textContent(), '2');
    assert.deepEqual(await strangers(view), []);
  });
});
