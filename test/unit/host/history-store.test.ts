import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { HistoryStore } from '../../../wasm-core/host/history/history-store.ts';
import {
  type HistoryEntry,
  isSecretParameter,
  SECRET_PARAMETERS,
} from '../../../wasm-core/protocol/history.ts';

let count = 0;

function entry(members: Partial<HistoryEntry> = {}): HistoryEntry {
  const number = ++count;
  return {
    id: number.toString(16).padStart(12, '0'),
    time: new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString(),
    client: 'test/1',
    folder: '/data',
    sql: `select ${number}`,
    parameters: {},
    inputs: [],
    plugins: [],
    micros: 5,
    rowCount: 1,
    outcome: { type: 'done', statements: [] },
    ...members,
  };
}

describe('The files of the history', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'quern-history-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const segments = (): string[] => readdirSync(folder).map((name) => path.join(folder, name));
  const found = async (store: HistoryStore, query = {}) =>
    (await store.list({ limit: 10_000, ...query })).entries;
  const all = (store = new HistoryStore({ folder })) => found(store);

  it('give runs back after a restart, the newest first', async () => {
    const [a, b, c] = [entry(), entry({ parameters: { x: 'ä\n"' } }), entry()];
    for (const each of [a, b, c]) {
      const store = new HistoryStore({ folder });
      await store.append(each);
      await store.dispose();
    }
    assert.deepEqual(await all(), [c, b, a]);
    assert.deepEqual(await new HistoryStore({ folder }).get(b.id), b);
  });

  it('hold all that several processes write at once', async () => {
    const stores = [1, 2, 3].map(() => new HistoryStore({ folder }));
    const entries = Array.from({ length: 60 }, () => entry());
    await Promise.all(entries.map((each, index) => stores[index % 3]?.append(each)));
    assert.deepEqual(await all(), entries.toReversed());
    await Promise.all(stores.map((store) => store.dispose()));
  });

  it('lose no whole line when the last one is torn anywhere', async () => {
    const kept = [entry(), entry()];
    const store = new HistoryStore({ folder });
    for (const each of kept) await store.append(each);
    await store.append(entry({ sql: 'select 1 -- ünïcödé' }));
    await store.dispose();
    const [file = ''] = segments();
    const bytes = readFileSync(file);
    const lastLine = bytes.subarray(0, -1).lastIndexOf(10) + 1;
    for (let length = bytes.length - 2; length >= lastLine; length--) {
      truncateSync(file, length);
      assert.deepEqual(await all(), kept.toReversed(), `${length} bytes are left`);
    }
    const after = entry();
    const next = new HistoryStore({ folder });
    await next.append(after);
    assert.deepEqual(await all(next), [after, ...kept.toReversed()]);
    await next.dispose();
  });

  it('pass over lines that are anything else', async () => {
    const store = new HistoryStore({ folder });
    const kept = entry();
    await store.append(kept);
    const [file = ''] = segments();
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), async (line) => {
        appendFileSync(file, `${line.replaceAll('\n', ' ')}\n`);
        assert.deepEqual(await all(store), [kept]);
      }),
      { numRuns: 50 },
    );
    await store.dispose();
  });

  it('are found by folder and by text, and cleared by folder', async () => {
    const inside = entry({ folder: '/data/x', sql: 'SELECT Slug(a)' });
    const beside = entry({ folder: '/data/xy' });
    const store = new HistoryStore({ folder });
    for (const each of [inside, beside]) await store.append(each);
    assert.deepEqual(await found(store, { folder: '/data/x' }), [inside]);
    assert.deepEqual(await found(store, { text: 'slug(' }), [inside]);
    assert.deepEqual(await found(store, { limit: 1 }), [beside]);
    const other = new HistoryStore({ folder });
    assert.deepEqual(await other.clear('/data/x'), [inside]);
    const after = entry();
    await store.append(after);
    assert.deepEqual(await all(other), [after, beside], 'who was writing goes on elsewhere');
    assert.equal((await other.clear()).length, 2);
    assert.deepEqual(await all(store), []);
    await store.dispose();
  });

  it('are deleted when they are old, or more than are kept', async () => {
    let age = 5;
    const write = async (each: HistoryEntry): Promise<void> => {
      const store = new HistoryStore({ folder, keptBytes: 2000 });
      const before = segments();
      await store.append(each);
      await store.dispose();
      const written = segments().find((file) => !before.includes(file)) ?? '';
      // One after the other also where the clock of the disk is coarse.
      const time = Date.now() / 1000 - age--;
      utimesSync(written, time, time);
    };
    await write(entry());
    const [file = ''] = segments();
    const longAgo = Date.now() / 1000 - 91 * 24 * 3600;
    utimesSync(file, longAgo, longAgo);
    const large = [entry({ sql: 'x'.repeat(1500) }), entry({ sql: 'y'.repeat(1500) })];
    for (const each of large) await write(each);
    assert.deepEqual(await all(), large.toReversed());
    const last = entry();
    await write(last);
    assert.deepEqual((await all()).map(({ id }) => id).slice(0, 2), [last.id, large[1]?.id]);
    assert.equal((await all()).length, 2);
  });
});

describe('Parameters whose values are secrets', () => {
  it('are found by their names', () => {
    for (const name of ['password', 'DB_PASSWORD', 'accessToken', 'api_key', 'client_secret']) {
      assert.ok(isSecretParameter(name, SECRET_PARAMETERS), name);
    }
    for (const name of ['key', 'day', 'pass', '1'])
      assert.ok(!isSecretParameter(name, SECRET_PARAMETERS), name);
    assert.ok(isSecretParameter('a.b', ['a.b']));
    assert.ok(!isSecretParameter('axb', ['a.b']));
  });
});
