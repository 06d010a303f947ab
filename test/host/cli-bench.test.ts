import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BenchOutcome } from '../../wasm-core/protocol/bench.ts';
import { type CommandOutcome, quern } from '../support/cli.ts';
import { HostHome } from '../support/host-process.ts';

/** `spin(n)` goes round a loop n times, and does so much in each turn. */
const spinWat = (more = '') => `;; @udf spin(n INTEGER) -> INTEGER
(module
  (memory (export "memory") 1)
  (func (export "process") (param $p i32) (param $n i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get $p)) (i64.const 32)) (i64.extend_i32_u (local.get $n))))
  (func (export "spin") (param $n i32) (result i32)
    (local $i i32)
    (loop $next
      ${more}
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 10))))
    (local.get $i)))`;

const BENCHMARKS = `create table t as select i from range(1000) rows(i);
select count(*) from t; -- no benchmark
-- @bench spins
select sum(spin(i::int)) as total from t;
-- @bench sum group=totals
select sum(i) from t;
-- @bench total group=totals reference
select sum(i + $more) from t;
`;

interface BenchJson {
  readonly benchmarks: readonly (BenchOutcome & {
    readonly id: string;
    readonly line?: number;
    readonly comparison?: { readonly type: string; readonly isRegression?: boolean; readonly fuel?: object };
    readonly reference?: { readonly name: string };
  })[];
  readonly machine?: { readonly cores: number };
}

