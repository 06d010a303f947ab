import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CompilerThread } from '../../../server/compilers/node/compiler-thread.ts';
import { eventually } from '../../support/eventually.ts';

/** Answers with the text it was given; ends itself over `crash`, and takes 50 ms over anything else. */
const COMPILER = `import { parentPort } from 'node:worker_threads';
parentPort.on('message', ({ id, text }) => {
  if (text === 'crash') process.exit(1);
  setTimeout(() => parentPort.postMessage({ id, diagnostics: [], places: [{ name: text, start: 0, end: 0 }] }), 50);
});`;

describe('a compiler in its thread', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'qc-'));
  const file = path.join(folder, 'worker.mjs');
  let thread: CompilerThread;
  before(() => writeFileSync(file, COMPILER));
  beforeEach(() => {
    thread = new CompilerThread('test', file);
  });
  afterEach(() => thread.dispose());
  after(() => rmSync(folder, { recursive: true }));

  /** The order in which sources are done, each by its text or the code of its diagnostic. */
  async function order(texts: readonly string[], first: readonly string[] = []): Promise<string[]> {
    const done: string[] = [];
    const all = texts.map(async (text) => {
      const { places, diagnostics } = await thread.compile({ entry: `${text}.ts`, root: '/', text });
      done.push(places[0]?.name ?? diagnostics[0]?.code ?? '');
    });
    if (first.length > 0) thread.first(({ text }) => first.includes(text));
    await Promise.all(all);
    return done;
  }

  it('takes sources in their order', async () => {
    assert.deepEqual(await order(['a', 'b', 'c']), ['a', 'b', 'c']);
  });

  it('takes what is wanted first before what waits', async () => {
    assert.deepEqual(await order(['a', 'b', 'c', 'd'], ['d', 'c']), ['a', 'c', 'd', 'b']);
  });

  it('fails the source that it crashed at, and goes on with the others', async () => {
    assert.deepEqual(await order(['a', 'crash', 'b']), ['a', 'INTERNAL', 'b']);
  });

  it('gives its memory back when it is idle, and starts again when it is needed', async () => {
    await thread.dispose();
    thread = new CompilerThread('test', file, 100);
    assert.deepEqual(await order(['a', 'b']), ['a', 'b']);
    assert.equal(thread.isStarted, true);
    await eventually('the end of the thread', () => !thread.isStarted || undefined);
    assert.deepEqual(await order(['c']), ['c']);
    assert.equal(thread.isStarted, true);
  });

  it('answers all that waits when it is stopped', async () => {
    const done = order(['a', 'b']);
    await thread.dispose();
    assert.deepEqual(await done, ['INTERNAL', 'INTERNAL']);
  });
});
