import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import { throwsKind } from '../support/core-error.ts';
import { HostHome } from '../support/host-process.ts';
import { RemoteServer } from '../support/remote-server.ts';
import { dataFile, dataFolder, RemoteSession } from '../support/remote-session.ts';

const FLIGHTS = 'flights-3m.parquet';

describe('files on a network', function () {
  this.timeout(180_000);
  const home = new HostHome();
  const server = new RemoteServer();
  const other = new RemoteServer();
  let connection: HostConnection;
  let open: RemoteSession;

  /** A folder of its own, perhaps with a `quern.json`. */
  const folderWith = (workspace?: object): string => {
    const folder = mkdtempSync(path.join(home.folder, 'w-'));
    if (workspace !== undefined) writeFileSync(path.join(folder, 'quern.json'), JSON.stringify(workspace));
    return folder;
  };

  before(async () => {
    await server.start();
    await other.start();
    for (const name of [FLIGHTS, 'airports.csv', 'movies.json']) {
      server.files.set(`/${name}`, { bytes: dataFile(name) });
    }
    server.files.set('/airports.csv.gz', { bytes: gzipSync(dataFile('airports.csv')) });
    server.files.set('/lines.ndjson', { bytes: Buffer.from('{"a":1}\n{"a":2}\n') });
    server.files.set('/empty.csv', { bytes: new Uint8Array(0) });
    server.files.set('/a folder/päth #1.csv', { bytes: Buffer.from('x\n1\n') });
    server.files.set('/a%20folder/p%C3%A4th%20%231.csv', { bytes: Buffer.from('x\n1\n') });
    connection = await home.connect();
    open = await RemoteSession.open(connection, folderWith(), { allow: [server.origin] });
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

  const equalsLocal = async (name: string, query: (file: string) => string): Promise<void> => {
    const local = await open.rows(query(`'${path.join(dataFolder(), name)}'`));
    assert.ok(local.length > 0);
    assert.deepEqual(await open.rows(query(`'${server.origin}/${name}'`)), local);
  };

  it('have the rows of the same file on this machine', async () => {
    await equalsLocal(
      FLIGHTS,
      (file) => `select origin, count(*), avg(delay) from ${file} group by all order by all`,
    );
    await equalsLocal('airports.csv', (file) => `select * from ${file} order by all`);
    await equalsLocal('movies.json', (file) => `select * from ${file} order by all limit 500`);
  });

  it('are read from any place where a statement names files', async () => {
    const { origin } = server;
    const count = async (from: string) => (await open.rows(`select count(*) from ${from}`))[0]?.[0];
    assert.equal(await count(`'${origin}/airports.csv.gz'`), '3376');
    assert.equal(await count(`read_csv(['${origin}/airports.csv', '${origin}/airports.csv.gz'])`), '6752');
    assert.equal(await count(`'${origin}/lines.ndjson?version=a*b&x=[1]'`), '2');
    assert.equal(await count(`"${origin}/lines.ndjson"`), '2');
    assert.equal(await count(`read_text('${origin}/lines.ndjson')`), '1');
    assert.equal(await count(`'${origin}/a%20folder/p%C3%A4th%20%231.csv'`), '1');
    const joined = `'${origin}/lines.ndjson' l join '${origin}/lines.ndjson' r using (a)`;
    assert.equal(await count(joined), '2');
    const made = `create temp table kept as from '${origin}/lines.ndjson'; select count(*) from kept`;
    assert.equal((await open.rows(made))[0]?.[0], '2');
  });

  it('are fetched in parts: one column of 13 MB in at most a fifth of its bytes', async () => {
    for (const column of ['date', 'origin']) {
      await connection.request('remote/cache', { clear: true });
      const fresh = await RemoteSession.open(connection, folderWith(), { allow: [server.origin] });
      server.reset();
      await fresh.rows(
        `select count(${column}), max(${column}) from '${server.origin}/${FLIGHTS}?${column}'`,
      );
      const share = server.sentBytes / dataFile(FLIGHTS).length;
      assert.ok(share > 0 && share <= 0.2, `${column}: ${share}`);
    }
  });

  it('are asked for once in a statement, and only whether they changed in the next', async () => {
    const sql = `select count(*) from '${server.origin}/lines.ndjson' a, '${server.origin}/lines.ndjson' b`;
    await open.rows(sql);
    server.reset();
    await open.rows(sql);
    assert.deepEqual(
      server.requests.map(({ status }) => status),
      [304],
    );
    assert.equal(server.sentBytes, 0);
  });

  it('show their new rows when they have changed', async () => {
    server.files.set('/changing.csv', { bytes: Buffer.from('x\n1\n') });
    const sql = `select x from '${server.origin}/changing.csv'`;
    assert.deepEqual(await open.rows(sql), [['1']]);
    server.files.set('/changing.csv', { bytes: Buffer.from('x\n2\n') });
    assert.deepEqual(await open.rows(sql), [['2']]);
  });

  it('get no request when their origin is not allowed', async () => {
    const { origin } = other;
    for (const remote of [undefined, { allow: [server.origin] }]) {
      const session = await RemoteSession.open(connection, folderWith(), remote);
      const error = await throwsKind('REMOTE_DENIED', /--allow-url .*quern\.allowUrls.*quern\.json/, () =>
        session.rows(`from '${origin}/x.csv'`),
      );
      assert.equal(error.details.origin, origin);
      assert.equal(error.details.start, 5);
      await throwsKind('REMOTE_DENIED', /not allowed/, () =>
        session.rows(`from read_csv('${origin}/x' || '.csv')`),
      );
      await throwsKind('REMOTE_DENIED', /not allowed/, () => session.rows(`from glob('${origin}/*')`));
    }
    const secure = server.origin.replace('http:', 'https:');
    await throwsKind('REMOTE_DENIED', /https:.* is not allowed/, () => open.rows(`from '${secure}/x.csv'`));
    assert.deepEqual([...other.requests, ...server.requests], []);
  });

  it('get no request outside of the beginning of an address that is allowed', async () => {
    server.files.set('/data/in.csv', { bytes: Buffer.from('x\n1\n') });
    const allow = [`${server.origin}/data`];
    const session = await RemoteSession.open(connection, folderWith(), { allow });
    assert.deepEqual(await session.rows(`from '${server.origin}/data/in.csv'`), [['1']]);
    server.reset();
    for (const outside of [
      '/database.csv',
      '/data/../x.csv',
      '/data/%2e%2e/x.csv',
      '/data/..%2fx.csv',
      '/x.csv',
    ]) {
      await throwsKind('REMOTE_DENIED', /is not allowed/, () =>
        session.rows(`from '${server.origin}${outside}'`),
      );
    }
    assert.deepEqual(server.requests, []);
  });

  it('are not asked for while statements are only checked, and known once they were read', async () => {
    const { session } = open;
    const sql = `select latitude, nothing from '${server.origin}/airports.csv?checked'`;
    const check = async () => (await connection.request('sql/check', { session, sql })).diagnostics;
    assert.deepEqual(await check(), []);
    assert.deepEqual(
      await connection.request('sql/describe', { session, sql: sql.replace(', nothing', '') }),
      {
        columns: [],
      },
    );
    assert.deepEqual(server.requests, []);
    await open.rows(`from '${server.origin}/airports.csv?checked'`);
    server.reset();
    assert.match((await check())[0]?.message ?? '', /nothing/);
    assert.deepEqual(server.requests, []);
  });

  it('are refused to be written, listed, attached, or to hold a password', async () => {
    const { origin } = server;
    const refused = (sql: string, message: RegExp) =>
      throwsKind('CAPABILITY_DENIED', message, () => open.rows(sql));
    await refused(`copy (select 1) to '${origin}/new.csv'`, /can only be read/);
    await refused(`from '${origin}/*.csv'`, /cannot be listed/);
    await refused(`from 'ftp://127.0.0.1/x.csv'`, /https:, http: and s3:/);
    await throwsKind('REMOTE_DENIED', /must not hold a password/, () =>
      open.rows(`from '${origin.replace('//', '//me:secret@')}/x.csv'`),
    );
    assert.deepEqual(server.requests, []);
    assert.deepEqual(await open.rows('select 1'), [['1']]);
  });

  it('are open to a folder by its quern.json only when the user has agreed', async () => {
    const folder = folderWith({ remote: { allow: [server.origin] } });
    const session = await RemoteSession.open(connection, folder);
    const sql = `from '${server.origin}/lines.ndjson'`;
    const error = await throwsKind('REMOTE_DENIED', /before you agree: quern\.json of .* asks for/, () =>
      session.rows(sql),
    );
    assert.deepEqual([error.details.folder, error.details.origin], [folder, server.origin]);
    assert.deepEqual(server.requests, []);
    await throwsKind('PARAMS_INVALID', /has no entry/, () =>
      connection.request('remote/consent', { folder, allow: [other.origin] }),
    );
    const { entries } = await connection.request('remote/consent', { folder, allow: [server.origin] });
    assert.deepEqual(entries, [{ entry: server.origin, allowed: true }]);
    assert.deepEqual(await session.rows(sql), [['1'], ['2']]);
    // Of another folder's file nothing was said.
    const stranger = await RemoteSession.open(connection, folderWith({ remote: { allow: [server.origin] } }));
    await throwsKind('REMOTE_DENIED', /before you agree/, () => stranger.rows(sql));
    await connection.request('remote/consent', { folder, allow: [] });
    await throwsKind('REMOTE_DENIED', /before you agree/, () => session.rows(sql));
  });

  it('are read from what is kept when the server cannot be reached, and say so', async () => {
    const { origin } = server;
    const sql = `select count(*) from '${origin}/airports.csv?offline'`;
    const rows = await open.rows(sql);
    assert.deepEqual(open.warnings, []);
    await server.stop();
    try {
      assert.deepEqual(await open.rows(sql), rows);
      assert.match(open.warnings.join(), /could not be reached \(ECONNREFUSED\); this is the copy of \d{4}-/);
      await throwsKind('REMOTE_UNREACHABLE', /ECONNREFUSED/, () =>
        open.rows(`from '${origin}/airports.csv?never'`),
      );
    } finally {
      await server.start();
    }
    await open.rows(sql);
    assert.deepEqual(open.warnings, []);
  });

  it('are fetched again when what is kept was damaged, and never shown so', async () => {
    const sql = `select count(*), sum(latitude) from '${server.origin}/airports.csv?damaged'`;
    const rows = await open.rows(sql);
    await connection.request('sql/close', { session: open.session });
    open = await RemoteSession.open(connection, folderWith(), { allow: [server.origin] });
    const cache = path.join(home.folder, 'cache', 'remote');
    for (const name of readdirSync(cache).filter((file) => file.endsWith('.data'))) {
      const bytes = readFileSync(path.join(cache, name));
      const middle = bytes.length >> 1;
      bytes.fill((bytes[middle] ?? 0) ^ 0xff, middle, middle + 1);
      writeFileSync(path.join(cache, name), bytes);
    }
    assert.deepEqual(await open.rows(sql), rows);
    assert.ok(existsSync(path.join(cache, 'set-aside')));
    for (const name of readdirSync(cache).filter((file) => file.endsWith('.index'))) {
      writeFileSync(path.join(cache, name), 'torn');
    }
    const fresh = await RemoteSession.open(connection, folderWith(), { allow: [server.origin] });
    assert.deepEqual(await fresh.rows(sql), rows);
  });

  it('keep their secrets out of the log and the cache', async () => {
    const secret = 'S3cretT0ken';
    server.files.set('/private.csv', {
      bytes: Buffer.from('x\n1\n'),
      allows: ({ headers }) => headers.authorization === `Bearer ${secret}`,
    });
    const session = await RemoteSession.open(connection, folderWith(), {
      allow: [server.origin],
      credentials: [{ type: 'bearer', origin: server.origin, token: secret }],
    });
    assert.deepEqual(await session.rows(`from '${server.origin}/private.csv?sig=${secret}'`), [['1']]);
    await throwsKind('REMOTE_STATUS', /status 403.*credentials/, () =>
      open.rows(`from '${server.origin}/private.csv'`),
    );
    const { files } = await connection.request('remote/cache', {});
    assert.ok(files.some(({ url }) => url === `${server.origin}/private.csv?…`));
    assert.ok(!home.log().includes(secret));
    const cache = path.join(home.folder, 'cache', 'remote');
    mkdirSync(cache, { recursive: true });
    for (const name of readdirSync(cache).filter((file) => file.endsWith('.index'))) {
      assert.ok(!readFileSync(path.join(cache, name), 'utf8').includes(secret));
    }
  });
});
