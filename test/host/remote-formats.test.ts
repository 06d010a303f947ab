import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import { throwsKind } from '../support/core-error.ts';
import { eventually } from '../support/eventually.ts';
import { numberedAvro, numberedWorkbook, twoTables, wideArrow } from '../support/format-files.ts';
import { HostHome } from '../support/host-process.ts';
import { RemoteServer } from '../support/remote-server.ts';
import { RemoteSession } from '../support/remote-session.ts';
import { sqliteFile } from '../support/sqlite-files.ts';

/** What is read of each file: `FILE` is where its name stands. */
const QUERIES: readonly (readonly [name: string, sql: string])[] = [
  ['wide.arrow', 'select count(*), sum(c0), max(c9), min(c4) from FILE'],
  ['wide.feather', 'select sum(c0 + c1), count(c2) from FILE'],
  ['rows.xlsx', 'select count(*), sum(n), max(t) from FILE'],
  ['rows.avro', 'select count(*), sum(n), max(t) from FILE'],
  ['two.db', "select * from sqlite_scan(FILE, 'small') order by n"],
  ['two.sqlite', `select count(*), sum(n), max(filling) from read_sqlite(FILE, "table" := 'big')`],
];

describe('files on a network of formats that the engine does not know', function () {
  this.timeout(180_000);
  const home = new HostHome();
  const server = new RemoteServer();
  const other = new RemoteServer();
  const bytes = new Map<string, Uint8Array>();
  let connection: HostConnection;
  let open: RemoteSession;
  let localFolder: string;

  const localRows = (name: string, sql: string) =>
    open.rows(sql.replace('FILE', `'${path.join(localFolder, name)}'`));
  const remoteRows = (name: string, sql: string) =>
    open.rows(sql.replace('FILE', `'${server.origin}/${name}'`));
  const contentOf = (name: string): Uint8Array => {
    const content = bytes.get(name);
    assert.ok(content);
    return content;
  };
  /** A query of each format has the rows that the same file has on this machine. */
  const allEqualLocal = async (serve: (name: string, content: Uint8Array) => void, prefix: string) => {
    for (const [name, sql] of QUERIES) {
      serve(`${prefix}${name}`, contentOf(name));
      assert.deepEqual(await remoteRows(`${prefix}${name}`, sql), await localRows(name, sql), name);
    }
  };

  before(async () => {
    await server.start();
    await other.start();
    localFolder = mkdtempSync(path.join(home.folder, 'l-'));
    const [arrow, tables] = [wideArrow(), await twoTables()];
    bytes.set('wide.arrow', arrow).set('wide.feather', arrow);
    bytes.set('two.db', tables).set('two.sqlite', tables);
    bytes.set('rows.xlsx', await numberedWorkbook(5000)).set('rows.avro', await numberedAvro(20_000));
    for (const [name, content] of bytes) {
      server.files.set(`/${name}`, { bytes: content });
      writeFileSync(path.join(localFolder, name), content);
    }
    connection = await home.connect();
    open = await RemoteSession.open(connection, localFolder, { allow: [server.origin] });
  });
  beforeEach(() => {
    server.reset();
    other.reset();
  });
  after(async () => {
    await home.dispose();
    await server.stop();
    await other.stop();
  });

  it('have the rows of the same file on this machine', () =>
    allEqualLocal((name, content) => server.files.set(`/${name}`, { bytes: content }), ''));

  it('are asked only whether they changed when they are read again', async () => {
    for (const [name, sql] of QUERIES) {
      await remoteRows(name, sql);
      server.reset();
      await remoteRows(name, sql);
      assert.deepEqual(
        server.requests.map(({ status }) => status),
        [304],
        name,
      );
    }
  });

  it('are fetched in the parts that a query needs', async () => {
    const shares = [
      ['wide.arrow', 'select sum(c7) from FILE', 0.15],
      ['two.db', "select * from sqlite_scan(FILE, 'small')", 0.05],
      ['rows.avro', 'select * from FILE limit 1', 0.4],
    ] as const;
    for (const [index, [name, sql, most]] of shares.entries()) {
      const address = `${name}?part=${index}`;
      await remoteRows(address, sql);
      const share = server.sentBytes / contentOf(name).length;
      assert.ok(share > 0 && share <= most, `${name}: ${share} for ${sql}`);
      server.reset();
    }
  });

  it('come in few requests: a column of a batch of Arrow is one', async () => {
    await remoteRows('wide.arrow?few', 'select sum(c0), sum(c3), sum(c8) from FILE');
    // The beginning, the end, the batch's head, and three columns.
    assert.ok(server.requests.length <= 7, String(server.requests.length));
  });

  it('are named by an address with a query, in lists and views', async () => {
    const { origin } = server;
    assert.deepEqual(await open.rows(`select count(*) from '${origin}/rows.xlsx?sig=a=b'`), [['5000']]);
    const list = `read_avro(['${origin}/rows.avro', '${origin}/rows.avro?2'], filename := true)`;
    assert.deepEqual(await open.rows(`select count(*), count(distinct filename) from ${list}`), [
      ['40000', '2'],
    ]);
    const view = `create temp view seen as from '${origin}/rows.avro'; select max(n) from seen`;
    assert.deepEqual(await open.rows(view), [['20000']]);
  });

  it('are read from servers that give no parts, send gzip, or cut connections', async () => {
    await allEqualLocal((name, content) => {
      server.files.set(`/${name}`, { bytes: content, ranges: false });
    }, 'whole-');
    await allEqualLocal((name, content) => {
      server.files.set(`/${name}`, { bytes: content, encoding: 'gzip' });
    }, 'gzip-');
    await allEqualLocal((name, content) => {
      server.files.set(`/${name}`, { bytes: content, cuts: { behind: 20_000, times: 3 } });
    }, 'cut-');
  });

  it('show one state alone when they change between two ranges', async () => {
    const file = (rows: string) =>
      sqliteFile(`create table t (n integer, filling text);
        with recursive r (n) as (select 1 union all select n + 1 from r where n < 2000)
        insert into t select ${rows}, hex(zeroblob(300)) from r;`);
    const [before, after] = [await file('1'), await file('2')];
    server.files.set('/changing.db', { bytes: before });
    server.onRequest = () => {
      // The head is of the first, what comes behind it of the second.
      if (server.requests.length === 2) server.files.set('/changing.db', { bytes: after });
    };
    const sql = `select min(n), max(n), count(*) from '${server.origin}/changing.db'`;
    assert.deepEqual(await open.rows(sql), [['2', '2', '2000']]);
    let version = 0;
    server.onRequest = () => {
      server.files.set('/restless.db', { bytes: before, etag: `"${++version}"` });
    };
    await throwsKind('REMOTE_CHANGED', /changed on its server/, () =>
      open.rows(sql.replace('changing', 'restless')),
    );
  });

  it('get no request where they are not allowed, or only checked', async () => {
    for (const [name, sql] of QUERIES) {
      const denied = sql.replace('FILE', `'${other.origin}/${name}'`);
      await throwsKind('REMOTE_DENIED', /--allow-url/, () => open.rows(denied));
      const asked = sql.replace('FILE', `'${server.origin}/${name}?checked'`);
      const check = { session: open.session, sql: asked };
      assert.deepEqual((await connection.request('sql/check', check)).diagnostics, [], name);
    }
    assert.deepEqual([...other.requests, ...server.requests], []);
    const wrong = `select nothing from '${server.origin}/rows.avro'`;
    await remoteRows('rows.avro', 'select count(*) from FILE');
    server.reset();
    const { diagnostics } = await connection.request('sql/check', { session: open.session, sql: wrong });
    assert.match(diagnostics[0]?.message ?? '', /nothing/);
    assert.deepEqual(server.requests, []);
  });

  it('are not fetched from another origin to which they are redirected', async () => {
    for (const [name, sql] of QUERIES) {
      server.files.set(`/moved-${name}`, { bytes: new Uint8Array(), redirect: `${other.origin}/${name}` });
      await throwsKind('REMOTE_DENIED', /redirected/, () => remoteRows(`moved-${name}`, sql));
    }
    assert.deepEqual(other.requests, []);
  });

  it('say what is wrong: nothing there, another format, a database of DuckDB', async () => {
    await throwsKind('REMOTE_STATUS', /There is no file/, () => remoteRows('no.xlsx', 'from FILE'));
    server.files.set('/not.arrow', { bytes: Buffer.from('something else') });
    await throwsKind('FORMAT_DATA', /not an Arrow IPC file/, () => remoteRows('not.arrow', 'from FILE'));
    server.files.set('/d.db', { bytes: Buffer.from('12345678DUCK and more of it') });
    await throwsKind('FORMAT_DATA', /DuckDB.*download it/, () => remoteRows('d.db', 'from FILE'));
  });

  it('end with a run that is cancelled, and the engine goes on', async () => {
    await open.rows('create temp table stays as select 1');
    for (const name of ['two.db', 'rows.avro', 'wide.arrow', 'rows.xlsx']) {
      server.reset();
      server.files.set(`/late-${name}`, { bytes: contentOf(name) });
      server.onRequest = () => {
        if (server.requests.length === 1) {
          server.files.set(`/late-${name}`, { bytes: contentOf(name), hangs: true });
        }
      };
      const table = name === 'two.db' ? `, "table" := 'big'` : '';
      const reads = name === 'two.db' ? 'sqlite' : path.extname(name).slice(1);
      const abort = new AbortController();
      const sql = `select count(*) from read_${reads}('${server.origin}/late-${name}'${table})`;
      const run = open.run(sql, { signal: abort.signal });
      await eventually('the server was asked', () => server.requests.length >= 2 || undefined);
      abort.abort();
      await throwsKind('CANCELLED', /cancelled/, () => run);
    }
    assert.deepEqual(await open.rows('from stays'), [['1']]);
  });
});
