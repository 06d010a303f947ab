import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import { throwsKind } from '../support/core-error.ts';
import { numberedAvro } from '../support/format-files.ts';
import { HostHome } from '../support/host-process.ts';
import { RemoteServer } from '../support/remote-server.ts';
import { RemoteSession } from '../support/remote-session.ts';
import { isSignedForS3 } from '../support/s3-signature.ts';

const S3 = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG', region: 'eu-north-1' };

describe('patterns of files in buckets', function () {
  this.timeout(180_000);
  const home = new HostHome();
  const server = new RemoteServer();
  const other = new RemoteServer();
  let connection: HostConnection;
  let open: RemoteSession;
  const isSigned = (request: IncomingMessage) => isSignedForS3(request, S3);
  const opened = (allow: readonly string[]) =>
    RemoteSession.open(connection, home.folder, {
      allow: [...allow],
      credentials: [{ type: 's3', origin: 's3://', ...S3, endpoint: server.origin }],
    });
  const lists = () => server.requests.filter(({ path }) => path.includes('list-type'));

  before(async () => {
    await server.start();
    await other.start();
    const row = (value: number) => ({ bytes: Buffer.from(`x\n${value}\n`), allows: isSigned });
    for (let day = 1; day <= 5; day++) server.files.set(`/bucket/logs/2026-0${day}.csv`, row(day));
    server.files.set('/bucket/logs/old/2025-01.csv', row(100));
    server.files.set('/bucket/logs/old/older/2024-01.csv', row(1000));
    server.files.set('/bucket/logs/readme.txt', row(0));
    server.files.set('/bucket/logs/odd/a%26b%20%2B%3C.csv', row(7));
    server.files.set('/bucket/logs-of-others/2026-01.csv', row(10_000));
    server.files.set('/bucket/avro/1.avro', { bytes: await numberedAvro(10) });
    server.files.set('/bucket/avro/2.avro', { bytes: await numberedAvro(20) });
    connection = await home.connect();
    open = await opened(['s3://bucket']);
  });
  beforeEach(() => {
    server.reset();
    other.reset();
    server.lists = { pageSize: 1000, allows: isSigned };
  });
  after(async () => {
    await home.dispose();
    await server.stop();
    await other.stop();
  });

  it('are the files that a signed list of the bucket has', async () => {
    const sum = async (pattern: string) =>
      (await open.rows(`select sum(x), count(*) from '${pattern}'`))[0]?.join();
    assert.equal(await sum('s3://bucket/logs/2026-*.csv'), '15,5');
    assert.equal(await sum('s3://bucket/logs/*.csv'), '15,5');
    assert.equal(await sum('s3://bucket/logs/*/*.csv'), '107,2');
    assert.equal(await sum('s3://bucket/logs/**/*.csv'), '1122,8');
    assert.equal(await sum('s3://bucket/logs/odd/*&b*.csv'), '7,1');
    const names = `select filename from read_csv('s3://bucket/logs/*-04.csv', filename := true)`;
    assert.deepEqual(await open.rows(names), [['s3://bucket/logs/2026-04.csv']]);
  });

  it('are of every format, also of those that the engine does not know', async () => {
    assert.deepEqual(await open.rows(`select count(*) from 's3://bucket/avro/*.avro'`), [['30']]);
    await throwsKind('FILE_NOT_FOUND', /absent/, () => open.rows(`from 's3://bucket/absent/*.avro'`));
    await assert.rejects(open.rows(`from 's3://bucket/absent/*.csv'`), /absent/);
  });

  it('are listed page by page, once in a statement', async () => {
    server.lists = { pageSize: 2, allows: isSigned };
    assert.deepEqual(await open.rows(`select sum(x) from 's3://bucket/logs/2026-*.csv'`), [['15']]);
    assert.equal(lists().length, 3);
    assert.ok(lists().every(({ path, status }) => path.includes('prefix=logs%2F2026-') && status === 200));
  });

  it('see files that were added since', async () => {
    const sql = `select count(*) from 's3://bucket/growing/*.csv'`;
    server.files.set('/bucket/growing/1.csv', { bytes: Buffer.from('x\n1\n') });
    assert.deepEqual(await open.rows(sql), [['1']]);
    server.files.set('/bucket/growing/2.csv', { bytes: Buffer.from('x\n1\n') });
    assert.deepEqual(await open.rows(sql), [['2']]);
  });

  it('are listed only where all of the folder is allowed, and never while something is checked', async () => {
    const part = await opened(['s3://bucket/logs']);
    assert.deepEqual(await part.rows(`select sum(x) from 's3://bucket/logs/*.csv'`), [['15']]);
    server.reset();
    for (const outside of ['s3://bucket/*.csv', 's3://bucket/logs*/2026-01.csv', 's3://other/*.csv']) {
      await throwsKind('REMOTE_DENIED', /is not allowed/, () => part.rows(`from '${outside}'`));
    }
    const { diagnostics } = await connection.request('sql/check', {
      session: open.session,
      sql: `select x from 's3://bucket/checked/*.csv'`,
    });
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(server.requests, []);
  });

  it('say clearly where a server has no list, or gives none', async () => {
    const sql = `from 's3://bucket/logs/*.csv'`;
    server.lists = undefined;
    await throwsKind('REMOTE_RESPONSE', /gave no list of its objects: .*status 404.*Name the files/, () =>
      open.rows(sql),
    );
    server.files.set('/bucket/', { bytes: Buffer.from('<html><body>Hello</body></html>') });
    await throwsKind('REMOTE_RESPONSE', /gave no list of its objects: its answer is something else/, () =>
      open.rows(sql),
    );
    server.files.set('/bucket/', { bytes: Buffer.from('Hello & welcome') });
    await throwsKind('REMOTE_RESPONSE', /its answer is no XML/, () => open.rows(sql));
    server.files.set('/bucket/', { bytes: new Uint8Array(), redirect: `${other.origin}/bucket/` });
    await throwsKind('REMOTE_DENIED', /is redirected from/, () => open.rows(sql));
    server.files.delete('/bucket/');
    server.lists = { pageSize: 1000, allows: () => false };
    await throwsKind('REMOTE_STATUS', /status 403.*credentials/, () => open.rows(sql));
    await throwsKind('CAPABILITY_DENIED', /cannot be listed, except those of s3:/, async () => {
      const session = await RemoteSession.open(connection, home.folder, { allow: [server.origin] });
      await session.rows(`from '${server.origin}/*.csv'`);
    });
    assert.deepEqual(other.requests, []);
  });
});
