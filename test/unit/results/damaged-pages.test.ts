import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  Binary,
  type Data,
  Decimal,
  Field,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampSecond,
  type TimeUnit,
} from 'apache-arrow';
import fc from 'fast-check';
import type { StatementResult } from '../../../wasm-core/protocol/methods.ts';
import { readPage } from '../../../wasm-core/results/pages.ts';
import { damaged } from '../../support/damaged-files.ts';
import { MANY_TYPES } from '../../support/results-page/many-types.ts';
import { openTestSession, startEngine } from '../../support/sql-session.ts';

/** The longest that reading all of a page of 20 rows may take, whatever is in it; milliseconds. */
const MAX_MS = 2_000;

describe('a damaged page', function () {
  this.timeout(120_000);
  const engine = startEngine();
  let statement: StatementResult;
  let bytes: Uint8Array;
  before(async () => {
    const session = await openTestSession(engine);
    const run = await session.run(MANY_TYPES);
    statement = run.statements[0] ?? assert.fail('no statement');
    // No Buffer, whose slices share their bytes.
    bytes = new Uint8Array(readFileSync(statement.file?.path ?? ''));
    await session.close();
  });
  after(() => engine.dispose());

  it('is read or refused, soon, and gives texts where it is read', () => {
    const { schemaByteLength = 0, pages = [] } = statement.file ?? {};
    const [range] = pages;
    assert.ok(range !== undefined);
    const schema = bytes.subarray(0, schemaByteLength);
    const page = bytes.subarray(range.offset, range.offset + range.byteLength);
    let read = 0;
    const check = (schema: Uint8Array, page: Uint8Array) => {
      const began = performance.now();
      read += readAll(schema, page, statement) ? 1 : 0;
      const took = performance.now() - began;
      assert.ok(took < MAX_MS, `reading took ${took} ms`);
    };
    assert.equal(readAll(schema, page, statement), true);
    fc.assert(
      fc.property(damaged(page), (copy) => check(schema, copy)),
      { numRuns: 1_000 },
    );
    fc.assert(
      fc.property(damaged(schema), (copy) => check(copy, page)),
      { numRuns: 1_000 },
    );
    // Else nothing but the first check was tested.
    assert.ok(read > 100, `${read} were read`);
  });

  it('is refused where a type has more digits than any number', () => {
    const decimal = new Decimal(0xff_ffff, 18, 128);
    const data = makeData({ type: decimal, length: 1, data: new Uint32Array(4) });
    assert.throws(() => textOf(data, 'DECIMAL(18,3)'), /cannot have 16777215 digits/);
    const moment = new TimestampSecond();
    Object.assign(moment, { unit: 0x7fff as TimeUnit });
    const moments = makeData({ type: moment, length: 1, data: new BigInt64Array(1) });
    assert.throws(() => textOf(moments, 'TIMESTAMP'), /no unit of time 32767/);
  });

  it('is refused where a number has a million bytes', () => {
    const bytes = new Uint8Array(1_000_000).fill(0xff);
    const valueOffsets = new Int32Array([0, bytes.length]);
    const data = makeData({ type: new Binary(), length: 1, valueOffsets, data: bytes });
    assert.throws(() => textOf(data, 'HUGEINT'), /number of 1000000 bytes/);
  });
});

/** The text of the only value of a page that is made of it. */
function textOf(data: Data, type: string): string {
  const schema = new Schema([new Field('x', data.type, true)]);
  const rows = makeData({ type: new Struct(schema.fields), length: 1, children: [data] });
  const writer = new RecordBatchStreamWriter();
  writer.write(new RecordBatch(schema, rows));
  const stream = writer.finish().toUint8Array(true);
  return readPage(stream, new Uint8Array(), [{ name: 'x', type }], 1).text(0, 0);
}

/** Whether every value of a page can be read; what cannot is refused with an error. */
function readAll(schema: Uint8Array, page: Uint8Array, { columns, rowCount }: StatementResult): boolean {
  try {
    const reader = readPage(schema, page, columns, rowCount);
    for (let row = 0; row < rowCount; row++) {
      for (const column of columns.keys()) {
        assert.equal(typeof reader.text(row, column), 'string');
        reader.isNull(row, column);
        reader.json(row, column);
      }
    }
    return true;
  } catch (error) {
    assert.ok(error instanceof Error);

    return false;
  }
}
