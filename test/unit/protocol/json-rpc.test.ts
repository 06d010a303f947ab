import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import { parseIncoming } from '../../../wasm-core/protocol/json-rpc.ts';

/** The id that a refusal can be answered with, or nothing. */
function refusedId(value: unknown): unknown {
  try {
    parseIncoming(value);
  } catch (error) {
    assert.ok(error instanceof CoreError && error.kind === 'REQUEST_INVALID');
    return error.details.id;
  }
  return assert.fail('was accepted');
}

describe('parseIncoming', () => {
  it('takes a request with a number or a string as its id', () => {
    for (const id of [0, -1, 7, '', 'a']) {
      const request = { jsonrpc: '2.0', id, method: 'host/stats' };
      assert.deepEqual(parseIncoming(request), {
        type: 'request',
        request: { ...request, params: undefined },
      });
    }
  });

  it('takes a message without an id for a notification', () => {
    const params = { id: 1 };
    assert.deepEqual(parseIncoming({ jsonrpc: '2.0', method: '$/cancelRequest', params }), {
      type: 'notification',
      notification: { jsonrpc: '2.0', method: '$/cancelRequest', params },
    });
  });

  it('drops members that JSON-RPC does not know', () => {
    const incoming = parseIncoming({ jsonrpc: '2.0', id: 1, method: 'm', extra: true });
    assert.ok(incoming.type === 'request' && !('extra' in incoming.request));
  });

  it('refuses what is not one object', () => {
    for (const value of [null, 5, 'text', true, [], [{ jsonrpc: '2.0', id: 1, method: 'm' }]]) {
      assert.equal(refusedId(value), undefined);
    }
  });

  it('says whom to answer when a refused line had a usable id', () => {
    assert.equal(refusedId({ id: 3, method: 'm' }), 3);
    assert.equal(refusedId({ jsonrpc: '1.0', id: 3, method: 'm' }), 3);
    assert.equal(refusedId({ jsonrpc: '2.0', id: 'x', method: 5 }), 'x');
  });

  it('refuses an id that could not come back as it went', () => {
    for (const id of [null, 1.5, 2 ** 53, {}, [], true]) {
      assert.equal(refusedId({ jsonrpc: '2.0', id, method: 'm' }), undefined);
    }
  });

  it('either parses or refuses any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          parseIncoming(value);
        } catch (error) {
          assert.ok(error instanceof CoreError && error.kind === 'REQUEST_INVALID');
        }
      }),
    );
  });
});
