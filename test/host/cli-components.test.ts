import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { quern } from '../support/cli.ts';
import { buildComponent, COMPONENT_WAT, COMPONENT_WIT } from '../support/components.ts';
import { HostHome } from '../support/host-process.ts';

describe('components on the command line', () => {
  const home = new HostHome();
  const folder = path.join(home.folder, 'work');
  const rowsOf = async (sql: string): Promise<unknown[]> => {
    const args = ['run', '--format', 'json', '--plugins', 'plugins', '-e', sql];
    const { stdout, stderr, code } = await quern(home, args, { cwd: folder });
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };

  before(async () => {
    mkdirSync(path.join(folder, 'plugins'), { recursive: true });
    const component = await buildComponent(COMPONENT_WAT, COMPONENT_WIT);
    writeFileSync(path.join(folder, 'plugins/strings.wasm'), component);
  });
  after(async () => {
    await quern(home, ['stop']);
    await home.dispose();
  });

  it('are plugins: numbers, texts, bytes, options, results and functions of interfaces', async () => {
    const calls = [
      "shout('hé', 3::UTINYINT) as shout",
      "not_empty('x') as full",
      "not_empty('') as empty",
      "hex(flip('\\xF0\\x0F'::BLOB)) as flip",
      'half(-6) as half',
      'is_big(1001) as big',
      'add_to(2, 40) as sum',
      'add_to(null, 40) as none',
      'stats_mean(1.5, 2.5) as mean',
    ];
    assert.deepEqual(await rowsOf(`select ${calls.join(', ')}`), [
      {
        shout: 'hé!!!',
        full: 'x',
        empty: null,
        flip: '0FF0',
        half: -3,
        big: true,
        sum: 42,
        none: null,
        mean: 2,
      },
    ]);
  });

  it('get each result back when it was read, so that they run for any number of rows', async () => {
    const sql = "select count(distinct shout('row ' || range, 2::UTINYINT)) as n from range(20000)";
    assert.deepEqual(await rowsOf(sql), [{ n: 20000 }]);
  });

  it('fail where they give an error', async () => {
    const args = ['run', '--plugins', 'plugins', '-e', 'select half(range::INTEGER) from range(3)'];
    const { code, stderr } = await quern(home, args, { cwd: folder });
    assert.equal(code, 1);
    assert.match(stderr, /half.*row 2|row 2.*half/s);
  });

  it('are said to be no modules that SQL calls, where SQL cannot call an export', async () => {
    const { stderr, code } = await quern(home, ['compile', 'plugins/strings.wasm', '--out', 'x'], {
      cwd: folder,
    });
    assert.match(stderr, /pair: func\(a: s32\) -> tuple<s32, s32>: its result is tuple<s32, s32>/);
    assert.equal(code, 0, stderr);
  });

  it('may be loaded by hand', async () => {
    const loaded = await quern(home, ['load', 'plugins/strings.wasm'], { cwd: folder });
    assert.equal(loaded.code, 0, loaded.stderr);
    assert.match(loaded.stdout, /shout\(text VARCHAR, times UTINYINT\) -> VARCHAR/);
  });

  it('that need something from outside are refused with its name', async () => {
    const wit = 'package a:b;\nworld plugin { import now: func() -> s64; export f: func() -> s64; }\n';
    const wat =
      '(module (import "$root" "now" (func (result i64))) (memory (export "memory") 1) (export "f" (func 0)))';
    writeFileSync(path.join(folder, 'needs.wasm'), await buildComponent(wat, wit));
    const { code, stderr } = await quern(home, ['load', 'needs.wasm'], { cwd: folder });
    assert.equal(code, 1);
    assert.match(stderr, /imports now/);
  });
});
