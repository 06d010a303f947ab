import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Histogram } from '../../../bench/load/histogram.ts';
import { parseLoadResult } from '../../../bench/load/load-result.ts';
import { parseAnonymousMb, parseProcessorMicros } from '../../../bench/process-figures.ts';

const RESULT = {
  answers: 100,
  perSecond: 50.5,
  p50Us: 12.3,
  p90Us: 20,
  p99Us: 90,
  maxUs: 400,
  errors: 0,
  lost: 0,
  firstError: '',
};

describe('the histogram', () => {
  it('gives back a value to 3 in a hundred', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (value) => {
        const histogram = new Histogram();
        histogram.add(value);
        assert.ok(Math.abs(histogram.at(0.5) - value) <= value * 0.03, `${histogram.at(0.5)}`);
        assert.equal(histogram.largest, value);
      }),
    );
  });

  it('gives percentiles of many values', () => {
    const histogram = new Histogram();
    for (let value = 1; value <= 1000; value++) histogram.add(value);
    for (const share of [0.5, 0.9, 0.99]) {
      assert.ok(Math.abs(histogram.at(share) - share * 1000) <= 30 * share, `${histogram.at(share)}`);
    }
  });

  it('of no values gives 0', () => assert.equal(new Histogram().at(0.99), 0));
});

describe("the load generator's result", () => {
  it('is read from its JSON', () => assert.deepEqual(parseLoadResult(JSON.stringify(RESULT)), RESULT));

  it('is refused when an answer was wrong, with the first wrong one', () => {
    const text = JSON.stringify({ ...RESULT, errors: 2, firstError: '{"error":{}}' });
    assert.throws(() => parseLoadResult(text), /2 of 100 requests failed\. The first: \{"error":\{\}\}/);
  });

  it('is refused when answers are missing', () => {
    assert.throws(() => parseLoadResult(JSON.stringify({ ...RESULT, lost: 3 })), /3 had no answer/);
  });

  it('is refused when a figure is missing', () => {
    const { p99Us: _, ...rest } = RESULT;
    assert.throws(() => parseLoadResult(JSON.stringify(rest)), /printed no result/);
  });
});

describe("a process's figures", () => {
  it('are read behind a name with spaces and parentheses', () => {
    const stat = '4711 (a) b (c) S 1 1 1 0 -1 4194560 100 0 0 0 250 30 0 0 20 0 11 0 5 6 7';
    assert.equal(parseProcessorMicros(stat), 2_800_000);
  });

  it('are anonymous memory in MiB', () => {
    assert.equal(parseAnonymousMb('VmRSS:\t 90000 kB\nRssAnon:\t 20480 kB\nRssFile:\t 1 kB\n'), 20);
  });
});
