/** Values of one type, each as SQL; a NULL is among the rows of every type. */
export interface TypedValues {
  readonly type: string;
  readonly values: readonly string[];
}

const text = (...values: readonly string[]) => values.map((value) => `'${value.replaceAll("'", "''")}'`);

/** Types and the values at their edges, as literals that DuckDB casts to the type. */
export const EXPORTED_VALUES: readonly TypedValues[] = [
  { type: 'BOOLEAN', values: ['true', 'false'] },
  { type: 'TINYINT', values: ['-128', '127'] },
  { type: 'UTINYINT', values: ['0', '255'] },
  { type: 'SMALLINT', values: ['-32768', '32767'] },
  { type: 'USMALLINT', values: ['65535'] },
  { type: 'INTEGER', values: ['-2147483648', '2147483647'] },
  { type: 'UINTEGER', values: ['4294967295'] },
  { type: 'BIGINT', values: text('-9223372036854775808', '9223372036854775807', '9007199254740993') },
  { type: 'UBIGINT', values: text('18446744073709551615') },
  { type: 'HUGEINT', values: text('-99999999999999999999999999999999999999', '9223372036854775808', '7') },
  { type: 'UHUGEINT', values: text('99999999999999999999999999999999999999') },
  { type: 'BIGNUM', values: text('-123456789012345678901234567890123456789012345', '0') },
  { type: 'DECIMAL(38,0)', values: text('99999999999999999999999999999999999999', '-1') },
  { type: 'DECIMAL(38,38)', values: text('0.12345678901234567890123456789012345678', '-.5') },
  { type: 'DECIMAL(18,3)', values: text('123456789012345.678', '-0.001') },
  { type: 'DECIMAL(4,2)', values: text('99.99', '-0.01') },
  { type: 'FLOAT', values: text('0.1', '-3.4028235e38', '1e-45', 'nan', 'inf', '-inf', '-0.0', '16777216') },
  {
    type: 'DOUBLE',
    values: text(
      '0.1',
      '0.30000000000000004',
      '1.7976931348623157e308',
      '5e-324',
      'nan',
      'inf',
      '-inf',
      '-0.0',
      '1e15',
      '1e16',
      '123456789.125',
    ),
  },
  {
    type: 'VARCHAR',
    values: [
      ...text(
        '',
        ' ',
        'NULL',
        'null',
        "it's",
        '"quoted"',
        'a,b',
        'a;b',
        'tab\there',
        'line\nend',
        'cr\rhere',
        'crlf\r\nhere',
        '\\N',
        '\\',
        '=1+1',
        '@x',
        '#comment',
        'é',
        '日本語',
        '😀',
        'e\u0301',
        '\u202eright',
        '\ufeff',
        ' outer ',
        '_x0041_',
        '<&>',
        '0123',
        '1e5',
        'true',
        '\u0001',
        '|',
        '[]',
        '{}',
      ),
      "'nul' || chr(0) || 'nul'",
      "repeat('long', 5000)",
    ],
  },
  { type: 'BLOB', values: text('', 'abc', '\\x00\\xFF\\x27\\x22\\x5C') },
  { type: 'BIT', values: text('1', '10101010101') },
  { type: 'UUID', values: text('6f5a2b6e-1111-2222-3333-444455556666') },
  {
    type: 'DATE',
    values: text(
      '1970-01-01',
      '0001-01-01',
      '1900-02-28',
      '1900-03-01',
      '9999-12-31',
      '44-03-15 (BC)',
      'infinity',
      '-infinity',
    ),
  },
  { type: 'TIME', values: text('00:00:00', '23:59:59.999999', '12:30:00.5', '24:00:00') },
  { type: 'TIME WITH TIME ZONE', values: text('10:00:00.123456+02', '00:00:00-15:59:59') },
  {
    type: 'TIMESTAMP',
    values: text(
      '1970-01-01 00:00:00',
      '2024-02-29 12:34:56.789012',
      '2024-02-29 12:34:56.789',
      '1969-12-31 23:59:59.999999',
      'infinity',
      '-infinity',
      '0044-03-15 (BC) 00:00:00',
    ),
  },
  { type: 'TIMESTAMP_S', values: text('2024-02-29 12:34:56') },
  { type: 'TIMESTAMP_MS', values: text('2024-02-29 12:34:56.789') },
  { type: 'TIMESTAMP_NS', values: text('2024-02-29 12:34:56.123456789', '1677-09-22 00:00:00') },
  {
    type: 'TIMESTAMP WITH TIME ZONE',
    values: text('2024-02-29 12:34:56.789012+02', 'infinity', '1969-12-31 23:59:59.999999+00'),
  },
  { type: 'INTERVAL', values: text('1 year 2 months -3 days 04:05:06.789012', '00:00:00') },
  { type: "ENUM('one', 'it''s', '')", values: text('one', "it's", '') },
  { type: 'JSON', values: text('{"a": [1, null, "x"]}', '"text"', '12345678901234567890') },
  { type: 'INTEGER[]', values: ['[1, NULL, 3]', '[]'] },
  { type: 'VARCHAR[]', values: [`['', 'NULL', 'a, b', 'it''s', '"', NULL, '[x]']`] },
  { type: 'INTEGER[3]', values: ['[1, NULL, 3]'] },
  { type: 'STRUCT(a BIGINT, "b c" VARCHAR[])', values: [`{'a': 9007199254740993, 'b c': ['x', NULL, '']}`] },
  {
    type: 'MAP(VARCHAR, HUGEINT)',
    values: ["MAP {'k': 99999999999999999999999999999999999999::HUGEINT, '': NULL}"],
  },
];

/** Rows with a number to order them by, and a NULL between. */
export function exportedQuery({ type, values }: TypedValues): string {
  const rows = [...values, 'NULL'].map(
    (value, index) => `select ${index} as id, cast(${value} as ${type}) as v`,
  );
  return `from (${rows.join(' union all ')}) order by id`;
}
