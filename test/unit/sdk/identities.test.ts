import assert from 'node:assert/strict';
import { asPlugin } from '../../support/as-plugin.ts';
import type { Layout, NumberKind, Value } from '../../support/batch-layout.ts';

const fixed = (read: NumberKind): Layout => ({ kind: 'fixed', read });
const text: Layout = { kind: 'text' };
const list = (element: Layout): Layout => ({ kind: 'list', element });

/** Type in AssemblyScript, in SQL, layout, values. */
const CASES: readonly (readonly [
  as: string,
  sql: string,
  layout: Layout,
  values: readonly Value[],
  options?: string,
])[] = [
  ['bool', 'BOOLEAN', { kind: 'bits' }, [true, false, true, true, false, true, true, true, true]],
  ['i8', 'TINYINT', fixed('i8'), [-128, 127, 0]],
  ['u16', 'USMALLINT', fixed('u16'), [0, 65_535]],
  ['i32', 'INTEGER', fixed('i32'), [-(2 ** 31), 1]],
  ['u64', 'UBIGINT', fixed('u64'), [2n ** 64n - 1n, 0n]],
  ['f32', 'FLOAT', fixed('f32'), [0.5, -1]],
  ['f64', 'DOUBLE', fixed('f64'), [0.1, -0.1]],
  ['Date32', 'DATE', fixed('i32'), [-1, 20_000]],
  ['TimestampTz', 'TIMESTAMP WITH TIME ZONE', fixed('i64'), [-1n, 5n]],
  [
    'i64',
    'DECIMAL(10,2)',
    fixed('i64'),
    [-1n, 5n],
    'types: { x: "DECIMAL(10,2)" }, returns: "DECIMAL(10,2)"',
  ],
  ['I128', 'HUGEINT', fixed('i128'), [-(2n ** 100n), 7n]],
  ['Uuid', 'UUID', fixed('i128'), [2n ** 99n + 5n, -7n]],
  ['Interval', 'INTERVAL', fixed('i128'), [2n ** 99n + 5n, -7n]],
  ['string', 'VARCHAR', text, ['', 'a', 'héllo wörld', '日本😀', 'x'.repeat(5_000)]],
  ['Uint8Array', 'BLOB', text, ['', 'bytes']],
  ['string | null', 'VARCHAR', text, ['a', null, '', null]],
  ['Opt<i32>', 'INTEGER', fixed('i32'), [1, null, 3]],
  ['Opt<bool>', 'BOOLEAN', { kind: 'bits' }, [true, null, false]],
  ['Interval | null', 'INTERVAL', fixed('i128'), [1n, null]],
  ['Array<f64>', 'DOUBLE[]', list(fixed('f64')), [[], [1, 2], [3]]],
  ['Float64Array', 'DOUBLE[]', list(fixed('f64')), [[], [1, 2], [3]]],
  ['StaticArray<i32>', 'INTEGER[]', list(fixed('i32')), [[], [1, 2], [3]]],
  ['Array<string>', 'VARCHAR[]', list(text), [['a', 'b'], [], ['']]],
  ['Array<Opt<i64>> | null', 'BIGINT[]', list(fixed('i64')), [[1n, null], null, []]],
  ['Array<Array<string>>', 'VARCHAR[][]', list(list(text)), [[['a'], []], []]],
  [
    'Array<f32>',
    'FLOAT[3]',
    { kind: 'array', element: fixed('f32'), length: 3 },
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    'types: { x: "FLOAT[3]" }, returns: "FLOAT[3]"',
  ],
  [
    'Place',
    'STRUCT(name VARCHAR, lat DOUBLE)',
    { kind: 'struct', fields: { name: text, lat: fixed('f64') } },
    [
      { name: 'a', lat: 1 },
      { name: 'b', lat: 2 },
    ],
  ],
  [
    'Array<Place | null>',
    'STRUCT(name VARCHAR, lat DOUBLE)[]',
    list({ kind: 'struct', fields: { name: text, lat: fixed('f64') } }),
    [[{ name: 'a', lat: 1 }, null], []],
  ],
  [
    'Map<string, i32>',
    'MAP(VARCHAR, INTEGER)',
    list({ kind: 'struct', fields: { key: text, value: fixed('i32') } }),
    [
      [
        { key: 'a', value: 1 },
        { key: 'b', value: 2 },
      ],
      [],
    ],
  ],
];

describe('a batch of AssemblyScript', () => {
  const source = CASES.map(
    ([as, , , , options], i) =>
      `@udf({ name: "same_${i}"${options ? `, ${options}` : ''} }) export function same${i}(x: ${as}): ${as} { return x; }`,
  ).join('\n');
  const plugin = asPlugin(
    `export class Place { constructor(public readonly name: string, public lat: f64) {} }\n${source}`,
  );

  for (const [i, [as, sql, layout, values]] of CASES.entries()) {
    it(`carries ${as} as ${sql}`, async () => {
      const { batch, column, manifest } = await plugin;
      const fn = manifest.functions.find((f) => f.name === `same_${i}`);
      assert.deepEqual([fn?.parameters[0]?.type, fn?.returns], [sql, sql]);
      const many = Array.from({ length: 40 }, () => values).flat();
      assert.deepEqual(column(batch(`same_${i}__batch`, [{ layout, values: many }]), layout), many);
      const same = values.map(() => values[0] ?? null);
      const result = column(batch(`same_${i}__batch`, [{ layout, values: same, constant: true }]), layout);
      assert.deepEqual(result, same);
      assert.deepEqual(column(batch(`same_${i}__batch`, [{ layout, values }]), layout), values);
    });
  }
});
