import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync, readSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import type { LiveFile, LiveRows } from '../../wasm-core/protocol/live-rows.ts';
import type { ResultPage } from '../../wasm-core/protocol/methods.ts';
import { eventually } from '../support/eventually.ts';
import { HostHome } from '../support/host-process.ts';

/** Gives 3,000 rows at once, and looks for others for longer than any test. */
const THEN_ENDLESS = 'select range as n from range(100000000000) where range < 3000 or hash(range) = 0';

/** A statement's rows as a client puts them together. */
class Watched {
  readonly told: LiveRows[] = [];

  get file(): LiveFile | undefined {
    return this.told.findLast(({ file }) => file !== undefined)?.file;
  }

  /** Pages of the file that was begun last. */
  get pages(): readonly ResultPage[] {
    const begin = this.told.findLastIndex(({ file }) => file !== undefined);
    return this.told.slice(begin).flatMap(({ pages }) => pages);
  }

  /** The first column's values on one page, read as a client reads them. */
  values(page: ResultPage): string[] {
    const { path: file = '', schemaByteLength = 0 } = this.file ?? {};
    const descriptor = openSync(file, 'r');
    const bytes = Buffer.alloc(schemaByteLength + page.byteLength);
    readSync(descriptor, bytes, 0, schemaByteLength, 0);
    readSync(descriptor, bytes, schemaByteLength, page.byteLength, page.offset);
    closeSync(descriptor);
    const column = tableFromIPC(bytes).getChildAt(0);
    return Array.from({ length: page.rowCount }, (_, row) => String(column?.get(row)));
  }
}

