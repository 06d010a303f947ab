import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { QueryPlan } from '../../wasm-core/protocol/plan.ts';
import type { FunctionCost } from '../../wasm-core/protocol/statement-cost.ts';
import { quern } from '../support/cli.ts';
import { HostHome } from '../support/host-process.ts';

const TWICE_WAT = `;; @udf twice(n INTEGER) -> INTEGER
(module
  (memory (export "memory") 1)
  (func (export "twice") (param $n i32) (result i32)
    (i32.mul (local.get $n) (i32.const 2))))
`;

const QUERY = `create table seen as select range::int as n from range($count);
select n, count(*) from seen where twice(n) > 10 group by n`;

type PlanReport = QueryPlan & { readonly functions: readonly FunctionCost[]; readonly micros: number };

describe('quern explain', function () {
  this.timeout(180_000);
  const home = new HostHome();
  const folder = path.join(home.folder, 'work');
  const explain = (...args: readonly string[]) => quern(home, ['explain', ...args], { cwd: folder });

  before(() => {
    mkdirSync(path.join(folder, 'plugins'), { recursive: true });
    writeFileSync(path.join(folder, 'plugins', 'twice.wat'), TWICE_WAT);
    writeFileSync(path.join(folder, 'q.sql'), QUERY);
  });
  after(async () => {
    await quern(home, ['stop']);
    await home.dispose();
  });

  it('shows what the engine expects of the last statement, as a tree', async () => {
    const { stdout, stderr, code } = await explain('q.sql', '--param', 'count=1000');
    assert.equal(code, 0, stderr);
    const lines = stdout.trimEnd().split('\n');
    assert.match(lines[0] ?? '', /^rows expected {2}operator$/);
    assert.match(lines.at(-1) ?? '', /^ +[\d,]+ {2} *└─ SEQ_SCAN .*twice\(n\) > 10/);
    assert.match(stderr, /--analyze/);
  });

  it('runs the statement for times and rows, and tells what plugin functions did', async () => {
    const { stdout, stderr, code } = await explain('q.sql', '--analyze', '--param', 'count=1000');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^ *time +share +rows +rows expected {2}operator\n/);
    assert.match(stdout, /^ *[\d.]+ [µm]?s +.* 994 .*└─ SEQ_SCAN .*\[1,000 rows read\].*twice\(n\)/m);
    assert.match(stdout, /1,000 .*plugin function twice {2}1 call, \d+ fuel a row/);
    assert.match(stdout, /\[hottest\]/);
    assert.match(stderr, /^ran in /m);
  });

  it('gives programs everything, as the page copies it', async () => {
    const { stdout, code } = await explain('q.sql', '--analyze', '--param', 'count=1000', '--json');
    assert.equal(code, 0);
    const plan = JSON.parse(stdout) as PlanReport;
    assert.equal(plan.isMeasured, true);
    assert.ok(plan.micros > 0 && plan.nodes.length >= 3);
    assert.deepEqual(
      plan.functions.map(({ name, rows }) => [name, rows]),
      [['twice', 1000]],
    );
    assert.deepEqual(
      plan.nodes.flatMap(({ operator, functions = [] }) => functions.map((name) => [operator, name])),
      [['SEQ_SCAN', 'twice']],
    );
  });

  it('runs nothing without --analyze, and what stands before the statement', async () => {
    const copy = "copy (select 1 as x) to 'out.csv'";
    assert.equal((await explain('-e', copy)).code, 0);
    assert.equal(existsSync(path.join(folder, 'out.csv')), false);
    assert.equal((await explain('-e', copy, '--analyze')).code, 0);
    assert.equal(existsSync(path.join(folder, 'out.csv')), true);
  });

  it('shows the place of a fault, and says what it needs', async () => {
    const fault = await explain('-e', 'select 1;\nselect nope from range(3)');
    assert.equal(fault.code, 1);
    assert.match(fault.stderr, /-e:2:8: .*nope[\s\S]*\^{4}/);
    const json = await explain('-e', 'selec 1', '--json');
    assert.match(json.stderr, /"kind":"SQL_PARSE"/);
    const empty = await explain('-e', '-- nothing');
    assert.equal(empty.code, 1);
    assert.match(empty.stderr, /no statement/);
    assert.equal((await explain()).code, 2);
    const planless = await explain('-e', 'set threads = 1', '--analyze');
    assert.equal(planless.code, 1);
    assert.match(planless.stderr, /no plan of this statement; explain a query/);
  });
});
