import assert from 'node:assert/strict';
import type { RowFilter } from '../../wasm-core/protocol/result-query.ts';
import { EXPORTED_VALUES, exportedQuery, type TypedValues } from '../support/export-values.ts';
import { type NativeDuckDb, openNativeDuckDb } from '../support/native-duckdb.ts';
import { ResultQuestions } from '../support/result-questions.ts';

/*
 * Every type at its edges: which rows a shown value selects, how rows are sorted, and what is told of a column.
 */

/** Types that files of other formats do not hold. */
const MORE: readonly TypedValues[] = [
  { type: '"NULL"', values: ['NULL'] },
  {
    type: 'UNION(n INTEGER, t VARCHAR)',
    values: ['union_value(n := 7)', "union_value(t := 'x')", 'union_value(n := NULL)'],
  },
  { type: "ENUM('z', 'a')[]", values: ["['z', 'a']", "['a']", '[]'] },
  { type: 'BOOLEAN[]', values: ['[true, NULL, false]', '[false]'] },
  { type: 'STRUCT(a BOOLEAN, b DECIMAL(10,2)[2])', values: ["{'a': true, 'b': [1.5, NULL]}"] },
];

/** What is shown decides where the value itself has no order, or is shown as NULL and is none. */
const ORDERS: Readonly<Record<string, string>> = {
  'UNION(n INTEGER, t VARCHAR)': 'if(v.n is null and v.t is null, null, v)',
};

describe('host: values of results', function () {
  this.timeout(600_000);
  const asked = new ResultQuestions();
  let native: NativeDuckDb;
  before(async () => {
    await asked.open();
    native = await openNativeDuckDb(asked.home.folder);
  });
  after(async () => {
    native.close();
    await asked.home.dispose();
  });

  for (const values of [...EXPORTED_VALUES, ...MORE]) {
    const { type } = values;
    // Each value twice, so that ties have an order.
    const query = exportedQuery({ type, values: [...values.values, ...values.values] });

    it(`of ${type} are selected by what is shown`, async () => {
      const result = await asked.run(query);
      const rows = await asked.texts(result, {});
      for (const text of new Set(rows.map(([, value]) => value ?? null))) {
        for (const negated of [false, true]) {
          const filter: RowFilter = { column: 1, negated, test: 'in', values: [text] };
          assert.deepEqual(
            await asked.texts(result, { filters: [filter] }),
            rows.filter(([, value]) => (value === text) !== negated),
            JSON.stringify(filter),
          );
        }
      }
      const nothing: RowFilter = { column: 1, test: 'in', values: ['no such value', 'NULL ', '1e400'] };
      assert.deepEqual(await asked.texts(result, { filters: [nothing] }), []);
    });

    it(`of ${type} are sorted as DuckDB sorts them, ties as they were`, async () => {
      const result = await asked.run(query);
      for (const descending of [false, true]) {
        const direction = `${descending ? 'desc' : ''} nulls last`;
        const expected = await native.rows(
          `select id, v from (${query}) order by ${ORDERS[values.type] ?? 'v'} ${direction}, id`,
        );
        const sorted = await asked.texts(result, { sort: [{ column: 1, descending }] });
        assert.deepEqual(
          sorted.map(([id]) => id),
          expected.map(([id]) => id),
        );
        const first = await asked.rows(result, { sort: [{ column: 1, descending }] }, 2);
        assert.deepEqual([first.statement.rowCount, first.matchCount], [2, result.rowCount]);
      }
    });

    it(`of ${type} are told of in bars that select as many rows as they say`, async () => {
      const result = await asked.run(query);
      const rows = await asked.texts(result, {});
      const { rowCount, columns } = await asked.summary(result, { columns: [1] });
      const [summary] = columns;
      assert.ok(summary);
      assert.equal(rowCount, rows.length);
      assert.equal(summary.nulls, rows.filter(([, value]) => value === null).length);
      for (const { filter, rowCount: count } of summary.bars) {
        assert.equal(
          (await asked.texts(result, { filters: [filter] })).length,
          count,
          JSON.stringify(filter),
        );
      }
      if (summary.min !== undefined && summary.min.length <= 1000) {
        const shown = rows.map(([, value]) => value);
        assert.ok(shown.includes(summary.min), summary.min);
        assert.ok(shown.includes(summary.max ?? ''), summary.max);
      }
    });
  }
});
