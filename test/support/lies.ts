import type { Layout, Value } from './batch-layout.ts';
import { COLUMN, IMAGE_AT, Image, LIED_TYPES, MEMORY_BYTES } from './lying-guest.ts';

/*
 * What a guest that lies says: honest columns, and how each is changed until it must be refused.
 */

/** Rows that are well-formed, for each type. */
export const HONEST: Readonly<Record<string, readonly Value[]>> = {
  BOOLEAN: [true, null, false],
  TINYINT: [1, null, -3],
  INTEGER: [1, null, -3],
  'DECIMAL(4,1)': [9999n, null, -5n],
  'DECIMAL(30,2)': [10n ** 29n, null, -5n],
  TIME: [0n, null, 86_400_000_000n],
  UUID: [1n, null, -1n],
  VARCHAR: ['', 'é🙂', 'a text of more than twelve bytes'],
  'INTEGER[]': [[1, null], null, [7]],
  'VARCHAR[][]': [[['a', null], null], [], [['thirteen char', '🙂']]],
  'INTEGER[100][]': [[Array(100).fill(7), null], null, []],
  'INTEGER[2]': [[1, 2], null, [null, 4]],
  'STRUCT(a INTEGER, b VARCHAR)': [{ a: 1, b: 'x' }, null, { a: null, b: 'thirteen char' }],
  'STRUCT(a VARCHAR[], b BOOLEAN)[]': [[{ a: ['x', null], b: true }, null], [], [{ a: null, b: null }]],
  'MAP(VARCHAR, INTEGER)': [[{ key: 'a', value: 1 }], null, [{ key: 'b', value: null }]],
};

/** Words of a column's header, by their place in docs/plugin-abi.md. */
export const AT = {
  rows: 0,
  nulls: 4,
  validity: 8,
  offsets: 12,
  data: 16,
  children: 20,
  childCount: 24,
  constant: 28,
};

/** What the guest changes in an honest column of three rows; the first line says which field of which column. */
export interface Lie {
  readonly type: string;
  readonly column?: readonly number[];
  readonly field: keyof typeof AT;
  readonly value: number;
}

/** For columns of every type. */
const EVERYWHERE: readonly Omit<Lie, 'type'>[] = [
  { field: 'rows', value: 2 },
  { field: 'rows', value: 4 },
  { field: 'rows', value: -1 },
  { field: 'nulls', value: 2 },
  { field: 'nulls', value: 4 },
  { field: 'validity', value: MEMORY_BYTES },
  { field: 'validity', value: -1 },
  { field: 'constant', value: 2 },
];
const FIXED = ['BOOLEAN', 'TINYINT', 'INTEGER', 'DECIMAL(4,1)', 'DECIMAL(30,2)', 'TIME', 'UUID', 'VARCHAR'];
/** What is refused, whatever kind of column it is of. */
export const LIES: readonly Lie[] = [
  ...Object.keys(HONEST).flatMap((type) => EVERYWHERE.map((lie) => ({ ...lie, type }))),
  ...FIXED.flatMap((type) =>
    [MEMORY_BYTES, -1, -4].map((value) => ({ type, field: 'data' as const, value })),
  ),
  { type: 'INTEGER', field: 'data', value: MEMORY_BYTES - 8 },
  { type: 'INTEGER', field: 'data', value: IMAGE_AT + 1 },
  ...['VARCHAR', 'INTEGER[]', 'MAP(VARCHAR, INTEGER)'].flatMap((type) =>
    [MEMORY_BYTES - 12, MEMORY_BYTES, -4, IMAGE_AT + 2].map((value) => ({
      type,
      field: 'offsets' as const,
      value,
    })),
  ),
  ...['INTEGER[]', 'INTEGER[2]', 'STRUCT(a INTEGER, b VARCHAR)', 'MAP(VARCHAR, INTEGER)'].flatMap((type) => [
    ...[0, 3, -1].map((value) => ({ type, field: 'childCount' as const, value })),
    ...[MEMORY_BYTES - 16, -32, IMAGE_AT + 1].map((value) => ({ type, field: 'children' as const, value })),
    ...[0, 1, -1].map((value) => ({ type, column: [0], field: 'rows' as const, value })),
    { type, column: [0], field: 'constant' as const, value: 5 },
  ]),
  { type: 'INTEGER[]', column: [0], field: 'data', value: MEMORY_BYTES - 4 },
  { type: 'INTEGER[2]', column: [0], field: 'rows', value: 5 },
  { type: 'VARCHAR[][]', column: [0, 0], field: 'offsets', value: -8 },
  { type: 'VARCHAR[][]', column: [0, 0], field: 'data', value: MEMORY_BYTES },
  { type: 'STRUCT(a INTEGER, b VARCHAR)', column: [1], field: 'offsets', value: MEMORY_BYTES - 4 },
  { type: 'STRUCT(a VARCHAR[], b BOOLEAN)[]', column: [0, 0, 0], field: 'data', value: MEMORY_BYTES + 9 },
];

