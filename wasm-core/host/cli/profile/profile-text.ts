import { countText, percentText } from '../../../protocol/figures.ts';
import type { LineProfile, ProfileResult } from '../../../protocol/profile.ts';
import type { Flame } from '../../../results/profile-tree.ts';
import { alignColumns, visible } from '../text-table.ts';

/** The longest tables, rows. */
const MAX_ROWS = 20;

/**
 * What a profile says, for people: the functions and the lines that used most fuel.
 *
 * @param root the calls that are of interest, from `flameTree`
 * @param lines those that are
 */
export function profileText(
  result: ProfileResult,
  { root, lines }: { readonly root: Flame; readonly lines: readonly LineProfile[] },
): string {
  const unprofiled = (result.unprofiled ?? []).map((name) => `${name} is too large to be profiled.\n`);
  if (root.children.length === 0) return `No plugin function was called.\n${unprofiled.join('')}`;
  const modules = root.children.filter(({ totalFuel, calls }) => totalFuel > 0 || calls >= 0).length;
  const head = `${countText(root.totalFuel, 'unit')} of fuel in ${countText(modules, 'module')}\n\n`;
  const shown = lines.filter(({ fuel }) => fuel > 0).sort((a, b) => b.fuel - a.fuel);
  const tables = [functionTable(root), ...(shown.length > 0 ? [lineTable(shown, root.totalFuel)] : [])];
  return head + tables.join('\n') + unprofiled.join('');
}

interface FunctionSums {
  readonly name: string;
  readonly module: string;
  calls: number;
  selfFuel: number;
  totalFuel: number;
}

function functionTable(root: Flame): string {
  const sums = [...functionSums(root)].sort((a, b) => b.selfFuel - a.selfFuel || b.totalFuel - a.totalFuel);
  const rows = sums
    .slice(0, MAX_ROWS)
    .map(({ name, module, calls, selfFuel, totalFuel }) => [
      visible(name),
      visible(module),
      numberText(calls),
      numberText(selfFuel),
      percentText(selfFuel, root.totalFuel),
      numberText(totalFuel),
      percentText(totalFuel, root.totalFuel),
    ]);
  const head = ['function', 'module', 'calls', 'self fuel', '', 'total fuel', ''];
  return alignColumns([head, ...rows], ['left', 'left', ...NUMBERS]) + restText(sums.length, 'function');
}

/** Adds up the calls of each function; in a recursion the outermost call alone counts for its total. */
function functionSums(root: Flame): Iterable<FunctionSums> {
  const sums = new Map<string, FunctionSums>();
  const open: { readonly flame: Flame; readonly above: ReadonlySet<string> }[] = [];
  open.push({ flame: root, above: new Set() });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { flame, above } = next;
    const key = `${flame.function} ${flame.module}`;
    if (flame.function >= 0) {
      const sum = sums.get(key) ?? { name: flame.name, module: flame.module, ...NOTHING };
      sums.set(key, sum);
      sum.calls += flame.calls;
      sum.selfFuel += flame.selfFuel;
      if (!above.has(key)) sum.totalFuel += flame.totalFuel;
    }
    const inside = above.has(key) || flame.function < 0 ? above : new Set([...above, key]);
    for (const child of flame.children) open.push({ flame: child, above: inside });
  }
  return sums.values();
}

const NOTHING = { calls: 0, selfFuel: 0, totalFuel: 0 };
const NUMBERS = ['right', 'right', 'right', 'right', 'right'] as const;

function lineTable(lines: readonly LineProfile[], total: number): string {
  const rows = lines
    .slice(0, MAX_ROWS)
    .map(({ file, line, executions, fuel }) => [
      visible(`${file}:${line}`),
      numberText(executions),
      numberText(fuel),
      percentText(fuel, total),
    ]);
  const table = alignColumns([['line', 'executions', 'fuel', ''], ...rows], ['left', ...NUMBERS]);
  return table + restText(lines.length, 'line');
}

function restText(count: number, unit: string): string {
  return count <= MAX_ROWS ? '' : `and ${countText(count - MAX_ROWS, `other ${unit}`)}\n`;
}

function numberText(n: number): string {
  return n.toLocaleString('en-US');
}
