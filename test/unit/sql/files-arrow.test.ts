import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  Binary,
  Bool,
  Dictionary,
  Field,
  FixedSizeList,
  Float64,
  Int8,
  Int32,
  Int64,
  LargeUtf8,
  List,
  Struct,
  Table,
  tableFromArrays,
  tableToIPC,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { unpackLz4 } from '../../../wasm-core/sql/duckdb/files/arrow/lz4.ts';
import { throwsKind } from '../../support/core-error.ts';
import { survivesDamage } from '../../support/damaged-files.ts';
import { type NativeDuckDb, openNativeDuckDb } from '../../support/native-duckdb.ts';
import { packedArrow } from '../../support/packed-arrow.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

/** `quern reads LZ4 frames 1; quern reads LZ4 frames 2; …`, 600 bytes, as lz4 1.10 packs them. */
const LZ4 = [
  'BCJNGGBAgkgAAAD/C3F1ZXJuIHJlYWRzIExaNCBmcmFtZXMgMTsgGgAEHzIaAAYfMxoABh80GgAGHzUaAAYfNhoABh8wGgAGD7YA/3RQMjsgcXUAAAAA',
  'BCJNGHRAvUgAAAD/C3F1ZXJuIHJlYWRzIExaNCBmcmFtZXMgMTsgGgAEHzIaAAYfMxoABh80GgAGHzUaAAYfNhoABh8wGgAGD7YA/3RQMjsgcXWssc9oAAAAAHLPO9s=',
];

