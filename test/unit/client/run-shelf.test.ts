import assert from 'node:assert/strict';
import { RunShelf } from '../../../client/results/run-shelf.ts';

/** A shelf of runs whose contents are their numbers, and those that it let go. */
function shelfOf(count: number, most = 3) {
  const dropped: number[] = [];
  const shelf = new RunShelf<number>((content) => dropped.push(content), most);
  const add = (n: number) => shelf.add({ id: `r${n}`, title: `run ${n}`, detail: '', content: n });
  for (let n = 1; n <= count; n++) add(n);
  const ids = () => shelf.runs.map(({ id }) => id);
  return { shelf, dropped, add, ids };
}

describe('the runs of a results page', () => {
  it('are the last ones, the newest first and looked at', () => {
    const { shelf, dropped, ids } = shelfOf(5);
    assert.deepEqual(ids(), ['r5', 'r4', 'r3']);
    assert.deepEqual(dropped, [1, 2]);
    assert.equal(shelf.chosen?.id, 'r5');
  });

  it('stay when they are pinned', () => {
    const { shelf, dropped, add, ids } = shelfOf(3);
    shelf.pin('r1', true);
    add(4);
    add(5);
    assert.deepEqual(ids(), ['r5', 'r4', 'r3', 'r1']);
    assert.deepEqual(dropped, [2]);
    shelf.pin('r1', false);
    add(6);
    assert.deepEqual(ids(), ['r6', 'r5', 'r4']);
  });

  it('are looked at on demand, until the next one comes', () => {
    const { shelf, add } = shelfOf(3);
    assert.ok(shelf.choose('r2'));
    assert.equal(shelf.chosen?.content, 2);
    assert.ok(!shelf.choose('gone'));
    assert.equal(shelf.chosen?.content, 2);
    add(4);
    assert.equal(shelf.chosen?.content, 4);
  });

  it('give way to the one beside them when they are closed', () => {
    const { shelf, dropped } = shelfOf(3);
    shelf.choose('r2');
    shelf.close('r2');
    assert.equal(shelf.chosen?.id, 'r1');
    shelf.close('r1');
    assert.equal(shelf.chosen?.id, 'r3');
    shelf.close('r3');
    assert.equal(shelf.chosen, undefined);
    assert.deepEqual(dropped, [2, 1, 3]);
    shelf.close('r3');
    assert.deepEqual(dropped, [2, 1, 3]);
  });

  it('are those of before, whose contents come later', () => {
    const { shelf, dropped } = shelfOf(0);
    const ofBefore = (n: number) => ({
      id: `b${n}`,
      title: `${n}`,
      detail: '',
      isPinned: n === 1,
      content: n,
    });
    shelf.restore([ofBefore(3), ofBefore(2), ofBefore(1)], 'b2');
    assert.equal(shelf.chosen?.content, 2);
    assert.ok(shelf.put('b2', 20));
    assert.deepEqual([shelf.chosen?.content, shelf.chosen?.title], [20, '2']);
    shelf.close('b2');
    assert.ok(!shelf.put('b2', 21));
    assert.deepEqual(dropped, [20]);
    shelf.restore([ofBefore(3), ofBefore(1)], 'gone');
    assert.equal(shelf.chosen?.content, 3);
    assert.ok(shelf.get('b1')?.isPinned);
  });

  it('are called what somebody calls them', () => {
    const { shelf } = shelfOf(1);
    shelf.rename('r1', ' flights ');
    shelf.rename('r1', '  ');
    assert.deepEqual(shelf.labels, [{ id: 'r1', title: 'flights', detail: '', isPinned: false }]);
  });
});
