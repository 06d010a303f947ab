import assert from 'node:assert/strict';
import { coverageSummary, coveredLines } from '../../../client/profile/coverage.ts';
import { parseFromProfilePage } from '../../../client/profile/page-messages.ts';
import type { LineProfile } from '../../../wasm-core/protocol/profile.ts';

const LINES: readonly LineProfile[] = [
  { file: 'a.wat', line: 3, executions: 1234, fuel: 5210, function: 0 },
  { file: 'a.wat', line: 4, executions: 7, fuel: 0, function: 0 },
  { file: 'a.wat', line: 5, executions: 1, fuel: 90, function: 0, partial: true },
  { file: 'a.wat', line: 6, executions: 0, fuel: 0, function: 1 },
];

describe('the coverage of a source', () => {
  it('tells of each line how often it ran and what it used', () => {
    const covered = coveredLines(LINES, 10_000);
    assert.deepEqual(
      covered.map(({ line, coverage, text }) => [line, coverage, text]),
      [
        [3, 'covered', '1,234× · 5.2 k fuel'],
        [4, 'covered', '7×'],
        [5, 'partial', '1× · 90 fuel'],
        [6, 'uncovered', 'never ran'],
      ],
    );
    assert.equal(covered[0]?.detail, 'Ran 1,234 times and used 5,210 fuel, 52.1 % of all.');
    assert.match(covered[2]?.detail ?? '', /Some of its instructions never ran\.$/);
    assert.equal(coverageSummary(LINES), '3 of 4 lines ran');
  });
});

describe('a message of the profile page', () => {
  it('is one of its actions, or none', () => {
    assert.deepEqual(parseFromProfilePage({ type: 'ready', more: 1 }), { type: 'ready' });
    assert.deepEqual(parseFromProfilePage({ type: 'cancel' }), { type: 'cancel' });
    const reveal = { type: 'reveal', module: 0, function: 12 };
    assert.deepEqual(parseFromProfilePage({ ...reveal, command: 'x' }), reveal);
    for (const wrong of [
      undefined,
      'ready',
      {},
      { type: 'run' },
      { ...reveal, module: -1 },
      { ...reveal, function: 0.5 },
      { ...reveal, function: '1' },
    ]) {
      assert.equal(parseFromProfilePage(wrong), undefined);
    }
  });
});
