import assert from 'node:assert/strict';
import fc from 'fast-check';
import { statementWords } from '../../../wasm-core/protocol/statement-words.ts';
import { splitStatements } from '../../../wasm-core/protocol/statements.ts';
import { tableFiles, tableReading } from '../../../wasm-core/protocol/table-query.ts';
import type { WorkspaceTable } from '../../../wasm-core/protocol/workspace-tables.ts';

describe('the query of a named table', () => {
  const cases: readonly [table: WorkspaceTable, expected: string][] = [
    [{ path: 'a.csv' }, "select * from '/w/a.csv'"],
    [{ path: './a.xlsx' }, "select * from '/w/a.xlsx'"],
    [{ path: '/abs/a.csv' }, "select * from '/abs/a.csv'"],
    [{ path: 'https://example.org/a.parquet' }, "select * from 'https://example.org/a.parquet'"],
    [{ path: ['a.csv', 'b.tsv'] }, "select * from read_csv(['/w/a.csv', '/w/b.tsv'])"],
    [{ path: ['a.csv', 'b.json'] }, "select * from '/w/a.csv' union all by name select * from '/w/b.json'"],
    [
      { path: 'a.txt', format: 'csv', options: { delim: "'", header: true, skip: 2, nullstr: ['', '-'] } },
      `select * from read_csv('/w/a.txt', "delim" = '''', "header" = true, "skip" = 2, "nullstr" = ['', '-'])`,
    ],
    [{ path: 'a.csv', columns: { n: 'INT' } }, "select * from read_csv('/w/a.csv', types = {'n': 'INT'})"],
    [
      { path: 'a.csv', options: { types: ['INT'] }, columns: { n: 'DATE' } },
      `select * replace (cast("n" as DATE) as "n") from read_csv('/w/a.csv', "types" = ['INT'])`,
    ],
    [
      { path: 'a.parquet', columns: { 'a "b"': 'INT' } },
      `select * replace (cast("a ""b""" as INT) as "a ""b""") from '/w/a.parquet'`,
    ],
    [{ path: ['a.avro', 'b.avro'] }, "select * from read_avro(['/w/a.avro', '/w/b.avro'])"],
    [
      { path: 'a.db', format: 'sqlite', options: { table: 'people' } },
      `select * from read_sqlite('/w/a.db', "table" = 'people')`,
    ],
    [{ path: 'b.xlsx', options: { sheet: 'One' } }, `select * from read_xlsx('/w/b.xlsx', "sheet" = 'One')`],
  ];
  for (const [table, expected] of cases) {
    it(`is ${expected}`, () => assert.deepEqual(tableReading(table, '/w'), { sql: expected }));
  }

  it('is none where nothing says how the files are read', () => {
    const faults: readonly WorkspaceTable[] = [
      { path: 'a.txt', options: { delim: ';' } },
      { path: 'a.csv', options: { 'x) from y --': 1 } },
    ];
    for (const table of faults) assert('fault' in tableReading(table, '/w'), JSON.stringify(table));
  });

  it('is one query, whatever paths, values and columns are called', () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme' });
    const table = fc.record({
      path: fc.array(text, { minLength: 1, maxLength: 3 }),
      format: fc.constantFrom('csv' as const, 'json' as const, 'parquet' as const),
      options: fc.dictionary(
        fc.stringMatching(/^[a-z_]{1,8}$/),
        fc.oneof(text, fc.integer(), fc.array(text)),
      ),
      columns: fc.dictionary(text, fc.constant('INTEGER'), { maxKeys: 3 }),
    });
    fc.assert(
      fc.property(table, (given) => {
        const reading = tableReading(given, '/w');
        assert('sql' in reading);
        assert.equal(splitStatements(reading.sql).length, 1, reading.sql);
        const texts = statementWords(reading.sql).filter(({ kind }) => kind === 'text');
        const files = tableFiles(given, '/w');
        assert.deepEqual(
          texts.slice(0, files.length).map((word) => word.text),
          files,
        );
      }),
    );
  });
});
