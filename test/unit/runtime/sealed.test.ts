import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { HistoryStore } from '../../../wasm-core/host/history/history-store.ts';
import { Sealing } from '../../../wasm-core/host/sealing.ts';
import type { HistoryEntry } from '../../../wasm-core/protocol/history.ts';
import { sealFile, unsealFile } from '../../../wasm-core/runtime/node/sealed/sealed-files.ts';
import {
  CHUNK_BYTES,
  HEADER_BYTES,
  seal,
  TAG_BYTES,
  unseal,
} from '../../../wasm-core/runtime/node/sealed/sealed-format.ts';
import { sealingKey } from '../../../wasm-core/runtime/node/sealed/sealing-key.ts';
import { KeptResults } from '../../../wasm-core/sql/kept-results/node/kept-results.ts';

const newKey = () => randomBytes(32).toString('base64');
const DAMAGED = { kind: 'FORMAT_SEALED' };

describe('Sealed bytes', () => {
  const sizes = [0, 1, 1000, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES];

  it('open to what they were, of every size, in memory and as files', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'quern-sealed-'));
    const [plain, sealed, opened] = ['a', 'b', 'c'].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ];
    const key = await sealingKey(newKey());
    for (const size of sizes) {
      const bytes = randomBytes(size);
      assert.deepEqual(Buffer.from(await unseal(key, await seal(key, bytes, 'x'), 'x')), bytes);
      writeFileSync(plain, bytes);
      await sealFile(key, { from: plain, to: sealed, context: 'x' });
      assert.ok(size < 16 || !readFileSync(sealed).includes(bytes.subarray(0, 16)));
      await unsealFile(key, { from: sealed, to: opened, context: 'x' });
      assert.deepEqual(readFileSync(opened), bytes);
      for (const file of [sealed, opened]) rmSync(file);
    }
    rmSync(folder, { recursive: true });
  });

  it('show every bit that was changed', async () => {
    const key = await sealingKey(newKey());
    const sealed = await seal(key, randomBytes(300), 'x');
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = Number(changed[bit >> 3]) ^ (1 << (bit & 7));
      // Of the key's own name another one is read.
      const kind = bit >= 9 * 8 && bit < 17 * 8 ? 'KEY_WRONG' : 'FORMAT_SEALED';
      await assert.rejects(unseal(key, changed, 'x'), { kind }, `bit ${bit}`);
    }
  });

  it('show every end that is missing, also at the border of a chunk, and everything that is added', async () => {
    const key = await sealingKey(newKey());
    const small = await seal(key, randomBytes(100), 'x');
    for (let length = 0; length < small.length; length++) {
      await assert.rejects(unseal(key, small.subarray(0, length), 'x'), DAMAGED, `${length} bytes`);
    }
    const large = await seal(key, randomBytes(3 * CHUNK_BYTES), 'x');
    const chunk = CHUNK_BYTES + TAG_BYTES;
    const cuts = [0, 1, 2].map((count) => HEADER_BYTES + count * chunk);
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.constantFrom(...cuts), fc.nat(large.length - 1)), async (length) => {
        await assert.rejects(unseal(key, large.subarray(0, length), 'x'), DAMAGED);
      }),
      { numRuns: 40 },
    );
    await assert.rejects(unseal(key, Buffer.concat([small, Buffer.from([0])]), 'x'), DAMAGED);
  });

  it('show chunks that were moved, repeated, or are of another text', async () => {
    const key = await sealingKey(newKey());
    const chunk = CHUNK_BYTES + TAG_BYTES;
    const parts = (sealed: Uint8Array) =>
      [0, 1, 2].map((n) => sealed.subarray(HEADER_BYTES + n * chunk, HEADER_BYTES + (n + 1) * chunk));
    const sealed = await seal(key, randomBytes(3 * CHUNK_BYTES), 'x');
    const [a, b, c] = parts(sealed) as [Uint8Array, Uint8Array, Uint8Array];
    const [, other] = parts(await seal(key, randomBytes(3 * CHUNK_BYTES), 'x')) as [Uint8Array, Uint8Array];
    const head = sealed.subarray(0, HEADER_BYTES);
    for (const order of [[b, a, c], [a, a, c], [a, c], [a, other, c], [a, b, c, c], [c]]) {
      await assert.rejects(unseal(key, Buffer.concat([head, ...order]), 'x'), DAMAGED);
    }
    await assert.rejects(unseal(key, sealed, 'y'), DAMAGED, 'another place');
    await assert.rejects(unseal(await sealingKey(newKey()), sealed, 'x'), { kind: 'KEY_WRONG' });
  });

  it('have keys of 32 bytes alone', async () => {
    for (const text of ['', 'abc', randomBytes(16).toString('base64'), `${newKey()}A`, 'x'.repeat(44)]) {
      await assert.rejects(sealingKey(text), { kind: 'PARAMS_INVALID' });
    }
  });
});

