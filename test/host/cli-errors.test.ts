import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { StatsResult } from '../../wasm-core/protocol/stats.ts';
import { type CommandOptions, quern } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { HostHome } from '../support/host-process.ts';
import { assemble, LOOP_WAT, UPPER_WAT } from '../support/wat.ts';

/** A command line, its exit code, and what stderr says. */
type Case = readonly [args: readonly string[], code: number, says: RegExp, options?: CommandOptions];

const CASES: Readonly<Record<string, readonly Case[]>> = {
  'usage: exit code 2, with what to do': [
    [['run', '--bogus', '-e', 'select 1'], 2, /unknown option '--bogus'[\s\S]*quern --help/],
    [['frobnicate'], 2, /unknown command 'frobnicate'[\s\S]*quern --help/],
    [['lst'], 2, /unknown command 'lst'[\s\S]*Did you mean one of list/],
    [['run', '--formt', 'csv', '-e', ''], 2, /Did you mean --format/],
    [['run'], 2, /name a \.sql file/],
    [['run', 'q.sql', '-e', 'select 1'], 2, /not both/],
    [['run', '-e', 'select 1', '--format', 'xml'], 2, /table, csv, tsv/],
    [['run', '-e', 'select 1', '--format', 'parquet'], 2, /--out/],
    [['run', '-e', 'select 1', '--limit', 'many'], 2, /whole number/],
    [['run', '-e', 'select 1', '--param', 'novalue'], 2, /name=value/],
    [['execute'], 2, /missing required argument 'module'/],
    [['execute', 'upper', '--timeout-ms', '0'], 2, /whole number/],
    [['execute', 'upper', '--input', 'x', '--input-file', 'y'], 2, /not both/],
    [['load', 'a.wasm', 'b.wasm'], 2, /too many arguments/],
    [['serve', '--idle-ms', '-1'], 2, /whole number/],
  ],
  'files that are not there or not what they should be': [
    [['run', 'nope.sql'], 1, /no SQL file nope\.sql/],
    [['run', 'folder'], 1, /folder is a folder/],
    [['run', 'binary.sql'], 1, /not a text file/],
    [['load', 'nope.wasm'], 1, /no file .*nope\.wasm/],
    [['load', 'folder'], 1, /is a folder/],
    [['load', 'text.wasm'], 1, /text\.wasm: .*WebAssembly/],
    [['load', 'truncated.wasm'], 1, /truncated\.wasm: .*WebAssembly/],
    [['load', 'empty.wasm'], 1, /empty\.wasm: .*WebAssembly/],
    [['load', 'nothing.wasm'], 1, /nothing\.wasm: .*process/],
    [['load', 'imports.wasm'], 1, /imports\.wasm: .*elsewhere/],
    [['load', 'upper.wasm', '--manifest', 'nope.json'], 1, /no manifest nope\.json/],
    [['load', 'upper.wasm', '--manifest', 'broken.json'], 1, /JSON|manifest/i],
    [['execute', 'upper', '--input-file', 'nope.txt'], 1, /no input file nope\.txt/],
    [['chain', 'nope.chain.json', '--input', ''], 1, /no chain file/],
    [['chain', 'broken.json', '--input', ''], 1, /broken\.json is not JSON/],
    [['run', '-e', 'select 1', '--plugins', 'nowhere'], 1, /no folder .*nowhere/],
    [['run', '-e', 'select 1', '--allow', 'nowhere'], 1, /no folder .*nowhere/],
    [
      ['run', '-e', 'select 1', '--format', 'csv', '--out', 'no/such/o.csv'],
      1,
      /no folder '.*such' to write a file to; make it first/,
    ],
    [['compile', 'nope.wat'], 1, /nope\.wat:1:1: error/],
  ],
  'SQL that does not parse, bind or run, with its place': [
    [['run', 'syntax.sql'], 1, /syntax\.sql:3:1: .*\n {2}selct 2\n {2}\^{5}/],
    [['run', '-e', 'select nope from range(3)'], 1, /-e:1:8: .*nope/],
    [['run', '-e', 'select no_such_function(1)'], 1, /-e:1:8: .*no_such_function/],
    [['run', '-e', "select 'x'::int"], 1, /Could not convert/],
    [['run', '-e', "from 'nope.csv'"], 1, /-e:1:6: .*nope\.csv/],
    [['run', '-e', "from 'folder'"], 1, /folder/],
    [['run', '-e', "from '/etc/passwd'"], 1, /outside the folders.*--allow/],
    [['run', '-e', "from 'text.parquet'"], 1, /text\.parquet/],
    [['run', '-e', "from 'text.arrow'"], 1, /text\.arrow/],
    [['run', '-e', "from 'broken.json'"], 1, /broken\.json|JSON/],
    [
      ['run', '-e', "from read_csv('broken.csv', columns = {'a': 'INTEGER', 'b': 'INTEGER'})"],
      1,
      /broken\.csv|CSV/,
    ],
    [['run', '-e', 'select $missing'], 1, /missing/],
  ],
  'modules and functions that are not there or fail': [
    [['execute', 'uper', '--input', ''], 1, /no module uper/],
    [['functions', 'nope'], 1, /no module nope/],
    [['unload', 'nope'], 1, /no module nope/],
    [['call', 'upper', 'slug', 'x'], 1, /no function "slug"/],
    [['chain', 'upper,nope', '--input', 'x'], 1, /Step 2 \(nope\)/],
    [['execute', 'loop', '--input', '', '--timeout-ms', '200'], 1, /200 ms/],
  ],
};

