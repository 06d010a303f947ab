import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PluginFunction } from '../../../wasm-core/protocol/plugins.ts';
import { parseSqlType, type SqlType, sqlTypeText } from '../../../wasm-core/protocol/sql-types.ts';
import type { TypedValue } from '../../../wasm-core/protocol/typed-values.ts';
import type { CompiledModule } from '../../../wasm-core/runtime/compiled-module.ts';
import { callFunction } from '../../../wasm-core/runtime/typed-values.ts';
import { throwsKind } from '../../support/core-error.ts';
import { beginGuest } from '../../support/guest.ts';
import { compileWat, sqlFunction } from '../../support/wat.ts';

/** The batch's only column is its result; `lie` overwrites one u32 of that column first. */
const WAT = `(module
  (memory (export "memory") 1)
  (func (export "same__batch") (param i32 i32) (result i32) (i32.add (local.get 0) (i32.const 16)))
  (func (export "last__batch") (param i32 i32) (result i32)
    (i32.add (i32.sub (local.get 0) (i32.const 16)) (i32.mul (i32.load offset=4 (local.get 0)) (i32.const 32))))
  (func (export "zero__batch") (param i32 i32) (result i32) (i32.const 0))
  (func (export "block") (param i32) (result i32) (local.get 0))
  (func (export "long") (param i64) (result i64) (local.get 0))
  (func (export "lie__batch") (param i32 i32) (result i32)
    (local $column i32)
    (local.set $column (i32.add (local.get 0) (i32.const 16)))
    (i32.store (i32.add (local.get $column) (i32.load (i32.load offset=16 (i32.add (local.get $column) (i32.const 32)))))
      (i32.load (i32.load offset=16 (i32.add (local.get $column) (i32.const 64)))))
    (local.get $column))
  (func (export "sum__init") (result i32) (i32.const 64))
  (func (export "sum__update") (param i32 i64)
    (i64.store (local.get 0) (i64.add (i64.load (local.get 0)) (local.get 1))))
  (func (export "sum__combine") (param i32 i32))
  (func (export "sum__finalize") (param i32) (result i64) (i64.load (local.get 0)))
  (func (export "rows__open__batch") (param i32 i32) (result i32)
    (i32.store (i32.const 512) (i32.const 1))
    (i32.store (i32.const 128) (i32.const 1)) (i32.store (i32.const 132) (i32.const 1))
    (i32.store (i32.const 144) (i32.const 1)) (i32.store (i32.const 160) (i32.const 256))
    (i32.store (i32.const 256) (i32.const 42)) (i32.const 7))
  (func (export "rows__next") (param i32 i32) (result i32)
    (if (i32.load (i32.const 512)) (then (i32.store (i32.const 512) (i32.const 0)) (return (i32.const 128))))
    (i32.const 0)))`;

