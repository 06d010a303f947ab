import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { whileGood } from '../support/good-client.ts';
import { HostHome } from '../support/host-process.ts';
import type { RawClient } from '../support/raw-client.ts';

const MB = 1024 * 1024;

/** Lines that are not JSON, each for a reason of its own. */
const MALFORMED = [
  '',
  ' ',
  '{',
  '}',
  '[',
  ']',
  '{]',
  '[}',
  '"',
  '"\\',
  '"\\u12"',
  '"\\x41"',
  '"\t"',
  '{"a"}',
  '{"a":}',
  '{a:1}',
  "{'a':1}",
  '{"a":1,}',
  '{,}',
  '[1,]',
  '[,1]',
  '[1 2]',
  '{} {}',
  '{}x',
  '01',
  '1.',
  '.5',
  '+1',
  '1e',
  '0x1',
  '--1',
  'NaN',
  'Infinity',
  'undefined',
  'nul',
  'True',
  '// {}',
  '/* */{}',
  '{}//',
  '\ufeff{}',
  '\u00a0{}',
  '\0',
  '{"a":"\u0001"}',
  '{"a":1 "b":2}',
  '<xml/>',
  'GET / HTTP/1.1',
  'Content-Length: 2',
];

/** Bytes that are not UTF-8, as a document: a stray byte, cut characters, a surrogate, an overlong slash, beyond 10FFFF. */
const NOT_UTF8 = ['ff', 'c3', 'e282', 'f09f98', 'eda080', 'c0af', 'f4908080', '80', 'fe', 'c328'];

/** Lines that are JSON and no request of ours. */
const NO_REQUESTS = ['1', '-0', '1e999', 'true', '""', '[]', '[{}]', '{}', '{"jsonrpc":"2.0"}'];

/** Ids that no answer can carry: what they get is answered without one. */
const WRONG_IDS = [
  'null',
  'true',
  '[]',
  '[1]',
  '{}',
  '{"a":1}',
  '1.5',
  '1e999',
  '-1e999',
  '9007199254740992',
];

/** Ids that are as good as any. */
const RIGHT_IDS = [
  0,
  -1,
  9007199254740991,
  -9007199254740991,
  '',
  ' ',
  '\0',
  '__proto__',
  '\u2028',
  '𝕏',
  'x'.repeat(100_000),
];

