import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EditHistory } from '../../../client/run/edit-history.ts';

/** Edits of one change, in positions of the text before it, not overlapping. */
function apply(text: string, edits: readonly { at: number; length: number; text: string }[]): string {
  return [...edits]
    .sort((a, b) => b.at - a.at)
    .reduce((t, e) => t.slice(0, e.at) + e.text + t.slice(e.at + e.length), text);
}

const edit = (at: number, length: number, text: string) => ({ rangeOffset: at, rangeLength: length, text });

describe('the history of edits', () => {
  it('leaves a position of the same version where it is', () => {
    assert.equal(new EditHistory().map('a', 7, 3, 3), 7);
  });

  it('moves a position behind an edit by what the edit added', () => {
    const history = new EditHistory();
    history.changed('a', 2, [edit(0, 0, 'select 0;\n')]);
    history.changed('a', 3, [edit(3, 2, '')]);
    assert.equal(history.map('a', 10, 1, 3), 18);
    assert.equal(history.map('a', 10, 2, 3), 8);
  });

  it('leaves a position before an edit where it is', () => {
    const history = new EditHistory();
    history.changed('a', 2, [edit(20, 5, 'x')]);
    assert.equal(history.map('a', 10, 1, 2), 10);
  });

  it('does not know a position inside text that was replaced', () => {
    const history = new EditHistory();
    history.changed('a', 2, [edit(5, 10, 'x')]);
    assert.equal(history.map('a', 9, 1, 2), undefined);
    assert.equal(history.map('a', 5, 1, 2), 5);
  });

  it('does not know a position of a version that it never saw', () => {
    const history = new EditHistory();
    assert.equal(history.map('a', 9, 1, 2), undefined);
    history.changed('a', 5, [edit(0, 0, 'x')]);
    assert.equal(history.map('a', 9, 2, 5), undefined);
    history.closed('a');
    assert.equal(history.map('a', 9, 4, 5), undefined);
  });

  it('follows a mark through any edits around it', () => {
    const edits = fc.array(
      fc.record({ before: fc.nat(30), remove: fc.nat(5), add: fc.string({ maxLength: 5 }) }),
    );
    fc.assert(
      fc.property(edits, (changes) => {
        const history = new EditHistory();
        let text = `${'a'.repeat(20)}\u0000${'b'.repeat(20)}`;
        changes.forEach((change, i) => {
          const mark = text.indexOf('\u0000');
          const at = Math.min(change.before, text.length - 1);
          // Edits on both sides of the mark, none over it.
          const length = Math.min(change.remove, (at <= mark ? mark : text.length) - at);
          const add = change.add.replaceAll('\u0000', '');
          history.changed('a', i + 2, [edit(at, length, add)]);
          text = apply(text, [{ at, length, text: add }]);
        });
        const mark = history.map('a', 20, 1, changes.length + 1);
        assert.equal(mark, text.indexOf('\u0000'));
      }),
    );
  });
});
