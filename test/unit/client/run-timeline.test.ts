import assert from 'node:assert/strict';
import { wayMicros, withPhase } from '../../../client/run/run-timeline.ts';
import type { RunResult, StatementResult } from '../../../wasm-core/protocol/methods.ts';
import { timelineMicros } from '../../../wasm-core/protocol/timeline.ts';

function statement(timeline: StatementResult['timeline']): StatementResult {
  const cost = { micros: 700, functionMicros: 0, transferMicros: 0, functionRows: 0, functionFuel: 0 };
  const place = { start: 0, end: 8, kind: 'SELECT', columns: [], rowCount: 0, truncated: false };
  return { ...place, cost, ...(timeline && { timeline }) };
}

describe('the timeline of a run in the editor', () => {
  const result: RunResult = {
    statements: [statement({ queue: 200, parse: 50, bind: 100, run: 600 }), statement({ run: 40 })],
    micros: 800,
  };

  it('has the way to the host, and no more than the request took', () => {
    const way = wayMicros(result, 1500);
    assert.equal(way, 500);
    const { statements } = withPhase(result, 'connection', way);
    assert.equal(statements[0]?.timeline?.connection, 500);
    const sum = statements.reduce((all, { timeline = {} }) => all + timelineMicros(timeline), 0);
    assert.ok(sum <= 1500, `${sum}`);
    assert.deepEqual(statements[1], result.statements[1]);
  });

  it('adds to what is there, and leaves out what took no time', () => {
    const twice = withPhase(withPhase(result, 'compile', 3.4), 'compile', 2);
    assert.equal(twice.statements[0]?.timeline?.compile, 5);
    assert.deepEqual(withPhase(result, 'connection', -3), result);
    assert.deepEqual(withPhase({ statements: [], micros: 1 }, 'compile', 7), { statements: [], micros: 1 });
  });
});
