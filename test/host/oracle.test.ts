import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { type NativeDuckDb, openNativeDuckDb, type TextRows } from '../support/native-duckdb.ts';
import { type Corpus, corpora, makeOddFiles } from '../support/oracle-corpora.ts';
import { makeOracleData, vegaFolder } from '../support/oracle-data.ts';
import { FILE_QUERIES } from '../support/oracle-file-queries.ts';
import { LANGUAGE_QUERIES, type OracleQuery } from '../support/oracle-queries.ts';
import { type OracleSession, openOracleSession } from '../support/oracle-session.ts';

/** What one side made of a query: rows, or an error. */
type Outcome = { readonly rows: TextRows } | { readonly error: Error };

describe('rows against native DuckDB', () => {
  const made = mkdtempSync(path.join(tmpdir(), 'quern-oracle-data-'));
  const known = corpora();
  let native: NativeDuckDb;
  let ours: OracleSession;

  before(async () => {
    native = await openNativeDuckDb(vegaFolder());
    await makeOracleData(made, native.connection);
    const allow = [made, ...known.map((c) => c.folder)];
    ours = await openOracleSession({ folder: vegaFolder(), allow });
  });

  after(async () => {
    await ours?.close();
    native?.close();
    rmSync(made, { recursive: true, force: true });
  });

  for (const [subject, queries] of bySubject([...LANGUAGE_QUERIES, ...FILE_QUERIES])) {
    describe(subject, () => {
      for (const { sql } of queries) {
        it(title(sql), async () => {
          const text = sql.replaceAll('{made}', made);
          assert.deepEqual(await ours.rows(text), await native.rows(text));
        });
      }
    });
  }

  it('an Arrow file has the rows of the JSON file it was made from', async () => {
    // The Arrow file keeps 32 bits of `time`.
    const columns = 'delay, distance, time::float';
    const arrow = await ours.rows(`select ${columns} from 'flights-200k.arrow'`);
    assert.deepEqual(arrow, await native.rows(`select ${columns} from 'flights-200k.json'`));
  });

  it('an odd file has the same rows, or fails on both sides', async () => {
    assert.deepEqual(await differences(makeOddFiles(path.join(made, 'odd'))), []);
  });

  for (const corpus of known) {
    it(`each of ${corpus.files.length} files of ${corpus.name} has the same rows, or fails on both sides`, async function () {
      this.timeout(900_000);
      assert.deepEqual(await differences(corpus), []);
    });
  }

  it('a file that is not what its name says leaves the session whole', async () => {
    copyFileSync(path.join(vegaFolder(), 'airports.csv'), path.join(made, 'airports.parquet'));
    await assert.rejects(
      ours.rows(`from '${made}/airports.parquet'`),
      (error) => error instanceof CoreError && error.kind === 'FORMAT_DATA',
    );
    assert.deepEqual(await ours.rows('select 42'), [['42']]);
  });

  /** One line for each file that the two sides do not agree on, or that ours fails on without a documented kind. */
  async function differences(corpus: Corpus): Promise<string[]> {
    const lines: string[] = [];
    for (const file of corpus.files) {
      const sql = `from '${file.replaceAll("'", "''")}'`;
      const difference = compare(await outcome(native.rows(sql)), await outcome(ours.rows(sql)));
      if (difference !== undefined) lines.push(`${file}: ${difference}`);
    }
    assert.deepEqual(await ours.rows('select 42'), [['42']]);
    return lines;
  }
});

async function outcome(rows: Promise<TextRows>): Promise<Outcome> {
  try {
    return { rows: await rows };
  } catch (error) {
    return { error: error as Error };
  }
}

function compare(native: Outcome, ours: Outcome): string | undefined {
  if ('error' in ours) {
    if (!(ours.error instanceof CoreError)) return `a bug: ${ours.error.stack}`;
    if (['INTERNAL', 'SQL_ENGINE_LOST', 'HOST_LOST', 'DEADLINE_EXCEEDED'].includes(ours.error.kind)) {
      return `${ours.error.kind}: ${ours.error.message}`;
    }
    return 'error' in native ? undefined : `only ours fails, ${ours.error.kind}: ${ours.error.message}`;
  }
  if ('error' in native) return `only native fails: ${native.error.message}`;
  if (native.rows.length !== ours.rows.length) {
    return `${ours.rows.length} rows instead of ${native.rows.length}`;
  }
  const row = native.rows.findIndex((cells, i) => JSON.stringify(cells) !== JSON.stringify(ours.rows[i]));
  if (row < 0) return undefined;
  const [expected, actual] = [native.rows[row], ours.rows[row]].map((r) => JSON.stringify(r).slice(0, 300));
  return `row ${row} is ${actual} instead of ${expected}`;
}

function bySubject(queries: readonly OracleQuery[]): Map<string, OracleQuery[]> {
  const groups = new Map<string, OracleQuery[]>();
  for (const query of queries) groups.set(query.subject, [...(groups.get(query.subject) ?? []), query]);
  return groups;
}

/** A query on one line, shortened. */
function title(sql: string): string {
  const line = sql.replace(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
