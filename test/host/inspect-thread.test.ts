import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InspectorThread } from '../../client/node/inspector-thread.ts';
import type { WasmComparison, WasmOverview } from '../../wasm-core/protocol/wasm-viewer.ts';
import { distFolder } from '../support/dist.ts';
import { assemble, ECHO_WAT, UPPER_WAT } from '../support/wat.ts';

describe('the thread that reads a .wasm file', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'quern-inspect-'));
  const file = path.join(folder, 'echo.wasm');
  const threads: InspectorThread[] = [];
  const start = (): InspectorThread => {
    const thread = new InspectorThread(path.join(distFolder(), 'inspect-thread.js'));
    threads.push(thread);
    return thread;
  };

  before(async () => writeFileSync(file, await assemble(ECHO_WAT)));
  afterEach(() => {
    for (const thread of threads.splice(0)) thread.dispose();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('answers questions about a file by its path, and about bytes', async () => {
    const thread = start();
    const overview = { type: 'ask', question: { kind: 'overview' } } as const;
    void thread.request({ type: 'open', source: { path: file } });
    const echo = (await thread.request(overview)) as WasmOverview;
    assert.equal(echo.exportCount, 3);
    await thread.request({ type: 'open', source: { bytes: await assemble(UPPER_WAT) } });
    assert.equal(((await thread.request(overview)) as WasmOverview).exportCount, 2);
  });

  it('gives texts and comparisons', async () => {
    const thread = start();
    await thread.request({ type: 'open', source: { path: file } });
    const text = await thread.request({ type: 'text', maxLength: 100_000 });
    assert.match(String(text), /^\(module\n/);
    assert.match(
      String(await thread.request({ type: 'text', function: 1, maxLength: 1000 })),
      /^\(func \$process/,
    );
    const source = { bytes: await assemble(UPPER_WAT) };
    const compared = await thread.request({ type: 'compare', source, name: 'upper' });
    assert.ok((compared as WasmComparison).changeCount > 0);
  });

  it('tells what it cannot do, and goes on', async () => {
    const thread = start();
    const overview = { type: 'ask', question: { kind: 'overview' } } as const;
    await assert.rejects(thread.request(overview), /No file is open/);
    const missing = { type: 'open', source: { path: path.join(folder, 'none.wasm') } } as const;
    await assert.rejects(thread.request(missing), /There is no file .*none\.wasm/);
    await thread.request({ type: 'open', source: { path: file } });
    await assert.rejects(
      thread.request({ type: 'text', maxLength: 10 }),
      /more than 10 characters; write it to a file with quern inspect/,
    );
    await assert.rejects(
      thread.request({ type: 'ask', question: { kind: 'calls', function: 99 } }),
      /no function 99; it has 2/,
    );
    assert.equal(((await thread.request(overview)) as WasmOverview).form, 'module');
  });

  it('fails what waits when it ends, and everything after that', async () => {
    const thread = start();
    const waiting = thread.request({ type: 'open', source: { path: file } });
    thread.dispose();
    await assert.rejects(waiting, /The file was closed/);
    assert.ok(thread.hasEnded);
    await assert.rejects(thread.request({ type: 'open', source: { path: file } }), /The file was closed/);
  });
});
