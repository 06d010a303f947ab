import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { type CommandOutcome, quern } from '../support/cli.ts';
import { HostHome } from '../support/host-process.ts';
import { readXlsx } from '../support/read-xlsx.ts';

describe('host: the command line writes files', function () {
  this.timeout(180_000);
  const home = new HostHome();
  const folder = path.join(home.folder, 'data');
  before(() => mkdirSync(folder));
  after(() => home.dispose());

  const file = (name: string) => path.join(folder, name);
  const run = (args: readonly string[]): Promise<CommandOutcome> =>
    quern(home, ['run', ...args], { cwd: folder });
  const write = async (name: string, sql: string, ...args: readonly string[]): Promise<Buffer> => {
    const outcome = await run(['-e', sql, '--out', name, ...args]);
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.equal(outcome.stdout, '');
    return readFileSync(file(name));
  };

  it('in the format of their ending, unless another is named', async () => {
    const sql = "select 1 as a, 'x\ty' as b";
    assert.equal(String(await write('a.csv', sql)), 'a,b\n1,x\ty\n');
    assert.equal(String(await write('a.tsv', sql)), 'a\tb\n1\t"x\ty"\n');
    assert.equal(String(await write('a.jsonl', sql)), '{"a":1,"b":"x\\ty"}\n');
    assert.equal(String(await write('a.txt', sql, '--format', 'ndjson')), '{"a":1,"b":"x\\ty"}\n');
    assert.equal(String(await write('b.csv', sql, '--format', 'json')), '[\n{"a":1,"b":"x\\ty"}\n]\n');
    assert.match(String(await write('a.dat', sql)), /│ 1 │/);
    assert.equal((await write('a.parquet', sql)).toString('latin1', 0, 4), 'PAR1');
    assert.equal((await write('a.arrow', sql)).toString('latin1', 0, 6), 'ARROW1');
    assert.equal(tableFromIPC(await write('a.arrows', sql)).numRows, 1);
    assert.match(String(await write('a.md', `${sql}; select 2 as c`)), /\| 1 \|[\s\S]*\| 2 \|/);
  });

  it('with options of their format', async () => {
    const sql = "select 'x' as a, null as b";
    const options = ['delimiter=;', 'header=false', 'nullText=-'].flatMap((option) => [
      '--format-option',
      option,
    ]);
    assert.equal(String(await write('o.csv', sql, ...options)), 'x;-\n');
    const wrong = await run(['-e', sql, '--out', 'w.csv', '--format-option', 'sheet=x']);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /no member "sheet"/);
    for (const args of [
      ['--format-option', 'delimiter=;'],
      ['--out', 'w.csv', '--format-option', 'x'],
      ['--format', 'xlsx'],
    ]) {
      assert.equal((await run(['-e', sql, ...args])).code, 2);
    }
  });

  it('as workbooks, whose cells are exact', async () => {
    const sql = `select true as b, 12 as i, 9007199254740993 as l, 1.5::decimal(4,2) as d, 'nan'::double as n,
      0.1::double as f, '=1+1' as t, ' <&> ' || chr(7) || '_x0041_' as x, null as z, date '2024-02-29' as day,
      timestamp '2024-02-29 12:00:00' as ts, timestamp '2024-02-29 12:00:00.123456' as us, date '0050-01-01' as old, time '06:00:00' as clock, '' as e`;
    const [sheet, ...more] = readXlsx(await write('a.xlsx', sql, '--format-option', 'sheet=Zürich & Co'));
    assert.ok(sheet);
    assert.deepEqual([sheet.name, sheet.rowCount, more.length], ['Zürich & Co', 2, 0]);
    const cells = Array.from('ABCDEFGHIJKLMNO', (letter) => {
      const cell = sheet.cell(`${letter}2`);
      return cell && [cell.type, cell.style, cell.text];
    });
    assert.deepEqual(cells, [
      ['b', 0, '1'],
      ['n', 0, '12'],
      ['inlineStr', 0, '9007199254740993'],
      ['n', 0, '1.50'],
      ['inlineStr', 0, 'nan'],
      ['n', 0, '0.1'],
      ['inlineStr', 0, '=1+1'],
      ['inlineStr', 0, ' <&> \x07_x0041_'],
      undefined,
      ['n', 2, '45351'],
      ['n', 3, '45351.5'],
      ['inlineStr', 0, '2024-02-29 12:00:00.123456'],
      ['inlineStr', 0, '0050-01-01'],
      ['n', 4, '0.25'],
      ['inlineStr', 0, ''],
    ]);
    assert.deepEqual(sheet.cell('C1')?.text, 'l');
  });

  it('as workbooks with a further sheet where one is full', async () => {
    const sheets = readXlsx(await write('long.xlsx', 'from range(1048580)'));
    assert.deepEqual(
      sheets.map(({ name, rowCount }) => [name, rowCount]),
      [
        ['Result', 1_048_576],
        ['Result 2', 6],
      ],
    );
    assert.equal(sheets[1]?.cell('A2')?.text, '1048575');
    assert.equal(sheets[1]?.cell('A6')?.text, '1048579');
  });

  it('of as many rows as --limit says, and tell how many there are', async () => {
    for (const ending of ['csv', 'arrow', 'parquet', 'xlsx']) {
      const outcome = await run(['-e', 'from range(5000)', '--limit', '3', '--out', `l.${ending}`]);
      assert.equal(outcome.code, 0, outcome.stderr);
      assert.match(outcome.stderr, /^3 rows in .*; written to l\./);
    }
    assert.equal(tableFromIPC(readFileSync(file('l.arrow'))).numRows, 3);
  });

  it('with the rows of the last statement that has some', async () => {
    assert.equal(String(await write('s.csv', 'select 1 a; create table t as select 2')), 'a\n1\n');
    const none = await run(['-e', 'create table t as select 2', '--out', 'none.csv']);
    assert.equal(none.code, 0, none.stderr);
    assert.equal(existsSync(file('none.csv')), false);
  });

  it('whole or not at all', async () => {
    writeFileSync(file('kept.csv'), 'old');
    const before = readdirSync(folder);
    const failed = await run(['-e', 'select nope', '--out', 'kept.csv']);
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /nope/);
    const sql = "select case when range < 300000 then 1 else error('boom') end from range(400000)";
    assert.equal((await run(['-e', sql, '--out', 'kept.csv'])).code, 1);
    const missing = await run(['-e', 'select 1', '--out', 'none/x.csv']);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /There is no folder/);
    assert.equal(readFileSync(file('kept.csv'), 'utf8'), 'old');
    assert.deepEqual(readdirSync(folder), before);
  });

  it('of a search, too', async () => {
    writeFileSync(file('m.csv'), 'a,b\n1,x\n2,y\n');
    const query = JSON.stringify({ from: "'m.csv'", query: { expression: 'a = 2' } });
    for (const ending of ['csv', 'parquet', 'xlsx']) {
      const outcome = await quern(home, ['search', '-e', query, '--out', `f.${ending}`], { cwd: folder });
      assert.equal(outcome.code, 0, outcome.stderr);
    }
    assert.equal(readFileSync(file('f.csv'), 'utf8'), 'a,b\n2,y\n');
    assert.equal(readXlsx(readFileSync(file('f.xlsx')))[0]?.cell('B2')?.text, 'y');
  });
});
