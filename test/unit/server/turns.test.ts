import assert from 'node:assert/strict';
import { Turns } from '../../../server/turns.ts';

describe('turns', () => {
  it('let each piece of work go on once before any goes on twice', async () => {
    const turns = new Turns();
    const order: string[] = [];
    const work = async (name: string) => {
      for (let slice = 0; slice < 3; slice++) {
        await turns.turn();
        order.push(name);
      }
    };
    await Promise.all([work('a'), work('b'), work('c')]);
    assert.equal(order.join(''), 'abcabcabc');
  });

  it('let what comes in be read and handled between any two pieces of work', async () => {
    const turns = new Turns();
    const order: string[] = [];
    let isDone = false;
    // As a connection does: bytes are read in one immediate, and handled in the next.
    const message = () => setImmediate(() => setImmediate(handle));
    const handle = () => {
      order.push('message');
      if (!isDone) message();
    };
    message();
    const work = async () => {
      for (let slice = 0; slice < 4; slice++) {
        await turns.turn();
        order.push('work');
      }
    };
    await Promise.all([work(), work()]);
    isDone = true;
    assert.doesNotMatch(order.join(' '), /work work/);
  });

  it('divide the making of many things, and keep its order', async () => {
    const turns = new Turns();
    const slow = (n: number) => {
      const until = performance.now() + 2;
      while (performance.now() < until);
      return [n, -n];
    };
    let others = 0;
    const other = setInterval(() => others++, 0);
    try {
      assert.deepEqual(
        await turns.flatMap([1, 2, 3, 4, 5, 6, 7, 8], slow),
        [1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8, -8],
      );
      assert.ok(others > 0);
    } finally {
      clearInterval(other);
    }
  });

  it('do not keep the messages waiting that came with what takes long', async () => {
    const turns = new Turns();
    const order: string[] = [];
    const work = turns.each(['a', 'b', 'c'], (name) => {
      const until = performance.now() + 2;
      while (performance.now() < until);
      order.push(name);
    });
    setImmediate(() => order.push('message'));
    await work;
    assert.deepEqual(order, ['a', 'message', 'b', 'c']);
  });

  it('end early when nobody waits for them', async () => {
    const turns = new Turns();
    const slow = (n: number) => {
      const until = performance.now() + 6;
      while (performance.now() < until);
      return [n];
    };
    const found = await turns.flatMap([1, 2, 3, 4, 5, 6, 7, 8], slow, () => true);
    assert.ok(found.length < 8, `${found}`);
  });
});
