import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Adapters } from '../../../wasm-core/sql/duckdb/udf/adapter.ts';
import { type Cell, type Signature, signatureOf } from '../../../wasm-core/sql/duckdb/udf/adapter-cells.ts';
import { assemble, sqlFunction } from '../../support/wat.ts';

type Value = number | bigint;

/** How a cell lies in memory, and what the guest gets of it: written and read here by `DataView` alone. */
const CELLS: Readonly<
  Record<
    Cell,
    {
      readonly bytes: number;
      readonly arbitrary: fc.Arbitrary<Value>;
      readonly write: (view: DataView, at: number, value: Value) => void;
      readonly read: (view: DataView, at: number) => Value;
    }
  >
> = {
  bool: numbers(1, fc.integer({ min: 0, max: 1 }), 'Uint8'),
  i8: numbers(1, fc.integer({ min: -128, max: 127 }), 'Int8'),
  u8: numbers(1, fc.integer({ min: 0, max: 255 }), 'Uint8'),
  i16: numbers(2, fc.integer({ min: -32_768, max: 32_767 }), 'Int16'),
  u16: numbers(2, fc.integer({ min: 0, max: 65_535 }), 'Uint16'),
  i32: numbers(4, fc.integer(), 'Int32'),
  f32: numbers(4, fc.float({ noNaN: true }), 'Float32'),
  f64: numbers(8, fc.double({ noNaN: true }), 'Float64'),
  i64: {
    bytes: 8,
    arbitrary: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    write: (view, at, value) => view.setBigInt64(at, BigInt(value), true),
    read: (view, at) => view.getBigInt64(at, true),
  },
  'i16+': widened(2, 'Int16'),
  'i32+': widened(4, 'Int32'),
};

function numbers(
  bytes: number,
  arbitrary: fc.Arbitrary<number>,
  view: 'Int8' | 'Uint8' | 'Int16' | 'Uint16' | 'Int32' | 'Float32' | 'Float64',
) {
  return {
    bytes,
    arbitrary,
    write: (target: DataView, at: number, value: Value) => target[`set${view}`](at, Number(value), true),
    read: (target: DataView, at: number): Value => target[`get${view}`](at, true),
  };
}

function widened(bytes: number, view: 'Int16' | 'Int32') {
  const half = 2n ** BigInt(bytes * 8 - 1);
  return {
    ...numbers(bytes, fc.constant(0), view),
    arbitrary: fc.bigInt({ min: -half, max: half - 1n }),
    read: (target: DataView, at: number): Value => BigInt(target[`get${view}`](at, true)),
  };
}

const cells = fc.constantFrom(...(Object.keys(CELLS) as Cell[]));
const COLUMN = 4096;

/** An engine's memory with room for 17 columns and a mask. */
function bench() {
  const memory = new WebAssembly.Memory({ initial: 2 });
  return { memory, view: new DataView(memory.buffer), adapters: new Adapters({ memory }) };
}

