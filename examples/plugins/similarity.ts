// @ts-nocheck This is AssemblyScript: Quern checks it, and the types below are WebAssembly's.

/**
 * How many insertions, deletions and replacements of a character, and swaps of two neighbours, turn one text into the
 * other, counted in Unicode code points. It is the full Damerau-Levenshtein distance, which may edit between two swapped
 * characters, and so a metric; the restricted one ("optimal string alignment") is none. Time and memory are proportional
 * to the product of the lengths. Source: R. Lowrance and R. A. Wagner, "An Extension of the String-to-String Correction
 * Problem", 1975.
 *
 * damerau('ca', 'abc') is 2.
 * @udf
 */
export function damerau(a: string, b: string): i32 {
  const from = codePoints(a);
  const to = codePoints(b);
  const width = to.length + 2;
  const far = from.length + to.length;
  // cell (i + 1, j + 1) is the distance from the first i of a to the first j of b; the rim before it is out of reach.
  const cells = new StaticArray<i32>((from.length + 2) * width);
  for (let i = 0; i <= from.length; i++) {
    cells[(i + 1) * width] = far;
    cells[(i + 1) * width + 1] = i;
  }
  for (let j = 0; j <= to.length; j++) {
    cells[j + 1] = far;
    cells[width + j + 1] = j;
  }
  cells[0] = far;
  const lastRows = new Map<i32, i32>();
  for (let i = 1; i <= from.length; i++) fillRow(cells, from, to, i, lastRows);
  return cells[(from.length + 1) * width + to.length + 1];
}

/**
 * The share of pairs of neighbouring characters that two texts have in common, from 0 to 1: twice the common pairs by all
 * pairs, each counted as often as it occurs. Insensitive to the order of words. Texts of fewer than two characters are
 * alike only when equal. Source: L. R. Dice, "Measures of the Amount of Ecologic Association Between Species", 1945.
 *
 * dice_similarity('night', 'nacht') is 0.25.
 * @udf
 */
export function dice_similarity(a: string, b: string): f64 {
  if (a === b) return 1;
  const from = codePoints(a);
  const to = codePoints(b);
  if (from.length < 2 || to.length < 2) return 0;
  const counts = new Map<u64, i32>();
  for (let i = 1; i < from.length; i++) {
    const pair = pairAt(from, i);
    counts.set(pair, (counts.has(pair) ? counts.get(pair) : 0) + 1);
  }
  let common = 0;
  for (let i = 1; i < to.length; i++) {
    const pair = pairAt(to, i);
    const left = counts.has(pair) ? counts.get(pair) : 0;
    if (left === 0) continue;
    counts.set(pair, left - 1);
    common++;
  }
  return (2.0 * common) / (from.length + to.length - 2);
}

/** @param lastRows of each code point, the last row of `from` before i where it stands */
function fillRow(
  cells: StaticArray<i32>,
  from: StaticArray<i32>,
  to: StaticArray<i32>,
  i: i32,
  lastRows: Map<i32, i32>,
): void {
  const width = to.length + 2;
  const letter = from[i - 1];
  // The last column before j where this row's letter stands in b.
  let column = 0;
  for (let j = 1; j <= to.length; j++) {
    const row = lastRows.has(to[j - 1]) ? lastRows.get(to[j - 1]) : 0;
    const equal = letter === to[j - 1];
    const swapped = cells[row * width + column] + (i - row - 1) + 1 + (j - column - 1);
    const replaced = cells[i * width + j] + (equal ? 0 : 1);
    const edited = min(cells[(i + 1) * width + j], cells[i * width + j + 1]) + 1;
    cells[(i + 1) * width + j + 1] = min(swapped, min(replaced, edited));
    if (equal) column = j;
  }
  lastRows.set(letter, i);
}

function pairAt(points: StaticArray<i32>, at: i32): u64 {
  return ((<u64>points[at - 1]) << 32) | <u64>points[at];
}

function codePoints(s: string): StaticArray<i32> {
  let count = 0;
  for (let i = 0; i < s.length; i += s.codePointAt(i) > 0xffff ? 2 : 1) count++;
  const points = new StaticArray<i32>(count);
  let n = 0;
  for (let i = 0; i < s.length; i += s.codePointAt(i) > 0xffff ? 2 : 1) points[n++] = s.codePointAt(i);
  return points;
}
