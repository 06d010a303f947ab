import assert from 'node:assert/strict';
import { MemoryPool } from '../../../wasm-core/runtime/memory-pool.ts';
import { garbageCollector } from '../../../wasm-core/runtime/node/garbage.ts';
import { throwsKind } from '../../support/core-error.ts';

describe('a memory pool', () => {
  it('gives a memory back to the next who asks for its size, all zeros', () => {
    const pool = new MemoryPool();
    const first = pool.acquire(2, 10);
    new Uint8Array(first.buffer).fill(7);
    pool.release(first, 2, 10);
    const second = pool.acquire(2, 10);
    assert.equal(second, first);
    assert.ok(new Uint8Array(second.buffer).every((byte) => byte === 0));
    assert.deepEqual(pool.stats(), { live: 1, idle: 0, created: 1, reused: 1, discarded: 0 });
  });

  it('keeps apart what differs in size or maximum', () => {
    const pool = new MemoryPool();
    const small = pool.acquire(1, 10);
    pool.release(small, 1, 10);
    assert.notEqual(pool.acquire(1, 11), small);
    assert.notEqual(pool.acquire(2, 10), small);
    assert.equal(pool.acquire(1, 10), small);
  });

  it('does not take back a memory that has grown', () => {
    const pool = new MemoryPool();
    const grown = pool.acquire(1, 10);
    grown.grow(1);
    pool.release(grown, 1, 10);
    const next = pool.acquire(1, 10);
    assert.notEqual(next, grown);
    assert.equal(next.buffer.byteLength, 65_536);
    assert.equal(pool.stats().discarded, 1);
  });

  it('keeps no more idle bytes than it may', () => {
    const pool = new MemoryPool({ maxIdleBytes: 3 * 65_536 });
    const memories = Array.from({ length: 5 }, () => pool.acquire(1, 1));
    for (const memory of memories) pool.release(memory, 1, 1);
    assert.equal(pool.stats().idle, 3);
    pool.shrink();
    assert.equal(pool.stats().idle, 0);
  });

  it('refuses more memories than may be alive, with what to do', async () => {
    const pool = new MemoryPool({ maxLive: 5 });
    const held = Array.from({ length: 5 }, () => pool.acquire(1, 1));
    await throwsKind('MEMORY_LIMIT', /5 plugin memories alive/, () => pool.acquire(1, 1));
    for (const memory of held) pool.release(memory, 1, 1);
    assert.ok(pool.acquire(1, 1));
  });

  it('outlives any number of memories that grow, since garbage is collected on demand', async () => {
    const pool = new MemoryPool({ maxLive: 1000, maxDiscarded: 100, collectGarbage: garbageCollector() });
    for (let round = 0; round < 100; round++) {
      for (let i = 0; i < 100; i++) {
        const memory = pool.acquire(1, 100);
        memory.grow(1);
        pool.release(memory, 1, 100);
      }
      // Memories that were collected are counted in a turn of their own.
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { created, live } = pool.stats();
    assert.equal(created, 10_000);
    assert.ok(live < 1000, `${live} are alive`);
  });
});