describe('the adapter between a vector and a guest', () => {
  it('gives every cell to the guest and takes what it gives, of up to 16 parameters', () => {
    const property = fc
      .record({ parameters: fc.array(cells, { maxLength: 16 }), result: cells, rowCount: fc.nat(40) })
      .chain(({ parameters, result, rowCount }) =>
        fc.record({
          signature: fc.constant<Signature>({ parameters, result }),
          rows: fc.array(fc.tuple(...parameters.map((cell) => CELLS[cell].arbitrary)), {
            minLength: rowCount,
            maxLength: rowCount,
          }),
          results: fc.array(CELLS[result].arbitrary, { minLength: rowCount, maxLength: rowCount }),
        }),
      );
    fc.assert(
      fc.property(property, ({ signature, rows, results }) => {
        const { view, adapters } = bench();
        const { parameters, result } = signature;
        rows.forEach((row, at) => {
          parameters.forEach((cell, column) => {
            const { bytes, write } = CELLS[cell];
            write(view, (column + 1) * COLUMN + at * bytes, row[column] ?? 0);
          });
        });
        const seen: Value[][] = [];
        const guest = (...args: Value[]) => {
          seen.push(args);
          return results[seen.length - 1];
        };
        const data = parameters.map((_, column) => (column + 1) * COLUMN);
        const output = 17 * COLUMN;
        const wrong = adapters.get(guest, signature).run({ data, mask: 0, output, rowCount: rows.length });
        assert.equal(wrong, undefined);
        assert.deepEqual(seen, rows);
        const { bytes, read } = CELLS[result];
        assert.deepEqual(
          rows.map((_, at) => read(view, output + at * bytes)),
          results,
        );
      }),
    );
  });

  it('calls no row that the mask leaves out, and writes nothing there', () => {
    const masks = fc.array(fc.boolean(), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(masks, (valid) => {
        const { view, adapters } = bench();
        valid.forEach((isValid, row) => {
          if (isValid) view.setUint8(row >> 3, view.getUint8(row >> 3) | (1 << (row & 7)));
          view.setInt32(COLUMN + row * 4, row + 1, true);
          view.setInt32(2 * COLUMN + row * 4, -1, true);
        });
        // A mask at address 0 would be none.
        const mask = 3 * COLUMN;
        new Uint8Array(view.buffer).copyWithin(mask, 0, 32);
        const adapter = adapters.get((value: Value) => Number(value) * 2, {
          parameters: ['i32'],
          result: 'i32',
        });
        adapter.run({ data: [COLUMN], mask, output: 2 * COLUMN, rowCount: valid.length });
        valid.forEach((isValid, row) => {
          assert.equal(view.getInt32(2 * COLUMN + row * 4, true), isValid ? (row + 1) * 2 : -1);
        });
      }),
    );
  });

  it('takes any byte but 0 for true, and makes 1 of what is true', () => {
    const { view, adapters } = bench();
    view.setUint8(COLUMN, 0x80);
    const seen: Value[] = [];
    const guest = (value: Value) => {
      seen.push(value);
      return 256;
    };
    adapters
      .get(guest, { parameters: ['bool'], result: 'bool' })
      .run({ data: [COLUMN], mask: 0, output: 2 * COLUMN, rowCount: 2 });
    assert.deepEqual(seen, [1, 0]);
    assert.deepEqual([view.getUint8(2 * COLUMN), view.getUint8(2 * COLUMN + 1)], [1, 1]);
  });

  const ranges: readonly (readonly [type: string, low: bigint, high: bigint])[] = [
    ['TINYINT', -128n, 127n],
    ['UTINYINT', 0n, 255n],
    ['SMALLINT', -32_768n, 32_767n],
    ['USMALLINT', 0n, 65_535n],
    ['DECIMAL(4,2)', -9999n, 9999n],
    ['DECIMAL(9,0)', -999_999_999n, 999_999_999n],
    ['DECIMAL(18,3)', -(10n ** 18n) + 1n, 10n ** 18n - 1n],
    ['TIME', 0n, 86_400_000_000n],
  ];
  for (const [type, low, high] of ranges) {
    it(`stops at the first ${type} that is out of its range, with its row`, () => {
      const signature = signatureOf(sqlFunction('f', [], type));
      assert.ok(signature);
      const isWide = ['i64', 'i16+', 'i32+'].includes(signature.result);
      const results = [low, high, 0n].map((value) => (isWide ? value : Number(value)));
      for (const bad of [low - 1n, high + 1n]) {
        let calls = 0;
        const guest = () => [...results, isWide ? bad : Number(bad)][calls++];
        const adapter = bench().adapters.get(guest, signature);
        const wrong = adapter.run({ data: [], mask: 0, output: COLUMN, rowCount: 9 });
        assert.deepEqual(wrong, { row: 3, value: bad });
        assert.equal(calls, 4);
      }
    });
  }

  it('knows the row of a call that traps, and keeps its own frame out of the trace', async () => {
    const bytes = await assemble(`(module (func $burst (export "f") (param i32) (result i32)
      (if (i32.eq (local.get 0) (i32.const 5)) (then unreachable)) (local.get 0)))`);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)));
    const { view, adapters } = bench();
    for (let row = 0; row < 9; row++) view.setInt32(COLUMN + row * 4, row, true);
    const adapter = adapters.get(exports.f as (...args: Value[]) => Value, {
      parameters: ['i32'],
      result: 'i32',
    });
    assert.throws(
      () => adapter.run({ data: [COLUMN], mask: 0, output: 2 * COLUMN, rowCount: 9 }),
      (error: unknown) => {
        assert.ok(error instanceof WebAssembly.RuntimeError);
        assert.equal(error.stack?.match(/wasm-function/g)?.length, 1);
        assert.match(error.stack ?? '', /burst/);
        return true;
      },
    );
    assert.equal(adapter.row(), 5);
    assert.equal(view.getInt32(2 * COLUMN + 4 * 4, true), 4);
  });

  it('is made once for each function of an instance', () => {
    const { adapters } = bench();
    const fn = sqlFunction('f', ['INTEGER', 'DATE'], 'DECIMAL(9,2)');
    const signature = adapters.signature(fn);
    assert.ok(signature);
    assert.equal(adapters.signature(fn), signature);
    const guest = () => 0n;
    assert.equal(adapters.get(guest, signature), adapters.get(guest, signature));
    assert.notEqual(
      adapters.get(() => 0n, signature),
      adapters.get(guest, signature),
    );
  });

  it('is for no function with a text, a nested or a 128-bit type', () => {
    for (const type of ['VARCHAR', 'BLOB', 'HUGEINT', 'DECIMAL(19,0)', 'UUID', 'INTERVAL', 'INTEGER[]']) {
      assert.equal(signatureOf(sqlFunction('f', [type], 'INTEGER')), undefined);
      assert.equal(signatureOf(sqlFunction('f', ['INTEGER'], type)), undefined);
    }
  });
});
