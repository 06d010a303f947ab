import assert from 'node:assert/strict';
import { appendFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import { FileWriter, HEAD, rowsText, type WRITERS } from '../../support/file-writer.ts';
import { openTestSession, startEngine, statementRows, type TestSession } from '../../support/sql-session.ts';

/** 40 MB, so that a scan takes longer than a file system's steps of time, and several reads. */
const ROWS = 300_000;
const SCANS = 3;

interface Outcome {
  readonly row: readonly (string | null)[];
  readonly changed: readonly string[];
  readonly error?: CoreError;
}

describe('a file that changes', function () {
  this.timeout(180_000);
  const engine = startEngine();
  let session: TestSession;
  let exports = 0;
  before(async () => {
    session = await openTestSession(engine);
  });
  after(async () => {
    await session.close();
    await engine.dispose();
  });
  const write = (name: string, text: string): string => {
    const file = path.join(session.folder, name);
    writeFileSync(file, text);
    return file;
  };
  const wholeText = (value: number) => HEAD + rowsText({ value, first: 0, end: ROWS });

  const scan = async (sql: string): Promise<Outcome> => {
    try {
      const { statements } = await session.run(sql);
      const [statement] = statements;
      return { row: statementRows(statement)[0] ?? [], changed: statement?.changedFiles ?? [] };
    } catch (error) {
      assert.ok(error instanceof CoreError, String(error));
      return { row: [], changed: [], error };
    }
  };

  /** Writes the rows of a file to another, which is read once nobody writes to the first. */
  const exported = async (from: string, format: 'parquet' | 'arrow'): Promise<Outcome> => {
    const file = path.join(session.folder, `exported-${++exports}.${format}`);
    try {
      await session.run(`from read_csv('${from}')`, { target: { file, format, options: {} } });
      return await scan(stateOf(file, 'from'));
    } catch (error) {
      assert.ok(error instanceof CoreError, String(error));
      return { row: [], changed: [], error };
    }
  };

  /** What comes of a file while a process changes it, several times. */
  const whileWritten = async (
    way: keyof typeof WRITERS,
    read: (file: string) => Promise<Outcome> = (file) => scan(stateOf(file)),
  ): Promise<Outcome[]> => {
    const writer = await FileWriter.start(write(`${way}.csv`, wholeText(0)), { way, rowCount: ROWS });
    const outcomes: Outcome[] = [];
    try {
      while (outcomes.length < SCANS) outcomes.push(await read(`${way}.csv`));
    } finally {
      await writer.stop();
    }
    return outcomes;
  };

  /** How many rows there are, and what tells whether they were in the file together. */
  const stateOf = (
    file: string,
    reader: 'read_csv' | 'from' = 'read_csv',
  ) => `select count(*), sum(i)::varchar, max(v) - min(v), count(*) filter (v > earlier)
    from (select i, v, lag(v) over (order by i) as earlier from ${reader === 'from' ? `'${file}'` : `read_csv('${file}')`})`;
  /**
   * A writer that goes from the beginning to the end leaves new rows in front of old ones, which are one round older. Old
   * ones in front of new ones were never in the file together.
   */
  const isOneState = ([count, sum, spread, rises]: Outcome['row']) => {
    const n = BigInt(count ?? 0);
    return sum === String((n * (n - 1n)) / 2n) && Number(spread) <= 1 && rises === '0';
  };

  for (const way of ['replaces', 'rewrites', 'truncates'] as const) {
    it(`gives rows of one state or says that it changed, while a process ${way} it`, async () => {
      const outcomes = await whileWritten(way);
      for (const { row, error } of outcomes) {
        if (error === undefined) assert.ok(isOneState(row), JSON.stringify(row));
        // A file that ends within a line is no CSV file, for as long as it does.
        else if (way !== 'truncates' || error.kind !== 'FORMAT_DATA') {
          assert.equal(error.kind, 'FILE_CHANGED', error.message);
          assert.deepEqual(error.details.files, [`${way}.csv`]);
          assert.match(error.message, new RegExp(`^'${way}\\.csv' was changed while the statement read it`));
        }
      }
      if (way === 'replaces') assert.ok(outcomes.every(({ row, error }) => error ?? row[0] === String(ROWS)));
      if (way === 'rewrites')
        assert.ok(
          outcomes.some(({ error }) => error),
          'the writer was in the way',
        );
      // Then the next statement reads what is there.
      write(`${way}.csv`, wholeText(7));
      const { row } = await scan(stateOf(`${way}.csv`));
      assert.deepEqual(row, [String(ROWS), String((ROWS * (ROWS - 1)) / 2), '0', '0']);
    });
  }

  for (const format of ['parquet', 'arrow'] as const) {
    it(`is exported to ${format} in one state, or not at all, while a process writes it again`, async () => {
      const outcomes = await whileWritten('rewrites', (file) => exported(file, format));
      for (const { row, error } of outcomes) {
        if (error === undefined) assert.ok(isOneState(row), JSON.stringify(row));
        else assert.equal(error.kind, 'FILE_CHANGED', error.message);
      }
      assert.ok(
        outcomes.some(({ error }) => error),
        'the writer was in the way',
      );
    });
  }

  it('is read as far as it went when it grows, and is named', async () => {
    const outcomes = await whileWritten('appends');
    for (const { row, changed, error } of outcomes) {
      assert.equal(error, undefined);
      assert.ok(isOneState(row), JSON.stringify(row));
      assert.ok(Number(row[0]) >= ROWS && changed.every((name) => name === 'appends.csv'));
    }
    assert.ok(outcomes.some(({ changed }) => changed.length === 1));
  });

  it('is never answered from what was read before, whatever its time and size say', async () => {
    const file = write('same.csv', 'x\n1\n');
    const { mtime, atime } = statSync(file);
    for (const value of ['1', '2', '3']) {
      writeFileSync(file, `x\n${value}\n`);
      utimesSync(file, atime, mtime);
      assert.deepEqual(await session.rows("select x from 'same.csv'"), [[value]]);
    }
    appendFileSync(file, '4\n');
    assert.deepEqual(await session.rows("select count(*) from 'same.csv'"), [['2']]);
  });

  it('is no news when nobody has changed it', async () => {
    write('still.csv', HEAD + rowsText({ value: 1, first: 0, end: 1000 }));
    const { statements } = await session.run("select * from 'still.csv' a join 'still.csv' b using (i)");
    assert.equal(statements[0]?.changedFiles, undefined);
  });
});
