import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { ExportedResult } from '../../wasm-core/protocol/export.ts';
import type { RowFilter, RowSelection, SortKey } from '../../wasm-core/protocol/result-query.ts';
import { ResultQuestions } from '../support/result-questions.ts';
import { resultRows } from '../support/result-rows.ts';

type Row = readonly (string | null)[];

describe('host: questions about results', function () {
  this.timeout(300_000);
  const asked = new ResultQuestions();
  before(() => asked.open());
  after(() => asked.home.dispose());

  it('are answered with a result of the same columns, and with SQL that selects its rows', async () => {
    const original = `select i as "a b", i % 3 as "A B", 'x' || (i % 2) as t, {'k': i} as s from range(9) t(i)`;
    const result = await asked.run(original);
    const filters: RowFilter[] = [{ column: 2, test: 'in', values: ['x0'] }];
    const sort: SortKey[] = [{ column: 1, descending: true }];
    const { statement, matchCount, sql } = await asked.rows(result, { filters, sort });
    assert.deepEqual(statement.columns, result.columns);
    const rows = resultRows(statement);
    assert.deepEqual(
      rows.map(([number]) => number),
      ['2', '8', '4', '0', '6'],
    );
    assert.equal(matchCount, 5);
    assert.equal(sql, `as t("a b", "A B_1", "t", "s") where "t" = 'x0' order by "A B_1" desc nulls last`);
    const again = await asked.run(`from (${original}) ${sql}, 1`);
    assert.deepEqual(await asked.texts(again, {}), rows);
  });

  it('are asked of what was answered before', async () => {
    const first = await asked.rows(await asked.run('from range(100) t(i)'), {
      filters: [{ column: 0, test: 'range', from: '10', to: '20', isOpen: true }],
    });
    const { file, columns, rowCount } = first.statement;
    assert.ok(file);
    const second = await asked.texts(
      { path: file.path, columns, rowCount },
      { sort: [{ column: 0, descending: true }] },
    );
    assert.deepEqual(second.flat(), ['19', '18', '17', '16', '15', '14', '13', '12', '11', '10']);
  });

  it('keep the order of the result where nothing sorts them, in results of many batches', async () => {
    const result = await asked.run('select i, i % 10 as d from range(50000) t(i)');
    const filters: RowFilter[] = [{ column: 1, test: 'in', values: ['3', '7'] }];
    const rows = await asked.texts(result, { filters });
    const expected = Array.from({ length: 50_000 }, (_, i) => i).filter((i) => i % 10 === 3 || i % 10 === 7);
    assert.deepEqual(
      rows.map(([i]) => Number(i)),
      expected,
    );
    const sorted = await asked.texts(result, { sort: [{ column: 1, descending: true }] });
    const stable = Array.from({ length: 50_000 }, (_, i) => i).sort((a, b) => (b % 10) - (a % 10) || a - b);
    assert.deepEqual(
      sorted.map(([i]) => Number(i)),
      stable,
    );
  });

  it('take values of a VARIANT for their texts', async () => {
    const result = await asked.run("select {'a': 1}::variant as v, i from range(3) t(i)");
    const filters: RowFilter[] = [{ column: 0, test: 'in', values: ["{'a': 1}"] }];
    const sort: SortKey[] = [{ column: 0 }, { column: 1, descending: true }];
    const rows = await asked.texts(result, { filters, sort });
    assert.deepEqual(
      rows.map(([, i]) => i),
      ['2', '1', '0'],
    );
    const [summary] = (await asked.summary(result, { columns: [0] })).columns;
    assert.deepEqual(
      summary?.bars.map(({ text, rowCount }) => [text, rowCount]),
      [["{'a': 1}", 3]],
    );
  });

  it('keep the first rows of the order, and count the others', async () => {
    const result = await asked.run('select 999 - i as i from range(1000) t(i)');
    const filters: RowFilter[] = [{ column: 0, test: 'range', from: '100' }];
    const { statement, matchCount } = await asked.rows(result, { filters, sort: [{ column: 0 }] }, 3);
    assert.deepEqual(resultRows(statement).flat(), ['100', '101', '102']);
    assert.deepEqual([matchCount, statement.truncated], [900, true]);
    assert.equal((await asked.rows(result, { filters }, 900)).statement.truncated, false);
  });

  it('select as a plain reading of the shown texts does, whatever is asked', async () => {
    const cell = fc.option(
      fc.string({ unit: 'grapheme', maxLength: 3 }).filter((text) => !text.includes('\0')),
    );
    const value = fc.option(fc.integer({ min: -3, max: 3 }));
    const tables = fc.array(fc.tuple(cell, value), { minLength: 1, maxLength: 30 });
    for (const rows of fc.sample(tables, { numRuns: 12, seed: 8 })) {
      const result = await asked.run(`select * from (values ${rows.map(rowSql).join(', ')}) t(s, n)`);
      const shown = await asked.texts(result, {});
      for (const selection of fc.sample(selections(shown), { numRuns: 12, seed: rows.length })) {
        assert.deepEqual(
          await asked.texts(result, selection),
          selected(shown, selection),
          JSON.stringify({ rows, selection }),
        );
      }
    }
  });

  it('answer for results without rows, and with thousands of columns', async () => {
    const none = await asked.run('select 1 as a, [1] as b where false');
    assert.deepEqual(
      await asked.texts(none, { sort: [{ column: 0 }], filters: [{ column: 1, test: 'null' }] }),
      [],
    );
    const summary = await asked.summary(none);
    assert.equal(summary.rowCount, 0);
    assert.deepEqual(
      summary.columns.map(({ nulls, distinct, bars }) => [nulls, distinct, bars]),
      [
        [0, 0, []],
        [0, 0, []],
      ],
    );
    assert.deepEqual(await asked.find({ result: none, text: 'a', from: { row: 0, column: 0 } }), {
      count: 0,
    });
    const list = Array.from({ length: 5000 }, (_, i) => `i + ${i} as "c${i % 2500}"`).join(', ');
    const wide = await asked.run(`select ${list} from range(3) t(i)`);
    const rows = await asked.texts(wide, { sort: [{ column: 4999, descending: true }] });
    assert.deepEqual(
      rows.map((row) => [row.length, row[0], row[4999]]),
      [
        [5000, '2', '5001'],
        [5000, '1', '5000'],
        [5000, '0', '4999'],
      ],
    );
    const found = await asked.find({ result: wide, text: '5001', from: { row: 0, column: 0 } });
    assert.deepEqual(found, { cell: { row: 2, column: 4999 }, count: 1, index: 0 });
  });

  it('leave the session as it is', async () => {
    const { connection, session } = asked;
    const run = (sql: string) => connection.request('sql/run', { session, sql });
    await run(
      'create temp table mine as select 1 as a; create schema own; use own; set default_null_order = nulls_first',
    );
    const result = await asked.run('from (values (2), (null), (1)) t(a)');
    const [, settings] = [
      await run('begin; insert into mine values (2)'),
      await asked.texts(
        await asked.run("select name, value from duckdb_settings() where name <> 'search_path'"),
        {},
      ),
    ];
    assert.deepEqual(await asked.texts(result, { sort: [{ column: 0, descending: true }] }), [
      ['2'],
      ['1'],
      [null],
    ]);
    await asked.summary(result);
    await asked.find({ result, text: '1', from: { row: 0, column: 0 } });
    assert.deepEqual(
      await asked.texts(
        await asked.run("select name, value from duckdb_settings() where name <> 'search_path'"),
        {},
      ),
      settings,
    );
    await run('rollback');
    assert.deepEqual(
      await asked.texts(await asked.run('select current_schema(), (select count(*) from mine)'), {}),
      [['own', '1']],
    );
    assert.deepEqual(
      await asked.texts(await asked.run('select view_name from duckdb_views() where not internal'), {}),
      [],
    );
    await run('use main; reset default_null_order');
    // Of a transaction that has failed, too.
    await run('begin');
    await assert.rejects(run('select nothing'));
    assert.equal((await asked.texts(result, { sort: [{ column: 0 }] })).length, 3);
    await run('rollback');
  });

  it('refuse what cannot be meant, and go on', async () => {
    const { connection, session } = asked;
    const result = await asked.run('select 1 as a, 2 as b');
    const elsewhere = { ...result, path: path.join(path.dirname(result.path), '..', 'x.arrow') };
    const refused: readonly [method: 'result/rows' | 'result/summary' | 'result/find', object][] = [
      ['result/rows', { select: {} }],
      ['result/rows', { result: elsewhere, select: {} }],
      ['result/rows', { result: { ...result, columns: [] }, select: {} }],
      ['result/rows', { result, select: { sort: [{ column: 2 }] } }],
      ['result/rows', { result, select: { sort: [{ column: -1 }] } }],
      ['result/rows', { result, select: { filters: [{ column: 0.5, test: 'null' }] } }],
      ['result/rows', { result, select: { filters: [{ column: 0, test: 'like', text: 'x' }] } }],
      ['result/rows', { result, select: { filters: [{ column: 0, test: 'in', values: [1] }] } }],
      ['result/rows', { result, select: { filters: [{ column: 0, test: 'null', text: 'x' }] } }],
      ['result/rows', { result, select: {}, maxRows: 0 }],
      ['result/summary', { result, columns: [0, 0] }],
      ['result/summary', { result, columns: [7] }],
      ['result/find', { result, text: '', from: { row: 0, column: 0 } }],
      ['result/find', { result, text: 'x' }],
      ['result/find', { result, text: 'x', from: { row: 0, column: 9 } }],
    ];
    for (const [method, params] of refused) {
      // What is sent is wrong on purpose.
      const request = connection.request(method, { session, ...params } as never);
      await assert.rejects(request, { kind: 'PARAMS_INVALID' }, JSON.stringify([method, params]));
    }
    const unreadable: RowFilter = { column: 0, test: 'range', from: 'abc' };
    await assert.rejects(asked.rows(result, { filters: [unreadable] }), { kind: 'SQL_RUN', message: /abc/ });
    assert.deepEqual(await asked.texts(result, { sort: [{ column: 0 }] }), [['1', '2']]);
  });

  it('tell of files that are gone, cut off or of another result, and go on', async () => {
    const one = await asked.run('select i from range(100000) t(i)');
    const two = await asked.run('select i, i as j from range(100000) t(i)');
    const sort = [{ column: 0 }];
    await assert.rejects(asked.rows({ ...one, columns: two.columns }, { sort }), { kind: 'FORMAT_DATA' });
    await assert.rejects(asked.rows({ ...one, rowCount: 100_001 }, { sort }), { kind: 'FORMAT_DATA' });
    truncateSync(one.path, 100_000);
    await assert.rejects(asked.rows(one, { sort }), { kind: 'FORMAT_DATA' });
    await assert.rejects(asked.summary(one), { kind: 'FORMAT_DATA' });
    truncateSync(one.path, 3);
    await assert.rejects(asked.rows(one, {}), { kind: 'FORMAT_DATA' });
    rmSync(one.path);
    await assert.rejects(asked.find({ result: one, text: '1', from: { row: 0, column: 0 } }), {
      kind: 'FILE_NOT_FOUND',
    });
    assert.equal((await asked.rows(two, { sort })).statement.rowCount, 100_000);
  });

  it('are cancelled, and leave no file', async () => {
    const result = await asked.run('select i, hash(i) as h, md5(i::varchar) as m from range(400000) t(i)');
    const folder = path.dirname(result.path);
    const files = readdirSync(folder).sort();
    const params = { session: asked.session, result, select: { sort: [{ column: 2 }] } };
    const abort = new AbortController();
    const request = asked.connection.request('result/rows', params, { signal: abort.signal });
    abort.abort();
    await assert.rejects(request, { kind: 'CANCELLED' });
    const late = new AbortController();
    const summary = asked.connection.request(
      'result/summary',
      { session: asked.session, result },
      { signal: late.signal },
    );
    const first = asked.connection.request('host/stats', undefined);
    await first;
    late.abort();
    await assert.rejects(summary, { kind: 'CANCELLED' });
    assert.deepEqual(readdirSync(folder).sort(), files);
    assert.equal((await asked.rows(result, { sort: [{ column: 1 }] }, 5)).statement.rowCount, 5);
  });

  it('are asked of results that the history has reopened', async () => {
    const { connection, session } = asked;
    const folder = path.join(asked.home.folder, 'kept');
    mkdirSync(folder);
    await connection.request('sql/run', { session, sql: 'from range(5) t(i)', cache: 'use', record: true });
    const { entries } = await connection.request('history/list', { limit: 1 });
    const { statements } = await connection.request('history/result', { session, id: entries[0]?.id ?? '' });
    const [statement] = statements;
    assert.ok(statement?.file);
    const { columns, rowCount, file } = statement;
    const reopened: ExportedResult = { path: file.path, columns, rowCount };
    assert.deepEqual((await asked.texts(reopened, { sort: [{ column: 0, descending: true }] })).flat(), [
      '4',
      '3',
      '2',
      '1',
      '0',
    ]);
  });
});

