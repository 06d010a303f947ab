import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { HostHome } from '../support/host-process.ts';
import type { RawClient } from '../support/raw-client.ts';

const STATS = { jsonrpc: '2.0', id: 7, method: 'host/stats' };

describe('host: the line protocol', () => {
  const home = new HostHome();
  let client: RawClient;
  before(() => home.start());
  after(() => home.dispose());
  beforeEach(async () => {
    client = await home.raw({ hello: true });
  });
  afterEach(() => client.dispose());

  const expectAlive = async (): Promise<void> => {
    assert.ok((await client.request('host/stats')).result);
  };
  const expectError = async (
    data: string | Uint8Array,
    id: number | string | null,
    kind: string,
  ): Promise<void> => {
    client.send(data);
    assert.equal(
      (await client.answer(id)).error?.data.kind,
      kind,
      JSON.stringify(String(data)).slice(0, 100),
    );
  };

  it('takes a request cut in two at every byte', async () => {
    const line = Buffer.from(`${JSON.stringify({ ...STATS, id: 'é𝕏' })}\n`);
    for (let at = 1; at < line.length; at++) {
      client.send(line.subarray(0, at));
      // A turn of the loop in between, so that the halves are two reads.
      await new Promise((resolve) => setImmediate(resolve));
      client.send(line.subarray(at));
      assert.ok((await client.answer('é𝕏')).result);
    }
  });

  it('takes a request byte by byte', async () => {
    client.socket.setNoDelay(true);
    for (const byte of Buffer.from(`${JSON.stringify(STATS)}\n`)) {
      client.send(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok((await client.answer(7)).result);
  });

  it('answers many requests of one write, each by its id', async () => {
    const ids = Array.from({ length: 2000 }, (_, i) => i);
    client.send(ids.map((id) => `${JSON.stringify({ ...STATS, id })}\n`).join(''));
    for (const id of ids) assert.ok((await client.answer(id)).result);
  });

  it('takes a CR before the LF for space', async () => {
    client.send(`${JSON.stringify(STATS)}\r\n`);
    assert.ok((await client.answer(7)).result);
  });

  it('refuses what is not JSON, not an object or not UTF-8, and lives on', async () => {
    await expectError('garbage\n', null, 'JSON_INVALID');
    await expectError('\n', null, 'JSON_INVALID');
    await expectError('{"jsonrpc":"2.0","id":1,\n', null, 'JSON_INVALID');
    await expectError(Buffer.from([0x22, 0xff, 0xfe, 0x22, 0x0a]), null, 'JSON_INVALID');
    await expectError('\ufeff{}\n', null, 'JSON_INVALID');
    await expectError('[]\n', null, 'REQUEST_INVALID');
    await expectError(`[${JSON.stringify(STATS)}]\n`, null, 'REQUEST_INVALID');
    await expectError('null\n', null, 'REQUEST_INVALID');
    await expectError('"x"\n', null, 'REQUEST_INVALID');
    await expectAlive();
  });

  it('refuses wrong versions, methods and ids', async () => {
    await expectError('{"id":1,"method":"host/stats"}\n', 1, 'REQUEST_INVALID');
    await expectError('{"jsonrpc":"1.0","id":2,"method":"host/stats"}\n', 2, 'REQUEST_INVALID');
    await expectError('{"jsonrpc":"2.0","id":3}\n', 3, 'REQUEST_INVALID');
    await expectError('{"jsonrpc":"2.0","id":4,"method":5}\n', 4, 'REQUEST_INVALID');
    await expectError('{"jsonrpc":"2.0","id":1.5,"method":"host/stats"}\n', null, 'REQUEST_INVALID');
    await expectError('{"jsonrpc":"2.0","id":{},"method":"host/stats"}\n', null, 'REQUEST_INVALID');
    await expectError('{"jsonrpc":"2.0","id":true,"method":"host/stats"}\n', null, 'REQUEST_INVALID');
    await expectAlive();
  });

  it('refuses an id that is still under way', async () => {
    const load = { jsonrpc: '2.0', id: 9, method: 'module/load', params: { path: '/nowhere.wasm' } };
    client.send(`${JSON.stringify(load)}\n${JSON.stringify({ ...STATS, id: 9 })}\n`);
    assert.equal((await client.answer(9)).error?.data.kind, 'REQUEST_INVALID');
    assert.equal((await client.answer(9)).error?.data.kind, 'FILE_NOT_FOUND');
  });

  it('passes over notifications that it does not know', async () => {
    client.sendLine({ jsonrpc: '2.0', method: 'no/such' });
    client.sendLine({ jsonrpc: '2.0', method: '$/cancelRequest', params: { id: 'none' } });
    client.sendLine({ jsonrpc: '2.0', method: '$/cancelRequest', params: 5 });
    client.sendLine({ jsonrpc: '2.0', method: '$/cancelRequest' });
    await expectAlive();
  });

  it('names near methods for one that is not there', async () => {
    const { error } = await client.request('module/lod');
    assert.equal(error?.data.kind, 'METHOD_UNKNOWN');
    assert.match(error?.message ?? '', /Did you mean module\/load/);
    assert.equal((await client.request('__proto__')).error?.data.kind, 'METHOD_UNKNOWN');
    assert.equal((await client.request('constructor')).error?.data.kind, 'METHOD_UNKNOWN');
  });

  it('counts depth before it parses, strings with brackets aside', async () => {
    const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    const request = (params: string): string =>
      `{"jsonrpc":"2.0","id":5,"method":"host/stats","params":${params}}\n`;
    await expectError(request(deep(127)), 5, 'PARAMS_INVALID');
    await expectError(request(deep(128)), null, 'DEPTH_EXCEEDED');
    await expectError(`${'['.repeat(1_000_000)}\n`, null, 'DEPTH_EXCEEDED');
    await expectError(`${'{"a":'.repeat(500_000)}\n`, null, 'DEPTH_EXCEEDED');
    await expectError(request(JSON.stringify({ [`\\"${'['.repeat(500)}`]: '[{\\' })), 5, 'PARAMS_INVALID');
    await expectAlive();
  });

  it('takes a line of 8 MiB, and answers a longer one before it closes the connection', async () => {
    const line = JSON.stringify(STATS);
    client.send(`${line}${' '.repeat(8 * 1024 * 1024 - line.length)}\n`);
    assert.ok((await client.answer(7)).result);
    client.send(`${line}${' '.repeat(9 * 1024 * 1024)}`);
    assert.equal((await client.answer(null)).error?.data.kind, 'LINE_TOO_LONG');
    await client.closed();
    client = await home.raw({ hello: true });
    await expectAlive();
  });

  it('wants a hello first, of its own protocol', async () => {
    const fresh = await home.raw({ hello: false });
    assert.equal((await fresh.request('host/stats')).error?.data.kind, 'HELLO_REQUIRED');
    const mismatch = await fresh.request('host/hello', { protocol: 99, client: 'x' });
    assert.equal(mismatch.error?.data.kind, 'VERSION_MISMATCH');
    assert.equal((await fresh.request('host/hello', {})).error?.data.kind, 'PARAMS_INVALID');
    assert.equal((await fresh.request('host/stats')).error?.data.kind, 'HELLO_REQUIRED');
    assert.ok((await fresh.request('host/hello', { protocol: 1, client: 'x' })).result);
    assert.ok((await fresh.request('host/stats')).result);
    fresh.dispose();
  });

  it('survives a client that asks and never reads', async () => {
    const greedy = await home.raw({ hello: true });
    greedy.socket.pause();
    const line = `${JSON.stringify({ ...STATS, method: 'no/such'.repeat(1000) })}\n`;
    for (let i = 0; i < 3000; i++) greedy.send(line);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await expectAlive();
    const { rssBytes } = (await client.request('host/stats')).result as { rssBytes: number };
    assert.ok(rssBytes < 400e6, `${rssBytes} bytes`);
    greedy.dispose();
  });

  const corpus = path.join(process.env.QUERN_CORPORA ?? 'no-corpora', 'json-testsuite');
  const files = existsSync(corpus) ? readdirSync(corpus).filter((f) => /^[yn]_.*\.json$/.test(f)) : [];
  it(`refuses every malformed document of the JSON test suite (${files.length} files)`, async () => {
    for (const file of files) {
      // A line end inside would make two lines of it.
      const bytes = readFileSync(path.join(corpus, file));
      if (bytes.includes(10) || bytes.length === 0) continue;
      client.send(Buffer.concat([bytes, Buffer.from('\n')]));
      const kind = (await client.next()).error?.data.kind ?? '';
      const malformed = kind === 'JSON_INVALID' || kind === 'DEPTH_EXCEEDED';
      assert.equal(malformed, file.startsWith('n_'), `${file}: ${kind}`);
    }
    await expectAlive();
  });
});
