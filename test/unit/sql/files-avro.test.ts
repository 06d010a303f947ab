import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import avro from 'avsc';
import fc from 'fast-check';
import { unpackSnappy } from '../../../wasm-core/sql/duckdb/files/avro/snappy.ts';
import { throwsKind } from '../../support/core-error.ts';
import { survivesDamage } from '../../support/damaged-files.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

/** A file as avsc writes it. */
async function avroFile(
  schema: avro.Schema,
  rows: readonly unknown[],
  codec: 'null' | 'deflate' = 'null',
): Promise<Uint8Array> {
  const long = avro.types.LongType.__with({
    fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
    toBuffer: (value: bigint) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(BigInt(value));
      return bytes;
    },
    fromJSON: BigInt,
    toJSON: Number,
    isValid: (value: unknown) => typeof value === 'bigint',
    compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
  });
  const type = avro.Type.forSchema(schema, { registry: { long }, wrapUnions: true });
  const encoder = new avro.streams.BlockEncoder(type, { codec, syncMarker: Buffer.alloc(16, 5) });
  // Of a type it would leave the logical types out.
  Object.assign(encoder, { _schema: schema });
  const chunks: Buffer[] = [];
  encoder.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve) => encoder.on('end', resolve));
  for (const row of rows) encoder.write(row);
  encoder.end();
  await ended;
  return Buffer.concat(chunks);
}

const RECORD = (fields: readonly { name: string; type: unknown }[]) =>
  ({ type: 'record', name: 'r', namespace: 'n.s', fields }) as unknown as avro.Schema;

