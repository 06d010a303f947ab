import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ReplayRunResult } from '../../wasm-core/protocol/replays.ts';
import { quern } from '../support/cli.ts';
import { throwsKind } from '../support/core-error.ts';
import { HostHome } from '../support/host-process.ts';

/** A function that divides by its second argument, on line 7. */
const RATIO_WAT = `;; @udf ratio(a INTEGER, b INTEGER) -> INTEGER
(module
  (memory (export "memory") 1)
  (func $ratio (export "ratio") (param $a i32) (param $b i32) (result i32)
    (local $zero i32)
    local.get $a
    (i32.div_s (local.get $b))
  )
  (func (export "process") (param i32 i32) (result i32) (unreachable)))
`;
const FIXED_WAT = RATIO_WAT.replace('(i32.div_s (local.get $b))', '(drop) (i32.const 7)');

describe('quern replay', function () {
  this.timeout(120_000);
  const home = new HostHome();
  const write = (name: string, text: string): void => writeFileSync(path.join(home.folder, name), text);
  before(async () => {
    write('ratio.wat', RATIO_WAT);
    assert.equal(
      (await quern(home, ['replay'])).stderr,
      'quern: No failed call is kept yet; there is nothing to replay.\n',
    );
    assert.equal((await quern(home, ['replay', '--list'])).stdout, 'No failed call is kept.\n');
    const { code, stderr } = await quern(home, ['load', 'ratio.wat']);
    assert.equal(code, 0, stderr);
  });
  after(async () => {
    await quern(home, ['stop']);
    await home.dispose();
  });

  /** The id that the last line of an error names. */
  function idIn(stderr: string): string {
    const id = /^quern replay ([0-9a-f]{8}) reproduces this call$/m.exec(stderr)?.[1];
    assert.ok(id !== undefined, stderr);
    return id;
  }

  it('is named by an error, which shows the line that trapped', async () => {
    const { code, stderr } = await quern(home, ['call', 'ratio', 'ratio', '4', '0']);
    const id = idIn(stderr);
    assert.equal(code, 1);
    assert.equal(
      stderr,
      `quern: ratio of ratio trapped: it divided by zero at ratio.wat:7.\n  at ratio (ratio.wat:7:6)\nquern replay ${id} reproduces this call\n`,
    );
    const again = await quern(home, ['call', 'ratio', 'ratio', '4', '0', '--json']);
    const { error } = JSON.parse(again.stderr);
    assert.equal(error.replay, id, 'equal failures are one');
    const file = path.join(home.folder, 'ratio.wat');
    assert.deepEqual(error.source, { file: 'ratio.wat', line: 7, column: 6, path: file });
    const { offset: _, ...frame } = error.frames[0];
    assert.deepEqual(frame, { name: 'ratio', function: 0, file: 'ratio.wat', line: 7, column: 6 });
  });

  it('is saved as a test, which passes while the call fails', async () => {
    const id = idIn((await quern(home, ['call', 'ratio', 'ratio', '4', '0'])).stderr);
    for (const _ of [1, 2])
      assert.equal((await quern(home, ['replay', id, '--save-test', 'r.test.sql'])).code, 0);
    const text = readFileSync(path.join(home.folder, 'r.test.sql'), 'utf8');
    assert.match(
      text,
      /^# ratio failed on [\s\S]*?\nstatement error\nselect ratio\(4::INTEGER, 0::INTEGER\)\n----\nit divided by zero\n\n# ratio/,
    );
    const { code, stdout, stderr } = await quern(home, ['test', 'r.test.sql']);
    assert.deepEqual([code, stdout], [0, ''], stderr);
    assert.match(stderr, /^1 file: 1 passed; 2 records/m);
  });

  it('makes the call by the bytes of now, and with --original by those that failed', async () => {
    const id = idIn((await quern(home, ['call', 'ratio', 'ratio', '9', '0'])).stderr);
    const failing = await quern(home, ['replay', id]);
    assert.equal(failing.code, 1);
    assert.match(failing.stderr, /^ratio\.ratio\(9,0\) failed on \S+; once more, by the same bytes:$/m);
    assert.match(
      failing.stderr,
      /^quern: ratio of ratio trapped: .* at ratio\.wat:7\.\n {2}at ratio \(ratio\.wat:7:6\)\n$/m,
    );
    write('ratio.wat', FIXED_WAT);
    await quern(home, ['load', 'ratio.wat']);
    const fixed = await quern(home, ['replay', id]);
    assert.deepEqual([fixed.code, fixed.stdout], [0, '7\n'], fixed.stderr);
    assert.match(fixed.stderr, /once more, by the bytes of now:/);
    const original = await quern(home, ['replay', id, '--original', '--json']);
    assert.equal(original.code, 1);
    const { replay, error } = JSON.parse(original.stdout) as ReplayRunResult;
    assert.deepEqual([replay.id, error?.kind], [id, 'TRAP']);
    assert.match(error?.message ?? '', /ratio\.wat:7/);
  });

  it('makes a run of process once more', async () => {
    const { stderr } = await quern(home, ['execute', 'ratio', '--input', 'some input']);
    const id = idIn(stderr);
    const { stdout } = await quern(home, ['replay', '--json']);
    const { replay, error } = JSON.parse(stdout) as ReplayRunResult;
    assert.deepEqual([replay.id, replay.function, replay.shown], [id, 'process', '"some input"']);
    assert.equal(error?.kind, 'TRAP');
  });

  it('lists the newest first, from files that are the user’s alone', async () => {
    const { stdout } = await quern(home, ['replay', '--list']);
    const rows = stdout.trimEnd().split('\n');
    assert.equal(rows.length, 3);
    assert.match(rows[0] ?? '', /^[0-9a-f]{8} {2}\S+Z {2}TRAP {2}ratio\.process\("some input"\)$/);
    assert.match(rows[2] ?? '', /ratio\.ratio\(4,0\)$/);
    const folder = path.join(home.folder, 'replays');
    for (const name of readdirSync(folder)) {
      assert.equal(statSync(path.join(folder, name)).mode & 0o777, 0o600, name);
    }
    const strange = await quern(home, ['replay', '00000000']);
    assert.match(strange.stderr, /no failed call "00000000".*quern replay --list/);
    assert.equal((await quern(home, ['replay', '--list', '--original'])).code, 2);
  });

  it('outlives the host, and forgets the oldest of more than a hundred', async () => {
    write('ratio.wat', RATIO_WAT);
    await quern(home, ['load', 'ratio.wat']);
    await quern(home, ['stop']);
    const connection = await home.connect();
    const { replays: before } = await connection.request('replay/list', undefined);
    assert.equal(before.length, 3);
    for (let a = 0; a < 100; a++) {
      const call = { module: 'ratio', function: 'ratio', arguments: [a + 1000, 0] };
      await throwsKind('TRAP', /ratio\.wat:7/, () => connection.request('module/call', call));
    }
    const { replays } = await connection.request('replay/list', undefined);
    assert.deepEqual([replays.length, replays[0]?.shown, replays[99]?.shown], [100, '1099,0', '1000,0']);
    assert.equal(readdirSync(path.join(home.folder, 'replays')).length, 100);
    assert.ok(!existsSync(path.join(home.folder, 'replays', `${before[0]?.id}.json`)));
  });

  it('keeps no call that is none of the plugin’s fault, nor one that is huge', async () => {
    const connection = await home.connect();
    const wrong = { module: 'ratio', function: 'ratio', arguments: ['x', 0] };
    const error = await throwsKind('ARGUMENT_INVALID', /./, () => connection.request('module/call', wrong));
    assert.equal(error.details.replay, undefined);
    const huge = { module: 'ratio', input: { utf8: 'x'.repeat(600_000) } };
    const trap = await throwsKind('TRAP', /./, () => connection.request('module/execute', huge));
    assert.equal(trap.details.replay, undefined);
  });
});