describe('What is kept in a home that is encrypted', () => {
  let home = '';
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'quern-home-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const entry = (id: string): HistoryEntry => ({
    id,
    time: new Date(Date.now()).toISOString(),
    client: 'test/1',
    folder: '/data',
    sql: `select 'plainly visible ${id}'`,
    parameters: {},
    inputs: [],
    plugins: [],
    micros: 1,
    rowCount: 1,
    outcome: { type: 'done', statements: [] },
  });
  const start = (): { sealing: Sealing; store: HistoryStore } => {
    const sealing = new Sealing(path.join(home, 'sealed.json'));
    return {
      sealing,
      store: new HistoryStore({ folder: path.join(home, 'history'), sealing: () => sealing.state }),
    };
  };
  const onDisk = (): string =>
    readdirSync(path.join(home, 'history'))
      .map((name) => readFileSync(path.join(home, 'history', name), 'utf8'))
      .join('');
  const ids = async (store: HistoryStore): Promise<string[]> =>
    (await store.list({ limit: 100 })).entries.map(({ id }) => id).sort();

  it('is read with the key alone, lost by no wrong key, and plain again when asked', async () => {
    const key = newKey();
    const first = start();
    await first.store.append(entry('before'));
    assert.match(onDisk(), /plainly visible/);
    assert.equal(await first.sealing.unlock(key), true);
    await first.store.rewrite();
    await first.store.append(entry('after'));
    assert.doesNotMatch(onDisk(), /plainly visible/);
    assert.deepEqual(await ids(first.store), ['after', 'before']);
    await first.store.dispose();

    const locked = start();
    await locked.store.append(entry('lost'));
    assert.deepEqual(await locked.store.list({ limit: 100 }), { entries: [], locked: 2 });
    await assert.rejects(locked.sealing.unlock(newKey()), { kind: 'KEY_WRONG' });
    assert.deepEqual(await locked.store.clear('/data'), [], 'what cannot be read stays');
    assert.equal(await locked.sealing.unlock(key), false);
    assert.deepEqual(await ids(locked.store), ['after', 'before']);
    await locked.store.rewrite(() => locked.sealing.end());
    assert.deepEqual(await ids(start().store), ['after', 'before']);
    assert.match(onDisk(), /plainly visible/);
  });

  it('shows lines that were moved, and reads the others', async () => {
    const { sealing, store } = start();
    await sealing.unlock(newKey());
    for (const id of ['a', 'b', 'c']) await store.append(entry(id));
    const [name = ''] = readdirSync(path.join(home, 'history'));
    const file = path.join(home, 'history', name);
    const [a, b, c] = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, `${b}\n${a}\n${c}\n`);
    const { entries, locked } = await store.list({ limit: 9 });
    assert.deepEqual([entries.map(({ id }) => id), locked], [['c'], 2]);
    await store.dispose();
  });

  it('has results that only the key opens', async () => {
    const folder = path.join(home, 'results');
    const rows = path.join(home, 'rows');
    writeFileSync(rows, 'plainly visible rows');
    const key = await sealingKey(newKey());
    const cost = { micros: 1, functionMicros: 0, transferMicros: 0, functionRows: 0, functionFuel: 0 };
    const file = { path: '', schemaByteLength: 5, byteLength: 20, pages: [] };
    const result = { kind: 'SELECT', columns: [], rowCount: 1, truncated: false, file, cost };
    const record = { key: KeptResults.ownKey(), time: 'now', result, isReusable: true, inputs: null };
    const sealed = new KeptResults({ folder, maxBytes: 1e6, key });
    assert.ok(await sealed.put(record, rows));
    for (const name of readdirSync(folder))
      assert.ok(!readFileSync(path.join(folder, name)).includes('visible'));
    assert.equal(await new KeptResults({ folder, maxBytes: 1e6 }).find(record.key), undefined);
    const others = new KeptResults({ folder, maxBytes: 1e6, key: await sealingKey(newKey()) });
    assert.equal(await others.find(record.key), undefined);
    const target = path.join(home, 'taken');
    assert.deepEqual(await sealed.take(record.key, target), record);
    assert.equal(readFileSync(target, 'utf8'), 'plainly visible rows');
    const kept = readdirSync(folder).find((name) => name.endsWith('.rows')) ?? '';
    const bytes = readFileSync(path.join(folder, kept));
    bytes[40] = Number(bytes[40]) ^ 1;
    writeFileSync(path.join(folder, kept), bytes);
    assert.equal(await sealed.take(record.key, `${target}2`), undefined);
    assert.ok(!existsSync(`${target}2`));
  });
});
