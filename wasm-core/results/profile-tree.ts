import type { ModuleProfile, ProfileResult } from '../protocol/profile.ts';

/** A function in a chain of callers, as flame graphs and folded stacks show it. */
export interface Flame {
  /** The function, `module` for what calls the module's functions, or `total`. */
  readonly name: string;
  /** The module's label; empty for the root. */
  readonly module: string;
  /** Of the module in the profile; -1 for the root. */
  readonly moduleIndex: number;
  /** Index in the module; -1 for the module itself and the root. */
  readonly function: number;
  calls: number;
  selfFuel: number;
  /** With what is below. */
  totalFuel: number;
  /** By total fuel, the most first. */
  readonly children: readonly Flame[];
}

type Growing = Omit<Flame, 'children'> & { readonly children: Growing[] };

/**
 * The calls of all modules as one tree: its root, below it a node for each module, below these the functions.
 *
 * @param only leaves of each module what functions of this name did, as the outermost of them in their chains; absent: all
 */
export function flameTree(result: ProfileResult, only?: string): Flame {
  const root = newFlame({ name: 'total', module: '', moduleIndex: -1, function: -1 });
  for (const [moduleIndex, profile] of result.modules.entries()) {
    const whole = moduleFlame(profile, moduleIndex);
    const own = only === undefined ? whole : focused(whole, only);
    if (own !== undefined) root.children.push(own);
  }
  settle(root);
  return root;
}

/** The names of functions by which they may be asked for: whole, and behind the last slash of a compiler's path. */
export function isNamed(name: string, wanted: string): boolean {
  return name === wanted || name.slice(name.lastIndexOf('/') + 1) === wanted;
}

/**
 * The stacks that used fuel, a line each: `module;caller;callee fuel`, as flamegraph.pl and speedscope read them.
 *
 * @returns lines with their LF; empty when no fuel was used
 */
export function foldedStacks(root: Flame): string {
  const lines: string[] = [];
  // A stack of our own: chains of calls may be longer than JavaScript's.
  const open: { readonly flame: Flame; readonly path: string }[] = [{ flame: root, path: '' }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { flame, path } = next;
    if (flame.selfFuel > 0 && path !== '') lines.push(`${path} ${flame.selfFuel}\n`);
    for (const child of [...flame.children].reverse()) {
      const name = child.name.replaceAll(/[;\s]+/g, ' ');
      open.push({ flame: child, path: path === '' ? name : `${path};${name}` });
    }
  }
  return lines.join('');
}

function moduleFlame({ module, calls, functions }: ModuleProfile, moduleIndex: number): Growing {
  const names = new Map(functions.map(({ index, name }) => [index, name]));
  const flames = calls.map((node) => {
    const isHost = node.function < 0;
    const name = isHost ? module : (names.get(node.function) ?? `func ${node.function}`);
    const flame = newFlame({ name, module, moduleIndex, function: node.function });
    flame.calls = node.calls;
    flame.selfFuel = node.selfFuel;
    return flame;
  });
  for (const [at, flame] of flames.entries()) flames[calls[at]?.parent ?? -1]?.children.push(flame);
  return flames[0] ?? newFlame({ name: module, module, moduleIndex, function: -1 });
}

/** A module with the outermost calls of a function below it, and nothing above; undefined without any. */
function focused(module: Growing, wanted: string): Growing | undefined {
  const found: Growing[] = [];
  const open = [module];
  for (let flame = open.pop(); flame !== undefined; flame = open.pop()) {
    if (flame.function >= 0 && isNamed(flame.name, wanted)) found.push(flame);
    else open.push(...flame.children);
  }
  if (found.length === 0) return undefined;
  const own = newFlame(module);
  for (const flame of found) addInto(own, flame);
  return own;
}

/** Adds a call and what is below it to the children of a node, one with the same function taking it up. */
function addInto(parent: Growing, added: Growing): void {
  const open: [Growing, Growing][] = [[parent, added]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [into, flame] = next;
    let same = into.children.find((child) => child.function === flame.function);
    if (same === undefined) {
      same = newFlame(flame);
      into.children.push(same);
    }
    same.calls += flame.calls;
    same.selfFuel += flame.selfFuel;
    for (const child of flame.children) open.push([same, child]);
  }
}

/** Adds up the totals, and puts children into their order. */
function settle(root: Growing): void {
  const all = [root];
  for (let at = 0; at < all.length; at++) all.push(...(all[at]?.children ?? []));
  for (const flame of all.reverse()) {
    flame.totalFuel = flame.children.reduce((sum, child) => sum + child.totalFuel, flame.selfFuel);
    flame.children.sort((a, b) => b.totalFuel - a.totalFuel);
  }
}

function newFlame(of: Pick<Flame, 'name' | 'module' | 'moduleIndex' | 'function'>): Growing {
  const { name, module, moduleIndex, function: index } = of;
  return { name, module, moduleIndex, function: index, calls: 0, selfFuel: 0, totalFuel: 0, children: [] };
}
