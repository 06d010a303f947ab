import fc from 'fast-check';

/*
 * Random types of SQL, nested too, and random values of them as expressions of SQL, whose results the engine itself
 * makes: so that what a function gives can be compared with what it was given.
 */

/** The export of the row form's identity that a type goes through. */
export type RowIdentity = 'i32' | 'i64' | 'f32' | 'f64' | 'bytes';

/** A type with an arbitrary of its values, each an expression, some of them NULL. */
export interface RandomType {
  readonly sql: string;
  readonly value: fc.Arbitrary<string>;
  /** Undefined for types that have the batch form alone. */
  readonly row?: RowIdentity | undefined;
}

/** A type and some of its values; at least one. */
export interface RandomColumn {
  readonly type: RandomType;
  readonly values: readonly string[];
}

/** Texts of all of Unicode as bytes, many of them of 0, 12 and 13. */
export const TEXT: fc.Arbitrary<Buffer> = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.string({ unit: 'grapheme-ascii', minLength: 11, maxLength: 14 }),
    fc.constantFrom('', 'twelve bytes', 'thirteen byte', 'e\u0301', '👩‍👩‍👧', '\u{10ffff}\0', '\ufeffbom'),
  )
  .map((text) => Buffer.from(text));

/** @param depth of nesting, 0 for plain types */
export function randomType(depth: number): fc.Arbitrary<RandomType> {
  const leaf = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...LEAVES) }, DECIMAL);
  if (depth === 0) return leaf;
  const inner = randomType(depth - 1);
  return fc.oneof(
    leaf,
    inner.map(listOf),
    fc.tuple(inner, fc.integer({ min: 1, max: 3 })).map(([type, length]) => arrayOf(type, length)),
    fc.array(inner, { minLength: 1, maxLength: 3 }).map(structOf),
    inner.map(mapOf),
  );
}

/** @param depth as of `randomType` */
export function randomColumn(depth: number): fc.Arbitrary<RandomColumn> {
  return randomType(depth).chain((type) =>
    fc.array(type.value, { minLength: 1, maxLength: 12 }).map((values) => ({ type, values })),
  );
}

/** An expression for bytes. */
export function bytesSql(bytes: Uint8Array): string {
  return `unhex('${Buffer.from(bytes).toString('hex')}')`;
}

function orNull(sql: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: fc.constant(`NULL::${sql}`) });
}

function plain(sql: string, row: RowIdentity, value: fc.Arbitrary<string>): RandomType {
  return { sql, row, value: orNull(sql, value) };
}

function whole(min: bigint, max: bigint): fc.Arbitrary<bigint> {
  return fc.oneof(fc.bigInt({ min, max }), fc.constantFrom(min, max, 0n, 1n));
}

function integer(sql: string, bits: number, row: RowIdentity): RandomType {
  const isSigned = !sql.startsWith('U');
  const min = isSigned ? -(2n ** BigInt(bits - 1)) : 0n;
  const max = isSigned ? 2n ** BigInt(bits - 1) - 1n : 2n ** BigInt(bits) - 1n;
  return plain(
    sql,
    row,
    whole(min, max).map((n) => `'${n}'::${sql}`),
  );
}

/** Of the years 1678 to 2261, which every unit of TIMESTAMP holds. */
const SECONDS = whole(-9_200_000_000n, 9_200_000_000n);

function timestamp(sql: string, unit: bigint): RandomType {
  const value = fc
    .tuple(SECONDS, whole(0n, unit - 1n))
    .map(([seconds, part]) =>
      unit === 10n ** 9n
        ? `make_timestamp_ns('${seconds * unit + part}'::BIGINT)`
        : `make_timestamp('${(seconds * unit + part) * (10n ** 6n / unit)}'::BIGINT)::${sql}`,
    );
  return plain(sql, 'i64', value);
}

function floating(sql: string, row: RowIdentity): RandomType {
  const number = sql === 'FLOAT' ? fc.float() : fc.double();
  return plain(
    sql,
    row,
    number.map((n) => `'${Object.is(n, -0) ? '-0.0' : n}'::${sql}`),
  );
}

