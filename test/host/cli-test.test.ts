import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestRunResult } from '../../wasm-core/protocol/tests.ts';
import { quern } from '../support/cli.ts';
import { HostHome } from '../support/host-process.ts';
import { projectRoot } from '../support/project.ts';

describe('quern test', function () {
  this.timeout(180_000);
  let home: HostHome;
  before(() => {
    home = new HostHome();
  });
  after(async () => {
    await quern(home, ['stop']);
    await home.dispose();
  });

  /** Writes a file of tests into a folder of its own. @returns its path */
  function testFile(name: string, text: string): string {
    const file = path.join(home.folder, 'work', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  async function results(...args: string[]): Promise<TestRunResult[]> {
    const { stdout } = await quern(home, ['test', '--json', ...args]);
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as TestRunResult);
  }

  it('passes what gives what it says', async () => {
    const file = testFile('pass/a.test.sql', PASSING);
    const { code, stdout, stderr } = await quern(home, ['test', file]);
    assert.deepEqual([code, stdout], [0, '']);
    assert.match(stderr, /^1 file: 1 passed; 1\d records in /m);
  });

  it('shows each failure with its line and what is different, and exits with 1', async () => {
    const file = testFile('fail/a.test.sql', FAILING);
    const { code, stdout } = await quern(home, ['test', file]);
    assert.equal(code, 1);
    const name = path.relative(home.folder, file);
    assert.deepEqual(
      stdout
        .replaceAll(name, 'F')
        .replace(/Did you.*/, '…')
        .trimEnd()
        .split('\n'),
      [
        'FAIL F',
        '  F:1: Row 2 is different in column s.',
        '     1␉a',
        '    -2␉c',
        '    +2␉b',
        '  F:7: The statement fails: Table with name nowhere does not exist!',
        '  …',
        '  F:10: The statement succeeds, and the file expects an error.',
        '  F:13: The statement fails with another error.',
        '    -Catalog Error',
        '    +Binder Error: Referenced column "x" not found in FROM clause!',
        '    +Candidate bindings: "range"',
        '    +',
        '    +LINE 1: select x from range(1)',
        '    +               ^',
        '  F:20: Row 1 is different in column i. (n=2)',
        '    -1',
        '    +2',
      ],
    );
  });

  it('runs nothing of a file that is not of the format', async () => {
    const file = testFile('format/a.test.sql', 'statement ok\ncreate table t (i int)\n\nselekt 1\n');
    const [result] = await results(file);
    assert.deepEqual(
      result?.records.map(({ line, outcome }) => [line, outcome]),
      [[4, 'failed']],
    );
  });

  it('updates what files expect, and leaves the rest as it is', async () => {
    const file = testFile('update/a.test.sql', FAILING);
    const first = await quern(home, ['test', '--update', file]);
    assert.equal(first.code, 1);
    const text = FAILING.replace('2\tc', '2\tb').replace(
      'Catalog Error',
      'Binder Error: Referenced column "x" not found in FROM clause!',
    );
    assert.equal(readFileSync(file, 'utf8'), text);
    assert.equal((await results(file))[0]?.records.filter(({ failure }) => failure?.update).length, 0);
  });

  it('walks folders, each file with a database of its own, and skips what needs something else', async () => {
    testFile(
      'many/a.test.sql',
      'statement ok\ncreate table t as select 1 as i\n\nstatement ok\nset threads_x = 1\n'.replace(
        'set threads_x = 1',
        "set memory_limit = '100MB'",
      ),
    );
    testFile(
      'many/b.test',
      "query I\nselect count(*) from duckdb_tables()\n----\n0\n\nquery I\nselect current_setting('memory_limit') = '95.3 MiB'\n----\n0\n",
    );
    testFile('many/in/c.test', 'require httpfs\n\nquery I\nselect 1\n----\n2\n');
    testFile('many/d.sql', 'select');
    const found = await results(path.join(home.folder, 'work/many'));
    assert.deepEqual(
      found.map(({ path: file, outcome }) => [path.basename(file), outcome]),
      [
        ['a.test.sql', 'passed'],
        ['b.test', 'passed'],
        ['c.test', 'skipped'],
      ],
    );
    assert.match(found[2]?.skipped?.reason ?? '', /httpfs/);
  });

  it('has the plugins of the folder around it', async () => {
    const folder = path.join(home.folder, 'work/with/plugins');
    mkdirSync(folder, { recursive: true });
    copyFileSync(path.join(projectRoot(), 'examples/plugins/geo.wat'), path.join(folder, 'geo.wat'));
    const file = testFile(
      'with/plugins/geo.test.sql',
      'query R con1\nselect haversine_km(0.0, 0.0, 0.0, 180.0)\n----\n20015\n',
    );
    assert.equal((await results(file))[0]?.outcome, 'passed');
  });

  it('passes the tests of the examples', async () => {
    const found = await results(path.join(projectRoot(), 'examples/plugins'));
    assert.deepEqual(
      found.map(({ path: file, outcome }) => [path.basename(file), outcome]),
      ['c/radix', 'checksum', 'geo', 'phonetic', 'rust/semver', 'text'].map((name) => [
        path.basename(`${name}.test.sql`),
        'passed',
      ]),
    );
  });

  it('ends a file that takes too long', async () => {
    const file = testFile(
      'slow/a.test.sql',
      'statement ok\nselect sum(i * j) from range(1000000) a(i), range(1000000) b(j)\n',
    );
    const [result] = await results('--timeout-ms', '1500', file);
    assert.match(result?.records[0]?.failure?.message ?? '', /took longer than 1500 ms/);
  });

  it('says which file is not there', async () => {
    const { code, stderr } = await quern(home, ['test', 'nowhere.test.sql']);
    assert.equal(code, 1);
    assert.match(stderr, /There is no file or folder .*nowhere\.test\.sql/);
  });
});

const PASSING = `# what the format has
statement ok
create table t as select 1 as i, 'a' as s, true as b union all select 2, '', null

query ITI rowsort
select i, s, b from t
----
1	a	1
2	(empty)	NULL

query I valuesort same
select i from t

query I valuesort same
select i from t order by i desc

query I
select i from t order by i
----
2 values hashing to 6ddb4095eb719e2a9f0a3f95677d24e0

query I
insert into t values (3, 'x', false)
----
1

statement ok con1
create temp table mine as select 1

statement error
from mine
----
Catalog Error: Table with name mine does not exist

query I con1
from mine
----
1

foreach type <integral> !hugeint

onlyif type<>tinyint
query T
select typeof(1::\${type}) = upper('\${type}')
----
true

endloop

load __TEST_DIR__/kept.db

statement ok
create table kept as select range as i from range(3)

restart

statement ok
insert into kept values (7)

statement ok
insert into kept values (8)

restart

query I
select sum(i) from kept
----
18

mode skip

query I
select nothing
----
1

mode unskip

halt

query I
select 1
----
2
`;

const FAILING = `query IT
select 1 as i, 'a' as s union all select 2, 'b' order by all
----
1	a
2	c

statement ok
from nowhere

statement error
select 1

statement error
select x from range(1)
----
Catalog Error

loop n 1 3

query I
select {n} as i
----
1

endloop
`;
