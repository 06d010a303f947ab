import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ChainRunView, ToChainPage } from '../../wasm-core/protocol/chain-page.ts';
import { faultsOf } from '../support/results-page/axe.ts';
import { chainMessage } from '../support/results-page/chain-message.ts';
import { type ChainPage, useChainPages } from '../support/results-page/message-page.ts';
import { outOfReach } from '../support/results-page/reachable.ts';
import { THEMES, type Theme } from '../support/results-page/themes.ts';

function bytes(utf8: string) {
  return { byteLength: Buffer.byteLength(utf8), head: { utf8 } };
}

const ROWS = '{"line":"ONE","n":12345678901234567890}\n{"line":null,"n":3}\n';

const RUNS: readonly ChainRunView[] = [
  {
    number: 1,
    name: 'upper',
    input: bytes('one'),
    output: bytes('ONE'),
    result: { name: 'upper', module: 'upper', fuel: 1234, pages: 2, micros: 850, lane: 'short' },
    logs: [{ level: 'warn', text: 'three letters' }],
  },
  {
    number: 2,
    name: 'count',
    input: bytes('ONE'),
    output: bytes(ROWS),
    result: { name: 'count', sql: 'select', rows: 2, micros: 4000, outputBytes: 40 },
  },
  {
    number: 3,
    name: 'back',
    input: bytes(ROWS),
    error: { kind: 'TRAP', message: 'Step 3 (back): unreachable <b>here</b>' },
  },
];

const DONE: Partial<ToChainPage> = { status: { type: 'done', micros: 5200 }, runs: RUNS };

