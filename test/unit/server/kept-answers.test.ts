import assert from 'node:assert/strict';
import { KeptAnswers } from '../../../server/sql/kept-answers.ts';

describe('answers that are kept', () => {
  const never = (): Promise<string> => new Promise(() => undefined);
  const fails = (): Promise<string> => Promise.reject(new Error('lost'));

  it('are given again, and asked for anew when something changed', async () => {
    const answers = new KeptAnswers();
    const ask = (value: string) => answers.get('q', { forMs: 60_000, ask: async () => value });
    assert.deepEqual([await ask('a'), await ask('b')], ['a', 'a']);
    answers.forget();
    assert.equal(await ask('c'), 'c');
  });

  it('bridge the time in which nobody answers', async () => {
    const answers = new KeptAnswers();
    await answers.get('q', { forMs: 0, ask: async () => 'old' });
    assert.equal(await answers.get('q', { forMs: 0, ask: never }), 'old');
  });

  it('bridge a failure, which is told only when nothing is known', async () => {
    const answers = new KeptAnswers();
    await assert.rejects(answers.get('q', { forMs: 0, ask: fails }), /lost/);
    await answers.get('q', { forMs: 0, ask: async () => 'old' });
    assert.equal(await answers.get('q', { forMs: 0, ask: fails }), 'old');
  });

  it('are asked for once by all who wait', async () => {
    const answers = new KeptAnswers();
    let asked = 0;
    const ask = async () => ++asked;
    const both = await Promise.all([1, 2].map(() => answers.get('q', { forMs: 60_000, ask })));
    assert.deepEqual(both, [1, 1]);
  });
});
