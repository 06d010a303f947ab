import type { RelationSyntax } from '../syntax/tree.ts';

/** Relations between commas: those that JOIN holds together are in one group. */
export function joinGroups(relations: readonly RelationSyntax[]): RelationSyntax[][] {
  const groups: RelationSyntax[][] = [];
  for (const relation of relations) {
    const last = groups.at(-1);
    if (relation.joined === 'join' && last !== undefined) last.push(relation);
    else groups.push([relation]);
  }
  return groups;
}

/** Which of a number of groups are linked, directly or through others. */
export class Groups {
  /** Of each group the one that stands for its set. */
  private readonly heads: number[];

  constructor(count: number) {
    this.heads = Array.from({ length: count }, (_, index) => index);
  }

  /** Says that groups, by their indexes, are linked with each other. */
  link(indexes: Iterable<number>): void {
    const linked = new Set([...indexes].map((index) => this.heads[index]));
    const head = Math.min(...[...linked].map((index) => index ?? 0));
    for (const [index, own] of this.heads.entries()) if (linked.has(own)) this.heads[index] = head;
  }

  /** Links a group that needs no condition with one beside it, so that the others are judged without it. */
  linkToNeighbour(index: number): void {
    if (this.heads.length > 1) this.link([index, index === 0 ? 1 : index - 1]);
  }

  /** The indexes of each set of linked groups, in order. */
  sets(): number[][] {
    const sets = new Map<number, number[]>();
    for (const [index, head] of this.heads.entries()) sets.set(head, [...(sets.get(head) ?? []), index]);
    return [...sets.values()];
  }
}
