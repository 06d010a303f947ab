import assert from 'node:assert/strict';
import { calledNames, mayDefine } from '../../../server/plugins/called-names.ts';

describe('the names that a statement calls', () => {
  const cases: readonly (readonly [sql: string, source: string, expected: boolean])[] = [
    ['select slug(title) from t', 'export function slug(s: string): string {', true],
    ['select SLUG (title) from t', 'export function slug(s: string): string {', true],
    ['select "slug"(title) from t', 'export function slug(s: string): string {', true],
    ['select slug from t', 'export function slug(s: string): string {', false],
    ['select top_values(x, 3) from t', '/** @aggregate */ export class TopValues {', true],
    ['from test_rows(3, 1)', '/** @table name: test_rows */ class Rows {', true],
    ['select lower(title) from t', 'export function slug(s: string): string {', false],
    ['select twice(2)', ';; @udf twice(x BIGINT) -> BIGINT', true],
  ];
  for (const [sql, source, expected] of cases) {
    it(`${sql} ${expected ? 'waits' : 'does not wait'} for ${source}`, () => {
      assert.equal(mayDefine(source, calledNames(sql)), expected);
    });
  }
});
