import assert from 'node:assert/strict';
import { parseGoneRun, placesOf } from '../../../client/results/gone-run.ts';

const RUN = { title: 'select 1', uri: 'file:///a.sql', statements: ['select 1', 'select 2'] };

describe('a run whose rows went with its window', () => {
  it('is read as it was kept, and nothing beside it', () => {
    assert.deepEqual(parseGoneRun(JSON.parse(JSON.stringify({ ...RUN, parameters: { key: 'x' } }))), RUN);
  });

  it('knows the folder that it ran in, where its document does not tell', () => {
    assert.deepEqual(parseGoneRun({ ...RUN, folder: '/data' }), { ...RUN, folder: '/data' });
    assert.deepEqual(parseGoneRun({ ...RUN, folder: 1 }), RUN);
  });

  it('knows whether it was run for its plan', () => {
    for (const mode of ['explain', 'analyze'])
      assert.deepEqual(parseGoneRun({ ...RUN, mode }), { ...RUN, mode });
    for (const mode of ['run', 'profile', 1]) assert.deepEqual(parseGoneRun({ ...RUN, mode }), RUN);
  });

  it('is none when anything of it is missing, of another type or too long', () => {
    const others: readonly unknown[] = [
      undefined,
      null,
      'select 1',
      [],
      {},
      { ...RUN, title: 1 },
      { ...RUN, uri: '' },
      { ...RUN, statements: [] },
      { ...RUN, statements: 'select 1' },
      { ...RUN, statements: ['select 1', null] },
      { ...RUN, statements: ['  '] },
      { ...RUN, statements: ['x'.repeat(100_001)] },
      { ...RUN, statements: new Array(1_000_000_000) },
      { ...RUN, title: 'x'.repeat(100_001) },
    ];
    for (const other of others) assert.equal(parseGoneRun(other), undefined);
  });

  it('is found where its statements have moved to, in their order', () => {
    assert.deepEqual(placesOf(RUN, '-- new\nselect 1;\nselect 2;'), [
      { from: 0, start: 7, end: 15 },
      { from: 15, start: 17, end: 25 },
    ]);
    // Not where another statement begins with the same text.
    assert.equal(placesOf(RUN, 'select 10; select 1; select 2')?.[0]?.start, 11);
    // Inside of another text.
    assert.equal(placesOf(RUN, 'const one = sql`select 1`, two = sql`select 2`;')?.[1]?.start, 37);
    assert.equal(placesOf(RUN, 'select 2;\nselect 1;'), undefined);
    assert.equal(placesOf(RUN, 'select 1;'), undefined);
  });
});
