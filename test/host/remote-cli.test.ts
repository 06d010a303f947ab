import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type CommandOptions, type CommandOutcome, quern } from '../support/cli.ts';
import { HostHome } from '../support/host-process.ts';
import { projectRoot } from '../support/project.ts';
import { RemoteServer } from '../support/remote-server.ts';
import { isSignedForS3 } from '../support/s3-signature.ts';

const ROWS = Buffer.from('x\n1\n2\n');
const S3 = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG', region: 'us-east-1' };

describe('files on a network on the command line', function () {
  this.timeout(180_000);
  const home = new HostHome();
  const server = new RemoteServer();
  const folder = path.join(home.folder, 'work');
  const run = (args: readonly string[], options: CommandOptions = {}): Promise<CommandOutcome> =>
    quern(home, args, { cwd: folder, ...options });
  const query = (
    options: CommandOptions & { readonly flags?: readonly string[]; readonly from?: string } = {},
  ) => {
    const { flags = ['--allow-url', server.origin], from = `${server.origin}/x.csv` } = options;
    return run(['run', '-e', `select sum(x) as s from '${from}'`, '--format', 'csv', ...flags], options);
  };

  before(async () => {
    mkdirSync(folder, { recursive: true });
    await server.start();
    server.files.set('/x.csv', { bytes: ROWS });
  });
  beforeEach(() => server.reset());
  after(async () => {
    await run(['stop']);
    await home.dispose();
    await server.stop();
  });

  it('are read from origins of --allow-url alone', async () => {
    const { code, stdout, stderr } = await query();
    assert.equal(code, 0, stderr);
    assert.equal(stdout, 's\n3\n');
    server.reset();
    const denied = await query({ flags: [] });
    assert.equal(denied.code, 1);
    assert.match(denied.stderr, new RegExp(`-e:1:25: .*Allow it with --allow-url ${server.origin} `));
    assert.deepEqual(server.requests, []);
    const wrong = await query({ flags: ['--allow-url', 'example.org'] });
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /"example\.org" is none; write an origin such as https:/);
  });

  it('are listed and deleted by quern cache', async () => {
    await query();
    const listed = await run(['cache']);
    assert.ok(listed.stdout.includes(`${server.origin}/x.csv`), listed.stdout);
    assert.match(listed.stderr, /^1 file, 0\.0 MB of at most/);
    const { files } = JSON.parse((await run(['cache', '--json'])).stdout);
    assert.deepEqual([files[0].url, files[0].size], [`${server.origin}/x.csv`, ROWS.length]);
    assert.match((await run(['cache', '--clear'])).stderr, /^Deleted 1 file/);
    assert.deepEqual(JSON.parse((await run(['cache', '--json'])).stdout).files, []);
  });

  it('warn on stderr when they are a copy', async () => {
    await query();
    await server.stop();
    try {
      const { code, stdout, stderr } = await query();
      assert.equal(code, 0, stderr);
      assert.equal(stdout, 's\n3\n');
      assert.match(stderr, /^warning: .*could not be reached/m);
    } finally {
      await server.start();
    }
  });

  it('get the credentials of the environment', async () => {
    server.files.set('/token.csv', {
      bytes: ROWS,
      allows: ({ headers }) => headers.authorization === 'Bearer a b',
    });
    const from = `${server.origin}/token.csv`;
    assert.equal((await query({ from })).code, 1);
    const env = { QUERN_TOKEN_TEST: `${server.origin} a b` };
    assert.equal((await query({ from, env })).stdout, 's\n3\n');
    const wrong = await query({ from, env: { QUERN_TOKEN_TEST: 'only-the-secret' } });
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /QUERN_TOKEN_TEST must be an origin/);
    assert.ok(!wrong.stderr.includes('only-the-secret'));

    server.files.set('/bucket/x.csv', { bytes: ROWS, allows: (request) => isSignedForS3(request, S3) });
    const signed = await query({
      from: 's3://bucket/x.csv',
      flags: ['--allow-url', 's3://bucket'],
      env: {
        AWS_ACCESS_KEY_ID: S3.accessKeyId,
        AWS_SECRET_ACCESS_KEY: S3.secretAccessKey,
        AWS_ENDPOINT_URL_S3: server.origin,
      },
    });
    assert.equal(signed.stdout, 's\n3\n', signed.stderr);
  });
});

describe('files of servers with a certificate', function () {
  this.timeout(180_000);
  const home = new HostHome();
  const folder = path.join(home.folder, 'work');
  // Made by `openssl req -x509 -newkey rsa:2048 -nodes -days 36500 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1`.
  const pem = (name: string) => path.join(projectRoot(), 'test/fixtures/tls', name);
  let server: RemoteServer;

  before(async () => {
    mkdirSync(folder, { recursive: true });
    server = new RemoteServer({
      key: readFileSync(pem('key.pem'), 'utf8'),
      cert: readFileSync(pem('cert.pem'), 'utf8'),
    });
    await server.start();
    server.files.set('/x.csv', { bytes: ROWS });
    writeFileSync(path.join(folder, 'q.sql'), `select sum(x) as s from '${server.origin}/x.csv';\n`);
  });
  after(async () => {
    await quern(home, ['stop']);
    await home.dispose();
    await server.stop();
  });

  const run = (env: NodeJS.ProcessEnv): Promise<CommandOutcome> =>
    quern(home, ['run', 'q.sql', '--format', 'csv', '--allow-url', server.origin], { cwd: folder, env });

  it('are read when the certificate is trusted, and only then', async () => {
    const untrusted = await run({ NODE_EXTRA_CA_CERTS: '' });
    assert.equal(untrusted.code, 1);
    assert.match(untrusted.stderr, /certificate is not trusted.*NODE_EXTRA_CA_CERTS/);
    // A host reads the variable when it starts.
    await quern(home, ['stop']);
    const trusted = await run({ NODE_EXTRA_CA_CERTS: pem('cert.pem') });
    assert.equal(trusted.stdout, 's\n3\n', trusted.stderr);
  });
});
