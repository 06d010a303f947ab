import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import type { Layout } from '../../support/batch-layout.ts';
import { AT, HONEST, honest, LIES, layoutOf, nullFirst, POKES } from '../../support/lies.ts';
import {
  COLUMN,
  IMAGE_AT,
  Image,
  LYING_FUNCTIONS,
  LYING_WAT,
  liarOf,
  MEMORY_BYTES,
  valueAt,
} from '../../support/lying-guest.ts';
import { resultValues } from '../../support/result-values.ts';
import { openTestSession, startEngine, type TestSession, watPlugin } from '../../support/sql-session.ts';

const BOUNDS = ['MEMORY_BOUNDS', 'RESULT_INVALID'];
const END = MEMORY_BYTES;

describe('the engine and a guest that lies', () => {
  const engine = startEngine();
  let test: TestSession;
  before(async () => {
    test = await openTestSession(engine);
    await test.session.setPlugins([await watPlugin(LYING_WAT, LYING_FUNCTIONS)]);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  /** Runs a query that must fail for the lie, and sees that an honest one is right afterwards. */
  async function refuses(sql: string, kinds: readonly string[] = BOUNDS): Promise<void> {
    await assert.rejects(
      () => test.run(sql),
      (error) => {
        assert.ok(error instanceof CoreError && kinds.includes(error.kind), String(error));
        return true;
      },
    );
    await isSound();
  }

  async function isSound(): Promise<void> {
    const { statements } = await test.run(
      `select ${liarOf('VARCHAR')}(${honest('VARCHAR').sql(COLUMN)}) from range(3)`,
    );
    assert.deepEqual(
      resultValues(statements.at(-1)).map(([value]) => value?.text),
      HONEST.VARCHAR,
    );
  }

  const query = (type: string, image: Image, returned = COLUMN) =>
    `select ${liarOf(type)}(${image.sql(returned)}) as x from range(3)`;

  for (const type of Object.keys(HONEST)) {
    it(`takes what is honest: ${type}`, async () => {
      const image = honest(type);
      const { statements } = await test.run(query(type, image));
      const given = resultValues(statements.at(-1)).map(([value]) => value?.isNull);
      assert.deepEqual(
        given,
        HONEST[type]?.map((value) => value === null),
      );
      if (isCompared(type)) assert.deepEqual(jsonOf(statements.at(-1)), HONEST[type]);
    });
  }

  it('refuses every lie of a header', async () => {
    for (const { type, column = [], field, value } of LIES) {
      const image = honest(type);
      image.set(image.header(...column) + AT[field], value);
      await refuses(query(type, image)).catch((error) => {
        throw new Error(`${type} ${column.join('.')} ${field} ${value}: ${error}`);
      });
    }
  });

  for (const [what, { type, poke }] of Object.entries(POKES)) {
    it(`refuses ${what}`, async () => {
      const image = honest(type);
      poke(image);
      await refuses(query(type, image));
    });
  }

  it('refuses lists of more values than there are, or than the engine has room for', async () => {
    for (const [type, values] of [
      ['INTEGER[]', [1]],
      ['VARCHAR[][]', [['a']]],
      ['INTEGER[100][]', [Array(100).fill(1)]],
      ['MAP(VARCHAR, INTEGER)', [{ key: 'a', value: 1 }]],
    ] as const) {
      for (const count of [2, 2 ** 24, 2 ** 28, 2 ** 30, 2 ** 31 - 1]) {
        const image = new Image([{ layout: layoutOf(type), values: [values] }], 1);
        image.set(image.word(COLUMN + AT.offsets) + 4, count);
        const sql = () =>
          `select ${type.startsWith('MAP') ? 'cardinality' : 'len'}(${liarOf(type)}(${image.sql(COLUMN)})) from range(1)`;
        await refuses(sql());
        // Now there are as many, all one.
        image.set(image.header(0) + AT.rows, count).set(image.header(0) + AT.constant, 1);
        for (const field of type.startsWith('MAP') ? [0, 1] : []) {
          image.set(image.header(0, field) + AT.rows, count).set(image.header(0, field) + AT.constant, 1);
        }
        if (count === 2) assert.deepEqual(await test.rows(sql()), [['2']]);
        else if (count > 2 ** 24 || type === 'INTEGER[100][]') await refuses(sql());
      }
    }
  });

  it('refuses a result that is nowhere', async () => {
    for (const type of Object.keys(HONEST)) {
      await refuses(query(type, honest(type), 0), ['GUEST_ERROR']);
      for (const returned of [END, END - 16, -1, -32, COLUMN + 1]) {
        await refuses(query(type, honest(type), returned));
      }
    }
  });

  it('takes whatever stands where a row is NULL', async () => {
    const texts = honest('VARCHAR');
    nullFirst(texts, COLUMN);
    texts.set(texts.word(COLUMN + AT.offsets), 0).set(texts.word(COLUMN + AT.offsets) + 4, 2);
    texts.view.setUint16(texts.word(COLUMN + AT.data) - IMAGE_AT, 0xffff);
    texts.set(texts.word(COLUMN + AT.offsets) + 8, 2);
    assert.deepEqual(await test.rows(query('VARCHAR', texts)), [
      [null],
      [''],
      ['🙂a text of more than twelve bytes'.slice(0)],
    ]);
    for (const type of ['TIME', 'DECIMAL(4,1)', 'DECIMAL(30,2)']) {
      const image = honest(type);
      const size = type === 'DECIMAL(30,2)' ? 16 : 8;
      image.set(image.word(COLUMN + AT.data) + 2 * size - 4, 0x7fffffff);
      assert.equal((await test.rows(query(type, image)))[1]?.[0], null);
    }
  });

  it('refuses results of the row form', async () => {
    const size = (byteLength: number) => Buffer.from(Int32Array.of(byteLength).buffer);
    const lie = (first: number, second: number, ...bytes: number[]) =>
      `unhex('${Buffer.concat([size(first), size(second), Buffer.from(bytes)]).toString('hex')}')`;
    for (const [at, byteLength] of [
      [END, 1],
      [END - 12, 13],
      [-1, 1],
      [-1, 2],
      [16, -2],
      [0, 0x7fffffff],
    ] as const) {
      await refuses(`select row_text(${lie(at, byteLength)})`);
      await refuses(`select row_blob(${lie(at, byteLength)})`);
    }
    await refuses(`select row_text(${lie(IMAGE_AT + 4, 2, 0xc3, 0x28)})`, ['RESULT_INVALID']);
    await refuses(`select row_text(${lie(IMAGE_AT + 4, 3, 0xed, 0xa0, 0x80)})`, ['RESULT_INVALID']);
    for (const name of ['row_uuid', 'row_hugeint', 'row_interval', 'row_decimal']) {
      for (const at of [END, END - 15, -1]) await refuses(`select ${name}(${lie(at, 0)})`);
    }
    await refuses(`select row_decimal(${lie(IMAGE_AT, -1, ...Array(12).fill(0x7f))})`, ['RESULT_INVALID']);
    for (const [call, low, high] of [
      ['as_tinyint', -129, 128],
      ['as_utinyint', -1, 256],
      ['as_smallint', -32_769, 32_768],
      ['as_usmallint', -1, 65_536],
      ['as_time', -1, 86_400_000_001],
      ['as_decimal_4_1_', -10_000, 10_000],
      ['as_decimal_18_3_', -(10n ** 18n), 10n ** 18n],
    ] as const) {
      for (const value of [low, high]) await refuses(`select ${call}(${value})`, ['RESULT_INVALID']);
    }
  });

  it('refuses results of aggregates', async () => {
    const lists = (image: Image, returned = COLUMN) =>
      `select agg(v) from (values (${image.sql(returned)})) t(v), range(3) r(i) group by i`;
    const layout: Layout = { kind: 'list', element: { kind: 'text' } };
    const image = () => new Image([{ layout, values: [['a', null], null, ['thirteen char']] }], 3);
    assert.deepEqual((await test.rows(lists(image()))).length, 3);
    await refuses(lists(image(), 0), ['GUEST_ERROR']);
    for (const returned of [END, -1, COLUMN + 2]) await refuses(lists(image(), returned));
    for (const [column, field, value] of [
      [[], 'rows', 2],
      [[], 'nulls', 0],
      [[], 'offsets', END - 4],
      [[0], 'rows', 2],
      [[0], 'data', END],
      [[0], 'offsets', IMAGE_AT + 1],
    ] as const) {
      const lying = image();
      lying.set(lying.header(...column) + AT[field], value);
      await refuses(lists(lying));
    }
    const text = Buffer.from(Int32Array.of(END - 1, 2).buffer).toString('hex');
    await refuses(`select rowagg(unhex('${text}'))`);
  });

  it('refuses batches of table functions', async () => {
    const columns = [
      { layout: layoutOf('INTEGER'), values: [1, null, 3] },
      { layout: layoutOf('VARCHAR'), values: ['a', 'thirteen char', null] },
    ] as const;
    const from = (image: Image, returned = IMAGE_AT) => `from tab(${image.sql(returned)})`;
    assert.deepEqual(await test.rows(from(new Image(columns, 3))), [
      ['1', 'a'],
      [null, 'thirteen char'],
      ['3', null],
    ]);
    for (const returned of [END, END - 64, -1, IMAGE_AT + 1]) {
      await refuses(from(new Image(columns, 3), returned));
    }
    for (const [at, value] of [
      [IMAGE_AT, 2049],
      [IMAGE_AT, 2],
      [IMAGE_AT, -1],
      [IMAGE_AT + 4, 1],
      [IMAGE_AT + 4, 3],
      ...Object.values(AT).flatMap((field) =>
        field === AT.children || field === AT.childCount ? [] : [[COLUMN + 32 + field, END - 1] as const],
      ),
      [COLUMN + AT.data, -4],
    ] as const) {
      await refuses(from(new Image(columns, 3).set(at, value)));
    }
  });

  it('gives what the column says, or an error, whatever stands in it', async () => {
    const types = fc.constantFrom(...Object.keys(HONEST));
    const words = fc.oneof(
      fc.integer({ min: -16, max: 16 }),
      fc.integer({ min: IMAGE_AT - 8, max: IMAGE_AT + 600 }),
      fc.integer({ min: END - 64, max: END + 8 }),
      fc.integer(),
    );
    const changes = fc.array(
      fc.record({ at: fc.nat(), kind: fc.constantFrom('word', 'word', 'byte', 'near'), value: words }),
      { minLength: 1, maxLength: 4 },
    );
    let taken = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(types, changes, async (type, list) => {
        const image = honest(type);
        for (const change of list) apply(image, change);
        try {
          const { statements } = await test.run(query(type, image));
          taken++;
          const expected = HONEST[type]?.map((_, row) =>
            valueAt(image.memory(COLUMN), { header: COLUMN, layout: layoutOf(type), row }),
          );
          if (isCompared(type)) assert.deepEqual(jsonOf(statements.at(-1)), expected);
        } catch (error) {
          if (!(error instanceof CoreError) || !BOUNDS.includes(error.kind)) throw error;
          refused++;
        }
      }),
      { numRuns: 300 },
    );
    await isSound();
    assert.ok(taken > 5 && refused > 50, `${taken} were taken, ${refused} were not`);
  });
});

/** Whether JSON of the results layer is the values as they were encoded. */
function isCompared(type: string): boolean {
  return !/DECIMAL|TIME|UUID|MAP/.test(type);
}

function jsonOf(statement: Parameters<typeof resultValues>[0]): unknown[] {
  return resultValues(statement).map(([value]) => JSON.parse(value?.json ?? ''));
}

function apply(
  image: Image,
  { at, kind, value }: { readonly at: number; readonly kind: string; readonly value: number },
): void {
  const address = IMAGE_AT + 16 + (at % (image.bytes.byteLength - 20));
  if (kind === 'byte') image.view.setUint8(address - IMAGE_AT, value & 0xff);
  else {
    const aligned = address & ~3;
    image.set(aligned, kind === 'near' ? image.word(aligned) + (value % 5) : value);
  }
}
