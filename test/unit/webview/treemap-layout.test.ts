import assert from 'node:assert/strict';
import fc from 'fast-check';
import { layoutTreemap, type Rect } from '../../../webview/wasm/treemap-layout.ts';

/** Pixels that rounding may cost. */
const SLACK = 1e-6;

const sizes = fc
  .array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 60 })
  .map((list) => list.sort((a, b) => b - a));
const area: fc.Arbitrary<Rect> = fc.record({
  left: fc.integer({ min: 0, max: 50 }),
  top: fc.integer({ min: 0, max: 50 }),
  width: fc.integer({ min: 1, max: 2000 }),
  height: fc.integer({ min: 1, max: 2000 }),
});

function overlap(a: Rect, b: Rect): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return Math.max(0, width) * Math.max(0, height);
}

describe('the picture of sizes', () => {
  it('gives each part its share of the room, inside it, and beside the others', () => {
    fc.assert(
      fc.property(sizes, area, (list, room) => {
        const placed = layoutTreemap(list, room);
        const total = list.reduce((sum, size) => sum + size, 0);
        assert.equal(placed.length, list.length);
        for (const [index, rect] of placed.entries()) {
          const share = ((list[index] ?? 0) / total) * room.width * room.height;
          assert.ok(Math.abs(rect.width * rect.height - share) < SLACK * (1 + share));
          assert.ok(Math.abs(overlap(rect, room) - rect.width * rect.height) < SLACK * (1 + share));
          for (const other of placed.slice(index + 1)) {
            assert.ok(overlap(rect, other) < SLACK * room.width * room.height);
          }
        }
      }),
    );
  });

  it('makes parts of one size nearly square', () => {
    for (const { width, height } of layoutTreemap(Array(12).fill(1), {
      left: 0,
      top: 0,
      width: 400,
      height: 300,
    })) {
      assert.deepEqual([Math.round(width), Math.round(height)], [100, 100]);
    }
  });

  it('has no part without room or without sizes', () => {
    assert.deepEqual(layoutTreemap([], { left: 0, top: 0, width: 10, height: 10 }), []);
    const [rect] = layoutTreemap([5], { left: 0, top: 0, width: 0, height: 10 });
    assert.equal((rect?.width ?? 0) * (rect?.height ?? 0), 0);
  });
});
