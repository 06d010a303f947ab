import assert from 'node:assert/strict';
import { parquetType } from '../../../wasm-core/sql/duckdb/export/copy-statement.ts';

describe('the type that a column has in Parquet', () => {
  const check = (type: string, expected: string): void => assert.equal(parquetType(type), expected);

  it('is its own where DuckDB writes it exactly', () => {
    for (const type of [
      'BIGINT',
      'TIMESTAMP WITH TIME ZONE',
      "ENUM('INTERVAL', 'a''HUGEINT')",
      'DECIMAL(38,3)',
    ]) {
      check(type, type);
    }
  });

  it('is another where it does not, at any depth', () => {
    check('HUGEINT', 'DECIMAL(38,0)');
    check('UHUGEINT[]', 'DECIMAL(38,0)[]');
    check('INTERVAL', 'VARCHAR');
    check('MAP(HUGEINT, TIME WITH TIME ZONE[3])', 'MAP(DECIMAL(38,0), VARCHAR[3])');
    check('STRUCT(a BIGNUM, b STRUCT(c INTERVAL))', 'STRUCT(a VARCHAR, b STRUCT(c VARCHAR))');
  });

  it('leaves members alone that are named like types', () => {
    check('STRUCT(hugeint BIGINT, "HUGEINT" INTERVAL)', 'STRUCT(hugeint BIGINT, "HUGEINT" VARCHAR)');
    check('STRUCT(HUGEINT BIGINT, "a, HUGEINT)" UUID)', 'STRUCT(HUGEINT BIGINT, "a, HUGEINT)" UUID)');
  });
});
