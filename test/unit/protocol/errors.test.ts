import assert from 'node:assert/strict';
import {
  CoreError,
  ERROR_CODES,
  type ErrorKind,
  fromRpcError,
  isErrorKind,
  toRpcError,
} from '../../../wasm-core/protocol/errors.ts';

const KINDS = Object.keys(ERROR_CODES).filter(isErrorKind);

/** The error after a trip through JSON. */
function overTheWire(error: unknown): CoreError {
  return fromRpcError(JSON.parse(JSON.stringify(toRpcError(error))));
}

describe('errors on the wire', () => {
  it('have a number each', () => {
    const codes = KINDS.map((kind) => ERROR_CODES[kind].code);
    assert.equal(new Set(codes).size, codes.length);
  });

  it('come back as they went', () => {
    for (const kind of KINDS) {
      const back = overTheWire(new CoreError(kind, `about ${kind}`, { start: 3, candidates: ['a'] }));
      assert.equal(back.kind, kind);
      assert.equal(back.message, `about ${kind}`);
      assert.deepEqual(back.details, { start: 3, candidates: ['a'] });
    }
  });

  it('carry the number of their kind', () => {
    assert.equal(toRpcError(new CoreError('TRAP', 'unreachable')).code, ERROR_CODES.TRAP.code);
  });

  it('keep their kind when a detail is called kind', () => {
    const error = new CoreError('TRAP', 'unreachable', { kind: 'OTHER' });
    assert.equal(toRpcError(error).data.kind, 'TRAP');
  });

  it('are INTERNAL for a bug, without its stack', () => {
    const sent = toRpcError(new TypeError('x is undefined'));
    assert.deepEqual(sent, {
      code: ERROR_CODES.INTERNAL.code,
      message: 'x is undefined',
      data: { kind: 'INTERNAL' },
    });
  });

  it('are INTERNAL when the peer knows kinds that we do not', () => {
    for (const data of [
      { kind: 'NEWER' },
      { kind: 'constructor' },
      { kind: 5 },
      {},
      null,
      'text',
      undefined,
    ]) {
      const expected: ErrorKind = 'INTERNAL';
      assert.equal(fromRpcError({ message: 'm', data }).kind, expected);
    }
  });
});