describe('the chain page', function () {
  this.timeout(120_000);
  const pages = useChainPages();
  async function open(message?: Partial<ToChainPage>, theme?: Theme): Promise<ChainPage> {
    const view = await pages.open({ theme });
    await view.post(chainMessage());
    if (message !== undefined) await view.post(chainMessage(message));
    return view;
  }
  const step = ({ page }: ChainPage, name: string) => page.getByRole('region', { name, exact: true });

  it('has all its controls in reach at 200 %', async () => {
    const view = await pages.open({ size: { width: 500, height: 400 } });
    await view.post(chainMessage());
    assert.deepEqual(await outOfReach(view), [], 'before a run');
    await view.post(chainMessage(DONE));
    await step(view, '2. count').getByRole('button', { name: 'Rows' }).click();
    assert.deepEqual(await outOfReach(view), [], 'done');
  });

  for (const theme of THEMES) {
    it(`breaks no rule of axe in ${theme.name}`, async () => {
      const view = await open(undefined, theme);
      const faults: string[] = await faultsOf(view, 'before a run');
      await view.post(chainMessage({ status: { type: 'running', from: 1, ended: [] } }));
      faults.push(...(await faultsOf(view, 'running')));
      await view.post(chainMessage(DONE));
      await step(view, '2. count').getByRole('button', { name: 'Rows' }).click();
      faults.push(...(await faultsOf(view, 'done')));
      await view.post(chainMessage({ status: { type: 'failed', message: 'The host is gone.' } }));
      assert.deepEqual([...faults, ...(await faultsOf(view, 'failed'))], []);
    });
  }

  it('waits for an input, with the keyboard in it, and runs on it', async () => {
    const view = await open();
    await view.page.keyboard.type('some text');
    await view.page.keyboard.press('Control+Enter');
    assert.deepEqual(view.asked.at(-1), { type: 'run', from: 1, text: 'some text' });
    assert.equal(await view.page.getByRole('button', { name: 'Rerun from here' }).first().isDisabled(), true);
    await view.post(chainMessage({ status: { type: 'running', from: 1, ended: [] } }));
    assert.equal(await view.page.getByRole('textbox', { name: 'Input' }).inputValue(), 'some text');
    await view.page.getByRole('button', { name: 'Cancel' }).click();
    assert.deepEqual(view.asked.at(-1), { type: 'cancel' });
    await view.post(chainMessage({ status: { type: 'cancelled' } }));
    await view.page.getByRole('status').getByText('Cancelled').waitFor();
  });

  it('tells of each step as it ends, which one runs, and which wait', async () => {
    const view = await open();
    const [{ result = assert.fail() } = assert.fail()] = RUNS;
    await view.post(chainMessage({ status: { type: 'running', from: 1, ended: [] } }));
    await view.page.getByRole('status').getByText('Running step 1 of 3…').waitFor();
    await step(view, '2. count').getByText('Waits for the steps before it').waitFor();
    await view.post(chainMessage({ status: { type: 'running', from: 1, ended: [{ number: 1, result }] } }));
    await view.page.getByRole('status').getByText('Running step 2 of 3…').waitFor();
    await step(view, '1. upper').getByText('850 µs, 1,234 fuel').waitFor();
    assert.equal(await step(view, '1. upper').getAttribute('aria-busy'), 'false');
    assert.equal(await step(view, '2. count').getAttribute('aria-busy'), 'true');
    await step(view, '2. count').getByText('Running…').waitFor();
  });

  it('shows of each step its input, output, log and what it used, and why one failed', async () => {
    const view = await open(DONE);
    const first = step(view, '1. upper');
    await first.getByText('850 µs, 1,234 fuel, 2 pages of memory, short lane').waitFor();
    await first.getByRole('group', { name: 'Log', exact: true }).getByText('warn: three letters').waitFor();
    assert.equal(await first.getByRole('group', { name: 'Output', exact: true }).textContent(), 'ONE');
    const second = step(view, '2. count');
    await second.getByText('4.0 ms, 2 rows').waitFor();
    assert.equal(await second.getByRole('group', { name: 'Output', exact: true }).textContent(), ROWS);
    const third = step(view, '3. back');
    await third.getByRole('alert').getByText('Step 3 (back): unreachable <b>here</b>').waitFor();
    assert.equal(await third.getByRole('group', { name: 'Input', exact: true }).textContent(), ROWS);
    assert.equal(await third.getByRole('group', { name: 'Output', exact: true }).count(), 0);
    await view.page.getByRole('status').getByText('Step 3 failed, 5.2 ms').waitFor();
  });

  it('shows bytes as rows, exactly, and in hexadecimal', async () => {
    const view = await open(DONE);
    const output = step(view, '2. count').getByRole('group', { name: 'Output', exact: true });
    const choose = (name: string) =>
      step(view, '2. count').getByRole('group', { name: 'Output as' }).getByRole('button', { name }).click();
    await choose('Rows');
    assert.deepEqual(await output.getByRole('columnheader').allTextContents(), ['line', 'n']);
    assert.deepEqual(await output.getByRole('cell').allTextContents(), [
      'ONE',
      '12345678901234567890',
      'NULL',
      '3',
    ]);
    await choose('Hex');
    assert.match(
      (await output.textContent()) ?? '',
      /^00000000 {2}7b 22 6c 69 6e 65 .* {2}\{"line":"ONE","n\n/,
    );
    const binary = { byteLength: 100_000, head: { base64: Buffer.from([0, 255, 65]).toString('base64') } };
    const runs = RUNS.map((run) => (run.number === 1 ? { ...run, output: binary } : run));
    await view.post(chainMessage({ ...DONE, runs }));
    assert.match(
      (await step(view, '1. upper').getByRole('group', { name: 'Output', exact: true }).textContent()) ?? '',
      /^00000000 {2}00 ff 41 +\.\.A$/,
    );
    await view.page.getByText('100,000 bytes, of which the first are shown').waitFor();
  });

  it('reruns from a step on what it was given, or on what is written in its place', async () => {
    const view = await open(DONE);
    const third = step(view, '3. back');
    await third.getByRole('button', { name: 'Rerun from here' }).click();
    assert.deepEqual(view.asked.at(-1), { type: 'run', from: 3 });
    await third.getByRole('button', { name: 'Edit' }).click();
    const input = third.getByRole('textbox', { name: 'Input' });
    assert.equal(await input.inputValue(), ROWS);
    await view.page.keyboard.press('Control+A');
    await view.page.keyboard.type('other');
    await third.getByRole('button', { name: 'Rerun from here' }).click();
    assert.deepEqual(view.asked.at(-1), { type: 'run', from: 3, text: 'other' });
    await third.getByRole('button', { name: 'As It Was' }).click();
    assert.equal(await third.getByRole('group', { name: 'Input', exact: true }).textContent(), ROWS);
    await view.post(
      chainMessage({ status: { type: 'running', from: 3, ended: [] }, runs: RUNS.slice(0, 2) }),
    );
    assert.equal(await third.getAttribute('aria-busy'), 'true');
    assert.equal(
      await step(view, '2. count').getByRole('group', { name: 'Output', exact: true }).textContent(),
      ROWS,
    );
  });

  it('takes the input from a file, and copies an output', async () => {
    const view = await open();
    await view.page.getByRole('button', { name: 'Choose File…' }).click();
    assert.deepEqual(view.asked.at(-1), { type: 'chooseInput', step: 1 });
    await view.post(
      chainMessage({ chosen: [{ step: 1, name: 'words.txt', input: bytes('from the file') }] }),
    );
    assert.equal(
      await view.page.getByRole('group', { name: 'Input from words.txt', exact: true }).textContent(),
      'from the file',
    );
    await view.page.getByRole('button', { name: 'Run', exact: true }).click();
    assert.deepEqual(view.asked.at(-1), { type: 'run', from: 1 });
    await view.post(chainMessage(DONE));
    await step(view, '1. upper').getByRole('button', { name: 'Copy Output' }).click();
    assert.deepEqual(view.asked.at(-1), { type: 'copy', text: 'ONE' });
    await view.page.getByRole('button', { name: 'Show File' }).click();
    assert.deepEqual(view.asked.at(-1), { type: 'reveal' });
  });

  it('begins anew with another chain, and drops what the extension does not send', async () => {
    const view = await open();
    await view.page.keyboard.type('of the first');
    await view.post(chainMessage({ file: 'file:///w/other.chain.json', title: 'other' }));
    assert.equal(await view.page.getByRole('textbox', { name: 'Input' }).inputValue(), '');
    for (const wrong of [
      null,
      { type: 'chain' },
      { ...chainMessage(), steps: [{ number: 1 }] },
      { ...chainMessage(), status: { type: 'odd' } },
      { ...chainMessage(), runs: [{ ...RUNS[0], output: { byteLength: 1, head: {} } }] },
    ])
      await view.post(wrong);
    assert.equal(await view.page.getByRole('heading', { level: 1 }).textContent(), 'other');
  });

  it('keeps hostile texts texts', async () => {
    const corpus = path.join(process.env.QUERN_CORPORA ?? 'no-corpora', 'naughty-strings/blns.json');
    const hostile = [
      '<script>quernFault("script")</script>',
      '"><img src=x onerror=quernFault("image")>',
      'javascript:quernFault(1)',
      '\u202e\u0000\u001b[31m\ud800',
      'x'.repeat(60_000),
      ...(existsSync(corpus) ? (JSON.parse(readFileSync(corpus, 'utf8')) as string[]) : []),
    ];
    const rows = `${hostile.map((text) => JSON.stringify({ [text]: text, __proto__: text })).join('\n')}\n`;
    const text = hostile.join('\n');
    const view = await open();
    const steps = hostile
      .slice(0, 5)
      .map((name, index) => ({ number: index + 1, name, kind: 'sql' as const, text }));
    const runs = steps.map(({ number, name }) => ({
      number,
      name,
      input: bytes(rows),
      output: bytes(text),
      logs: [{ level: 'info' as const, text }],
      error: { kind: text, message: text },
    }));
    await view.post(chainMessage({ title: text, steps, runs, status: { type: 'failed', message: text } }));
    await view.page
      .getByRole('group', { name: 'Input as' })
      .last()
      .getByRole('button', { name: 'Rows' })
      .click();
    await view.page.getByRole('table').waitFor();
    assert.equal(await view.page.locator('main :is(script, img, svg, a, iframe)').count(), 0);
  });
});
