import assert from 'node:assert/strict';
import { parseFromChainPage } from '../../../client/chains/page-messages.ts';

describe('messages of the chain page', () => {
  it('are those that it may send', () => {
    for (const message of [
      { type: 'ready' },
      { type: 'cancel' },
      { type: 'reveal' },
      { type: 'run', from: 1 },
      { type: 'run', from: 64, text: '' },
      { type: 'chooseInput', step: 2 },
      { type: 'copy', text: 'x' },
    ]) {
      assert.deepEqual(parseFromChainPage({ ...message, more: 1 }), message);
    }
  });

  it('are dropped when they are none', () => {
    for (const message of [
      undefined,
      'run',
      {},
      { type: 'open', path: '/etc/passwd' },
      { type: 'run' },
      { type: 'run', from: 0 },
      { type: 'run', from: 65 },
      { type: 'run', from: 1.5 },
      { type: 'run', from: 1, text: 7 },
      { type: 'chooseInput', step: '1' },
      { type: 'copy' },
    ]) {
      assert.equal(parseFromChainPage(message), undefined, JSON.stringify(message));
    }
  });
});
