import assert from 'node:assert/strict';
import { objectPattern } from '../../../wasm-core/sql/remote/object-pattern.ts';

describe('a pattern of keys of a bucket', () => {
  const check = (pattern: string, expected: { readonly yes: string[]; readonly no: string[] }) => {
    const { prefix, matches } = objectPattern(pattern);
    for (const key of expected.yes) assert.ok(matches(key) && key.startsWith(prefix), `${pattern}: ${key}`);
    for (const key of expected.no) assert.ok(!matches(key), `${pattern}: ${key}`);
  };

  it('has a star for characters of one name', () => {
    check('a/*.csv', {
      yes: ['a/x.csv', 'a/.csv', 'a/x y.csv'],
      no: ['a/b/x.csv', 'a/xcsv', 'a/x.csv/', 'b/x.csv'],
    });
    check('a-*-*.csv', { yes: ['a-1-2.csv', 'a--.csv'], no: ['a-1.csv', 'a-1-/.csv'] });
    check('*/x', { yes: ['a/x'], no: ['x', 'a/b/x'] });
  });

  it('has two stars for any number of folders', () => {
    check('a/**/x.csv', { yes: ['a/x.csv', 'a/b/x.csv', 'a/b/c/x.csv'], no: ['a/bx.csv', 'ab/x.csv'] });
    check('a/**', { yes: ['a/x', 'a/b/x'], no: ['a/', 'a/b/', 'b/x'] });
    check('**/x', { yes: ['x', 'a/x', 'a/b/x'], no: ['ax'] });
  });

  it('takes every other character for itself', () => {
    check('a+(b)[c]?.{1}/*', { yes: ['a+(b)[c]?.{1}/x'], no: ['aab[c]?.{1}/x', 'a+(b)cx.{1}/x'] });
  });

  it('asks for one folder alone where it means files of one', () => {
    for (const [pattern, isFlat] of [
      ['a/*.csv', true],
      ['*', true],
      ['a/*/x', false],
      ['a/**', false],
      ['a/**/x', false],
    ] as const) {
      assert.equal(objectPattern(pattern).isFlat, isFlat, pattern);
    }
  });
});
