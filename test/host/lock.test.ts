import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CommandOutcome, quern } from '../support/cli.ts';
import { HostHome } from '../support/host-process.ts';

/** Tells the time, plus something that makes it other bytes. */
function clock(extra: number): string {
  return `(module
  (@custom "quern" "{\\"abi\\":1,\\"functions\\":[{\\"name\\":\\"at\\",\\"returns\\":\\"DOUBLE\\",\\"deterministic\\":false}]}")
  (import "host" "now_ms" (func $now (result f64)))
  (func (export "at") (result f64) (f64.add (call $now) (f64.const ${extra}))))
`;
}

const TWICE = `;; @udf twice(x BIGINT) -> BIGINT
(module (func (export "twice") (param i64) (result i64) (i64.add (local.get 0) (local.get 0))))
`;

describe('quern.lock.json', () => {
  let home: HostHome;
  let folder: string;
  before(() => {
    home = new HostHome();
    folder = mkdtempSync(path.join(tmpdir(), 'ql-'));
    mkdirSync(path.join(folder, 'udf/time'), { recursive: true });
    write('quern.json', JSON.stringify({ plugins: ['udf/**/*.wat'], capabilities: { at: ['clock'] } }));
    write('udf/time/at.wat', clock(0));
    write('udf/twice.wat', TWICE);
    write('other/not.wat', 'no plugin of the patterns');
  });
  after(async () => {
    await home.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  function write(name: string, text: string): void {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  function run(...args: string[]): Promise<CommandOutcome> {
    return quern(home, args, { cwd: folder });
  }
  const asks = ['run', '--format', 'csv', '-e', 'select at() > 0 as ok, twice(2) as four'];

  it('is not asked for where there is none: quern.json grants to names', async () => {
    const outcome = await run(...asks);
    assert.equal(outcome.stdout, 'ok,four\ntrue,4\n', outcome.stderr);
    const locked = await run(...asks, '--locked');
    assert.equal(locked.code, 1);
    assert.match(locked.stderr, /There is no .*quern\.lock\.json, and --locked asks for it/);
  });

  it('is written by quern lock, with what each plugin is, needs and was granted', async () => {
    const outcome = await run('lock');
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.match(outcome.stdout, /udf\/time\/at\.wat is new, granted clock/);
    const file = JSON.parse(readFileSync(path.join(folder, 'quern.lock.json'), 'utf8')) as {
      plugins: Record<string, { digest: string; needs: string[]; granted: string[] }>;
    };
    assert.deepEqual(
      Object.entries(file.plugins).map(([name, { needs, granted }]) => [name, needs, granted]),
      [
        ['udf/time/at.wat', ['clock'], ['clock']],
        ['udf/twice.wat', [], []],
      ],
    );
    const again = await run(...asks, '--locked');
    assert.equal(again.stdout, 'ok,four\ntrue,4\n', again.stderr);
  });

  it('denies a plugin that changed what quern.json grants it, and says why', async () => {
    write('udf/time/at.wat', clock(1));
    const outcome = await run(...asks);
    assert.equal(outcome.code, 1);
    assert.match(
      outcome.stderr,
      /needs the capability clock: quern\.json grants it, but quern\.lock\.json does not allow it/,
    );
    const locked = await run(...asks, '--locked');
    assert.match(
      locked.stderr,
      /udf\/time\/at\.wat has other bytes \([0-9a-f]{12} before, [0-9a-f]{12} now\)/,
    );
    const compared = await run('lock');
    assert.equal(compared.code, 1);
    assert.match(compared.stderr, /quern lock --update writes it anew/);
  });

  it('lets go on what needs nothing and changed, but for --locked', async () => {
    write('udf/twice.wat', TWICE.replace('i64.add', 'i64.mul'));
    const outcome = await run('run', '--format', 'csv', '-e', 'select twice(3) as nine');
    assert.equal(outcome.stdout, 'nine\n9\n', outcome.stderr);
    const locked = await run('run', '--locked', '--json', '-e', 'select twice(3)');
    const { error } = JSON.parse(locked.stderr) as { error: { kind: string; differences: string[] } };
    assert.equal(error.kind, 'LOCK_MISMATCH');
    assert.equal(error.differences.length, 2);
  });

  it('is written anew by quern lock --update, without what is gone', async () => {
    write('udf/twice.wat', '');
    rmSync(path.join(folder, 'udf/twice.wat'));
    const outcome = await run('lock', '--update');
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.match(outcome.stdout, /udf\/twice\.wat is gone/);
    const after = await run('run', '--locked', '--format', 'csv', '-e', 'select at() > 0 as ok');
    assert.equal(after.stdout, 'ok\ntrue\n', after.stderr);
  });

  it('allows one plugin alone, and only the bytes that were looked at', async () => {
    write('udf/time/at.wat', clock(2));
    await run('run', '-e', 'select 1');
    const host = await home.connect();
    const params = { folder, namespaces: [path.join(folder, 'quern.json')] };
    const before = await host.request('lock/status', params);
    assert.deepEqual(
      before.plugins.map(({ path: name, asks: wanted }) => [name, wanted]),
      [['udf/time/at.wat', ['clock']]],
    );
    const [plugin] = before.plugins;
    const other = { path: plugin?.path ?? '', digest: '0'.repeat(64) };
    await assert.rejects(host.request('lock/update', { ...params, plugins: [other] }), {
      kind: 'LOCK_MISMATCH',
    });
    const chosen = { path: plugin?.path ?? '', digest: plugin?.digest ?? '' };
    const after = await host.request('lock/update', { ...params, plugins: [chosen] });
    assert.deepEqual(after.plugins[0]?.asks, []);
    host.dispose();
  });

  it('fails what asks for a grant while it is broken', async () => {
    write('quern.lock.json', '<<<<<<< mine\n{}\n');
    const outcome = await run(...asks);
    assert.equal(outcome.code, 1);
    assert.match(outcome.stderr, /has the marks of a merge in it/);
    const mended = await run('lock', '--update');
    assert.equal(mended.code, 0, mended.stderr);
    assert.equal((await run(...asks.slice(0, 3), '--locked', '-e', 'select 1 as one')).stdout, 'one\n1\n');
  });
});