/** An honest column whose words or bytes are changed where an address leads; and what it must be refused for. */
export const POKES: Readonly<
  Record<string, { readonly type: string; readonly poke: (image: Image) => void }>
> = {
  'offsets that fall': {
    type: 'VARCHAR',
    poke: (image) => image.set(image.word(COLUMN + AT.offsets) + 4, 1000),
  },
  'offsets that fall back to the start': {
    type: 'VARCHAR',
    poke: (image) => image.set(image.word(COLUMN + AT.offsets) + 12, 0),
  },
  'a last offset outside of memory': {
    type: 'VARCHAR',
    poke: (image) => image.set(image.word(COLUMN + AT.offsets) + 12, MEMORY_BYTES),
  },
  'a last offset that is negative': {
    type: 'VARCHAR',
    poke: (image) => image.set(image.word(COLUMN + AT.offsets) + 12, -1),
  },
  'more NULLs than its bitmap has': {
    type: 'INTEGER',
    poke: (image) => image.set(image.word(COLUMN + AT.validity), 0),
  },
  'NULLs without a bitmap': { type: 'INTEGER', poke: (image) => image.set(COLUMN + AT.validity, 0) },
  'bytes that are no UTF-8': {
    type: 'VARCHAR',
    poke: (image) => image.view.setUint8(image.word(COLUMN + AT.data) - IMAGE_AT, 0xff),
  },
  'texts cut inside a character': {
    type: 'VARCHAR',
    poke: (image) => image.set(image.word(COLUMN + AT.offsets) + 4, 1),
  },
  'a number with too many digits': {
    type: 'DECIMAL(4,1)',
    poke: (image) => image.set(image.word(COLUMN + AT.data), 10_000),
  },
  'a wide number with too many digits': {
    type: 'DECIMAL(30,2)',
    poke: (image) => image.set(image.word(COLUMN + AT.data) + 12, 0x7fffffff),
  },
  'a time of the next day': {
    type: 'TIME',
    poke: (image) => image.set(image.word(COLUMN + AT.data) + 4, 21),
  },
  'a time before midnight': {
    type: 'TIME',
    poke: (image) => image.set(image.word(COLUMN + AT.data) + 4, -1),
  },
  'a map with a NULL key': {
    type: 'MAP(VARCHAR, INTEGER)',
    poke: (image) => nullFirst(image, image.header(0, 0)),
  },
  'a map with a NULL entry': {
    type: 'MAP(VARCHAR, INTEGER)',
    poke: (image) => nullFirst(image, image.header(0)),
  },
};

/** Makes a column's first row NULL by a bitmap in the last bytes of the image, which nothing else uses. */
export function nullFirst(image: Image, header: number): void {
  const at = IMAGE_AT + image.bytes.byteLength - 4;
  image
    .set(at, 0xfffffffe)
    .set(header + AT.validity, at)
    .set(header + AT.nulls, 1);
}

/** Well-formed rows of a type as an image, with room of 8 bytes at its end. */
export function honest(type: string): Image {
  const values = HONEST[type] ?? [];
  const [layout, spare] = [layoutOf(type), { kind: 'fixed', read: 'i64' } as const];
  return new Image(
    [
      { layout, values },
      { layout: spare, values: [0n] },
    ],
    values.length,
  );
}

/** @throws Error for a type that is not among `LIED_TYPES` */
export function layoutOf(type: string): Layout {
  const layout = LIED_TYPES[type];
  if (layout === undefined) throw new Error(`no layout for ${type}`);
  return layout;
}