describe('host: rows while a statement runs', function () {
  this.timeout(180_000);
  const home = new HostHome();
  let connection: HostConnection;
  let session: string;
  before(async () => {
    connection = await home.connect();
    ({ session } = await connection.request('sql/open', { folder: home.folder, namespace: home.folder }));
  });
  after(() => home.dispose());

  const run = (sql: string, watched: Watched, more: { signal?: AbortSignal; live?: boolean } = {}) => {
    const { signal, live = true } = more;
    const onRows = (rows: LiveRows): void => void watched.told.push(rows);
    return connection.request('sql/run', { session, sql, live }, { onRows, ...(signal && { signal }) });
  };
  const told = (watched: Watched): Promise<LiveRows> => eventually('rows are told of', () => watched.told[0]);

  it('can be read before it has ended, and stay when it is cancelled', async () => {
    const watched = new Watched();
    const abort = new AbortController();
    const running = run(`create or replace table one as select 1; ${THEN_ENDLESS}`, watched, {
      signal: abort.signal,
    });
    const cancelled = assert.rejects(running, { kind: 'CANCELLED' });
    await eventually('all rows are told of', () => watched.told.at(-1)?.rowCount === 3000 || undefined);
    const { columns } = watched.file ?? {};
    assert.deepEqual(columns, [{ name: 'n', type: 'BIGINT' }]);
    assert.equal(watched.told[0]?.statement, 1);
    const expected = Array.from({ length: 3000 }, (_, n) => String(n));
    assert.deepEqual(
      watched.pages.flatMap((page) => watched.values(page)),
      expected,
    );
    abort.abort();
    await cancelled;
    assert.deepEqual(
      watched.pages.flatMap((page) => watched.values(page)),
      expected,
    );
  });

  it('are there for another session when they were cut off, if they are kept', async () => {
    const watched = new Watched();
    const abort = new AbortController();
    const cancelled = assert.rejects(run(THEN_ENDLESS, watched, { signal: abort.signal }), {
      kind: 'CANCELLED',
    });
    await eventually('all rows are told of', () => watched.told.at(-1)?.rowCount === 3000 || undefined);
    abort.abort();
    await cancelled;
    const { path: file = '', columns = [], schemaByteLength = 0 } = watched.file ?? {};
    const result = { path: file, columns, rowCount: 3000 };
    const rows = { session, result, schemaByteLength, pages: watched.pages, micros: 5 };
    const { kept } = await connection.request('result/keep', rows);
    const other = await connection.request('sql/open', { folder: home.folder, namespace: home.folder });
    const opened = await connection.request('result/kept', { session: other.session, kept: kept ?? '' });
    const { statement } = opened;
    assert.ok(statement?.file !== undefined && statement.rowCount === 3000);
    const [page] = statement.file.pages;
    assert.ok(page !== undefined);
    const again = new Watched();
    again.told.push({
      statement: 0,
      file: { ...statement.file, columns },
      pages: [page],
      rowCount: 3000,
      micros: 5,
    });
    assert.deepEqual(again.values(page).slice(0, 3), ['0', '1', '2']);
    const [first = page] = watched.pages;
    for (const wrong of [
      { ...rows, pages: [] },
      { ...rows, pages: [{ ...first, firstRow: 1 }] },
      { ...rows, pages: [{ ...first, byteLength: 1e9 }] },
      { ...rows, schemaByteLength: -1 },
      { ...rows, result: { ...result, path: '/etc/passwd' } },
    ]) {
      await assert.rejects(connection.request('result/keep', wrong), { kind: 'PARAMS_INVALID' });
    }
    await connection.request('sql/close', { session: other.session });
  });

  it('are sorted, summarised and searched when they were cut off, those that came and no others', async () => {
    const watched = new Watched();
    const abort = new AbortController();
    const running = run(THEN_ENDLESS, watched, { signal: abort.signal });
    const cancelled = assert.rejects(running, { kind: 'CANCELLED' });
    await eventually('all rows are told of', () => watched.told.at(-1)?.rowCount === 3000 || undefined);
    abort.abort();
    await cancelled;
    const { path: file = '', columns = [] } = watched.file ?? {};
    const result = { path: file, columns, rowCount: 3000 };
    const select = { sort: [{ column: 0, descending: true }] };
    const sorted = await connection.request('result/rows', { session, result, select });
    assert.equal(sorted.matchCount, 3000);
    const summary = await connection.request('result/summary', { session, result });
    assert.equal(summary.columns[0]?.max, '2999');
    const from = { row: 0, column: 0 };
    const found = await connection.request('result/find', { session, result, text: '2999', from });
    assert.equal(found.count, 1);
  });

  it('become the result, page by page', async () => {
    const watched = new Watched();
    const { statements } = await run('select range as n from range(1000000)', watched);
    assert.ok(watched.told.length > 0);
    const { file, rowCount } = statements[0] ?? {};
    assert.equal(rowCount, 1_000_000);
    assert.equal(file?.path, watched.file?.path);
    assert.deepEqual(file?.pages.slice(0, watched.pages.length), watched.pages);
    const rows = watched.pages.reduce((sum, page) => sum + page.rowCount, 0);
    assert.equal(watched.told.at(-1)?.rowCount, rows);
  });

  it('stay when the statement fails behind them', async () => {
    const watched = new Watched();
    const failing = `select case when range < 1000000 then range else error('no more') end as n from range(1100000)`;
    await assert.rejects(run(failing, watched), { kind: 'SQL_RUN', message: 'no more' });
    assert.ok(watched.pages.length > 0);
    assert.deepEqual(watched.values(watched.pages[0] as ResultPage).slice(0, 2), ['0', '1']);
  });

  it('are given up when a file changed while it was read', async () => {
    const file = path.join(home.folder, 'one.csv');
    writeFileSync(file, 'v\nbefore\n');
    const watched = new Watched();
    const running = run("select t.v from range(1000000) r, 'one.csv' t", watched);
    const first = await told(watched);
    writeFileSync(file, 'v\nnow\n');
    const { statements } = await running;
    const result = statements[0]?.file;
    const givenUp = watched.told.findIndex(({ isGivenUp }) => isGivenUp);
    assert.ok(givenUp > 0);
    const again = watched.told.slice(givenUp + 1);
    assert.equal(again[0]?.file?.path, result?.path);
    assert.notEqual(result?.path, first.file?.path);
    assert.ok(!existsSync(first.file?.path ?? ''));
    assert.equal(watched.values(watched.pages[0] as ResultPage)[0], 'now');
  });

  it('are not told of where nobody asks, nor what a statement changed', async () => {
    const watched = new Watched();
    await run('select range from range(500000)', watched, { live: false });
    await run('create or replace table t as from range(2000000)', watched);
    await run('insert into t from range(2000000)', watched);
    assert.deepEqual(watched.told, []);
  });

  it('come from each statement of a text', async () => {
    const watched = new Watched();
    await run('select range from range(1000000); select range from range(1000000)', watched);
    assert.deepEqual([...new Set(watched.told.map(({ statement }) => statement))], [0, 1]);
  });
});
