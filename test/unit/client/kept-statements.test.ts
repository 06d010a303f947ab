import assert from 'node:assert/strict';
import { keptStatements } from '../../../client/results/kept-statements.ts';
import type { HistoryEntry, HistoryResultResult } from '../../../wasm-core/protocol/history.ts';

const COST = { micros: 5, functionMicros: 0, transferMicros: 0, functionRows: 0, functionFuel: 0 };
const ROWS = {
  kind: 'SELECT',
  columns: [{ name: 'x', type: 'INTEGER' }],
  rowCount: 2,
  truncated: false,
  file: { path: '/kept.arrow', schemaByteLength: 8, byteLength: 16, pages: [] },
  cost: COST,
};
const SELECT = { kind: 'SELECT', rowCount: 2, truncated: false, columnCount: 1, micros: 5 };
const INSERT = { kind: 'INSERT', rowCount: 3, truncated: false, micros: 7 };

/** What the history says of a run. */
function answer(
  sql: string,
  statements: HistoryResultResult['statements'],
  more: Partial<HistoryEntry> = {},
): HistoryResultResult {
  const entry: HistoryEntry = {
    id: 'a',
    time: '2026-11-27T07:00:00.000Z',
    client: 'test',
    folder: '/data',
    sql,
    parameters: {},
    inputs: [],
    plugins: [],
    micros: 9,
    rowCount: 2,
    outcome: { type: 'done', statements: statements.map((kept) => (kept === null ? INSERT : SELECT)) },
    ...more,
  };
  return { entry, statements };
}

describe('what the history keeps of the statements of a run', () => {
  it('is their rows, each with its place and the comments above it', () => {
    const first = answer('-- @name one\nselect 1 -- end', [ROWS], { parameters: { a: 1 } });
    const second = answer('select 2', [ROWS], { parameters: { b: 'x' } });
    const { text, pieces, statements, areGone, parameters } = keptStatements([first, second], ['', '']);
    assert.deepEqual(
      pieces.map(({ from, end }) => text.slice(from, end)),
      ['-- @name one\nselect 1', 'select 2'],
    );
    assert.deepEqual(
      statements.map(({ start, end, file }) => [text.slice(start, end), file?.path]),
      [
        ['select 1', '/kept.arrow'],
        ['select 2', '/kept.arrow'],
      ],
    );
    assert.deepEqual(areGone, [false, false]);
    assert.deepEqual(parameters, { a: 1, b: 'x' });
  });

  it('tells those whose rows are gone from those that gave none', () => {
    const several = answer('insert into t values (1); select 1; select 2', [null, null, ROWS], {
      outcome: { type: 'done', statements: [INSERT, SELECT, SELECT] },
    });
    const { statements, areGone } = keptStatements([several, undefined], ['', 'select 3']);
    assert.deepEqual(areGone, [false, true, false, true]);
    assert.deepEqual(
      statements.map(({ kind, rowCount }) => [kind, rowCount]),
      [
        ['INSERT', 3],
        ['SELECT', 0],
        ['SELECT', 2],
        ['', 0],
      ],
    );
  });

  it('takes records of before at their kind, and texts that were cut from elsewhere', () => {
    const { columnCount: _, ...before } = SELECT;
    const old = answer('select', [null], { cut: true, outcome: { type: 'done', statements: [before] } });
    const { text, areGone } = keptStatements([old], ['select 42']);
    assert.equal(text, 'select 42');
    assert.deepEqual(areGone, [true]);
    const failed = answer('select 1', [], { outcome: { type: 'failed', kind: 'SQL_RUN' } });
    assert.deepEqual(keptStatements([failed], ['']).areGone, [true]);
  });
});
