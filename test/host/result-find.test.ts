import assert from 'node:assert/strict';
import { ResultQuestions } from '../support/result-questions.ts';

describe('host: searches in results', function () {
  this.timeout(300_000);
  const asked = new ResultQuestions();
  before(() => asked.open());
  after(() => asked.home.dispose());

  it('find cells as a plain reading of the shown texts does, both ways around', async () => {
    const result = await asked.run("select i, 'Row ' || i as t, i % 7 = 0 as b from range(300) t(i)");
    const shown = await asked.texts(result, {});
    for (const [text, matchCase] of [
      ['ROW 2', false],
      ['ROW', true],
      ['9', false],
      ['true', true],
    ] as const) {
      for (const columns of [[0, 1, 2], [2, 1], [1]]) {
        const cells = shown.flatMap((row, at) =>
          columns.flatMap((column, place) => {
            const value = row[column] ?? '';
            const has = matchCase ? value.includes(text) : value.toLowerCase().includes(text.toLowerCase());
            return has ? [{ row: at, column, place }] : [];
          }),
        );
        for (const from of [
          { row: -1, column: 1 },
          { row: 150, column: 1 },
          { row: 299, column: 1 },
        ]) {
          const place = columns.indexOf(from.column);
          const isBehind = (cell: { row: number; place: number }) =>
            cell.row - from.row || cell.place - place;
          const next = Math.max(
            cells.findIndex((cell) => isBehind(cell) > 0),
            0,
          );
          const before = cells.findLastIndex((cell) => isBehind(cell) < 0);
          for (const [backwards, index] of [
            [false, next],
            [true, before < 0 ? cells.length - 1 : before],
          ] as const) {
            const found = await asked.find({ result, text, matchCase, from, backwards, columns });
            const expected = cells[index];
            assert.equal(found.count, cells.length);
            assert.deepEqual(found.cell, expected && { row: expected.row, column: expected.column });
            assert.equal(found.index, expected && index);
          }
        }
      }
    }
  });

  it('find the next cell also where there are more than are counted', async () => {
    const result = await asked.run("select 'x' || i as a, i as b, 'x' as c from range(30000) t(i)");
    const find = (row: number, column: number, backwards = false) =>
      asked.find({ result, text: 'X', from: { row, column }, backwards });
    assert.deepEqual(await find(3, 0), { cell: { row: 3, column: 2 }, count: 10_000, index: 7 });
    assert.deepEqual(await find(29_000, 2), { cell: { row: 29_001, column: 0 }, count: 10_000 });
    assert.deepEqual(await find(29_999, 2), { cell: { row: 0, column: 0 }, count: 10_000, index: 0 });
    assert.deepEqual(await find(29_000, 2, true), { cell: { row: 29_000, column: 0 }, count: 10_000 });
    assert.deepEqual(await find(0, 0, true), { cell: { row: 29_999, column: 2 }, count: 10_000 });
  });
});
