import assert from 'node:assert/strict';
import type { BenchSubject } from '../../../client/bench/bench-subject.ts';
import {
  type KeptRun,
  KeptRuns,
  referencesOf,
  reportAgainst,
  runAsBaselines,
} from '../../../client/bench/kept-runs.ts';
import { scalingOf, scalingSubjects } from '../../../client/bench/scaling.ts';
import { verdictOf } from '../../../wasm-core/protocol/bench/report.ts';
import { benchRun, measured, timesAround } from '../../support/bench-report.ts';

const FILE = { toString: () => 'file:///w/a.sql' } as BenchSubject['file'];

function subject(name: string, more: Partial<BenchSubject> = {}): BenchSubject {
  return {
    name,
    file: FILE,
    document: { uri: FILE },
    work: { type: 'statement', sql: 'select 1', parameters: {}, setup: [] },
    options: {},
    isCommitted: true,
    find: async () => undefined,
    again: async () => subject(name, more),
    ...more,
  };
}

function runOf(subjects: readonly BenchSubject[], micros: number): KeptRun {
  const result = benchRun(subjects.map(({ name }) => measured(name, timesAround(micros))));
  const run = { title: 't', subjects, references: referencesOf(subjects), result, scaling: [] };
  const none = { baselines: { benchmarks: {} }, ids: subjects.map(() => undefined), name: '' };
  return { ...run, report: reportAgainst(run, none) };
}

describe('runs of benchmarks that a window remembers', () => {
  it('can be compared with an earlier one, by what was measured', () => {
    const before = runOf([subject('a'), subject('b')], 1000);
    const now = runOf([subject('b'), subject('c')], 2000);
    const report = reportAgainst(now, runAsBaselines(before, now.subjects, 'the run of 10:31'));
    assert.deepEqual(report.rows.map(verdictOf), ['slower', 'new']);
    assert.equal(report.against, 'the run of 10:31');
  });

  it('hold a threshold that a query asks for', () => {
    const before = runOf([subject('a')], 1000);
    const now = runOf([subject('a', { options: { threshold: 1.5 } })], 2000);
    const report = reportAgainst(now, runAsBaselines(before, now.subjects, 'before'));
    assert.deepEqual(report.rows.map(verdictOf), ['same']);
  });

  it('are the last twenty, and the last of each benchmark is known', () => {
    const kept = new KeptRuns();
    const runs = Array.from({ length: 25 }, (_, i) => runOf([subject(`b${i % 2}`)], 100 + i));
    for (const run of runs) kept.add(run);
    assert.equal(kept.runs.length, 20);
    assert.equal(kept.runs[0], runs[24]);
    assert.deepEqual([...kept.rows.keys()].sort(), ['file:///w/a.sql#b0', 'file:///w/a.sql#b1']);
    assert.ok(kept.outdate(({ subject: { name } }) => name === 'b0'));
    assert.equal(kept.rows.size, 1);
    assert.ok(!kept.outdate(() => false));
  });

  it('stand beside the reference of their group in their own file', () => {
    const other = { toString: () => 'file:///w/b.sql' } as BenchSubject['file'];
    const group = { options: { group: 'g' } };
    const subjects = [
      subject('a', group),
      subject('b', { options: { group: 'g', isReference: true } }),
      subject('c', { ...group, file: other }),
      subject('d'),
    ];
    assert.deepEqual([...referencesOf(subjects)], [[0, 1]]);
  });
});

describe('scaling', () => {
  it('measures at each size what has a size, and leaves out what failed', () => {
    const sized = (rowCount: number) => ({
      type: 'statement' as const,
      sql: `select ${rowCount}`,
      parameters: {},
      setup: [],
    });
    const own = [subject('plain'), subject('sized', { sized })];
    const { subjects, sizes } = scalingSubjects(own);
    assert.deepEqual(
      subjects.map(({ name, work }) => [name, work.type === 'statement' && work.sql]).slice(0, 2),
      [
        ['sized, 100 rows', 'select 100'],
        ['sized, 1,000 rows', 'select 1000'],
      ],
    );
    const failed = {
      outcome: 'failed',
      name: '',
      type: 'statement',
      kind: 'X',
      message: '',
      details: {},
    } as const;
    const targets = sizes.map(({ rowCount }, i) => (i === 1 ? failed : measured('', [rowCount])));
    const [scaling, ...more] = scalingOf(own, sizes, benchRun(targets));
    assert.deepEqual(more, []);
    assert.equal(scaling?.name, 'sized');
    assert.deepEqual(
      scaling.points.map(({ rowCount, micros }) => [rowCount, micros]),
      [100, 10_000, 100_000, 1_000_000].map((rows) => [rows, rows]),
    );
  });
});
