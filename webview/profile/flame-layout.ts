import type { Flame } from '../../wasm-core/results/profile-tree.ts';

/** Where a function of a flame graph is drawn. */
export interface FlameBox {
  readonly flame: Flame;
  readonly parent: FlameBox | undefined;
  /** From the top, 0 for what is drawn first. */
  readonly depth: number;
  /** Parts of the whole width, 0 to 1. */
  readonly left: number;
  readonly width: number;
  /** Whether it stands above what is looked at, which takes the whole width. */
  readonly isAbove: boolean;
}

/** So many boxes are drawn; deeper calls come into view when one looks at a caller of theirs. */
export const MAX_BOXES = 4000;

/**
 * The boxes of a flame graph, row by row.
 *
 * @param path from the root to the function that is looked at, both included
 * @param minWidth boxes that are narrower are left out, with all below them; a part of the width, above 0
 */
export function layOut(path: readonly Flame[], minWidth: number): FlameBox[] {
  const boxes: FlameBox[] = [];
  for (const [depth, flame] of path.entries()) {
    const isAbove = depth < path.length - 1;
    boxes.push({ flame, parent: boxes.at(-1), depth, left: 0, width: 1, isAbove });
  }
  const focus = boxes.at(-1);
  if (focus === undefined || focus.flame.totalFuel === 0) return boxes;
  // The list grows while it is gone through: what was found last has not been looked into.
  for (let at = boxes.length - 1; at < boxes.length; at++) {
    const parent = boxes[at];
    if (parent === undefined) break;
    let { left } = parent;
    for (const flame of parent.flame.children) {
      const width = flame.totalFuel / focus.flame.totalFuel;
      // Children come by their size: those behind are no wider.
      if (width < minWidth || boxes.length >= MAX_BOXES) break;
      boxes.push({ flame, parent, depth: parent.depth + 1, left, width, isAbove: false });
      left += width;
    }
  }
  return boxes;
}