describe('a typed call by batches', () => {
  let compiled: CompiledModule;
  before(async () => {
    compiled = await compileWat(WAT);
  });

  function call(fn: PluginFunction, args: readonly TypedValue[], maxOutputBytes = 1_000_000): TypedValue {
    return callFunction(beginGuest(compiled, { memoryMb: 8 }), fn, args, { maxOutputBytes });
  }
  const same = (type: string, value: TypedValue): TypedValue =>
    call({ ...sqlFunction('same', [type], type), nulls: 'pass' }, [value]);

  const values: readonly (readonly [string, TypedValue, TypedValue?])[] = [
    ['BOOLEAN', true],
    ['UTINYINT', 255],
    ['SMALLINT', -32768],
    ['UINTEGER', 4294967295],
    ['UBIGINT', '18446744073709551615'],
    ['HUGEINT', '-170141183460469231731687303715884105728'],
    ['UHUGEINT', '340282366920938463463374607431768211455'],
    ['DECIMAL(10,2)', '-12345678.90'],
    ['DECIMAL(38,10)', '1234567890123456789012345678.0123456789'],
    ['DECIMAL(4,1)', 2.5, '2.5'],
    ['FLOAT', 0.1],
    ['DOUBLE', 'NaN'],
    ['VARCHAR', 'Köln 🌍'],
    ['BLOB', { base64: 'AP+A' }],
    ['DATE', '2024-02-29'],
    ['DATE', '0044-03-15 (BC)'],
    ['DATE', '-infinity'],
    ['TIME', '12:34:56.789'],
    ['TIMESTAMP', '1969-12-31 23:59:59.999999'],
    ['TIMESTAMP', '2024-02-29T12:00:00', '2024-02-29 12:00:00'],
    ['TIMESTAMP_S', '2024-02-29 12:34:56'],
    ['TIMESTAMP_NS', '2024-02-29 12:34:56.000000001'],
    ['TIMESTAMP WITH TIME ZONE', '2024-02-29 12:34:56+05:30', '2024-02-29 07:04:56+00'],
    ['INTERVAL', { months: -1, days: 2, micros: '9223372036854775807' }],
    ['UUID', '123e4567-e89b-12d3-a456-426614174000'],
    ['INTEGER[]', [1, null, 3]],
    ['INTEGER[]', []],
    ['VARCHAR[2][]', [['a', null], null]],
    ['STRUCT(a INTEGER, b VARCHAR[])', { a: null, b: ['x', ''] }],
    [
      'MAP(VARCHAR, INTEGER[])',
      [
        { key: 'a', value: [1] },
        { key: 'b', value: null },
      ],
    ],
  ];
  for (const [type, value, expected = value] of values) {
    it(`carries ${JSON.stringify(value)} as ${type} both ways, and NULL`, () => {
      assert.deepEqual(same(type, value), expected);
      assert.equal(same(type, null), null);
    });
  }

  it('carries blocks and times in the row form, too', () => {
    const row = (name: string, type: string, value: TypedValue): TypedValue =>
      call({ ...sqlFunction('f', [type], type), export: name }, [value]);
    for (const [name, type, value] of [
      ['block', 'UUID', '123e4567-e89b-12d3-a456-426614174000'],
      ['block', 'HUGEINT', '-5'],
      ['block', 'DECIMAL(20,3)', '-0.125'],
      ['long', 'TIMESTAMP', '2024-02-29 12:34:56'],
      ['long', 'DECIMAL(5,2)', '123.45'],
    ] as const) {
      assert.equal(row(name, type, value), value);
    }
  });

  it('carries any value of any type unchanged', () => {
    const cases = typeArbitrary(3).chain((type) => fc.tuple(fc.constant(type), valueArbitrary(type)));
    fc.assert(
      fc.property(cases, ([type, value]) => {
        assert.deepEqual(same(sqlTypeText(type), value), value);
      }),
    );
  });

  const wrong: readonly (readonly [string, TypedValue, RegExp])[] = [
    ['DATE', '2023-02-29', /p1 is "2023-02-29", but its type is DATE: give text such as "2024-02-29"/],
    ['TIME', '24:00:01', /TIME/],
    ['TIMESTAMP_S', '2024-02-29 12:34:56.5', /TIMESTAMP_S/],
    ['TIMESTAMP WITH TIME ZONE', '2024-02-29 12:34:56', /\+00/],
    ['DECIMAL(4,2)', '100.00', /at most 2 digits before the point/],
    ['DECIMAL(4,2)', '1.234', /2 behind it/],
    ['INTEGER[]', [1, 'x'], /p1\[1\] is "x"/],
    ['INTEGER[2]', [1], /an array of 2/],
    ['STRUCT(a INTEGER)', { b: 1 }, /an object of a/],
    ['MAP(VARCHAR, INTEGER)', [{ key: null, value: 1 }], /none of them null/],
  ];
  for (const [type, value, message] of wrong) {
    it(`refuses ${JSON.stringify(value)} as ${type}`, async () => {
      await throwsKind('ARGUMENT_INVALID', message, () => same(type, value));
    });
  }

  const lies: readonly (readonly [
    string,
    TypedValue,
    number,
    number,
    RegExp,
    'RESULT_INVALID' | 'MEMORY_BOUNDS',
  ])[] = [
    ['INTEGER', 1, 0, 2, /a column of 2 rows where 1 belong/, 'RESULT_INVALID'],
    ['INTEGER', 1, 4, 2, /2 NULLs in 1 rows/, 'RESULT_INVALID'],
    ['INTEGER', 1, 4, 1, /no validity bitmap/, 'RESULT_INVALID'],
    ['INTEGER', 1, 8, -1, /its memory ends at/, 'MEMORY_BOUNDS'],
    ['INTEGER', 1, 16, -4, /its memory ends at/, 'MEMORY_BOUNDS'],
    ['INTEGER', 1, 16, 0, /without the data/, 'RESULT_INVALID'],
    ['INTEGER', 1, 28, 2, /constant flag is 2/, 'RESULT_INVALID'],
    ['VARCHAR', 'x', 12, 0, /without the offsets/, 'RESULT_INVALID'],
    ['VARCHAR', 'x', 12, -8, /its memory ends at/, 'MEMORY_BOUNDS'],
    ['INTEGER[]', [1], 20, -16, /its memory ends at/, 'MEMORY_BOUNDS'],
    ['INTEGER[]', [1], 24, 0, /0 children/, 'RESULT_INVALID'],
  ];
  for (const [type, value, at, lie, message, kind] of lies) {
    it(`refuses a ${type} column with ${lie} at ${at}`, async () => {
      const fn = sqlFunction('lie', [type, 'INTEGER', 'INTEGER'], type);
      await throwsKind(kind, message, () => call(fn, [value, at, lie]));
    });
  }

  it('stops reading at the cap on output', async () => {
    await throwsKind('OUTPUT_LIMIT', /more than the 10 bytes/, () =>
      call(sqlFunction('same', ['VARCHAR'], 'VARCHAR'), ['x'.repeat(20)], 10),
    );
  });

  it('takes any number of arguments of a variadic function', () => {
    const fn = {
      ...sqlFunction('last', [], 'VARCHAR'),
      parameters: [{ name: 'xs', type: 'VARCHAR', variadic: true as const }],
    };
    assert.equal(call(fn, ['a']), 'a');
    assert.equal(call(fn, ['a', 'b', 'c']), 'c');
  });

  it('gives GUEST_ERROR for a result at address 0', async () => {
    await throwsKind('GUEST_ERROR', /zero gave 0 for its result column/, () =>
      call(sqlFunction('zero', ['INTEGER'], 'INTEGER'), [1]),
    );
  });

  it('gives the aggregate of columns, without the rows that hold a NULL', async () => {
    const sum = { ...sqlFunction('sum', ['BIGINT'], 'BIGINT'), kind: 'aggregate' as const };
    assert.equal(call(sum, [[1, null, '40', 1]]), '42');
    assert.equal(call(sum, [[]]), '0');
    await throwsKind('ARGUMENT_INVALID', /must be an array of values of type BIGINT/, () => call(sum, [1]));
  });

  it('gives the rows of a table function as objects', () => {
    const fn = { ...sqlFunction('rows', ['INTEGER'], 'TABLE(id INTEGER)'), kind: 'table' as const };
    assert.deepEqual(call(fn, [1]), [{ id: 42 }]);
    assert.deepEqual(call(fn, [null]), []);
  });
});

