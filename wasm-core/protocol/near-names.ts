/**
 * The names most like one that is not there, nearest first: for "did you mean".
 *
 * @param wanted what the user wrote
 * @param limit the most to return
 * @returns names within a third of the length in edits, case aside
 */
export function nearNames(wanted: string, names: Iterable<string>, limit = 3): string[] {
  const target = wanted.toLowerCase().slice(0, MAX_LENGTH);
  const allowed = Math.max(1, Math.floor(target.length / 3));
  const near: { name: string; distance: number }[] = [];
  for (const name of names) {
    const candidate = name.toLowerCase().slice(0, MAX_LENGTH);
    if (Math.abs(candidate.length - target.length) > allowed && !candidate.startsWith(target)) continue;
    const distance = candidate.startsWith(target) ? 0.5 : editDistance(target, candidate);
    if (distance <= allowed) near.push({ name, distance });
  }
  near.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return near.slice(0, limit).map(({ name }) => name);
}

const MAX_LENGTH = 80;

/** Levenshtein's distance in UTF-16 units, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitute, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
