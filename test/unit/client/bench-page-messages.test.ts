import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseFromBenchPage } from '../../../client/bench/page-messages.ts';

describe('messages of the page of benchmarks', () => {
  it('are taken when the page may ask for what they say, without what does not belong to them', () => {
    for (const type of ['ready', 'cancel', 'runAgain', 'saveBaseline', 'compare', 'scale']) {
      assert.deepEqual(parseFromBenchPage({ type, command: 'workbench.action.quit' }), { type });
    }
    for (const message of [
      { type: 'reveal', target: 3 },
      { type: 'copy', text: '# a' },
      { type: 'exportSvg', svg: '<svg xmlns="x"></svg>' },
    ]) {
      assert.deepEqual(parseFromBenchPage(message), message);
    }
  });

  it('are dropped when they ask for anything else, or ask badly', () => {
    for (const message of [
      null,
      {},
      { type: 'command' },
      { type: 'reveal', target: -1 },
      { type: 'reveal', target: '0' },
      { type: 'copy', text: 'x'.repeat(5 * 1024 * 1024) },
      { type: 'exportSvg', svg: '<html>' },
      { type: 'exportSvg', path: '/etc/passwd' },
    ]) {
      assert.equal(parseFromBenchPage(message), undefined);
    }
  });

  it('never make the extension fail', () => {
    fc.assert(fc.property(fc.anything(), (value) => void parseFromBenchPage(value)));
  });
});
