import assert from 'node:assert/strict';
import fc from 'fast-check';
import { functionCalls } from '../../../wasm-core/protocol/function-calls.ts';

const names = (text: string): string[] => functionCalls(text).map(({ name }) => name);

describe('calls of functions in a SQL text', () => {
  const cases: readonly (readonly [sql: string, calls: readonly string[]])[] = [
    ['select slug(title), "Slug" (x)', ['slug', 'slug']],
    ["select 'slug(1)', $$slug(2)$$, E'\\'slug(3)' -- slug(4)\n/* slug(5) /* */ slug(6) */", []],
    ['select slug /* a title */ -- of a film\n (title)', ['slug']],
    ['select main.slug(t), t.title.slug()', ['slug', 'slug']],
    ['select "a ""b"""(1), größe(2)', ['a "b"', 'größe']],
    ['select slug, (slug), slug.x from slug', []],
    ['select slug(', ['slug']],
    ['select "slug(1)', []],
  ];
  for (const [sql, calls] of cases) {
    it(`are ${calls.join(', ') || 'none'} in ${JSON.stringify(sql)}`, () => {
      assert.deepEqual(names(sql), calls);
    });
  }

  it('are found at their place, whatever strings, comments and names stand between them', () => {
    const between = fc.constantFrom(
      " 'f(1)' ",
      ' /* f(2) */ ',
      ' -- f(3)\n',
      ' "f(4)" ',
      ' $$ f(5) $$ ',
      ' f, ',
      ' f.x ',
    );
    fc.assert(
      fc.property(fc.array(between), (pieces) => {
        const text = pieces.map((piece) => `${piece}, f(`).join('');
        const calls = functionCalls(text);
        assert.equal(calls.length, pieces.length);
        for (const { offset } of calls) assert.equal(text.slice(offset, offset + 2), 'f(');
      }),
    );
  });

  it('are told of any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('f', '(', '"', "'", '$', 'e', '-', '\n', '/', '*', 'ü') }),
        (text) => {
          for (const { offset } of functionCalls(text)) assert.ok(offset >= 0 && offset < text.length);
        },
      ),
    );
  });
});
