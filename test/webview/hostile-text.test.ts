import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { useResultsPage } from '../support/results-page/suite.ts';

const HOSTILE = [
  '<script>quernFault("script ran")</script>',
  '<img src=x onerror=quernFault("image")>',
  '"><svg onload=quernFault("svg")>',
  "javascript:quernFault('url')",
  '</main><style>*{display:none}</style>',
  `\${quernFault("template")}`,
  '&lt;b&gt; &amp; &#x41;',
  '\u202eright to left',
  '\u0000\u0001\u001b[31mred',
  '\ud83d\ude00 \u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
  'Z\u0351\u0343a\u0321l\u0335go',
  '__proto__',
  'constructor',
  'a\r\nb\tc',
];

const corpus = path.join(process.env.QUERN_CORPORA ?? 'no-corpora', 'naughty-strings/blns.json');

/** A text as a SQL literal; DuckDB has no NUL in literals. */
function literal(text: string): string {
  return text
    .split('\u0000')
    .map((part) => `'${part.replaceAll("'", "''")}'`)
    .join(' || chr(0) || ');
}

describe('hostile text', function () {
  this.timeout(120_000);
  const suite = useResultsPage();

  it('in a cell is text', () => checkCells(HOSTILE));

  if (existsSync(corpus)) {
    it('of the corpus of naughty strings is text', () =>
      checkCells(JSON.parse(readFileSync(corpus, 'utf8')) as string[]));
  }

  it('in a column name, a title and an error is text', async () => {
    for (const text of HOSTILE.filter((t) => !t.includes('\u0000'))) {
      const view = await suite.openWith(`select 1 as "${text.replaceAll('"', '""')}"`);
      await view.drawn();
      assert.equal(await view.page.locator('.head .label').textContent(), text);
      assert.equal(await view.page.locator('.place .name').textContent(), text);
      await view.post({ type: 'failed', message: text, details: {} });
      assert.equal(await view.page.locator('.message').textContent(), text);
      await view.post({ type: 'running', title: text });
      assert.equal(await view.page.locator('.statement').textContent(), text);
      await view.close();
    }
  });

  async function checkCells(texts: readonly string[]): Promise<void> {
    const rows = texts.map((text, i) => `(${i}, ${literal(text)})`);
    const view = await suite.openWith(`select * from (values ${rows.join(', ')}) t(i, t) order by i`);
    await view.drawn();
    const tags = async () =>
      new Set(await view.page.evaluate(() => [...document.querySelectorAll('body *')].map((e) => e.tagName)));
    const before = await tags();
    const grid = view.page.locator('[role=grid]');
    await grid.press('ArrowRight');
    for (const text of texts) {
      assert.equal(await view.page.locator('.detail .text').textContent(), text);
      await grid.press('ArrowDown');
    }
    assert.deepEqual(await tags(), before);
  }
});
