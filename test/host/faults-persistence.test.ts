import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import { whileGood } from '../support/good-client.ts';
import { HostHome } from '../support/host-process.ts';
import { assemble } from '../support/wat.ts';

const MB = 1024 * 1024;
const KILLS = 20;
const LOADS = 10_000;
/** So many modules are there at once. */
const BATCH = 100;

/** Makes modules that differ in one number, without assembling each: a data segment holds it. */
async function numberedModules(): Promise<(n: number) => Uint8Array> {
  const bytes =
    await assemble(`(module (memory (export "memory") 1) (data (i32.const 0) "\\04\\00\\00\\00????")
    (func (export "process") (param i32 i32) (result i32) (i32.const 0)))`);
  const at = Buffer.from(bytes).indexOf('????');
  return (n) => {
    const copy = Buffer.from(bytes);
    copy.writeUInt32LE(n, at);
    return copy;
  };
}

function load(connection: HostConnection, name: string, bytes: Uint8Array): Promise<unknown> {
  const base64 = Buffer.from(bytes).toString('base64');
  return connection.request('module/load', { name, bytes: { base64 } });
}

describe('host: kill -9 while it writes', function () {
  this.timeout(180_000);

  it(`loses nothing that it acknowledged and keeps nothing torn, ${KILLS} times in a row`, async () => {
    const home = new HostHome();
    const moduleOf = await numberedModules();
    const acknowledged = new Map<string, number>();
    let next = 0;
    try {
      for (let round = 0; round < KILLS; round++) {
        const connection = await home.connect();
        await checkAll(connection, acknowledged);
        const loads = Array.from({ length: 40 }, async () => {
          const n = next++;
          // Every third load moves a label that is there already; later ones then win.
          const name = n % 3 === 0 ? `moving${round}` : `m${n}`;
          await load(connection, name, moduleOf(n));
          if ((acknowledged.get(name) ?? -1) < n) acknowledged.set(name, n);
        });
        const settled = Promise.allSettled(loads);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
        process.kill(connection.pid, 'SIGKILL');
        for (const end of await settled) {
          if (end.status === 'rejected') assert.equal(end.reason.kind, 'HOST_LOST');
        }
      }
      const connection = await home.connect();
      await checkAll(connection, acknowledged);
      assert.ok(acknowledged.size > 0);
      assert.ok(!existsSync(path.join(home.folder, 'quarantine')));
      assert.deepEqual(tornFiles(home.folder), []);
    } finally {
      await home.dispose();
    }
  });
});

/** Every module that was acknowledged runs, and is the one that was loaded, or a later one of the same label. */
async function checkAll(connection: HostConnection, expected: ReadonlyMap<string, number>): Promise<void> {
  for (const [name, n] of expected) {
    const { output } = await connection.request('module/execute', { module: name, input: { utf8: '' } });
    const bytes = 'utf8' in output ? Buffer.from(output.utf8) : Buffer.from(output.base64, 'base64');
    const given = bytes.readUInt32LE();
    // A load that was written and not acknowledged may have moved the label on.
    assert.ok(name.startsWith('moving') ? given >= n : given === n, `${name} gives ${given}, not ${n}`);
  }
}

/** Files of the registry that are not whole, and temporary ones. */
function tornFiles(home: string): string[] {
  const folder = path.join(home, 'modules');
  return readdirSync(folder).filter((name) => {
    if (name.startsWith('.tmp-')) return true;
    if (!name.endsWith('.wasm')) return false;
    const digest = createHash('sha256')
      .update(readFileSync(path.join(folder, name)))
      .digest('hex');
    return name !== `${digest}.wasm`;
  });
}

describe('host: loads and unloads', function () {
  this.timeout(300_000);

  it(`neither grows nor leaves files after ${LOADS} of each`, async () => {
    // Each load is synced to the disk; in memory that costs nothing, and files are counted just the same.
    const home = new HostHome(existsSync('/dev/shm') ? '/dev/shm' : tmpdir());
    const moduleOf = await numberedModules();
    try {
      await home.start();
      const connection = await home.connect();
      const rss: number[] = [];
      await whileGood(home, async () => {
        for (let first = 0; first < LOADS; first += BATCH) {
          const numbers = Array.from({ length: BATCH }, (_, i) => first + i);
          await Promise.all(numbers.map((n) => load(connection, `m${n}`, moduleOf(n))));
          const { output } = await connection.request('module/execute', {
            module: `m${first}`,
            input: { utf8: '' },
          });
          assert.ok(output);
          await Promise.all(numbers.map((n) => connection.request('module/unload', { module: `m${n}` })));
          rss.push((await connection.request('host/stats', undefined)).rssBytes);
        }
      });
      // The good client's own module is what is left.
      for (const folder of ['modules', 'labels']) {
        assert.ok(readdirSync(path.join(home.folder, folder)).length <= 2, folder);
      }
      assert.equal((await connection.request('host/stats', undefined)).modules, 1);
      // Collections come when they come: the least of a stretch is what is really held.
      const half = Math.min(...rss.slice(rss.length / 2 - 10, rss.length / 2));
      const end = Math.min(...rss.slice(-10));
      assert.ok(end - half < 40 * MB, `${half} bytes after half of them, ${end} at the end`);
    } finally {
      await home.dispose();
    }
  });
});
