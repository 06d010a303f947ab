import assert from 'node:assert/strict';
import { piecesBetween, piecesUpTo } from '../../../client/run/pieces.ts';
import { titlesAt } from '../../../client/run/statement-title.ts';

const TEXT = '-- @limit 1\nselect 1;\n-- name: two\nselect 2;\nselect 3';
const texts = (pieces: readonly { from: number; end: number }[]) =>
  pieces.map(({ from, end }) => TEXT.slice(from, end));

describe('the statements of a document', () => {
  it('have the comments above them', () => {
    const all = ['-- @limit 1\nselect 1', ';\n-- name: two\nselect 2', ';\nselect 3'];
    assert.deepEqual(texts(piecesUpTo(TEXT)), all);
    assert.deepEqual(texts(piecesUpTo(TEXT, TEXT.indexOf('select 2'))), all.slice(0, 2));
  });

  it('are cut to a selection, and keep their comments when they are there from the beginning', () => {
    const at = TEXT.indexOf('select 2');
    assert.deepEqual(texts(piecesBetween(TEXT, at, at + 8)), [';\n-- name: two\nselect 2']);
    assert.deepEqual(texts(piecesBetween(TEXT, at + 7, TEXT.length)), ['2', ';\nselect 3']);
  });

  it('are called by their names, else by their text', () => {
    assert.deepEqual(titlesAt(TEXT, piecesUpTo(TEXT)), ['select 1', 'two', 'select 3']);
  });
});