const LEAVES: readonly (readonly [string, fc.Arbitrary<TypedValue>])[] = [
  ['BOOLEAN', fc.boolean()],
  ['TINYINT', fc.integer({ min: -128, max: 127 })],
  ['USMALLINT', fc.integer({ min: 0, max: 65535 })],
  ['BIGINT', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)],
  ['HUGEINT', fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }).map(String)],
  ['DECIMAL(30,0)', fc.bigInt({ min: -(10n ** 30n) + 1n, max: 10n ** 30n - 1n }).map(String)],
  ['DOUBLE', fc.double({ noNaN: true, noDefaultInfinity: true })],
  ['VARCHAR', fc.string({ unit: 'binary', maxLength: 20 })],
  ['BLOB', fc.uint8Array({ maxLength: 20 }).map((b) => ({ base64: Buffer.from(b).toString('base64') }))],
  [
    'DATE',
    fc
      .date({ min: new Date('0001-01-01'), noInvalidDate: true, max: new Date('9999-12-31') })
      .map((d) => d.toISOString().slice(0, 10)),
  ],
  ['UUID', fc.uuid()],
];

function typeArbitrary(depth: number): fc.Arbitrary<SqlType> {
  const leaf = fc.constantFrom(...LEAVES.map(([name]) => typeOf(name)));
  if (depth === 0) return leaf;
  const inner = typeArbitrary(depth - 1);
  return fc.oneof(
    leaf,
    inner.map((element): SqlType => ({ kind: 'list', element })),
    inner.map((element): SqlType => ({ kind: 'array', element, length: 2 })),
    fc.tuple(inner, inner).map(
      ([a, b]): SqlType => ({
        kind: 'struct',
        fields: [
          { name: 'a', type: a },
          { name: 'b', type: b },
        ],
      }),
    ),
  );
}

function valueArbitrary(type: SqlType): fc.Arbitrary<TypedValue> {
  return fc.option(presentArbitrary(type), { nil: null });
}

function presentArbitrary(type: SqlType): fc.Arbitrary<TypedValue> {
  if (type.kind === 'list') return fc.array(valueArbitrary(type.element), { maxLength: 4 });
  if (type.kind === 'array') {
    return fc.array(valueArbitrary(type.element), { minLength: type.length, maxLength: type.length });
  }
  if (type.kind === 'struct') {
    return fc.record(Object.fromEntries(type.fields.map((f) => [f.name, valueArbitrary(f.type)])), {
      noNullPrototype: true,
    });
  }
  const found = LEAVES.find(([name]) => name === sqlTypeText(type));
  assert(found !== undefined);
  return found[1];
}

function typeOf(name: string): SqlType {
  const type = parseSqlType(name);
  assert(type !== undefined);
  return type;
}
