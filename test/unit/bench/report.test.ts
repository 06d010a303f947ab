import assert from 'node:assert/strict';
import { figureText, isReached, ratioText, suiteMarkdown, versus } from '../../../bench/report.ts';

const ROW = versus({
  what: 'execute',
  ours: 120_000,
  peer: 400_000,
  unit: '/s',
  peerName: 'C echo',
  bars: [
    { of: 'ratio', atLeast: 0.25 },
    { of: 'ours', atLeast: 300_000 },
  ],
});

describe('a bar', () => {
  it('is reached at its very limit', () => {
    assert.equal(isReached({ what: 'x', ours: 12 }, { of: 'ours', atMost: 12 }), true);
    assert.equal(isReached({ what: 'x', ratio: 0.6 }, { of: 'ratio', atLeast: 0.6 }), true);
  });

  it('is not reached by a figure that is not there', () => {
    assert.equal(isReached({ what: 'x' }, { of: 'ours', atMost: 12 }), false);
    assert.equal(isReached({ what: 'x', ours: Number.NaN }, { of: 'ours', atMost: 12 }), false);
  });
});

describe('the table of a suite', () => {
  it('has ratios first and says of each bar whether it was reached', () => {
    const text = suiteMarkdown({ title: 'Executor', notes: ['How.'], rows: [ROW] });
    assert.deepEqual(text.split('\n').slice(4), [
      '| 0.30 | execute | 120,000 | 400,000 | /s | C echo | ≥ 0.25×, ≥ 300,000 /s | yes, no |',
      '',
      'How.',
    ]);
  });

  it('leaves cells empty for what was not measured', () => {
    const text = suiteMarkdown({ title: 'T', notes: [], rows: [{ what: 'mean', ratio: 1.5 }] });
    assert.equal(text.split('\n')[4], '| 1.50 | mean |  |  |  |  |  |  |');
  });
});

describe('a number in a table', () => {
  const check = (value: number, expected: string) => assert.equal(figureText(value), expected);

  it('has three digits when it is small', () => check(0.00645, '0.00645'));
  it('is whole with its thousands apart when it is large', () => check(1_733_888.4, '1,733,888'));
  it('is never in powers of ten', () => check(0.0000123, '0.000012'));
  it('keeps four decimals when it is a small ratio', () => assert.equal(ratioText(0.0009), '0.0009'));
});
