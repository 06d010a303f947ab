import assert from 'node:assert/strict';
import { RunStates } from '../../../client/run/run-states.ts';
import { staleText } from '../../../client/run/stale-text.ts';

const run = {
  type: 'done',
  summary: '1 row, 2 ms',
  uses: { key: 'a', calls: [], files: [], writes: false },
  parameters: '[]',
} as const;

describe('why a run is stale', () => {
  /** What the lens says after some changes, and with a text and parameters of now. */
  function says(changes: readonly string[], now = { key: 'a', parameters: '[]' }): string {
    const states = new RunStates();
    states.record('file:///a.sql', 0, run);
    for (const name of changes) states.changed({ name, text: name }, () => true);
    const shown = states.of('file:///a.sql', [{ start: 0, ...now }]).get(0);
    return staleText(shown?.stale ?? []);
  }

  it('is the text, its parameters, a file or a plugin function, in few words', () => {
    assert.equal(says([], { key: 'b', parameters: '[]' }), 'text changed');
    assert.equal(says([], { key: 'a', parameters: '[1]' }), 'parameters changed');
    assert.equal(says(['data/2024/days.csv']), 'days.csv changed');
    assert.equal(says(['data\\days.csv']), 'days.csv changed');
    assert.equal(says(['slug']), 'slug changed');
  });

  it('is the first of several, and how many more there are', () => {
    assert.equal(says(['a.csv', 'b.csv']), 'a.csv and 1 other changed');
    assert.equal(says(['a.csv', 'b.csv'], { key: 'b', parameters: '[]' }), 'text and 2 others changed');
  });

  it('is short where names are long', () => {
    const said = says([`data/${'n'.repeat(100)}.csv`]);
    assert.equal(said, `${'n'.repeat(29)}… changed`);
  });
});