describe('quern bench', function () {
  this.timeout(180_000);
  const home = new HostHome();
  const folder = path.join(home.folder, 'work');
  const file = (name: string) => path.join(folder, name);
  /** Few runs: what is measured here is counted, not timed. */
  const bench = (...args: readonly string[]): Promise<CommandOutcome> =>
    quern(home, ['bench', '--runs', '2', '--warm-up', '1', '--param', 'more=1', ...args], { cwd: folder });
  const benchJson = async (...args: readonly string[]): Promise<BenchJson> => {
    const { stdout, stderr } = await bench('--json', ...args);
    assert.ok(stdout.startsWith('{'), stderr);
    return JSON.parse(stdout) as BenchJson;
  };

  before(() => {
    mkdirSync(file('plugins'), { recursive: true });
    writeFileSync(file('plugins/spin.wat'), spinWat());
    writeFileSync(file('totals.bench.sql'), BENCHMARKS);
    writeFileSync(file('plain.sql'), 'select 1 as one;\nselect nope;\n');
  });
  after(async () => {
    await quern(home, ['stop']);
    await home.dispose();
  });

  it('measures the benchmarks of a folder, and shows them as a table', async () => {
    const { code, stdout, stderr } = await bench();
    assert.equal(code, 0, stderr);
    const [head, ...rows] = stdout.split('\n');
    assert.match(head ?? '', /benchmark +median +spread +p95 +rows\/s +fuel +fuel\/row +runs$/);
    assert.match(rows[0] ?? '', /^totals\.bench\.sql:4 +spins +.*\d+,\d\d\d +\d+ +2$/);
    assert.match(rows[1] ?? '', /^totals\.bench\.sql:6 +sum /);
    assert.match(stdout, /^totals\.bench\.sql:6: sum: [\d.]+× .* of the time of total; p [=<]/m);
    assert.match(stderr, /cores?, \w+ \w+.*; Quern .*, DuckDB v1/);
    assert.match(stderr, /^3 benchmarks$/m);
  });

  it('prints one object with --json', async () => {
    const { benchmarks, machine } = await benchJson('--filter', 'spins');
    const [spins, ...others] = benchmarks;
    assert.deepEqual([others.length, spins?.id, spins?.line], [0, 'totals.bench.sql#spins', 4]);
    assert.ok(spins?.outcome === 'measured');
    assert.deepEqual([spins.rowCount, spins.functionRows, spins.micros.length], [1, 1000, 2]);
    assert.ok((machine?.cores ?? 0) > 0);
  });

  it('measures every query of a file that marks none, and goes on when one fails', async () => {
    const { code, stdout } = await bench('plain.sql');
    assert.equal(code, 1);
    assert.match(stdout, /^plain\.sql:1 +select 1 as one /m);
    assert.match(stdout, /^FAIL select nope$/m);
    assert.match(stdout, /^plain\.sql:2:8: .*nope/m);
  });

  it('measures functions and process of plugins, and compares those of one name', async () => {
    writeFileSync(file('other.wat'), spinWat('(nop)'));
    const { benchmarks } = await benchJson('--unmetered', 'plugins/spin.wat', 'other.wat');
    assert.deepEqual(
      benchmarks.map(({ id }) => id),
      ['plugins/spin.wat', 'other.wat'].flatMap((each) =>
        ['spin', 'spin, calls', 'spin, calls unmetered', 'process', 'process unmetered'].map(
          (name) => `${each}#${name}`,
        ),
      ),
    );
    const [rows, calls, unmetered] = benchmarks;
    assert.ok(rows?.outcome === 'measured' && rows.functionRows === 100_000);
    assert.ok(calls?.outcome === 'measured' && calls.fuel?.least === calls.fuel?.most);
    assert.ok(unmetered?.outcome === 'measured' && unmetered.fuel === undefined);
    assert.equal(benchmarks[5]?.reference?.name, 'spin of plugins/spin.wat');
  });

  it('measures a chain file', async () => {
    const steps = ['spin', { sql: 'select line from input', input: 'text' }];
    writeFileSync(file('both.chain.json'), JSON.stringify({ steps, limits: { timeoutMs: 120_000 } }));
    const { benchmarks } = await benchJson('both.chain.json', '--input', 'a');
    assert.ok(benchmarks[0]?.outcome === 'measured', JSON.stringify(benchmarks));
    assert.deepEqual(
      benchmarks[0].steps?.map(({ name }) => name),
      ['spin', 'sql'],
    );
  });

  it('measures the host', async () => {
    const { benchmarks } = await benchJson('--host', '--filter', 'connect');
    assert.deepEqual(
      benchmarks.map(({ id, outcome }) => [id, outcome]),
      [['host#connect', 'measured']],
    );
  });

  it('keeps baselines, and with --check finds what takes more fuel, and nothing else', async () => {
    const only = ['totals.bench.sql', '--filter', 'spins', '--threshold', '1000'];
    const missing = await bench('--check', ...only);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /no file of baselines .*quern bench --save/);

    const saved = await bench('--save', '--', 'totals.bench.sql');
    assert.equal(saved.code, 0, saved.stderr);
    assert.match(saved.stderr, /^3 written to .*quern\.bench\.json$/m);
    const text = readFileSync(file('quern.bench.json'), 'utf8');
    assert.ok(!text.includes(home.folder));

    const same = await bench('--check', ...only);
    assert.equal(same.code, 0, same.stdout + same.stderr);
    assert.match(same.stdout, /^totals\.bench\.sql:4: spins: .* in quern\.bench\.json/m);
    assert.match(same.stderr, /1 benchmark, none worse than its baseline/);

    writeFileSync(file('plugins/spin.wat'), spinWat('(local.set $i (i32.xor (local.get $i) (i32.const 0)))'));
    const worse = await bench('--check', ...only);
    assert.equal(worse.code, 1);
    assert.match(
      worse.stdout,
      /^WORSE totals\.bench\.sql:4: spins: .*Takes more fuel: 1\.\d\d×.*Changed since: spin\.$/m,
    );
    assert.match(worse.stderr, /1 worse than the baseline/);
    // Without --check it is told and no failure.
    const told = await bench(...only);
    assert.deepEqual([told.code, /WORSE/.test(told.stdout)], [0, true]);
    const { benchmarks } = await benchJson(...only);
    assert.equal(benchmarks[0]?.comparison?.isRegression, true);
  });

  it('finds longer times in a second measurement, too', async () => {
    const only = ['totals.bench.sql', '--filter', 'sum', '--runs', '20'];
    const baselines = JSON.parse(readFileSync(file('quern.bench.json'), 'utf8'));
    const id = 'totals.bench.sql#sum';
    for (const times of Object.values(baselines.benchmarks[id].times) as { micros: number[] }[]) {
      // So short that nothing is as fast.
      times.micros = Array.from({ length: 20 }, (_, i) => 1 + i / 100);
    }
    writeFileSync(file('fast.json'), JSON.stringify(baselines));
    const { code, stdout, stderr } = await bench('--check', '--baseline', 'fast.json', '-v', ...only);
    assert.equal(code, 1, stdout + stderr);
    assert.match(stdout, /^WORSE .*sum: Slower than in fast\.json: [\d,.]+× .*p < 0\.001\.$/m);
    assert.match(stderr, /Measuring 1 once more/);
  });

  it('compares no times with those of another machine unless it is told to', async () => {
    const baselines = JSON.parse(readFileSync(file('fast.json'), 'utf8'));
    const baseline = baselines.benchmarks['totals.bench.sql#sum'];
    baseline.times = { 'Another CPU, 64 cores, linux x64': Object.values(baseline.times)[0] };
    writeFileSync(file('elsewhere.json'), JSON.stringify(baselines));
    const only = [
      '--check',
      '--baseline',
      'elsewhere.json',
      'totals.bench.sql',
      '--filter',
      'sum',
      '--runs',
      '20',
    ];
    const apart = await bench(...only);
    assert.equal(apart.code, 0, apart.stdout);
    assert.match(apart.stdout, /sum: The times in elsewhere\.json are of another machine\.$/m);
    assert.equal((await bench('--any-machine', ...only)).code, 1);
  });

  it('writes a report as Markdown and as pictures', async () => {
    const { code, stderr } = await bench(
      '--markdown',
      'report.md',
      '--svg',
      'report.svg',
      'totals.bench.sql',
    );
    assert.equal(code, 0, stderr);
    const text = readFileSync(file('report.md'), 'utf8');
    assert.match(text, /^### Benchmarks of totals\.bench\.sql$/m);
    assert.match(text, /^\| spins \|/m);
    assert.match(readFileSync(file('report.svg'), 'utf8'), /^<svg [\s\S]*spins[\s\S]*<\/svg>\s*$/);
  });

  it('says that another query has nothing to do with the baseline', async () => {
    writeFileSync(file('totals.bench.sql'), BENCHMARKS.replace('select sum(i) from', 'select avg(i) from'));
    const { code, stdout } = await bench('--check', 'totals.bench.sql', '--filter', '#sum');
    assert.equal(code, 0, stdout);
    assert.match(
      stdout,
      /sum: Its text, its parameters or its input are other ones than in quern\.bench\.json\.$/m,
    );
  });

  it('says what is wrong with what it is given', async () => {
    const fails = async (args: readonly string[], wanted: number, message: RegExp) => {
      const { code, stdout, stderr } = await bench(...args);
      assert.equal(code, wanted, stderr);
      assert.match(stdout + stderr, message);
    };
    writeFileSync(file('broken.json'), '{"version": 1, "benchmark": {}}');
    writeFileSync(file('setup.bench.sql'), 'create table x as select nope;\n-- @bench a\nfrom x;\n');
    writeFileSync(file('bad.chain.json'), '{"steps": []}');
    writeFileSync(file('notes.txt'), 'x');
    await fails(['nothing.sql'], 1, /no file or folder .*nothing\.sql/);
    await fails(['notes.txt'], 2, /nothing to measure/);
    await fails(['--check', '--save'], 2, /not both/);
    await fails(['--runs', '0'], 2, /whole number/);
    await fails(['--threshold', 'x'], 2, /percentage/);
    await fails(['--baseline', 'broken.json', 'plain.sql'], 1, /did you mean benchmarks/);
    await fails(['setup.bench.sql'], 1, /setup\.bench\.sql:1:26: .*nope/);
    await fails(['bad.chain.json'], 1, /has 0 steps/);
    await fails(['plain.sql', '--filter', 'zzz'], 0, /no benchmarks/);
    assert.ok(!existsSync(file('x.json')));
  });

  it('ends at Ctrl+C', async () => {
    writeFileSync(
      file('long.bench.sql'),
      'select count(*) from range(100000) a, range(1000) b where a.range + b.range = 7',
    );
    const options = { cwd: folder, interruptAfterMs: 4000 };
    const { code } = await quern(home, ['bench', 'long.bench.sql', '--runs', '10000'], options);
    assert.equal(code, 130);
  });
});
