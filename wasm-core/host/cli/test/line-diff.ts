/** Above this many steps lines are not looked for any more, but all shown as replaced. */
const MAX_STEPS = 4_000_000;

/** Unchanged lines that are shown around changed ones. */
const CONTEXT = 2;

/**
 * What has to change in `before` to be `after`: lines with `-`, `+` or a blank in front.
 *
 * @returns changed lines with two unchanged ones around each group; `…` stands for those between groups
 */
export function lineDiff(before: readonly string[], after: readonly string[]): string[] {
  const all = allLines(before, after);
  const isNear = all.map((_, i) => all.slice(Math.max(0, i - CONTEXT), i + CONTEXT + 1).some(isChange));
  return all.flatMap((line, i) => {
    if (isNear[i]) return [line];
    return i > 0 && isNear[i - 1] && isNear.slice(i).some(Boolean) ? ['…'] : [];
  });
}

function isChange(line: string): boolean {
  return !line.startsWith(' ');
}

function allLines(before: readonly string[], after: readonly string[]): string[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const rest = Math.min(before.length, after.length) - start;
  while (end < rest && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const kept = (lines: readonly string[]): string[] => lines.map((line) => ` ${line}`);
  return [
    ...kept(before.slice(0, start)),
    ...middle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...kept(before.slice(before.length - end)),
  ];
}

/** By the longest common subsequence. */
function middle(before: readonly string[], after: readonly string[]): string[] {
  const replaced = [...before.map((line) => `-${line}`), ...after.map((line) => `+${line}`)];
  if (before.length * after.length > MAX_STEPS) return replaced;
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push(` ${before[i]}`);
      i++;
      j++;
    } else if (i < before.length && (j === after.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(`-${before[i++]}`);
    } else lines.push(`+${after[j++]}`);
  }
  return lines;
}