function rowSql([text, number]: readonly [string | null, number | null]): string {
  const quoted = text === null ? 'null::varchar' : `'${text.replaceAll("'", "''")}'`;
  return `(${quoted}, ${number ?? 'null::integer'})`;
}

/** Selections over the values that are there, and over some that are not. */
function selections(rows: readonly Row[]): fc.Arbitrary<RowSelection> {
  const filter = fc
    .tuple(fc.constantFrom(0, 1), fc.boolean(), fc.nat(), fc.constantFrom('in', 'contains', 'null', 'range'))
    .map(([column, negated, at, test]): RowFilter => {
      const value = rows[at % rows.length]?.[column] ?? null;
      const other = rows[(at * 7) % rows.length]?.[column] ?? null;
      if (test === 'in') return { column, negated, test, values: [value, other, 'other'] };
      if (test === 'contains') return { column, negated, test, text: [...(value ?? '')][0] ?? '' };
      if (test === 'null' || value === null || value === '') return { column, negated, test: 'null' };
      return {
        column,
        negated,
        test: 'range',
        from: value,
        isOpen: at % 2 === 0,
        ...(other !== null && other !== '' && { to: other }),
      };
    });
  const sort = fc.record({ column: fc.constantFrom(0, 1), descending: fc.boolean() });
  return fc.record({ filters: fc.array(filter, { maxLength: 3 }), sort: fc.array(sort, { maxLength: 2 }) });
}