describe('host: lines that are not what they should be', function () {
  this.timeout(120_000);
  const home = new HostHome();
  let client: RawClient;
  before(() => home.start());
  after(() => home.dispose());
  beforeEach(async () => {
    client = await home.raw({ hello: true });
  });
  afterEach(() => client.dispose());

  const refuses = async (line: string | Uint8Array, kind: string): Promise<void> => {
    client.send(line);
    client.send('\n');
    const { id, error } = await client.next();
    assert.deepEqual([id, error?.data.kind], [null, kind], Buffer.from(line).toString().slice(0, 80));
  };
  const rssBytes = async (): Promise<number> => {
    const { result } = await client.request('host/stats');
    return (result as { readonly rssBytes: number }).rssBytes;
  };

  it('refuses what is not JSON, each line by itself', () =>
    whileGood(home, async () => {
      for (const line of MALFORMED) await refuses(line, 'JSON_INVALID');
      for (const hex of NOT_UTF8) {
        const document = Buffer.concat([Buffer.from('["'), Buffer.from(hex, 'hex'), Buffer.from('"]')]);
        await refuses(document, 'JSON_INVALID');
      }
      for (const line of NO_REQUESTS) await refuses(line, 'REQUEST_INVALID');
    }));

  it('refuses them wherever the reads cut them', () =>
    whileGood(home, async () => {
      const good = (id: number): string =>
        `${JSON.stringify({ jsonrpc: '2.0', id, method: 'host/stats' })}\n`;
      const text = Buffer.from(`{"a":"é𝕏\n${good(1)}"x\n[1,]\n${good(2)}`);
      for (let at = 1; at < text.length; at++) {
        client.send(text.subarray(0, at));
        await new Promise((resolve) => setImmediate(resolve));
        client.send(text.subarray(at));
        const answers = [];
        while (answers.length < 5) answers.push(await client.next());
        const refused = answers.filter((a) => a.id === null && a.error?.data.kind === 'JSON_INVALID');
        assert.equal(refused.length, 3, `cut at ${at}`);
        assert.equal(
          answers.filter((a) => typeof a.id === 'number' && a.result !== undefined).length,
          2,
          `cut at ${at}`,
        );
      }
    }));

  it('refuses ids that are no ids, and gives back every other one as it is', () =>
    whileGood(home, async () => {
      for (const id of WRONG_IDS) {
        await refuses(`{"jsonrpc":"2.0","id":${id},"method":"host/stats"}`, 'REQUEST_INVALID');
      }
      for (const id of RIGHT_IDS) {
        client.sendLine({ jsonrpc: '2.0', id, method: 'host/stats' });
        assert.ok((await client.answer(id)).result, String(id).slice(0, 20));
      }
    }));

  it('refuses methods that are not there, whatever they are called', () =>
    whileGood(home, async () => {
      const names = [
        '',
        ' ',
        'host/',
        '/stats',
        'Host/Stats',
        'toString',
        '__proto__',
        '../host/stats',
        '\0',
        '$/x',
      ];
      for (const name of [...names, 'x'.repeat(MB)]) {
        const { error } = await client.request(name);
        assert.equal(error?.data.kind, 'METHOD_UNKNOWN', name.slice(0, 20));
        assert.ok((error?.message.length ?? 0) < 1000);
      }
    }));

  it('refuses a million levels of every kind, closed or not', () =>
    whileGood(home, async () => {
      const million = 1_000_000;
      const lines = [
        '['.repeat(million),
        '['.repeat(million) + ']'.repeat(million),
        '{"a":'.repeat(million),
        '[{"a":'.repeat(million / 2),
        `{"jsonrpc":"2.0","id":1,"method":"host/stats","params":${'['.repeat(million)}`,
      ];
      for (const line of lines) await refuses(line, 'DEPTH_EXCEEDED');
    }));

  it('refuses a line of 600 MB at its cap, and neither grows nor hangs', () =>
    whileGood(home, async () => {
      const before = await rssBytes();
      // Half open, so that it goes on sending when the host has said its last word.
      const sender = connect({ path: home.socket, allowHalfOpen: true });
      await once(sender, 'connect');
      let [answers, peak, sent] = ['', before, 0];
      sender.on('data', (text) => {
        answers += text;
      });
      sender.on('error', () => {});
      const chunk = Buffer.alloc(MB, 0x20);
      for (; sent < 600 && !sender.destroyed; sent++) {
        if (!sender.write(chunk)) await drained(sender);
        if (sent % 100 === 99) peak = Math.max(peak, await rssBytes());
      }
      assert.ok(sent > 8, `${sent} MB were sent`);
      // Whether the host took all of it or closed before is its own affair; that it closes is not. A sender that has
      // read the end learns of that only by sending.
      while (!sender.closed) {
        sender.write(' ');
        await sleep(50);
      }
      assert.equal(JSON.parse(answers).error.data.kind, 'LINE_TOO_LONG');
      peak = Math.max(peak, await rssBytes());
      assert.ok(peak - before < 150 * MB, `${peak - before} bytes more`);
    }));

  it('holds no more than the cap of many lines that never end', () =>
    whileGood(home, async () => {
      const before = await rssBytes();
      const senders = await Promise.all(Array.from({ length: 20 }, () => home.raw({ hello: true })));
      const part = Buffer.alloc(7 * MB, 0x20);
      for (const sender of senders) sender.send(part);
      await Promise.all(
        senders.map((sender) => (sender.socket.writableLength > 0 ? drained(sender.socket) : undefined)),
      );
      for (const sender of senders) sender.dispose();
      await client.request('host/stats');
      assert.ok((await rssBytes()) - before < 400 * MB);
    }));
});

/** Waits until a socket takes more, or is closed. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.once('drain', done);
    socket.once('close', done);
    if (socket.destroyed) done();
  });
}
