import type { CallNode } from '../../binary/profile/profile-map.ts';

/** Chains of callers that are told apart; calls beyond count for the last caller that is in the tree. */
const MAX_NODES = 20_000;

/** The longest chain of callers that is told apart. */
const MAX_DEPTH = 400;

/** What became of the calls of an instance. */
export interface CallCounts {
  readonly calls: Float64Array;
  readonly selfFuel: Float64Array;
  readonly totalFuel: Float64Array;
}

/**
 * Follows the calls of an instance by the fuel that is left at each of them: what is used between two of them belongs to
 * the function that ran in between. All fuel that is used is in exactly one node of the tree, and outside of all
 * functions in its root.
 */
export class CallTree {
  readonly tree: CallNode[] = [{ function: -1, parent: -1, calls: 0, selfFuel: 0 }];
  readonly counts: CallCounts;
  isCut = false;
  private readonly functionCount: number;
  /** Nodes by their parent and function. */
  private readonly children = new Map<number, number>();
  /** Of the frames that are open: functions, and nodes. */
  private readonly frames: number[] = [];
  private readonly nodes: number[] = [];
  private node = 0;
  /** By function: how many of its frames are open, and what had been used when the first was opened. */
  private readonly open: Int32Array;
  private readonly openedAt: Float64Array;
  private left = 0;
  private used = 0;

  constructor(functionCount: number) {
    this.functionCount = functionCount;
    this.open = new Int32Array(functionCount);
    this.openedAt = new Float64Array(functionCount);
    this.counts = {
      calls: new Float64Array(functionCount),
      selfFuel: new Float64Array(functionCount),
      totalFuel: new Float64Array(functionCount),
    };
  }

  /** Says that the instance was given fuel; what it had before counts no more. */
  refuel(left: number): void {
    this.left = left;
  }

  /** Takes what was used up to now, with so much left. */
  advance(left: number): void {
    const spent = this.left - left;
    this.left = left;
    if (spent === 0) return;
    this.used += spent;
    const node = this.tree[this.node];
    if (node) node.selfFuel += spent;
    const running = this.frames.at(-1);
    if (running !== undefined) this.counts.selfFuel[running] = (this.counts.selfFuel[running] ?? 0) + spent;
  }

  /** @returns how many frames were open before */
  enter(index: number, left: number): number {
    this.advance(left);
    const depth = this.frames.length;
    this.frames.push(index);
    this.nodes.push(this.node);
    this.node = this.childOf(this.node, index, depth);
    const { calls } = this.counts;
    calls[index] = (calls[index] ?? 0) + 1;
    const open = this.open[index] ?? 0;
    if (open === 0) this.openedAt[index] = this.used;
    this.open[index] = open + 1;
    return depth;
  }

  leave(left: number): void {
    this.advance(left);
    this.close();
  }

  /** Closes what is open above the frame at a depth, which an exception went through. */
  settle(depth: number, left: number): void {
    this.advance(left);
    while (this.frames.length > depth + 1) this.close();
  }

  /** Closes all frames: the host has control again. */
  unwind(left: number): void {
    this.settle(-1, left);
  }

  private close(): void {
    const index = this.frames.pop();
    this.node = this.nodes.pop() ?? 0;
    if (index === undefined) return;
    const open = (this.open[index] ?? 0) - 1;
    this.open[index] = open;
    if (open > 0) return;
    const { totalFuel } = this.counts;
    totalFuel[index] = (totalFuel[index] ?? 0) + this.used - (this.openedAt[index] ?? 0);
  }

  private childOf(parent: number, index: number, depth: number): number {
    const key = parent * this.functionCount + index;
    let child = this.children.get(key);
    if (child === undefined) {
      if (this.tree.length >= MAX_NODES || depth >= MAX_DEPTH) {
        this.isCut = true;
        return parent;
      }
      child = this.tree.push({ function: index, parent, calls: 0, selfFuel: 0 }) - 1;
      this.children.set(key, child);
    }
    const node = this.tree[child];
    if (node) node.calls++;
    return child;
  }
}