const INTERVAL = fc
  .tuple(fc.integer({ min: -9999, max: 9999 }), fc.integer({ min: -9999, max: 9999 }), SECONDS)
  .map(([months, days, micros]) => `to_months(${months}) + to_days(${days}) + to_microseconds(${micros})`);

const LEAVES: readonly RandomType[] = [
  plain('BOOLEAN', 'i32', fc.constantFrom('true', 'false')),
  integer('TINYINT', 8, 'i32'),
  integer('SMALLINT', 16, 'i32'),
  integer('INTEGER', 32, 'i32'),
  integer('BIGINT', 64, 'i64'),
  integer('HUGEINT', 128, 'i32'),
  integer('UTINYINT', 8, 'i32'),
  integer('USMALLINT', 16, 'i32'),
  integer('UINTEGER', 32, 'i32'),
  integer('UBIGINT', 64, 'i64'),
  integer('UHUGEINT', 128, 'i32'),
  floating('FLOAT', 'f32'),
  floating('DOUBLE', 'f64'),
  plain(
    'VARCHAR',
    'bytes',
    TEXT.map((text) => `decode(${bytesSql(text)})`),
  ),
  plain('BLOB', 'bytes', fc.uint8Array({ maxLength: 30 }).map(bytesSql)),
  plain(
    'DATE',
    'i32',
    fc.integer({ min: -700_000, max: 2_900_000 }).map((days) => `(DATE '1970-01-01' + (${days})::INTEGER)`),
  ),
  plain(
    'TIME',
    'i64',
    whole(0n, 86_399_999_999n).map((micros) => `(TIME '00:00:00' + to_microseconds(${micros}))`),
  ),
  timestamp('TIMESTAMP', 10n ** 6n),
  timestamp('TIMESTAMP_S', 1n),
  timestamp('TIMESTAMP_MS', 10n ** 3n),
  timestamp('TIMESTAMP_NS', 10n ** 9n),
  timestamp('TIMESTAMP WITH TIME ZONE', 10n ** 6n),
  plain('INTERVAL', 'i32', INTERVAL),
  plain(
    'UUID',
    'i32',
    fc.uuid().map((uuid) => `'${uuid}'::UUID`),
  ),
];

const DECIMAL: fc.Arbitrary<RandomType> = fc
  .integer({ min: 1, max: 38 })
  .chain((width) => fc.tuple(fc.constant(width), fc.integer({ min: 0, max: width })))
  .map(([width, scale]) => {
    const sql = `DECIMAL(${width},${scale})`;
    const limit = 10n ** BigInt(width) - 1n;
    const value = whole(-limit, limit).map((unscaled) => {
      const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
      const point = digits.length - scale;
      const text = `${digits.slice(0, point)}${scale > 0 ? '.' : ''}${digits.slice(point)}`;
      return `'${unscaled < 0n ? '-' : ''}${text}'::${sql}`;
    });
    return plain(sql, width <= 18 ? 'i64' : 'i32', value);
  });

function listOf(type: RandomType): RandomType {
  const sql = `${type.sql}[]`;
  const value = fc.array(type.value, { maxLength: 4 }).map((values) => `[${values.join(', ')}]::${sql}`);
  return { sql, value: orNull(sql, value) };
}

function arrayOf(type: RandomType, length: number): RandomType {
  const sql = `${type.sql}[${length}]`;
  const value = fc
    .array(type.value, { minLength: length, maxLength: length })
    .map((values) => `array_value(${values.join(', ')})::${sql}`);
  return { sql, value: orNull(sql, value) };
}

function structOf(types: readonly RandomType[]): RandomType {
  const sql = `STRUCT(${types.map((type, i) => `f${i} ${type.sql}`).join(', ')})`;
  const value = fc
    .tuple(...types.map((type) => type.value))
    .map((values) => `{${values.map((field, i) => `'f${i}': ${field}`).join(', ')}}::${sql}`);
  return { sql, value: orNull(sql, value) };
}

function mapOf(type: RandomType): RandomType {
  const sql = `MAP(INTEGER, ${type.sql})`;
  const value = fc
    .array(type.value, { maxLength: 3 })
    .map(
      (values) => `map([${values.map((_, i) => i * 7)}]::INTEGER[], [${values.join(', ')}]::${type.sql}[])`,
    );
  return { sql, value: orNull(sql, value) };
}
