import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import { throwsKind } from '../support/core-error.ts';
import { eventually } from '../support/eventually.ts';
import { HostHome } from '../support/host-process.ts';
import { RemoteServer } from '../support/remote-server.ts';
import { dataFile, dataFolder, RemoteSession } from '../support/remote-session.ts';
import { isSignedForS3 } from '../support/s3-signature.ts';

const FLIGHTS = dataFile('flights-3m.parquet');
const AIRPORTS = dataFile('airports.csv');
const S3 = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG', region: 'eu-north-1' };

describe('servers of files that do not do what one would like', function () {
  this.timeout(180_000);
  const home = new HostHome();
  const server = new RemoteServer();
  const other = new RemoteServer();
  let connection: HostConnection;
  let open: RemoteSession;
  let airports: readonly (readonly (string | null)[])[];
  const local = (name: string) => `'${path.join(dataFolder(), name)}'`;
  const at = (name: string) => `'${server.origin}/${name}'`;

  before(async () => {
    await server.start();
    await other.start();
    // Silence for so long is a failure.
    writeFileSync(path.join(home.folder, 'quern.json'), JSON.stringify({ remote: { timeoutMs: 1000 } }));
    connection = await home.connect();
    open = await RemoteSession.open(connection, home.folder, {
      allow: [server.origin, 's3://bucket'],
      credentials: [
        { type: 's3', origin: 's3://bucket', ...S3, sessionToken: 'tok/en==', endpoint: server.origin },
        { type: 'basic', origin: server.origin, user: 'me', password: 'pässword' },
      ],
    });
    airports = await open.rows(`from ${local('airports.csv')} order by all`);
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

  const readsAirports = async (address: string): Promise<void> => {
    assert.deepEqual(await open.rows(`from ${address} order by all`), airports);
  };

  it('give no parts: the file is loaded as a whole, once', async () => {
    server.files.set('/whole.csv', { bytes: AIRPORTS, ranges: false });
    await readsAirports(at('whole.csv'));
    await readsAirports(at('whole.csv'));
    assert.deepEqual(
      server.requests.map(({ status }) => status),
      [200, 304],
    );
    assert.equal(server.sentBytes, AIRPORTS.length);
    server.files.set('/whole.parquet', { bytes: FLIGHTS, ranges: false });
    const query = (file: string) => `select origin, sum(delay) from ${file} group by all order by all`;
    assert.deepEqual(
      await open.rows(query(at('whole.parquet'))),
      await open.rows(query(local('flights-3m.parquet'))),
    );
  });

  it('take their time: the run tells how far it is', async () => {
    // More than the tenth of a second that passes between two messages, on any machine.
    const pace = { parts: 4, pauseMs: 120 };
    server.files.set('/long.parquet', { bytes: FLIGHTS, pace });
    server.files.set('/long-whole.parquet', { bytes: FLIGHTS, ranges: false, pace });
    for (const [name, told] of [
      ['long.parquet', /^\d+(\.\d)? MB from 127\.0\.0\.1:\d+$/],
      ['long-whole.parquet', /^\d+(\.\d)? of 13 MB from 127\.0\.0\.1:\d+$/],
    ] as const) {
      const messages: string[] = [];
      const onProgress = (_: number, message?: string) => messages.push(message ?? '');
      await open.run(`select sum(distance) from ${at(name)}`, { onProgress });
      assert.ok(
        messages.some((message) => told.test(message)),
        JSON.stringify(messages),
      );
    }
  });

  it('cut connections: what is missing is fetched, not what came', async () => {
    server.files.set('/cut.csv', { bytes: AIRPORTS, cuts: { behind: 20_000, times: 4 } });
    await readsAirports(at('cut.csv'));
    assert.ok(server.sentBytes < AIRPORTS.length * 1.2, String(server.sentBytes));
    server.files.set('/cut-whole.csv', {
      bytes: AIRPORTS,
      ranges: false,
      cuts: { behind: 50_000, times: 2 },
    });
    await readsAirports(at('cut-whole.csv'));
    server.files.set('/dead.csv', { bytes: AIRPORTS, cuts: { behind: 0, times: 1000 } });
    const error = await throwsKind('REMOTE_UNREACHABLE', /could not be read/, () =>
      open.rows(`from ${at('dead.csv')}`),
    );
    assert.equal(error.details.origin, server.origin);
  });

  it('resume a whole file that was cut, where they can', async () => {
    const cuts = { behind: 100_000, times: 1 };
    server.files.set('/resumed.csv', { bytes: AIRPORTS, ranges: false, cuts });
    server.onRequest = () => {
      // Behind the first answer it gives parts.
      if (server.requests.length === 1) server.files.set('/resumed.csv', { bytes: AIRPORTS });
    };
    await readsAirports(at('resumed.csv'));
    assert.equal(server.requests[1]?.range, 'bytes=100000-');
    assert.equal(server.sentBytes, AIRPORTS.length);
  });

  it('resume a whole file as often as it is cut, if more of it came each time', async () => {
    const file = Buffer.from(`x\n${'123456789012345\n'.repeat(80_000)}`);
    // Without its size it is loaded as a whole.
    server.files.set('/often.csv', {
      bytes: file,
      hidesSize: true,
      cuts: { behind: 150_000, times: 1000 },
    });
    assert.deepEqual(await open.rows(`select count(*), max(x) from ${at('often.csv')}`), [
      ['80000', '123456789012345'],
    ]);
    const probe = 16 * 1024;
    assert.ok(server.sentBytes <= file.length + probe, String(server.sentBytes - file.length));
  });

  it('resume a whole file that another run gave up, only while it is the same', async () => {
    const rows = (digit: string) => Buffer.from(`x\n${`${digit.repeat(15)}\n`.repeat(80_000)}`);
    const sums = (digit: string) => [[digit.repeat(15), digit.repeat(15), '80000']];
    for (const after of ['1', '2']) {
      const name = `given-up-${after}.csv`;
      const sql = `select min(x), max(x), count(*) from ${at(name)}`;
      server.files.set(`/${name}`, {
        bytes: rows('1'),
        hidesSize: true,
        pace: { parts: 10, pauseMs: 120 },
      });
      const abort = new AbortController();
      const run = open.run(sql, {
        signal: abort.signal,
        onProgress: (_, message = '') => {
          if (/0\.[1-9] of/.test(message)) abort.abort();
        },
      });
      await throwsKind('CANCELLED', /cancelled/, () => run);
      server.reset();
      server.files.set(`/${name}`, { bytes: rows(after), hidesSize: true });
      assert.deepEqual(await open.rows(sql), sums(after));
      const resumed = server.requests.filter(({ range = '' }) => /^bytes=[1-9]\d*-$/.test(range));
      assert.equal(resumed.length, after === '1' ? 1 : 0);
      assert.ok(resumed.every(({ status, headers }) => status === 206 && headers['if-range']));
    }
  });

  it('fail for a moment: it is tried again', async () => {
    server.files.set('/busy.csv', { bytes: AIRPORTS, failing: [503, 429, 500] });
    await readsAirports(at('busy.csv'));
    server.files.set('/broken.csv', { bytes: AIRPORTS, failing: Array.from({ length: 20 }, () => 502) });
    await throwsKind('REMOTE_STATUS', /status 502/, () => open.rows(`from ${at('broken.csv')}`));
    await throwsKind('REMOTE_STATUS', /There is no file .*status 404/, () =>
      open.rows(`from ${at('absent.csv')}`),
    );
  });

  it('change a file between its parts: the rows are those of one of both', async () => {
    // Both are as long, so that only the server's word tells them apart.
    const rows = (digit: string) => Buffer.from(`x\n${`${digit.repeat(15)}\n`.repeat(100_000)}`);
    for (const etag of ['strong', 'weak'] as const) {
      const name = `/changes-${etag}.csv`;
      const tag = (n: number) => (etag === 'weak' ? `W/"${n}"` : `"${n}"`);
      server.reset();
      server.files.set(name, { bytes: rows('1'), etag: tag(1) });
      server.onRequest = () => {
        if (server.requests.length === 2) server.files.set(name, { bytes: rows('2'), etag: tag(2) });
      };
      const sql = `select min(x), max(x), count(*) from '${server.origin}${name}'`;
      assert.deepEqual(await open.rows(sql), [['222222222222222', '222222222222222', '100000']]);
    }
  });

  it('change a file all the time: that is an error, and no mixture', async () => {
    let version = 0;
    server.onRequest = () => {
      const digit = String(++version % 10).repeat(15);
      server.files.set('/restless.csv', { bytes: Buffer.from(`x\n${`${digit}\n`.repeat(100_000)}`) });
    };
    server.files.set('/restless.csv', { bytes: Buffer.from('x\n') });
    const error = await throwsKind('REMOTE_CHANGED', /changed on its server/, () =>
      open.rows(`select count(*) from ${at('restless.csv')}`),
    );
    assert.equal(error.details.origin, server.origin);
    server.reset();
    assert.deepEqual(await open.rows('select 1'), [['1']]);
  });

  it('tell no state of a file: it is fetched each time', async () => {
    server.files.set('/untold.csv', { bytes: Buffer.from('x\n1\n'), etag: null });
    assert.deepEqual(await open.rows(`from ${at('untold.csv')}`), [['1']]);
    server.files.set('/untold.csv', { bytes: Buffer.from('x\n2\n'), etag: null });
    assert.deepEqual(await open.rows(`from ${at('untold.csv')}`), [['2']]);
  });

  it('redirect: only to what is allowed, and without secrets', async () => {
    server.files.set('/airports.csv', { bytes: AIRPORTS });
    server.files.set('/moved.csv', { bytes: AIRPORTS, redirect: '/airports.csv' });
    await readsAirports(at('moved.csv'));
    other.files.set('/airports.csv', { bytes: AIRPORTS });
    server.files.set('/elsewhere.csv', { bytes: AIRPORTS, redirect: `${other.origin}/airports.csv` });
    const error = await throwsKind('REMOTE_DENIED', /is redirected from .* to .*--allow-url/, () =>
      open.rows(`from ${at('elsewhere.csv')}`),
    );
    assert.equal(error.details.redirect, other.origin);
    assert.ok(error.message.includes(server.origin) && error.message.includes(other.origin));
    assert.equal(other.requests.length, 0);
    server.files.set('/local.csv', { bytes: AIRPORTS, redirect: 'file:///etc/passwd' });
    await throwsKind('REMOTE_DENIED', /to file:/, () => open.rows(`from ${at('local.csv')}`));
    server.files.set('/circle.csv', { bytes: AIRPORTS, redirect: '/circle.csv' });
    await throwsKind('REMOTE_RESPONSE', /more than/, () => open.rows(`from ${at('circle.csv')}`));

    const both = await RemoteSession.open(connection, home.folder, {
      allow: [server.origin, other.origin],
      credentials: [{ type: 'bearer', origin: server.origin, token: 'secret' }],
    });
    assert.deepEqual(await both.rows(`from ${at('elsewhere.csv')} order by all`), airports);
    assert.ok(server.requests.some(({ headers }) => headers.authorization === 'Bearer secret'));
    assert.ok(other.requests.length > 0);
    assert.ok(other.requests.every(({ headers }) => headers.authorization === undefined));
  });

  it('send files encoded though nobody asked for it', async () => {
    for (const ranges of [true, false]) {
      const name = `zipped-${ranges}.csv`;
      server.files.set(`/${name}`, { bytes: AIRPORTS, encoding: 'gzip', ranges });
      await readsAirports(at(name));
    }
    assert.ok(server.requests.every(({ headers }) => headers['accept-encoding'] === 'identity'));
  });

  it('lie about the part that they send', async () => {
    server.files.set('/lie.csv', { bytes: AIRPORTS });
    server.onRequest = (request) => {
      // The second part is another than the one that was asked for.
      if (server.requests.length === 1) request.headers.range = 'bytes=5-70000';
    };
    await throwsKind('REMOTE_RESPONSE', /another part/, () => open.rows(`from ${at('lie.csv')}`));
  });

  it('say nothing: that ends by itself', async () => {
    server.files.set('/silent.csv', { bytes: AIRPORTS, hangs: true });
    await throwsKind('REMOTE_UNREACHABLE', /ETIMEDOUT: nothing came for 1000 ms/, () =>
      open.rows(`from ${at('silent.csv')}`),
    );
  });

  it('say nothing: cancelling the run ends the wait, wherever it is', async () => {
    server.files.set('/hangs.csv', { bytes: AIRPORTS, hangs: true });
    server.files.set('/hangs-later.csv', { bytes: AIRPORTS });
    for (const from of [at('hangs.csv'), `read_csv(${at('hangs.csv')} || '')`, at('hangs-later.csv')]) {
      server.reset();
      server.onRequest = () => {
        if (server.requests.length === 1 && from.includes('later'))
          server.files.set('/hangs-later.csv', { bytes: AIRPORTS, hangs: true });
      };
      const abort = new AbortController();
      const run = open.run(`select count(*) from ${from}`, { signal: abort.signal });
      const waits = from.includes('later') ? 2 : 1;
      await eventually('the server was asked', () => server.requests.length >= waits || undefined);
      abort.abort();
      await throwsKind('CANCELLED', /cancelled/, () => run);
    }
    // The engine is the same one.
    await open.run('create temp table stays as select 1');
    server.reset();
    assert.deepEqual(await open.rows('from stays'), [['1']]);
  });

  it('get a name and a password, and no token of another origin', async () => {
    const proof = `Basic ${Buffer.from('me:pässword').toString('base64')}`;
    server.files.set('/mine.csv', {
      bytes: AIRPORTS,
      allows: ({ headers }) => headers.authorization === proof,
    });
    await readsAirports(at('mine.csv'));
  });

  it('are S3: requests are signed, whatever the key', async () => {
    const isSigned = (request: Parameters<typeof isSignedForS3>[0]) =>
      isSignedForS3(request, S3) && request.headers['x-amz-security-token'] === 'tok/en==';
    server.files.set('/bucket/data/airports.csv', { bytes: AIRPORTS, allows: isSigned });
    await readsAirports(`'s3://bucket/data/airports.csv'`);
    const odd = "it's (a) path+with ünicode & more!.csv";
    const escaped = odd
      .split('')
      .map((c) =>
        /[A-Za-z0-9._~-]/.test(c)
          ? c
          : [...Buffer.from(c)].map((b) => `%${b.toString(16).toUpperCase()}`).join(''),
      )
      .join('');
    server.files.set(`/bucket/${escaped}`, { bytes: AIRPORTS, allows: isSigned });
    await readsAirports(`'s3://bucket/${odd.replaceAll("'", "''")}'`);
    assert.ok(server.requests.length > 2);
    await throwsKind('REMOTE_DENIED', /s3:\/\/other is not allowed/, () =>
      open.rows(`from 's3://other/x.csv'`),
    );
  });
});

describe('the cache of files on a network', function () {
  this.timeout(180_000);
  const home = new HostHome();
  const server = new RemoteServer();

  before(async () => {
    await server.start();
    process.env.QUERN_REMOTE_CACHE_MB = '1';
  });
  after(async () => {
    delete process.env.QUERN_REMOTE_CACHE_MB;
    await home.dispose();
    await server.stop();
  });

  it('has a cap: what was used longest ago goes, and larger files are read past it', async () => {
    const connection = await home.connect();
    const open = await RemoteSession.open(connection, home.folder, { allow: [server.origin] });
    const rows = (digit: number) => Buffer.from(`x\n${`${String(digit).repeat(15)}\n`.repeat(25_000)}`);
    for (let file = 1; file <= 4; file++) {
      server.files.set(`/${file}.csv`, { bytes: rows(file) });
      assert.deepEqual(await open.rows(`select max(x), count(*) from '${server.origin}/${file}.csv'`), [
        [String(file).repeat(15), '25000'],
      ]);
    }
    await open.rows('select 1');
    const { files, byteLength, capBytes } = await connection.request('remote/cache', {});
    assert.equal(capBytes, 2 ** 20);
    assert.ok(byteLength <= capBytes, String(byteLength));
    assert.ok(files[0]?.url.endsWith('/4.csv'), JSON.stringify(files));
    assert.ok(!files.some(({ url }) => url.endsWith('/1.csv')), JSON.stringify(files));

    server.files.set('/large.parquet', { bytes: FLIGHTS });
    const query = (file: string) => `select count(*), sum(delay), sum(distance) from ${file}`;
    const large = await open.rows(query(`'${server.origin}/large.parquet'`));
    assert.deepEqual(large[0]?.[0], '3000000');
    server.files.set('/large-whole.parquet', { bytes: FLIGHTS, ranges: false });
    await throwsKind('REMOTE_LIMIT', /larger than the 1 MB .*quern\.remoteCacheMb/, () =>
      open.rows(query(`'${server.origin}/large-whole.parquet'`)),
    );
    const cleared = await connection.request('remote/cache', { clear: true });
    assert.ok(cleared.files.length > 0);
  });
});
