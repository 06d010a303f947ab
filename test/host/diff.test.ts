import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import type { DiffParams } from '../../wasm-core/protocol/diff.ts';
import type { CoreError } from '../../wasm-core/protocol/errors.ts';
import { type CommandOptions, quern } from '../support/cli.ts';
import { HostHome } from '../support/host-process.ts';
import { DIFF_TYPES, type DiffTable, diffByKey, diffWhole, tableSql } from '../support/reference-diff.ts';
import { resultRows } from '../support/result-rows.ts';

const BEFORE = 'id,name,price\n1,Ada,1.5\n2,Alan,\n3,Grace,3\n4,Edsger,4\n';
const AFTER = 'id,name,price\n1,Ada,1.5\n2,Alan,2\n4,Edsgar,4.25\n5,Barbara,5\n';

type Sides = Pick<DiffParams, 'before' | 'after' | 'key'>;

describe('a comparison', function () {
  // An engine starts in a second, and in ten on a machine that is busy with other suites.
  this.timeout(180_000);
  const home = new HostHome();
  const folder = path.join(home.folder, 'work');
  let connection: HostConnection;
  let session: string;

  before(async () => {
    mkdirSync(path.join(folder, 'old'), { recursive: true });
    mkdirSync(path.join(folder, 'new'));
    for (const [name, text] of Object.entries({
      'before.csv': BEFORE,
      'after.csv': AFTER,
      'twice.csv': `${BEFORE}3,Grace,3\n`,
      'wide.csv': BEFORE.replaceAll('\n', ',x\n'),
      'old/data.csv': BEFORE,
      'old/q.sql': "from 'data.csv';",
      'new/data.csv': AFTER,
      'new/q.sql': "create temp table t as from 'data.csv'; select * from t;",
    })) {
      writeFileSync(path.join(folder, name), text);
    }
    await home.start();
    connection = await home.connect();
    ({ session } = await connection.request('sql/open', { folder }));
  });
  after(() => home.dispose());

  const compare = async (sides: Sides) => {
    const result = await connection.request('sql/diff', { session, ...sides });
    const names = result.statement.columns.map(({ name }) => name);
    return { ...result, names, rows: resultRows(result.statement) };
  };
  const queries = (before: string, after: string, key?: readonly string[]) =>
    compare({ before: { sql: before }, after: { sql: after }, ...(key && { key }) });
  const failure = (sides: Sides): Promise<CoreError> =>
    compare(sides).then(
      () => assert.fail('it compared'),
      (error: CoreError) => error,
    );
  const diff = (args: readonly string[], options: CommandOptions = {}) =>
    quern(home, ['diff', '--socket', home.socket, ...args], { cwd: folder, ...options });

  it('is there for another session when its rows are kept', async () => {
    const sides = { before: { file: 'before.csv' }, after: { file: 'after.csv' }, key: ['id'] };
    const passing = await connection.request('sql/diff', { session, ...sides });
    assert.equal(passing.statement.kept, undefined);
    const { statement } = await connection.request('sql/diff', { session, ...sides, cache: 'refresh' });
    const other = await connection.request('sql/open', { folder });
    const kept = statement.kept ?? '';
    const again = await connection.request('result/kept', { session: other.session, kept });
    assert.ok(again.statement?.cached !== undefined && again.statement.file !== undefined);
    assert.notEqual(again.statement.file.path, statement.file?.path);
    assert.deepEqual(resultRows({ ...statement, ...again.statement }), resultRows(statement));
    await connection.request('sql/close', { session: other.session });
    assert.deepEqual(await connection.request('result/kept', { session, kept: 'f'.repeat(64) }), {
      statement: null,
    });
    assert.deepEqual(await connection.request('result/kept', { session, kept: '../x' }), { statement: null });
  });

  it('by key tells what was added, removed and changed, cell by cell', async () => {
    const result = await compare({
      before: { file: 'before.csv' },
      after: { file: 'after.csv' },
      key: ['id'],
    });
    assert.deepEqual(result.names, [
      'status',
      'id',
      'changed',
      'name',
      'name (before)',
      'price',
      'price (before)',
    ]);
    assert.deepEqual(result.rows, [
      ['changed', '2', '[price]', 'Alan', 'Alan', '2.0', null],
      ['removed', '3', null, null, 'Grace', null, '3.0'],
      ['changed', '4', '[name, price]', 'Edsgar', 'Edsger', '4.25', '4.0'],
      ['added', '5', null, 'Barbara', null, '5.0', null],
    ]);
    assert.deepEqual(result.counts, { added: 1, removed: 1, changed: 2, duplicate: 0, nullKeys: 0 });
    assert.equal(result.equal, false);
  });

  it('finds a file equal to itself', async () => {
    const side = { file: 'before.csv' };
    for (const key of [[], ['id']]) {
      const { equal, rows } = await compare({ before: side, after: side, key });
      assert.deepEqual([equal, rows], [true, []]);
    }
  });

  it('without a key counts how often a row occurs more', async () => {
    const { rows, names, counts } = await compare({
      before: { file: 'before.csv' },
      after: { file: 'twice.csv' },
    });
    assert.deepEqual(names, ['status', 'rows', 'id', 'name', 'price']);
    assert.deepEqual(rows, [['added', '1', '3', 'Grace', '3.0']]);
    assert.equal(counts.added, 1);
  });

  it('reports keys of several rows and keys that are NULL', async () => {
    const { rows, counts } = await queries(
      'select * from (values (1, 1), (1, 2), (2, 1), (null, 5)) t(id, x)',
      'select * from (values (1, 1), (2, 1), (null, 6)) t(id, x)',
      ['ID'],
    );
    assert.deepEqual(rows, [
      ['changed', null, '[x]', '6', '5'],
      ['duplicate', '1', null, null, null],
    ]);
    assert.deepEqual(counts, { added: 0, removed: 0, changed: 1, duplicate: 1, nullKeys: 1 });
  });

  it('reports columns of one side alone and columns of two types', async () => {
    const result = await queries(
      "select 1 as id, 'x' as gone, 2 as n",
      'select 1 as id, 2.0 as n, 3 as come',
      ['id'],
    );
    assert.deepEqual(
      [result.equal, result.rows, result.removedColumns, result.addedColumns, result.types],
      [false, [], ['gone'], ['come'], [{ name: 'n', before: 'INTEGER', after: 'DECIMAL(2,1)' }]],
    );
  });

  const EQUAL: readonly (readonly [string, string])[] = [
    ['1::integer', '1.0::double'],
    ['1.50::decimal(10,2)', '1.5::decimal(18,9)'],
    ['0.1::decimal(3,1)', '0.1::double'],
    ['1e-7::decimal(10,7)', '1e-7::double'],
    ["'nan'::double", "'nan'::double"],
    ['9007199254740992::bigint', '9007199254740992::double'],
    ['170141183460469231731687303715884105727::hugeint', '170141183460469231731687303715884105727::uhugeint'],
    ["'12'", '12::bigint'],
    ['null::integer', 'null::varchar'],
    ["date '2020-01-01'", "timestamp '2020-01-01'"],
    ["{'a': [1, null]}", "{'a': [1, null]}"],
    ['0.5::float', '0.5::double'],
  ];
  const DIFFERENT: readonly (readonly [string, string])[] = [
    ['9007199254740993::bigint', '9007199254740992::double'],
    ['9007199254740993::decimal(20,1)', '9007199254740992::double'],
    ['0.12::double', '0.1::decimal(3,1)'],
    ['0.1::float', '0.1::double'],
    ["interval '1 month'", "interval '30 days'"],
    ["''", 'null::varchar'],
    ['0', 'null::integer'],
    ["'x'", '1'],
    ["'nan'::double", '1'],
    ["'inf'::double", '170141183460469231731687303715884105727::hugeint'],
    ['-1::hugeint', '340282366920938463463374607431768211455::uhugeint'],
    ["timestamp_ns '2020-01-01 00:00:00.000000001'", "timestamp '2020-01-01 00:00:00'"],
    ["{'a': [1, null]}", "{'a': [1, 2]}"],
  ];

  it('takes values of different types for what they are, in cells, keys and whole rows', async () => {
    for (const [pairs, equal] of [
      [EQUAL, true],
      [DIFFERENT, false],
    ] as const) {
      for (const [left, right] of pairs) {
        const what = `${left} and ${right}`;
        const [before, after] = [`select 1 as id, ${left} as x`, `select 1 as id, ${right} as x`];
        assert.equal((await queries(before, after, ['id'])).equal, equal, what);
        assert.equal((await queries(before, after, ['x'])).equal, equal, `${what} as keys`);
        assert.equal((await queries(before, after)).equal, equal, `${what} in whole rows`);
      }
    }
  });

  it('compares the rows of earlier runs, whose values have kept their types', async () => {
    const sql = `select 1 as id, 170141183460469231731687303715884105727::hugeint as h, 1.50::decimal(38,20) as d,
      timestamp_ns '2020-01-01 00:00:00.000000001' as ns, uuid '00112233-4455-6677-8899-aabbccddeeff' as u,
      'x'::blob as b, date '2020-01-01' as day, [1, null] as l, {'a': 'ü'} as s, 0.1::float as f, true as t`;
    const run = async () =>
      (await connection.request('sql/run', { session, sql })).statements[0]?.file?.path ?? '';
    const [before, after] = [await run(), await run()];
    const same = await compare({ before: { file: before }, after: { file: after }, key: ['id'] });
    assert.equal(same.equal, true);
    const other = await compare({
      before: { file: before },
      after: { sql },
      key: ['id'],
    });
    assert.deepEqual([other.rows, other.types], [[], []]);
  });

  it('says what is wrong with a key', async () => {
    const error = await failure({
      before: { file: 'before.csv' },
      after: { file: 'after.csv' },
      key: ['idd'],
    });
    assert.equal(error.kind, 'PARAMS_INVALID');
    assert.match(error.message, /"idd" is not a column of either side\. Did you mean id\?/);
    const missing = await failure({
      before: { file: 'before.csv' },
      after: { file: 'wide.csv' },
      key: ['x'],
    });
    assert.match(missing.message, /"x" is not a column of the side "before"/);
  });

  it('says which side fails, and where', async () => {
    const error = await failure({
      before: { file: 'before.csv' },
      after: { sql: "select * from 'after.csv' where nmae = 1" },
    });
    assert.equal(error.kind, 'SQL_BIND');
    assert.match(error.message, /^after: .*nmae/s);
    assert.deepEqual([error.details.side, error.details.start, error.details.end], ['after', 32, 36]);
    assert.equal(
      (await failure({ before: { file: 'none.csv' }, after: { file: 'after.csv' } })).kind,
      'FILE_NOT_FOUND',
    );
    const two = await failure({ before: { sql: 'select 1; select 2' }, after: { sql: 'select 1' } });
    assert.equal(two.kind, 'PARAMS_INVALID');
  });

  it('reaches nothing outside of the folders', async () => {
    const error = await failure({ before: { file: '/etc/passwd' }, after: { file: 'after.csv' } });
    assert.equal(error.kind, 'PATH_DENIED');
  });

  it('keeps columns apart that have the names of its own', async () => {
    const { names, rows } = await queries(
      'select 1 as status, 2 as "changed"',
      'select 1 as status, 3 as "changed"',
      ['status'],
    );
    assert.deepEqual(names, ['status', 'status 2', 'changed', 'changed 2', 'changed (before)']);
    assert.deepEqual(rows, [['changed', '1', '[changed]', '3', '2']]);
  });

  const table: fc.Arbitrary<DiffTable> = fc
    .array(fc.constantFrom(...DIFF_TYPES), { minLength: 3, maxLength: 3 })
    .chain((types) => {
      const cells = types.map((type) =>
        type === 'VARCHAR'
          ? fc.constantFrom(null, '', '1', '1.0', '1.50', '-2', 'x')
          : type === 'DOUBLE' || type.startsWith('DECIMAL')
            ? fc.constantFrom(null, 0, 1, 1.5, -2)
            : fc.constantFrom(null, 0, 1, -2),
      );
      return fc.record({ types: fc.constant(types), rows: fc.array(fc.tuple(...cells), { maxLength: 8 }) });
    });
  const isNumber = (before: DiffTable, after: DiffTable, i: number) =>
    before.types[i] !== 'VARCHAR' && after.types[i] !== 'VARCHAR';
  const shown = (before: DiffTable, after: DiffTable, i: number, value: string | null | undefined) =>
    value === null ? 'NULL' : isNumber(before, after, i) ? String(Number(value)) : `'${value}'`;

  it('finds what a comparison by hand finds, of random tables', async () => {
    await fc.assert(
      fc.asyncProperty(table, table, async (before, after) => {
        const keyed = await queries(tableSql(before), tableSql(after), ['id']);
        const byKey = keyed.rows.map(([status, id, changed]) => {
          const names = changed === null ? '' : ` ${changed}`;
          return `${status} ${shown(before, after, 0, id)}${names}`;
        });
        assert.deepEqual(byKey.sort(), diffByKey(before, after));
        const whole = await queries(tableSql(before), tableSql(after));
        const rows = whole.rows.map(
          ([status, n, ...cells]) =>
            `${status} ${n} ${cells.map((cell, i) => shown(before, after, i, cell)).join('|')}`,
        );
        assert.deepEqual(rows.sort(), diffWhole(before, after));
      }),
      { numRuns: 60 },
    );
  });

  it('exits with 0 for equal and with 1 for different sides, and says what differs', async () => {
    const same = await diff(['before.csv', 'before.csv', '--key', 'id']);
    assert.deepEqual([same.code, same.stdout], [0, '']);
    assert.match(same.stderr, /^equal in /m);
    const other = await diff(['before.csv', 'after.csv', '--key', 'id', '--format', 'csv']);
    assert.equal(other.code, 1);
    assert.equal(
      other.stdout,
      'status,id,changed,name,name (before),price,price (before)\nchanged,2,[price],Alan,Alan,2.0,\nremoved,3,,,Grace,,3.0\nchanged,4,"[name, price]",Edsgar,Edsger,4.25,4.0\nadded,5,,Barbara,,5.0,\n',
    );
    assert.match(other.stderr, /^1 added, 1 removed, 2 changed in /m);
  });

  it('prints one JSON object for programs', async () => {
    const { code, stdout } = await diff(['before.csv', 'twice.csv', '--key', 'id,name', '--json']);
    assert.equal(code, 1);
    const report = JSON.parse(stdout);
    assert.deepEqual(
      [report.equal, report.counts.duplicate, report.rows],
      [
        false,
        1,
        [{ status: 'duplicate', id: 3, name: 'Grace', changed: null, price: null, 'price (before)': null }],
      ],
    );
  });

  it('compares SQL, and SQL files of two folders that have statements before their query', async () => {
    const sql = await diff([
      "select * from 'before.csv' where id < 4",
      "select * from 'before.csv'",
      '--format',
      'csv',
    ]);
    assert.equal(sql.stdout, 'status,rows,id,name,price\nadded,1,4,Edsger,4.0\n');
    const files = await diff(['old/q.sql', 'new/q.sql', '--key=id', '--format=ndjson', '--out=d.ndjson']);
    assert.equal(files.code, 1, files.stderr);
    const lines = readFileSync(path.join(folder, 'd.ndjson'), 'utf8').trim().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).status),
      ['changed', 'removed', 'changed', 'added'],
    );
  });

  it('refuses bad usage with 2, and fails with 1', async () => {
    assert.equal((await diff(['before.csv'])).code, 2);
    assert.equal((await diff(['before.csv', 'after.csv', '--key', 'id,,name'])).code, 2);
    const missing = await diff(['before.csv', 'none.csv']);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /There is no file '.*none\.csv'/);
  });
});
