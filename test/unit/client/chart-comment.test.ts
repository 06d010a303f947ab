import assert from 'node:assert/strict';
import { commentEdit, pieceNow } from '../../../client/results/chart-comment.ts';
import { piecesUpTo } from '../../../client/run/pieces.ts';

const COMMENT = '-- @chart bar x=a';

/** The text after the comment was put above its statement. */
function check(text: string, index: number, expected: string) {
  const piece = piecesUpTo(text)[index];
  assert.ok(piece !== undefined);
  const { start, end, text: put } = commentEdit(text, piece, COMMENT);
  assert.equal(text.slice(0, start) + put + text.slice(end), expected);
}

describe('the comment of a chart', () => {
  it('goes above the statement, with its indentation and the line ends of the text', () => {
    check('select 1', 0, `${COMMENT}\nselect 1`);
    check('select 1;\r\n  select 2;', 1, `select 1;\r\n  ${COMMENT}\r\n  select 2;`);
    check('-- name: x\nselect 1', 0, `-- name: x\n${COMMENT}\nselect 1`);
  });

  it('gets a line of its own behind another statement', () => {
    check('select 1; select 2', 1, `select 1; \n${COMMENT}\nselect 2`);
  });

  it('takes the place of the one before', () => {
    check('-- @chart line\n-- @limit 5\nselect 1', 0, `${COMMENT}\n-- @limit 5\nselect 1`);
  });

  it('finds a statement that has moved, and none that has changed', () => {
    const then = { text: 'select 1;\nselect 2', piece: { from: 9, start: 10, end: 18 } };
    const now = 'select 2;\n-- more\nselect 1;\n\nselect 2';
    assert.equal(pieceNow(now, then)?.start, 0);
    assert.equal(pieceNow(`-- a comment above\n${now}`, then)?.start, 19);
    assert.equal(pieceNow('select 1;\nselect 3', then), undefined);
  });
});
