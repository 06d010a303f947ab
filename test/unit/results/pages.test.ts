import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { StatementResult } from '../../../wasm-core/protocol/methods.ts';
import { readPage } from '../../../wasm-core/results/pages.ts';
import { resultPages } from '../../support/result-values.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

describe('pages of a results file', () => {
  const engine = startEngine();
  let test: TestSession;
  let long: StatementResult;
  before(async () => {
    test = await openTestSession(engine);
    const { statements } = await test.run("select i, 'row ' || i s from range(100000) t(i)");
    const [statement] = statements;
    assert.ok(statement);
    long = statement;
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  /** The parts of the long result's page, for `readPage`. */
  function parts(index: number) {
    assert.ok(long.file);
    const bytes = readFileSync(long.file.path);
    const page = long.file.pages[index];
    assert.ok(page);
    return {
      schema: bytes.subarray(0, long.file.schemaByteLength),
      bytes: bytes.subarray(page.offset, page.offset + page.byteLength),
      rowCount: page.rowCount,
    };
  }

  it('hold every row once, in order, across their record batches', () => {
    let row = 0;
    for (const page of resultPages(long)) {
      for (let r = 0; r < page.rowCount; r++, row++) {
        assert.equal(page.text(r, 0), String(row));
        assert.equal(page.text(r, 1), `row ${row}`);
      }
    }
    assert.equal(row, 100_000);
  });
  it('end at their row count, although their last batch may go on', async () => {
    const { statements } = await test.run('from range(100000)', { maxRows: 2500 });
    const [page] = resultPages(statements[0]);
    assert.equal(page?.rowCount, 2500);
    assert.equal(page?.text(2499, 0), '2499');
    assert.throws(() => page?.text(2500, 0), RangeError);
    assert.throws(() => page?.text(-1, 0), RangeError);
    assert.throws(() => page?.text(0, 1), RangeError);
  });
  it('are read at any position in memory', () => {
    const { schema, bytes, rowCount } = parts(1);
    const shifted = new Uint8Array(bytes.length + 3).subarray(3);
    shifted.set(bytes);
    assert.equal(
      readPage(schema, shifted, long.columns, rowCount).text(0, 1),
      `row ${long.file?.pages[1]?.firstRow}`,
    );
  });
  it('may be empty', () => {
    const { schema } = parts(0);
    assert.equal(readPage(schema, new Uint8Array(0), long.columns, 0).rowCount, 0);
  });
  it('that are cut, foreign, or of other columns are refused', () => {
    const { schema, bytes, rowCount } = parts(0);
    assert.throws(() => readPage(schema, bytes.subarray(0, bytes.length >> 1), long.columns, rowCount));
    assert.throws(() => readPage(schema, bytes, long.columns.slice(1), rowCount), /2 columns instead of 1/);
    assert.throws(() => readPage(new Uint8Array(16), bytes, long.columns, rowCount));
    assert.throws(() => readPage(schema, bytes, long.columns, rowCount + 100_000), /rows instead of/);
  });
});
