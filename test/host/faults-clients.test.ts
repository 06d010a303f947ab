import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/eventually.ts';
import { whileGood } from '../support/good-client.ts';
import { HostHome } from '../support/host-process.ts';
import type { RawClient } from '../support/raw-client.ts';
import { assemble, ECHO_WAT, LOOP_WAT } from '../support/wat.ts';

const MB = 1024 * 1024;

/** Gives 3 MiB that are not text, 4 MiB as base64. */
const LARGE_WAT = `(module (memory (export "memory") 64) (func (export "process") (param i32 i32) (result i64)
  (memory.fill (i32.const 8) (i32.const 0xff) (i32.const 0x300000)) (i64.const 0x0000000800300000)))`;

/** What a client does before it vanishes. */
const DEPARTURES: Readonly<Record<string, (client: RawClient) => void>> = {
  'without a word': () => {},
  'in the middle of a line': (client) => client.send('{"jsonrpc":"2.0","id":1,"meth'),
  'right after a request': (client) => execute(client, 'echo', 'x'),
  'with fifty requests under way': (client) => {
    for (let i = 0; i < 50; i++) execute(client, 'echo', 'x'.repeat(10_000));
  },
  'while its run goes on': (client) => execute(client, 'loop', ''),
  'with an answer that it never read': (client) => {
    client.socket.pause();
    for (let i = 0; i < 5; i++) execute(client, 'large', '');
  },
  'after bytes that are no JSON': (client) => client.send('garbage\n\n\0\xff\n'),
  'after it subscribed and half closed': (client) => {
    client.sendLine({ jsonrpc: '2.0', id: 1, method: 'events/subscribe' });
    client.socket.end();
  },
};

function execute(client: RawClient, module: string, utf8: string, timeoutMs = 3000): void {
  const params = { module, input: { utf8 }, limits: { timeoutMs } };
  client.sendLine({ jsonrpc: '2.0', id: Math.random().toString(), method: 'module/execute', params });
}

describe('host: clients that do not behave', function () {
  this.timeout(120_000);
  const home = new HostHome();
  let pid: number | undefined;
  let client: RawClient;
  before(async () => {
    pid = (await home.start()).pid;
    client = await home.raw({ hello: true });
    for (const [name, wat] of Object.entries({ echo: ECHO_WAT, loop: LOOP_WAT, large: LARGE_WAT })) {
      await client.request('module/load', { name, bytes: { base64: base64(await assemble(wat)) } });
    }
  });
  after(() => home.dispose());

  const stats = async (): Promise<{ readonly connections: number; readonly rssBytes: number }> =>
    (await client.request('host/stats')).result as { connections: number; rssBytes: number };
  const onlyOneLeft = (): Promise<unknown> =>
    eventually('only this client is left', async () =>
      (await stats()).connections === 1 ? true : undefined,
    );

  it('outlives 200 clients that come and go in every way', async () => {
    const departures = Object.values(DEPARTURES);
    const filesBefore = openFiles(pid);
    await whileGood(home, async () => {
      for (let round = 0; round < 10; round++) {
        const visit = async (_: unknown, i: number): Promise<void> => {
          const visitor = await home.raw({ hello: i % 5 !== 0 });
          departures[(round + i) % departures.length]?.(visitor);
          await sleep(Math.random() * 20);
          visitor.dispose();
        };
        await Promise.all(Array.from({ length: 20 }, visit));
      }
    });
    await onlyOneLeft();
    await eventually('their files are closed', () => (openFiles(pid) <= filesBefore + 20 ? true : undefined));
  });

  for (const [how, depart] of Object.entries(DEPARTURES)) {
    it(`forgets a client that goes ${how}`, async () => {
      await whileGood(home, async () => {
        const visitor = await home.raw({ hello: true });
        depart(visitor);
        await sleep(20);
        visitor.dispose();
      });
      await onlyOneLeft();
    });
  }

  it('serves others while 200 clients are connected and silent', async () => {
    const silent = await Promise.all(Array.from({ length: 200 }, (_, i) => home.raw({ hello: i % 2 === 0 })));
    await whileGood(home, () => sleep(300));
    assert.ok((await stats()).connections > 200);
    for (const one of silent) one.dispose();
    await onlyOneLeft();
  });

  it('gives up a client that asks for 96 MB and never reads, and does not grow by them', async () => {
    const before = (await stats()).rssBytes;
    let peak = before;
    const greedy = await home.raw({ hello: true });
    greedy.socket.pause();
    await whileGood(home, async () => {
      for (let i = 0; i < 24; i++) execute(greedy, 'large', '', 60_000);
      await eventually('it is given up', async () => {
        const { connections, rssBytes } = await stats();
        peak = Math.max(peak, rssBytes);
        // This client and the good one.
        return connections === 2 ? true : undefined;
      });
    });
    greedy.dispose();
    await onlyOneLeft();
    assert.ok(peak - before < 500 * MB, `${peak - before} bytes more`);
  });

  it('drops events for a subscriber that never reads', async () => {
    const deaf = await home.raw({ hello: true });
    await deaf.request('events/subscribe');
    deaf.socket.pause();
    const before = (await stats()).rssBytes;
    const source = `/${'x'.repeat(3000)}`;
    const bytes = { base64: base64(await assemble(ECHO_WAT)) };
    await whileGood(home, async () => {
      for (let i = 0; i < 300; i++) await client.request('module/load', { name: 'echo', bytes, source });
    });
    assert.ok((await stats()).rssBytes - before < 200 * MB);
    deaf.dispose();
    await onlyOneLeft();
  });

  it('reads no further a client with thousands of runs under way, and answers them all', async () => {
    const eager = await home.raw({ hello: true });
    await whileGood(home, async () => {
      for (let id = 0; id < 5000; id++) {
        const params = { module: 'echo', input: { utf8: String(id) } };
        eager.sendLine({ jsonrpc: '2.0', id, method: 'module/execute', params });
      }
      for (let id = 0; id < 5000; id++) {
        const { result } = await eager.answer(id);
        assert.deepEqual((result as { readonly output: unknown }).output, { utf8: String(id) });
      }
    });
    eager.dispose();
  });
});

/** Files and sockets that a process has open; 0 where the system does not tell. */
function openFiles(pid: number | undefined): number {
  const folder = `/proc/${pid}/fd`;
  return existsSync(folder) ? readdirSync(folder).length : 0;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
