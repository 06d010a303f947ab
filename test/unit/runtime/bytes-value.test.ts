import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeBytesValue, encodeBytesValue } from '../../../wasm-core/runtime/node/bytes-value.ts';
import { throwsKind } from '../../support/core-error.ts';

describe('bytes in JSON', () => {
  it('are text when they are UTF-8, else base64', () => {
    assert.deepEqual(encodeBytesValue(Buffer.from('é')), { utf8: 'é' });
    assert.deepEqual(encodeBytesValue(Uint8Array.of()), { utf8: '' });
    assert.deepEqual(encodeBytesValue(Uint8Array.of(0xff)), { base64: '/w==' });
    assert.deepEqual(encodeBytesValue(Buffer.from('\ufeffx')), { utf8: '\ufeffx' });
  });

  it('come back as they were', () => {
    const roundTrip = (bytes: Uint8Array): void => {
      const value: unknown = JSON.parse(JSON.stringify(encodeBytesValue(bytes)));
      assert.deepEqual(new Uint8Array(decodeBytesValue(value, 'input')), bytes);
    };
    fc.assert(fc.property(fc.uint8Array(), roundTrip));
  });

  const bad: readonly (readonly [unknown, RegExp])[] = [
    [undefined, /input must be \{"utf8"/],
    ['text', /input must be/],
    [{}, /input must be/],
    [{ utf8: 'a', base64: 'AA==' }, /input must be/],
    [{ utf8: 'a', more: 1 }, /input must be/],
    [{ utf8: 5 }, /input\.utf8 must be a string/],
    [{ utf8: '\ud800' }, /surrogate/],
    [{ base64: 'A' }, /input\.base64/],
    [{ base64: 'AA-_' }, /input\.base64/],
    [{ base64: null }, /input\.base64/],
  ];
  for (const [value, message] of bad) {
    it(`refuse ${JSON.stringify(value)}`, () =>
      throwsKind('PARAMS_INVALID', message, () => decodeBytesValue(value, 'input')));
  }
});
