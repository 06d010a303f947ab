import assert from 'node:assert/strict';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { PageStore } from '../../webview/page-store.ts';

const MEBIBYTE = 1024 * 1024;

/** Bytes of one page with one row, and of its schema. */
function pageBytes(): { schema: ArrayBuffer; page: ArrayBuffer } {
  const { buffer, byteOffset, byteLength } = tableToIPC(
    tableFromArrays({ n: Int32Array.from([7]) }),
    'stream',
  );
  const stream = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  // A message begins with four marking bytes and the length of what describes it; a schema has nothing else.
  const schemaLength = 8 + new DataView(stream).getUint32(4, true);
  return { schema: stream.slice(0, schemaLength), page: stream.slice(schemaLength) };
}

/** A store of `count` pages of one row, each said to be of a size, and what it has pulled. */
function storeOf(
  count: number,
  byteLength: number,
): { store: PageStore; pulled: number[]; bytes: ArrayBuffer } {
  const { schema, page } = pageBytes();
  const pulled: number[] = [];
  const view = {
    id: 'x',
    title: 't',
    columns: [{ name: 'n', type: 'INTEGER' }],
    rowCount: count,
    truncated: false,
    pages: Array.from({ length: count }, (_, i) => ({ firstRow: i, rowCount: 1, offset: 0, byteLength })),
    cost: { micros: 0, functionMicros: 0, transferMicros: 0, functionRows: 0, functionFuel: 0 },
  };
  return { store: new PageStore(view, schema, (index) => pulled.push(index)), pulled, bytes: page };
}

describe('the store of pages', () => {
  it('pulls a page when a row of it is looked at, once', () => {
    const { store, pulled, bytes } = storeOf(3, MEBIBYTE);
    assert.equal(store.value(1, 0).state, 'pending');
    assert.equal(store.value(1, 0).state, 'pending');
    assert.deepEqual(pulled, [1]);
    store.take(1, bytes);
    assert.deepEqual(store.value(1, 0), { state: 'value', text: '7', isNull: false });
    assert.deepEqual(pulled, [1]);
  });

  it('does not pull all that a drag of the scroll bar passes', () => {
    const { store, pulled, bytes } = storeOf(100, MEBIBYTE);
    for (let row = 0; row < 100; row++) store.value(row, 0);
    assert.ok(pulled.length <= 4, `${pulled.length} pulls at once`);
    store.take(pulled[0] ?? -1, bytes);
    store.value(99, 0);
    assert.equal(pulled.at(-1), 99);
  });

  it('forgets what was looked at longest ago when it holds too many bytes', () => {
    const { store, pulled, bytes } = storeOf(20, 10 * MEBIBYTE);
    for (let row = 0; row < 20; row++) {
      store.value(row, 0);
      store.take(row, bytes);
      assert.equal(store.value(0, 0).state, 'value', 'a page that is looked at all the time stays');
    }
    assert.equal(store.value(1, 0).state, 'pending');
    assert.equal(pulled.filter((page) => page === 1).length, 2);
    assert.equal(store.value(19, 0).state, 'value');
  });

  it('keeps a page that is larger than it may hold while it is looked at', () => {
    const { store, bytes } = storeOf(2, 500 * MEBIBYTE);
    store.value(0, 0);
    store.take(0, bytes);
    assert.equal(store.value(0, 0).state, 'value');
  });

  it('tells whoever waits that a page cannot be had', async () => {
    const { store } = storeOf(2, MEBIBYTE);
    const waiting = store.page(1);
    store.fail(1, 'it is gone');
    assert.equal(await waiting, undefined);
    assert.deepEqual(store.value(1, 0), { state: 'failed', message: 'it is gone' });
  });
});