describe('quern with bad input', function () {
  // An engine starts in a second, and in ten on a machine that is busy with other suites.
  this.timeout(180_000);
  const home = new HostHome();
  const folder = path.join(home.folder, 'work');

  before(async () => {
    mkdirSync(path.join(folder, 'folder'), { recursive: true });
    const write = (name: string, data: string | Uint8Array): void =>
      writeFileSync(path.join(folder, name), data);
    const upper = await assemble(UPPER_WAT);
    write('upper.wasm', upper);
    write('truncated.wasm', upper.subarray(0, 40));
    write('empty.wasm', '');
    write('nothing.wasm', await assemble('(module)'));
    write(
      'imports.wasm',
      await assemble(
        '(module (import "elsewhere" "f" (func)) (func (export "process") (param i32 i32) (result i32) (i32.const 0)))',
      ),
    );
    write('loop.wasm', await assemble(LOOP_WAT));
    for (const name of ['text.wasm', 'text.parquet', 'text.arrow']) write(name, 'this is text\n');
    write('binary.sql', upper);
    write('q.sql', 'select 1');
    write('syntax.sql', '-- numbers\n\nselct 2');
    write('broken.json', '{"steps": [');
    write('broken.csv', 'a,b\n1,2\nx,y,z\n3\n');
    for (const name of ['upper', 'loop']) await quern(home, ['load', `${name}.wasm`], { cwd: folder });
  });
  after(async () => {
    await quern(home, ['stop']);
    await home.dispose();
  });

  for (const [group, cases] of Object.entries(CASES)) {
    describe(group, () => {
      for (const [args, code, says, options] of cases) {
        it(`quern ${args.join(' ')}`, async () => {
          const outcome = await quern(home, args, { cwd: folder, ...options });
          assert.match(outcome.stderr, says);
          assert.doesNotMatch(outcome.stderr, /^\s+at |node:internal|Something that should not happen/m);
          assert.equal(outcome.code, code, outcome.stderr);
          assert.equal(outcome.stdout, '');
        });
      }
    });
  }

  it('says errors as JSON where JSON is wanted', async () => {
    const { code, stderr } = await quern(home, ['execute', 'nope', '--input', '', '--json']);
    assert.equal(code, 1);
    assert.equal(JSON.parse(stderr).error.kind, 'MODULE_UNKNOWN');
    const sql = await quern(home, ['run', '-e', 'select nope', '--json']);
    const { error } = JSON.parse(sql.stderr);
    assert.deepEqual([error.kind, error.start, error.end], ['SQL_BIND', 7, 11]);
  });

  it('shows a plugin that does not compile at its place', async () => {
    mkdirSync(path.join(folder, 'bad', 'plugins'), { recursive: true });
    writeFileSync(
      path.join(folder, 'bad', 'plugins', 'p.wat'),
      '(module\n  (func (export "process") (resul i32)))\n',
    );
    const { code, stderr } = await quern(home, ['run', '-e', 'select 1'], { cwd: path.join(folder, 'bad') });
    assert.equal(code, 1);
    assert.match(stderr, /plugins\/p\.wat:2:\d+: error \S+: /);
  });

  it('says how long a socket path is', async () => {
    const { code, stderr } = await quern(home, ['list', '--socket', `/tmp/${'x'.repeat(120)}.sock`]);
    assert.equal(code, 1);
    assert.match(stderr, /bytes.*QUERN_HOME/);
  });

  it('says why a host does not start', async () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    const { code, stderr } = await quern(home, ['list'], { env: { QUERN_HOME: file } });
    assert.equal(code, 1);
    assert.match(stderr, /cannot be made/);
    assert.doesNotMatch(stderr, /^\s+at /m);
  });

  it('says that the host was killed, and the next command starts another', async () => {
    const longRuns = async () => {
      const { stdout } = await quern(home, ['status', '--json']);
      const { pid, executor } = JSON.parse(stdout) as StatsResult;
      return { pid, count: executor.short.overflows + executor.short.passedOn };
    };
    const { pid, count } = await longRuns();
    const running = quern(home, ['execute', 'loop', '--input', '', '--timeout-ms', '60000'], { cwd: folder });
    await eventually('the loop runs', async () => ((await longRuns()).count > count ? true : undefined));
    process.kill(pid, 'SIGKILL');
    const { code, stderr } = await running;
    assert.equal(code, 1);
    assert.match(stderr, /lost/);
    const after = await quern(home, ['execute', 'upper', '--input', 'still here']);
    assert.deepEqual([after.code, after.stdout], [0, 'STILL HERE']);
  });
});