describe('Arrow files', () => {
  const engine = startEngine();
  let test: TestSession;
  let native: NativeDuckDb;
  const write = (name: string, bytes: Uint8Array | string) =>
    writeFileSync(path.join(test.folder, name), bytes);

  before(async () => {
    test = await openTestSession(engine);
    native = await openNativeDuckDb(test.folder);
  });
  after(async () => {
    native.close();
    await test.close();
    await engine.dispose();
  });

  /** A statement's rows in a file of the session, as the engine sends them. */
  async function arrowOf(sql: string, name: string): Promise<void> {
    const { statements } = await test.run(sql);
    copyFileSync(statements.at(-1)?.file?.path ?? '', path.join(test.folder, name));
  }

  describe('hold exactly', () => {
    it('each type that the engine has, as native DuckDB makes them', async () => {
      // Arrow has no BIGNUM, and the engine sends ENUMs as text.
      const columns = '* exclude (bignum)';
      await arrowOf(`select ${columns} from test_all_types()`, 'types.arrow');
      const ours = await test.rows("select columns(*)::varchar from 'types.arrow'");
      assert.deepEqual(ours, await native.rows(`select ${columns} from test_all_types()`));
    });

    it('numbers at the ends of their ranges, times to the nanosecond, and all of Unicode', async () => {
      const sql = `select * from (values
        (9223372036854775807, '170141183460469231731687303715884105727'::hugeint, '99999999999999999999999999999999999.999'::decimal(38,3),
         '2262-04-11 23:47:16.854775806'::timestamp_ns, 'infinity'::date, 'nan'::double, '', '𝔘ñï\u0301çø∂é'),
        (-9223372036854775808, '-170141183460469231731687303715884105728'::hugeint, -0.001, '1677-09-22 00:00:00.000000001'::timestamp_ns,
         '-infinity'::date, '-inf'::double, null, chr(1))) t(a, b, c, d, e, f, g, h)`;
      await arrowOf(sql, 'edges.arrow');
      assert.deepEqual(
        await test.rows("select columns(*)::varchar from 'edges.arrow'"),
        await native.rows(sql),
      );
    });

    it('batches that are longer than a chunk of the engine, row for row', async () => {
      const rows = 7001;
      const text = (i: number) => (i % 7 === 0 ? null : `${'x'.repeat(i % 30)}é${i}`);
      const list = (i: number) =>
        i % 5 === 0 ? null : Array.from({ length: i % 4 }, (_, k) => (k === 2 ? null : i + k));
      const values = Array.from({ length: rows }, (_, i) => i);
      const int = new Int32();
      const columns: Record<string, Vector> = {
        i: vectorFromArray(values, int),
        flag: vectorFromArray(
          values.map((i) => (i % 11 === 0 ? null : i % 3 === 0)),
          new Bool(),
        ),
        text: vectorFromArray(values.map(text), new Utf8()),
        large: vectorFromArray(values.map(text), new LargeUtf8()),
        word: vectorFromArray(
          values.map((i) => (i % 13 === 0 ? null : `w${i % 100}`)),
          new Dictionary(new Utf8(), new Int8()),
        ),
        list: vectorFromArray(values.map(list), new List(new Field('item', int, true))),
        pair: vectorFromArray(
          values.map((i) => [i, -i]),
          new FixedSizeList(2, new Field('item', int, true)),
        ),
        part: vectorFromArray(
          values.map((i) => (i % 9 === 0 ? null : { a: i, b: text(i) })),
          new Struct([new Field('a', int, true), new Field('b', new Utf8(), true)]),
        ),
      };
      for (const [name, form] of [
        ['long.arrow', 'file'],
        ['long.arrows', 'stream'],
      ] as const) {
        write(name, tableToIPC(new Table(columns), form));
        // Numbered rows are compared with what the same rules make of their numbers.
        const wrong = await test.rows(`with r as (select *, row_number() over () - 1 as n from '${name}'),
          e as (select *, case when n % 7 = 0 then null else repeat('x', n % 30) || 'é' || n end as t from r)
          select count(*)::int, count(*) filter (where
            i <> n or flag is distinct from (case when n % 11 = 0 then null else n % 3 = 0 end)
            or text is distinct from t or large is distinct from t
            or word is distinct from (case when n % 13 = 0 then null else 'w' || n % 100 end)
            or list is distinct from (case when n % 5 = 0 then null else [case when k = 2 then null else n + k end for k in range(n % 4)] end)
            or pair is distinct from [n, -n]::int[2]
            or part is distinct from (case when n % 9 = 0 then null else {a: n, b: t} end))::int as wrong from e`);
        assert.deepEqual(wrong, [[String(rows), '0']]);
      }
    });

    it('lists of structs of lists', async () => {
      await arrowOf(
        `select case when i % 4 = 0 then null else [{k: j, v: [j::varchar for m in range(j % 3)]} for j in range(i % 6)] end x,
          map {i: [i]} m from range(5000) t(i)`,
        'nested.arrow',
      );
      const again = `select count(*)::int from (select x::varchar, m::varchar from 'nested.arrow' except all
        select case when i % 4 = 0 then null else [{k: j, v: [j::varchar for m in range(j % 3)]} for j in range(i % 6)] end::varchar,
          map {i: [i]}::varchar from range(5000) t(i))`;
      assert.deepEqual(await test.rows(again), [['0']]);
    });

    it('compressed buffers', async () => {
      const table = tableFromArrays({
        n: Int32Array.from({ length: 50_000 }, (_, i) => i * 3),
        s: Array.from({ length: 50_000 }, (_, i) => `row ${i}`),
      });
      for (const codec of ['LZ4', 'ZSTD'] as const) {
        write('packed.feather', packedArrow(table, codec));
        const rows = await test.rows(
          "select sum(n)::varchar, max(s), count(distinct s)::int from 'packed.feather'",
        );
        assert.deepEqual(rows, [['3749925000', 'row 9999', '50000']]);
      }
    });

    it('frames of LZ4 itself', () => {
      const text = Array.from({ length: 60 }, (_, i) => `quern reads LZ4 frames ${(i + 1) % 7}; `).join('');
      for (const frame of LZ4) {
        assert.equal(
          Buffer.from(unpackLz4(Buffer.from(frame, 'base64'), 600)).toString(),
          text.slice(0, 600),
        );
      }
    });
  });

  describe('are read', () => {
    it('with quotes, spaces and signs in their paths, and beyond ASCII', async () => {
      mkdirSync(path.join(test.folder, 'o dd'), { recursive: true });
      for (const name of ["it's", 'a b', 'x#1', '50%20', 'größe ✓', 'semi;colon', '[1]', 'double"quote']) {
        write(`o dd/${name}.arrow`, tableToIPC(tableFromArrays({ name: [name] }), 'stream'));
        const quoted = `'o dd/${name.replaceAll("'", "''")}.arrow'`;
        assert.deepEqual(await test.rows(`from ${quoted}`), [[name]]);
        assert.deepEqual(await test.rows(`from read_arrow(${quoted})`), [[name]]);
        assert.deepEqual(
          (await test.session.check({ sql: `select nope from ${quoted}` })).diagnostics.length,
          1,
        );
      }
    });

    it('by a pattern, with names of files, partitions, and columns by name', async () => {
      for (const [year, value] of [
        [2023, 1],
        [2024, 2],
      ] as const) {
        mkdirSync(path.join(test.folder, `sales/year=${year}`), { recursive: true });
        write(`sales/year=${year}/a.arrow`, tableToIPC(tableFromArrays({ v: Int32Array.of(value) }), 'file'));
      }
      assert.deepEqual(await test.rows("select v, year from 'sales/*/*.arrow' order by year desc"), [
        ['2', '2024'],
        ['1', '2023'],
      ]);
      assert.deepEqual(
        await test.rows(
          "select filename, v from read_arrow('sales/**/*.arrow', filename := true, hive_partitioning := false)",
        ),
        [
          ['sales/year=2023/a.arrow', '1'],
          ['sales/year=2024/a.arrow', '2'],
        ],
      );
      write('u1.arrow', tableToIPC(tableFromArrays({ a: Int32Array.of(1) }), 'file'));
      write('u2.arrow', tableToIPC(tableFromArrays({ b: Int32Array.of(2), a: Int32Array.of(3) }), 'file'));
      assert.deepEqual(await test.rows("from read_arrow(['u1.arrow', 'u2.arrow'], union_by_name := true)"), [
        ['1', null],
        ['3', '2'],
      ]);
      await throwsKind('FORMAT_DATA', /'u1\.arrow' has no column 'b'.*union_by_name/, () =>
        test.run("from read_arrow(['u2.arrow', 'u1.arrow'])"),
      );
    });

    it('in views, subqueries, joins and prepared statements, as they are when they run', async () => {
      write('later.arrow', tableToIPC(tableFromArrays({ x: Int32Array.of(1) }), 'file'));
      await test.run(
        "create or replace view later as from 'later.arrow'; prepare p as select x from 'later.arrow'",
      );
      write('later.arrow', tableToIPC(tableFromArrays({ x: Int32Array.of(5, 6) }), 'file'));
      assert.deepEqual(await test.rows('from later'), [['5'], ['6']]);
      assert.deepEqual(await test.rows('execute p'), [['5'], ['6']]);
      assert.deepEqual(
        await test.rows(
          "select a.x, b.x y from 'later.arrow' a join (select x from 'later.arrow' where x > 5) b using (x)",
        ),
        [['6', '6']],
      );
      write('later.arrow', tableToIPC(tableFromArrays({ x: ['now text'] }), 'file'));
      await throwsKind('FORMAT_DATA', /'later\.arrow' has a column 'x' of type VARCHAR/, () =>
        test.run('execute p'),
      );
    });

    it('with only the columns that are asked for', async () => {
      const int64 = vectorFromArray([1n, 2n], new Int64());
      const bytes = tableToIPC(
        new Table({ good: int64, bad: vectorFromArray(['aa', 'bb'], new Utf8()) }),
        'file',
      );
      const at = Buffer.from(bytes).indexOf('aabb');
      bytes[at] = 0xff;
      write('half.arrow', bytes);
      assert.deepEqual(await test.rows("select good from 'half.arrow'"), [['1'], ['2']]);
      assert.deepEqual(await test.rows("select count(*) from 'half.arrow'"), [['2']]);
      await throwsKind(
        'FORMAT_DATA',
        /'half\.arrow' cannot be read: its column 'bad' has text that is not UTF-8/,
        () => test.run("from 'half.arrow'"),
      );
    });

    it('without rows, and with columns of nothing but NULL', async () => {
      await arrowOf('select 1 as a, null as b limit 0', 'none.arrow');
      assert.deepEqual(await test.rows("from 'none.arrow'"), []);
      write(
        'nulls.arrow',
        tableToIPC(
          new Table({
            f: vectorFromArray([null, null], new Float64()),
            b: vectorFromArray([null, new Uint8Array([0, 255])], new Binary()),
          }),
          'file',
        ),
      );
      assert.deepEqual(await test.rows("select f, hex(b) from 'nulls.arrow'"), [
        [null, null],
        [null, '00FF'],
      ]);
    });
  });

  it('are described for completion, and checked', async () => {
    await arrowOf("select 1::tinyint a, [date '2024-02-29'] b, {x: 1.5} c", 'shape.arrow');
    const { columns } = await test.session.describe({ sql: "from 'shape.arrow'" });
    assert.deepEqual(columns, [
      { name: 'a', type: 'TINYINT' },
      { name: 'b', type: 'DATE[]' },
      { name: 'c', type: 'STRUCT(x DECIMAL(2,1))' },
    ]);
    const sql = "select a from 'shape.arrow'; select nope from 'shape.arrow'; from 'missing.arrow'";
    const { diagnostics } = await test.session.check({ sql });
    assert.deepEqual(
      diagnostics.map(({ kind, start, end }) => [kind, sql.slice(start, end)]),
      [
        ['SQL_BIND', 'nope'],
        ['FILE_NOT_FOUND', "'missing.arrow'"],
      ],
    );
  });

  describe('that are damaged', () => {
    it('in a known way are refused by name, with what is wrong', async () => {
      const whole = tableToIPC(tableFromArrays({ a: Int32Array.of(1, 2), s: ['x', 'yy'] }), 'file');
      const cases: readonly [Uint8Array | string, RegExp][] = [
        ['', /'bad\.arrow' cannot be read: it is empty/],
        ['this is text', /not an Arrow IPC file, whatever its name says/],
        ['FEA1 and so on', /Feather version 1/],
        [whole.slice(0, whole.length - 20), /its end is missing/],
      ];
      for (const [bytes, message] of cases) {
        write('bad.arrow', bytes);
        const error = await throwsKind('FORMAT_DATA', message, () => test.run("select 1; from 'bad.arrow'"));
        assert.equal(
          "select 1; from 'bad.arrow'".slice(Number(error.details.start), Number(error.details.end)),
          "'bad.arrow'",
        );
        assert.deepEqual(await test.rows('select 42'), [['42']]);
      }
    });

    it('in 700 ways give rows or an error that names them, and the next query is right', async function () {
      this.timeout(600_000);
      const stamps = vectorFromArray([1n, null, 3n], new Int64());
      const table = new Table({
        i: vectorFromArray([1, null, 3], new Int32()),
        s: vectorFromArray(['a', 'a longer text than twelve bytes', null], new Utf8()),
        d: vectorFromArray(['p', 'q', null], new Dictionary(new Utf8(), new Int8())),
        l: vectorFromArray([[1, 2], null, [3]], new List(new Field('item', new Int32(), true))),
        t: stamps,
        o: vectorFromArray([{ a: 1 }, null, { a: 2 }], new Struct([new Field('a', new Int32(), true)])),
      });
      const sql = (name: string) => `select count(*), max(columns(*)::varchar) from '${name}'`;
      const forms = [
        tableToIPC(table, 'file'),
        tableToIPC(table, 'stream'),
        packedArrow(table, 'LZ4'),
        packedArrow(table, 'ZSTD'),
      ];
      for (const [index, bytes] of forms.entries()) {
        const name = `damaged${index}.arrow`;
        const failed = await survivesDamage(test, { bytes, name, sql: sql(name), runs: 175 });
        assert.ok(failed > 20, `only ${failed} of them failed`);
      }
    });
  });

  it('outside of the allowed folders are refused, also behind a link', async () => {
    await throwsKind('PATH_DENIED', /outside the folders/, () => test.run("from '/etc/secret.arrow'"));
    await throwsKind('PATH_DENIED', /outside the folders/, () =>
      test.run("from read_arrow('../../*.arrow')"),
    );
    await throwsKind('REMOTE_DENIED', /not allowed/, () => test.run("from 'https://example.org/a.arrow'"));
  });
});
