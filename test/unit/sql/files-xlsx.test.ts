import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { writeXlsx } from 'hucre';
import { cellPlace, columnLetters } from '../../../wasm-core/sql/duckdb/files/xlsx/cell-places.ts';
import { kindOfCode } from '../../../wasm-core/sql/duckdb/files/xlsx/number-formats.ts';
import { throwsKind } from '../../support/core-error.ts';
import { survivesDamage } from '../../support/damaged-files.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';
import { handmadeWorkbook } from '../../support/workbooks.ts';

const TYPES = "select string_agg(column_name || ' ' || column_type, ', ') from (describe ";

describe('workbooks of Excel', () => {
  const engine = startEngine();
  let test: TestSession;
  const write = (name: string, bytes: Uint8Array | string) =>
    writeFileSync(path.join(test.folder, name), bytes);
  const text = (sql: string) => test.rows(`select columns(*)::varchar from (${sql})`);
  const number = (row: number, ...values: (number | string)[]) =>
    `<row r="${row}">${values.map((v, i) => (v === '' ? '' : `<c r="${columnLetters(i)}${row}"><v>${v}</v></c>`)).join('')}</row>`;
  const words = (row: number, ...values: string[]) =>
    `<row r="${row}">${values.map((v, i) => `<c r="${columnLetters(i)}${row}" t="inlineStr"><is><t>${v}</t></is></c>`).join('')}</row>`;

  before(async () => {
    test = await openTestSession(engine);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  it('of another program are read by their path, with names and types', async () => {
    const bytes = await writeXlsx({
      sheets: [
        {
          name: 'Sales',
          columns: [
            { header: 'item', key: 'item' },
            { header: 'price', key: 'price', numFmt: '$#,##0.00' },
            { header: 'day', key: 'day', numFmt: 'yyyy-mm-dd' },
            { header: 'sold', key: 'sold' },
          ],
          data: [
            { item: 'Ä & <b>', price: 9.99, day: new Date('2026-01-15T00:00:00Z'), sold: true },
            { item: '𝔘 "x"', price: 0.1, day: null, sold: false },
            { item: null, price: null, day: new Date('1999-12-31T00:00:00Z'), sold: null },
          ],
        },
        { name: 'Notes', rows: [['only', 'text']] },
      ],
    });
    write('sales 2026.xlsx', bytes);
    assert.deepEqual(await text("from 'sales 2026.xlsx'"), [
      ['Ä & <b>', '9.99', '2026-01-15', 'true'],
      ['𝔘 "x"', '0.1', null, 'false'],
      [null, null, '1999-12-31', null],
    ]);
    assert.deepEqual(await test.rows(`${TYPES} from 'sales 2026.xlsx')`), [
      ['item VARCHAR, price DOUBLE, day DATE, sold BOOLEAN'],
    ]);
    assert.deepEqual(await text("from read_xlsx('sales 2026.xlsx', sheet := 'notes', header := false)"), [
      ['only', 'text'],
    ]);
    assert.deepEqual(
      await test.rows("select sum(price)::decimal(9,2)::varchar from 'sales 2026.xlsx' where sold"),
      [['9.99']],
    );
    const { columns } = await test.session.describe({ sql: "select day from 'sales 2026.xlsx'" });
    assert.deepEqual(columns, [{ name: 'day', type: 'DATE' }]);
    await throwsKind('PARAMS_INVALID', /no sheet 'Sale'\. Did you mean 'Sales'\?/, () =>
      test.run("from read_xlsx('sales 2026.xlsx', sheet := 'Sale')"),
    );
  });

  it('keep numbers as they are, and dates and times as they are shown', async () => {
    const formats = ['yyyy\\-mm\\-dd', 'h:mm:ss', 'dd/mm/yyyy hh:mm', '[h]:mm', '0.00" days"'];
    const cells = (row: number, ...values: [number, string][]) =>
      `<row r="${row}">${values.map(([s, v], i) => `<c r="${columnLetters(i)}${row}" s="${s}"><v>${v}</v></c>`).join('')}</row>`;
    const rows =
      cells(
        1,
        [0, '0.1'],
        [1, '1'],
        [2, '0.5'],
        [3, '45351.75'],
        [4, '1.5'],
        [5, '3.14'],
        [0, '9007199254740993'],
      ) +
      cells(
        2,
        [0, '-1.7976931348623157E+308'],
        [1, '59'],
        [2, '0.999988425925926'],
        [3, '61'],
        [4, '0.25'],
        [5, '-1'],
        [0, '5E-324'],
      ) +
      cells(
        3,
        [0, '123456789.123456789'],
        [1, '2958465'],
        [2, '0'],
        [3, '0.5'],
        [4, '100'],
        [5, '0'],
        [0, '1'],
      );
    write('moments.xlsx', handmadeWorkbook({ sheets: [{ name: 'S', rows }], formats }));
    assert.deepEqual(await test.rows(`${TYPES} from 'moments.xlsx')`), [
      ['A DOUBLE, B DATE, C TIME, D TIMESTAMP, E INTERVAL, F DOUBLE, G DOUBLE'],
    ]);
    assert.deepEqual(await text("from 'moments.xlsx'"), [
      ['0.1', '1900-01-01', '12:00:00', '2024-02-29 18:00:00', '36:00:00', '3.14', '9007199254740992.0'],
      [
        '-1.7976931348623157e+308',
        '1900-02-28',
        '23:59:59',
        '1900-03-01 00:00:00',
        '06:00:00',
        '-1.0',
        '5e-324',
      ],
      ['123456789.12345679', '9999-12-31', '00:00:00', '1900-01-00 12:00:00', '2400:00:00', '0.0', '1.0'].map(
        (v) => (v === '1900-01-00 12:00:00' ? '1899-12-31 12:00:00' : v),
      ),
    ]);
    write(
      'mac.xlsx',
      handmadeWorkbook({
        sheets: [{ name: 'S', rows: cells(1, [1, '0'], [1, '1462']) }],
        formats,
        date1904: true,
      }),
    );
    assert.deepEqual(await text("from 'mac.xlsx'"), [['1904-01-01', '1908-01-02']]);
  });

  it('in every form that programs write are read alike', async () => {
    const texts =
      '<si><t>shared</t></si><si><r><t>ri</t></r><r><rPr/><t xml:space="preserve">ch </t></r><rPh><t>no</t></rPh></si><si><t>tab_x0009_</t></si>';
    const rows =
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>' +
      '<row><c t="str"><f>1+1</f><v>formula</v></c><c t="b"><v>1</v></c><c t="d"><v>2024-02-29T10:00:00</v></c></row>' +
      '<row r="4"><c r="B4" t="e"><v>#N/A</v></c></row>';
    for (const prefix of ['', 'x']) {
      write('forms.xlsx', handmadeWorkbook({ sheets: [{ name: 'S', rows }], texts, prefix }));
      assert.deepEqual(await test.rows(`${TYPES} from 'forms.xlsx')`), [
        ['shared VARCHAR, rich  BOOLEAN, tab\t TIMESTAMP'],
      ]);
      assert.deepEqual(await text("from 'forms.xlsx'"), [
        ['formula', 'true', '2024-02-29 10:00:00'],
        [null, null, null],
      ]);
      assert.deepEqual(await text("from read_xlsx('forms.xlsx', all_varchar := true, header := false)"), [
        ['shared', 'rich ', 'tab\t'],
        ['formula', 'true', '2024-02-29 10:00:00'],
        [null, '#N/A', null],
      ]);
    }
  });

  it('are read by a range, with or without names, with the empty rows of one that ends', async () => {
    const rows = words(2, 'a', 'b', 'c') + number(3, 1, 2, 3) + number(5, 4, '', 6) + number(9, 7, 8, 9);
    write('range.xlsx', handmadeWorkbook({ sheets: [{ name: 'S', rows }] }));
    const read = (options: string) => text(`from read_xlsx('range.xlsx'${options})`);
    assert.deepEqual(await read(''), [
      ['1.0', '2.0', '3.0'],
      ['4.0', null, '6.0'],
      ['7.0', '8.0', '9.0'],
    ]);
    assert.deepEqual(await read(", range := 'B2:C5'"), [
      ['2.0', '3.0'],
      [null, null],
      [null, '6.0'],
    ]);
    assert.deepEqual(await read(", range := 'A3:A5'"), [['1.0'], [null], ['4.0']]);
    assert.deepEqual(await read(", range := 'C:C'"), [['3.0'], ['6.0'], ['9.0']]);
    assert.deepEqual(await read(', stop_at_empty := true'), [['1.0', '2.0', '3.0']]);
    assert.deepEqual(await test.rows("select b from read_xlsx('range.xlsx', range := 'A2:D5') where c = 3"), [
      ['2'],
    ]);
    await throwsKind('PARAMS_INVALID', /'B0:A1' is no range/, () => read(", range := 'B0:A1'"));
  });

  it('with a cell that does not fit say which, and how to read it', async () => {
    const rows =
      words(1, 'n') + Array.from({ length: 20 }, (_, i) => number(i + 2, i)).join('') + words(22, 'n.a.');
    write('late.xlsx', handmadeWorkbook({ sheets: [{ name: 'S', rows }] }));
    await throwsKind(
      'FORMAT_DATA',
      /'late\.xlsx': cell A22 of sheet 'S' is 'n\.a\.', but column 'n' is DOUBLE/,
      () => test.run("from read_xlsx('late.xlsx', sample_size := 10)"),
    );
    assert.deepEqual(
      await test.rows(
        "select count(n), count(*) from read_xlsx('late.xlsx', sample_size := 10, ignore_errors := true)",
      ),
      [['20', '21']],
    );
    assert.deepEqual(await test.rows("select max(n) from 'late.xlsx'"), [['n.a.']]);
  });

  it('of 30,000 rows are read in order, whatever is asked for', async () => {
    const rows = words(1, 'a', 'b') + Array.from({ length: 30_000 }, (_, i) => number(i + 2, i, -i)).join('');
    write('long.xlsx', handmadeWorkbook({ sheets: [{ name: 'S', rows }] }));
    assert.deepEqual(
      await test.rows(`select count(*)::int, count(*) filter (where a <> n or b <> -n)::int, sum(b)::int
        from (select *, row_number() over () - 1 as n from 'long.xlsx')`),
      [['30000', '0', '-449985000']],
    );
    assert.deepEqual(await test.rows("select count(*)::int from 'long.xlsx'"), [['30000']]);
    assert.deepEqual(await test.rows("select b::int from 'long.xlsx' limit 1 offset 20000"), [['-20000']]);
  });

  it('of any numbers and texts come back as they were', async () => {
    const cell = fc.oneof(
      fc.constant(null),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc
        .string({ unit: 'grapheme' })
        .filter((t) => t !== '' && !t.includes('_x') && !/[\p{Cc}\ufffe\uffff]/u.test(t)),
      fc.boolean(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), async (rows) => {
        const written = await writeXlsx({
          sheets: [{ name: 'S', rows: [['n', 'a', 'b'], ...rows.map((row, i) => [i, ...row])] }],
        });
        write('any.xlsx', written);
        const expected = rows.map((row) => row.map((value) => (value === null ? null : String(value))));
        const read = await test.rows("select a, b from read_xlsx('any.xlsx', all_varchar := true)");
        const plain = (value: string | null) =>
          value !== null && value.trim() !== '' && !Number.isNaN(Number(value))
            ? String(Number(value))
            : value;
        assert.deepEqual(
          read.map((row) => row.map(plain)),
          expected.map((row) => row.map(plain)),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('have number formats that are told apart', () => {
    const cases = {
      General: 'number',
      '0.00': 'number',
      '#,##0 "days"': 'number',
      '$#,##0.00;[Red]-$#,##0.00': 'number',
      '@': 'text',
      'yyyy-mm-dd': 'date',
      'd. mmmm yyyy': 'date',
      mmm: 'date',
      '[$-407]dd.mm.yy;@': 'date',
      'm/d/yy h:mm': 'timestamp',
      'hh:mm:ss.000': 'time',
      'h:mm AM/PM': 'time',
      '[hh]:mm': 'duration',
      '[ss].00': 'duration',
      'mm:ss': 'time',
      '0%': 'number',
      '"date" 0': 'number',
      '0.00E+00': 'number',
      'yyyy"年"m"月"d"日"': 'date',
    } as const;
    for (const [code, kind] of Object.entries(cases)) assert.equal(kindOfCode(code), kind, code);
    fc.assert(
      fc.property(fc.nat(16_383), fc.nat(1_048_575), (column, row) => {
        assert.deepEqual(cellPlace(`${columnLetters(column)}${row + 1}`), { column, row });
      }),
    );
  });

  describe('that are no workbooks, or damaged', () => {
    it('are refused by name, with what they are', async () => {
      const cases: readonly [Uint8Array | string, RegExp][] = [
        ['', /it is empty/],
        ['this is text, not a workbook of Excel', /no workbook of Excel/],
        [
          Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0, 0, 0),
          /\.xls\), or has a password/,
        ],
        [
          handmadeWorkbook({ sheets: [{ name: 'S', rows: '<row r="1"><c r="A1"><v>1<v></c></row>' }] }),
          /is no XML/,
        ],
        [
          handmadeWorkbook({ sheets: [{ name: 'S', rows: '<row r="1"><c r="ZZZZ1"><v>1</v></c></row>' }] }),
          /a cell at 'ZZZZ1'/,
        ],
        [
          handmadeWorkbook({
            sheets: [{ name: 'S', rows: '<row r="1"><c r="A1" t="s"><v>7</v></c></row>' }],
          }),
          /cell A1 refers to text 7/,
        ],
        [handmadeWorkbook({ sheets: [] }), /it has no sheet/],
      ];
      for (const [bytes, message] of cases) {
        write('bad.xlsx', bytes);
        await throwsKind('FORMAT_DATA', message, () => test.run("from 'bad.xlsx'"));
      }
    });

    it('are no bombs: a part that is longer than it can be is not unpacked', async () => {
      const rows = `<row r="1"><c r="A1" t="inlineStr"><is><t>${'0'.repeat(4_000_000)}</t></is></c></row>`;
      write('bomb.xlsx', handmadeWorkbook({ sheets: [{ name: 'S', rows }] }));
      // 4 MB of one cell are still what the file says.
      assert.deepEqual(
        await test.rows("select length(A)::int from read_xlsx('bomb.xlsx', header := false)"),
        [['4000000']],
      );
    });

    it('in 400 ways give rows or an error that names them, and the next query is right', async function () {
      this.timeout(600_000);
      const rows = words(1, 'a', 'b') + number(2, 1, 2) + number(3, 3, 4);
      const bytes = handmadeWorkbook({ sheets: [{ name: 'S', rows }], formats: ['yyyy'] });
      const failed = await survivesDamage(test, {
        bytes,
        name: 'damaged.xlsx',
        sql: "from 'damaged.xlsx'",
        runs: 400,
      });
      assert.ok(failed > 100, `only ${failed} of them failed`);
    });
  });
});
