import type { CallNode, RawProfile } from './profile-map.ts';

/**
 * One profile of those of several instances of a module.
 *
 * @param profiles of one digest; at least one
 */
export function mergeProfiles(profiles: readonly RawProfile[]): RawProfile {
  const [first, ...rest] = profiles;
  if (first === undefined) throw new Error('there are no profiles to merge');
  if (rest.length === 0) return first;
  return {
    digest: first.digest,
    counts: summed(profiles.map(({ counts }) => counts)),
    calls: summed(profiles.map(({ calls }) => calls)),
    selfFuel: summed(profiles.map(({ selfFuel }) => selfFuel)),
    totalFuel: summed(profiles.map(({ totalFuel }) => totalFuel)),
    tree: mergedTree(profiles),
    isCut: profiles.some(({ isCut }) => isCut),
  };
}

function summed(arrays: readonly Float64Array[]): Float64Array {
  const total = new Float64Array(arrays[0]?.length ?? 0);
  for (const array of arrays)
    for (let i = 0; i < total.length; i++) total[i] = (total[i] ?? 0) + (array[i] ?? 0);
  return total;
}

function mergedTree(profiles: readonly RawProfile[]): CallNode[] {
  const merged: CallNode[] = [];
  const indexes = new Map<string, number>();
  for (const { tree } of profiles) {
    const places: number[] = [];
    for (const node of tree) {
      const parent = node.parent < 0 ? -1 : (places[node.parent] ?? 0);
      const key = `${parent} ${node.function}`;
      const at = indexes.get(key) ?? merged.push({ ...node, parent, calls: 0, selfFuel: 0 }) - 1;
      indexes.set(key, at);
      places.push(at);
      const into = merged[at];
      if (into === undefined) continue;
      into.calls += node.calls;
      into.selfFuel += node.selfFuel;
    }
  }
  return merged;
}
