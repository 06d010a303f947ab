import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseFromPage } from '../../../client/results/page-messages.ts';

describe('messages of the results page', () => {
  it('are taken when the page may ask for what they say', () => {
    for (const message of [
      { type: 'ready' },
      { type: 'cancel' },
      { type: 'revealError' },
      { type: 'runAgain' },
      { type: 'pull', id: '1.0', page: 3 },
      { type: 'copy', text: 'a\tb' },
      { type: 'export', id: '1.0' },
    ]) {
      assert.deepEqual(parseFromPage(message), message);
    }
  });

  it('lose what does not belong to them', () => {
    assert.deepEqual(parseFromPage({ type: 'cancel', command: 'workbench.action.quit' }), { type: 'cancel' });
  });

  it('are dropped when they ask for anything else, or ask badly', () => {
    for (const message of [
      null,
      'ready',
      {},
      { type: 'command' },
      { type: 'pull', id: 1, page: 0 },
      { type: 'pull', id: '1.0', page: -1 },
      { type: 'pull', id: '1.0', page: 0.5 },
      { type: 'copy' },
      { type: 'export', path: '/etc/passwd' },
    ]) {
      assert.equal(parseFromPage(message), undefined, JSON.stringify(message));
    }
  });

  it('never make the extension fail', () => {
    fc.assert(fc.property(fc.anything(), (value) => void parseFromPage(value)));
  });
});
