import assert from 'node:assert/strict';
import { parseKeptRuns } from '../../../client/results/run-memo.ts';

const GONE = { title: 'select 1', uri: 'file:///a.sql', statements: ['select 1'] };
const RUN = {
  id: '17',
  title: 'flights',
  detail: '1 row, 12:00:03',
  isPinned: true,
  memo: { gone: GONE, history: ['5f0c9a3e77d1'] },
};

describe('the runs that a window kept', () => {
  it('are read as they were, and nothing beside them', () => {
    const kept = { runs: [RUN], chosen: '17' };
    assert.deepEqual(parseKeptRuns(JSON.parse(JSON.stringify(kept))), kept);
    const more = { ...RUN, content: 'x', memo: { ...RUN.memo, gone: { ...GONE, parameters: { key: 'x' } } } };
    assert.deepEqual(parseKeptRuns({ runs: [more] }), { runs: [RUN] });
  });

  it('are those that can be read, each once', () => {
    const others: readonly unknown[] = [
      null,
      'run',
      { ...RUN, id: '' },
      { ...RUN, id: 17 },
      { ...RUN, title: undefined },
      { ...RUN, memo: undefined },
      { ...RUN, memo: { gone: {}, history: [] } },
      { ...RUN, memo: { gone: GONE, history: [1] } },
      { ...RUN, memo: { gone: GONE, history: new Array(1_000_000_000) } },
    ];
    assert.deepEqual(parseKeptRuns({ runs: [...others, RUN, { ...RUN, title: 'twice' }] }), { runs: [RUN] });
    for (const value of [undefined, null, 1, [], {}, { runs: 'x' }, ...others])
      assert.deepEqual(parseKeptRuns(value), { runs: [] });
  });
});
