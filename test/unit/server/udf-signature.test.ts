import assert from 'node:assert/strict';
import { parseSignature } from '../../../server/compilers/udf-signature.ts';

describe('the signature of a @udf comment', () => {
  const base = { name: 'f', export: 'f', deterministic: true, doc: '' };

  it('has types with commas and words of their own', () => {
    const text = ' f(x decimal(10,2), at Timestamp With Time Zone, y VARCHAR[]) -> struct(a integer, B date)';
    assert.deepEqual(parseSignature(text), {
      ...base,
      parameters: [
        { name: 'x', type: 'DECIMAL(10,2)' },
        { name: 'at', type: 'TIMESTAMP WITH TIME ZONE' },
        { name: 'y', type: 'VARCHAR[]' },
      ],
      returns: 'STRUCT(a INTEGER, "B" DATE)',
    });
  });

  it('has a variadic last parameter, documents and tables', () => {
    assert.deepEqual(parseSignature('f(d DOCUMENT, xs VARCHAR...) -> TABLE(id BIGINT, at DATE)'), {
      ...base,
      kind: 'table',
      parameters: [
        { name: 'd', type: 'DOCUMENT' },
        { name: 'xs', type: 'VARCHAR', variadic: true },
      ],
      returns: 'TABLE(id BIGINT, at DATE)',
    });
  });

  it('has options behind the result, in any order', () => {
    assert.deepEqual(parseSignature('f() -> BIGINT nulls pass aggregate on_error null nondeterministic'), {
      ...base,
      parameters: [],
      returns: 'BIGINT',
      deterministic: false,
      nulls: 'pass',
      onError: 'null',
      kind: 'aggregate',
    });
  });

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['f(x BIGINT)', /not a signature/],
    ['f(x BIGINT -> BIGINT', /not a signature/],
    ['F(x BIGINT) -> BIGINT', /F is no name/],
    ['f(x) -> BIGINT', /"x" is not a parameter/],
    ['f(x MONEY) -> BIGINT', /MONEY is no type.*DECIMAL\(10,2\), T\[\], T\[3\], STRUCT\(a T\), MAP\(K, V\)/],
    ['f(x BIGINT) -> BIGINT often', /BIGINT often is no type/],
    ['f(xs BIGINT..., y DATE) -> BIGINT', /Only the last parameter/],
  ];
  for (const [text, message] of wrong) {
    it(`is not ${text}`, () => {
      const result = parseSignature(text);
      assert.ok(typeof result === 'string' && message.test(result), JSON.stringify(result));
    });
  }
});
