import assert from 'node:assert/strict';
import {
  chanceText,
  comparisonText,
  fuelPerRow,
  ratioText,
  reportOf,
  reportSummary,
  rowsPerSecond,
  verdictOf,
} from '../../../../wasm-core/protocol/bench/report.ts';
import { benchRun, exampleReport, measured, timesAround } from '../../../support/bench-report.ts';

describe('a report of benchmarks', () => {
  const report = exampleReport();

  it('finds for each target what it is compared with', () => {
    assert.deepEqual(report.rows.map(verdictOf), ['slower', 'faster', 'same', 'other', 'new', 'failed']);
    assert.deepEqual(
      report.rows.map(({ before }) => before?.length),
      [20, 20, 20, 20, undefined, undefined],
    );
    assert.deepEqual(
      report.rows.map(({ reference }) => reference?.name),
      [undefined, 'slug', undefined, undefined, undefined, undefined],
    );
  });

  it('says in a sentence what changed', () => {
    const [slug, , , moved] = report.rows;
    assert.ok(slug?.comparison && moved?.comparison);
    assert.match(
      comparisonText(slug.comparison, 'the run before'),
      /^Slower than in the run before: 1\.\d\d× \(.*\), 4\.4 ms, was 3\.7 ms; p < 0\.001\. Takes more fuel: 1\.25×, 2,500,000 instructions, was 2,000,000\. Changed since: slug\.$/,
    );
    assert.equal(comparisonText(moved.comparison, 'x'), 'It gives another number of rows than in x.');
  });

  it('has nothing to say of baselines where there are none, or of another machine', () => {
    const target = measured('a', timesAround(100));
    const alone = reportOf({ title: 't', result: benchRun([target]), ids: ['f#a'] });
    assert.equal(reportSummary(alone), '1 benchmark');
    assert.deepEqual(alone.rows, [{ result: target }]);
    const baselines = {
      benchmarks: { 'f#a': { work: 'w', modules: {}, times: { elsewhere: { ...TIMES, micros: [1] } } } },
    };
    const against = { name: 'quern.bench.json', baselines };
    const elsewhere = reportOf({ title: 't', result: benchRun([target]), ids: ['f#a'], against });
    const [row] = elsewhere.rows;
    assert.ok(row?.comparison);
    assert.equal(row.before, undefined);
    assert.equal(verdictOf(row), 'other');
    assert.match(comparisonText(row.comparison, 'it'), /^The times in it are of another machine\.$/);
  });

  it('takes no name of JavaScript for a baseline', () => {
    const target = measured('a', [1, 2]);
    const against = { name: 'f', baselines: { benchmarks: {} } };
    const { rows } = reportOf({ title: 't', result: benchRun([target]), ids: ['__proto__'], against });
    assert.deepEqual(rows.map(verdictOf), ['new']);
  });

  it('counts rows and fuel by what functions were called with, too', () => {
    const target = measured('a', [1000, 1000], {
      rowCount: 1,
      functionRows: 500,
      fuel: { least: 2000, most: 2000 },
    });
    assert.equal(rowsPerSecond(target), 500_000);
    assert.equal(fuelPerRow(target), 4);
    assert.equal(rowsPerSecond(measured('b', [1000])), undefined);
    assert.equal(fuelPerRow(measured('b', [1000])), undefined);
  });

  it('writes ratios and chances in few digits', () => {
    assert.deepEqual([0.012, 0.5, 1.184, 12.3, 4321, Infinity].map(ratioText), [
      '0.012×',
      '0.50×',
      '1.18×',
      '12.30×',
      '4,321×',
      '∞×',
    ]);
    assert.deepEqual([0.0001, 0.0049, 0.03, 1].map(chanceText), [
      'p < 0.001',
      'p = 0.005',
      'p = 0.03',
      'p = 1.00',
    ]);
  });
});

const TIMES = { at: '2026-01-01', quern: '1', node: '2', duckdb: '3' };