describe('Avro files', () => {
  const engine = startEngine();
  let test: TestSession;
  const write = (name: string, bytes: Uint8Array | string) =>
    writeFileSync(path.join(test.folder, name), bytes);
  const text = (sql: string) => test.rows(`select columns(*)::varchar from (${sql})`);

  before(async () => {
    test = await openTestSession(engine);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  it('have every type, exact', async () => {
    const logical = (type: unknown, logicalType: string, more = {}) => ({
      ...(typeof type === 'string' ? { type } : (type as object)),
      logicalType,
      ...more,
    });
    const fields = [
      { name: 'b', type: 'boolean' },
      { name: 'i', type: ['null', 'int'] },
      { name: 'l', type: 'long' },
      { name: 'f', type: 'float' },
      { name: 'd', type: 'double' },
      { name: 's', type: ['null', 'string'] },
      { name: 'y', type: 'bytes' },
      { name: 'e', type: { type: 'enum', name: 'color', symbols: ['RED', 'GREEN'] } },
      { name: 'a', type: { type: 'array', items: ['null', 'long'] } },
      { name: 'm', type: { type: 'map', values: 'int' } },
      {
        name: 'c',
        type: {
          type: 'record',
          name: 'inner',
          fields: [
            { name: 'x', type: 'int' },
            { name: 'again', type: ['null', 'color'] },
          ],
        },
      },
      { name: 'day', type: logical('int', 'date') },
      { name: 'at', type: logical('long', 'timestamp-millis') },
      { name: 'clock', type: logical('int', 'time-millis') },
      { name: 'money', type: logical('bytes', 'decimal', { precision: 20, scale: 2 }) },
      { name: 'id', type: logical('string', 'uuid') },
      { name: 'span', type: logical({ type: 'fixed', name: 'twelve', size: 12 }, 'duration') },
    ];
    const id = '00112233-4455-6677-8899-aabbccddeeff';
    const span = Buffer.alloc(12);
    span.writeUInt32LE(14, 0);
    span.writeUInt32LE(3, 4);
    span.writeUInt32LE(1500, 8);
    const rows = [
      {
        b: true,
        i: { int: -5 },
        l: 9223372036854775807n,
        f: 0.5,
        d: -1e300,
        s: { string: 'ÿ 𝔘' },
        y: Buffer.from([0, 255]),
        e: 'GREEN',
        a: [{ long: 1n }, null, { long: -9223372036854775808n }],
        m: { k: 1, l: 2 },
        c: { x: 7, again: { 'n.s.color': 'RED' } },
        day: 19782,
        at: 1_709_200_800_123,
        clock: 36_000_001,
        money: Buffer.from([0xff, 0x85]),
        id,
        span,
      },
      {
        b: false,
        i: null,
        l: -1n,
        f: -0,
        d: 0.1,
        s: null,
        y: Buffer.alloc(0),
        e: 'RED',
        a: [],
        m: {},
        c: { x: 0, again: null },
        day: -1,
        at: -1,
        clock: 0,
        money: Buffer.from([0x00]),
        id: id.replaceAll('0', 'f'),
        span: Buffer.alloc(12),
      },
    ];
    for (const codec of ['null', 'deflate'] as const) {
      write('types.avro', await avroFile(RECORD(fields), rows, codec));
      assert.deepEqual(await text("from 'types.avro'"), [
        [
          'true',
          '-5',
          '9223372036854775807',
          '0.5',
          '-1e+300',
          'ÿ 𝔘',
          '\\x00\\xFF',
          'GREEN',
          '[1, NULL, -9223372036854775808]',
          '{k=1, l=2}',
          "{'x': 7, 'again': RED}",
          '2024-02-29',
          '2024-02-29 10:00:00.123+00',
          '10:00:00.001',
          '-1.23',
          id,
          '1 year 2 months 3 days 00:00:01.5',
        ],
        [
          'false',
          null,
          '-1',
          '-0.0',
          '0.1',
          null,
          '',
          'RED',
          '[]',
          '{}',
          "{'x': 0, 'again': NULL}",
          '1969-12-31',
          '1969-12-31 23:59:59.999+00',
          '00:00:00',
          '0.00',
          id.replaceAll('0', 'f'),
          '00:00:00',
        ],
      ]);
    }
    assert.deepEqual(await test.rows("select l, s from 'types.avro' where b"), [
      ['9223372036854775807', 'ÿ 𝔘'],
    ]);
    assert.deepEqual(await test.rows("select count(*) from 'types.avro'"), [['2']]);
    const { columns } = await test.session.describe({ sql: "select a, m, c, money from 'types.avro'" });
    assert.deepEqual(
      columns.map(({ type }) => type),
      ['BIGINT[]', 'MAP(VARCHAR, INTEGER)', 'STRUCT(x INTEGER, again VARCHAR)', 'DECIMAL(20,2)'],
    );
  });

  it('of 10,000 rows are read in order, and several as one', async () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => ({
      i: BigInt(i),
      t: `row ${i}`,
      v: Array.from({ length: i % 4 }, (_, k) => k),
    }));
    const schema = RECORD([
      { name: 'i', type: 'long' },
      { name: 't', type: 'string' },
      { name: 'v', type: { type: 'array', items: 'int' } },
    ]);
    write('long1.avro', await avroFile(schema, rows, 'deflate'));
    write('long2.avro', await avroFile(schema, rows.slice(0, 10)));
    assert.deepEqual(
      await test.rows(`select count(*)::int, count(*) filter (where i <> n or t <> 'row ' || n or v <> range(n % 4))::int
        from (select *, row_number() over () - 1 as n from 'long1.avro')`),
      [['10000', '0']],
    );
    assert.deepEqual(
      await test.rows(
        "select filename, count(*)::int from read_avro('long*.avro', filename := true) group by all order by all",
      ),
      [
        ['long1.avro', '10000'],
        ['long2.avro', '10'],
      ],
    );
  });

  it('of any longs and texts come back as they were', async () => {
    const schema = RECORD([
      { name: 'l', type: 'long' },
      { name: 's', type: 'string' },
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            l: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
            s: fc.string({ unit: 'grapheme' }),
          }),
          { minLength: 1, maxLength: 20 },
        ),
        async (rows) => {
          write('any.avro', await avroFile(schema, rows));
          assert.deepEqual(
            await test.rows("select l, s from 'any.avro'"),
            rows.map(({ l, s }) => [String(l), s]),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('packed by Snappy are unpacked', () => {
    // `abcd` as a literal, then a copy of eight bytes from four before.
    const packed = Uint8Array.of(12, 0x0c, 0x61, 0x62, 0x63, 0x64, 0x11, 0x04);
    assert.equal(Buffer.from(unpackSnappy(packed, 100)).toString(), 'abcdabcdabcd');
    assert.throws(() => unpackSnappy(packed, 11));
  });

  it('that cannot be are refused, with why', async () => {
    write(
      'union.avro',
      await avroFile(RECORD([{ name: 'u', type: ['string', 'int'] }]), [{ u: { int: 1 } }]),
    );
    await throwsKind('FORMAT_DATA', /one of VARCHAR, INTEGER, which have no common type/, () =>
      test.run("from 'union.avro'"),
    );
    write('self.avro', await avroFile(RECORD([{ name: 'next', type: ['null', 'r'] }]), [{ next: null }]));
    await throwsKind('FORMAT_DATA', /its type '(n\.s\.)?r' contains itself/, () =>
      test.run("from 'self.avro'"),
    );
    write('text.avro', 'this is text');
    await throwsKind('FORMAT_DATA', /not an Avro file/, () => test.run("from 'text.avro'"));
  });

  it('that are damaged in 300 ways give rows or an error that names them, and the next query is right', async function () {
    this.timeout(600_000);
    const schema = RECORD([
      { name: 'l', type: 'long' },
      { name: 's', type: ['null', 'string'] },
      { name: 'a', type: { type: 'array', items: 'int' } },
    ]);
    const rows = Array.from({ length: 6 }, (_, i) => ({
      l: BigInt(i),
      s: { string: `text ${i}` },
      a: [1, 2, i],
    }));
    for (const codec of ['null', 'deflate'] as const) {
      const bytes = await avroFile(schema, rows, codec);
      const failed = await survivesDamage(test, {
        bytes,
        name: 'damaged.avro',
        sql: "from 'damaged.avro'",
        runs: 150,
      });
      assert.ok(failed > 30, `only ${failed} of them failed`);
    }
  });
});