/** What a selection means, without an engine. */
function selected(rows: readonly Row[], { filters = [], sort = [] }: RowSelection): Row[] {
  const kept = rows.filter((row) =>
    filters.every((filter) => passes(row[filter.column] ?? null, filter) !== (filter.negated === true)),
  );
  return kept.toSorted((a, b) => {
    for (const { column, descending } of sort) {
      const [x, y] = [a[column] ?? null, b[column] ?? null];
      if (x === y) continue;
      if (x === null || y === null) return x === null ? 1 : -1;
      return compare(x, y, column) * (descending ? -1 : 1);
    }
    return 0;
  });
}

function passes(value: string | null, filter: RowFilter): boolean {
  switch (filter.test) {
    case 'in':
      return filter.values.includes(value);
    case 'null':
      return value === null;
    case 'contains':
      return value?.toLowerCase().includes(filter.text.toLowerCase()) ?? false;
    case 'range': {
      if (value === null) return false;
      const { column, from, to, isOpen } = filter;
      const end = to === undefined ? -1 : compare(value, to, column);
      return (from === undefined || compare(value, from, column) >= 0) && (isOpen ? end < 0 : end <= 0);
    }
  }
}

/** Texts in the order of their bytes; the second column has numbers. */
function compare(a: string, b: string, column: number): number {
  return column === 1 ? Number(a) - Number(b) : Buffer.compare(Buffer.from(a), Buffer.from(b));
}
