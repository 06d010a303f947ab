import type { PlanNode, QueryPlan } from './plan.ts';
import type { FunctionCost } from './statement-cost.ts';

/*
 * A plan as a tree, the same on the results page and on the command line.
 */

/** One line of the tree: an operator, what it does, or a plugin function that it calls. */
export type PlanItem = {
  /** Of the line that it hangs below; undefined for the uppermost. */
  readonly parent: PlanItem | undefined;
  /** From 1. */
  readonly level: number;
  readonly children: PlanItem[];
  /** What it does, as lines of their own that are shown on demand. */
  readonly details: readonly PlanItem[];
  /** Whether it is on the path that takes the most time, and whether that path ends in it. */
  heat: 'none' | 'path' | 'end';
} & (
  | { readonly type: 'operator'; readonly node: PlanNode }
  | { readonly type: 'detail'; readonly name: string; readonly value: string }
  | {
      readonly type: 'function';
      readonly cost: FunctionCost;
      /** Operators that call it, over which its time is spread; 0 where the plan names none. */
      readonly operators: number;
    }
);

/** A plan as lines that hang below each other. */
export interface PlanModel {
  /** The uppermost operator, and behind it functions that no operator names. */
  readonly tops: readonly PlanItem[];
  /** Of all operators together, microseconds; 0 for a plan of estimates. */
  readonly micros: number;
}

/**
 * Arranges a plan for being looked at.
 *
 * @param said.costs what plugin functions did in the statement
 * @param said.rowsRead what the detail is called that tells the rows which an operator read
 */
export function planModel(
  { nodes }: QueryPlan,
  { costs, rowsRead }: { readonly costs: readonly FunctionCost[]; readonly rowsRead: string },
): PlanModel {
  const items: PlanItem[] = [];
  const tops: PlanItem[] = [];
  const byName = new Map(costs.map((cost) => [cost.name, cost]));
  const operators = new Map<string, number>();
  for (const name of nodes.flatMap(({ functions = [] }) => functions)) {
    operators.set(name, (operators.get(name) ?? 0) + 1);
  }
  for (const node of nodes) {
    const parent = items[node.parent];
    const item = operatorItem(node, { parent, rowsRead });
    items.push(item);
    (parent?.children ?? tops).push(item);
    for (const name of node.functions ?? []) {
      const cost = byName.get(name);
      if (cost !== undefined) item.children.push(functionItem(cost, item, operators.get(name) ?? 1));
    }
  }
  for (const cost of costs) if (!operators.has(cost.name)) tops.push(functionItem(cost, undefined, 0));
  markHotPath(items);
  return { tops, micros: nodes.reduce((sum, { micros = 0 }) => sum + micros, 0) };
}

function operatorItem(
  node: PlanNode,
  { parent, rowsRead }: { readonly parent: PlanItem | undefined; readonly rowsRead: string },
): PlanItem {
  const details: PlanItem[] = [];
  const item = { type: 'operator', node, ...below(parent), details } as const;
  const { scanned } = node;
  const read = scanned === undefined ? [] : [{ name: rowsRead, value: scanned.toLocaleString('en-US') }];
  for (const { name, value } of [...node.details, ...read]) {
    details.push({ type: 'detail', name, value, ...below(item), details: [] });
  }
  return item;
}

function functionItem(cost: FunctionCost, parent: PlanItem | undefined, operators: number): PlanItem {
  return { type: 'function', cost, operators, ...below(parent), details: [] };
}

function below(parent: PlanItem | undefined) {
  const children: PlanItem[] = [];
  return { parent, level: (parent?.level ?? 0) + 1, children, heat: 'none' as PlanItem['heat'] };
}

/** From the top, always on with what takes longest together with all below it, to where an operator takes more itself. */
function markHotPath(items: readonly PlanItem[]): void {
  const whole = new Map<PlanItem, number>();
  // Children stand behind their parents.
  for (const item of [...items].reverse()) {
    const below = item.children.reduce((sum, child) => sum + (whole.get(child) ?? 0), 0);
    whole.set(item, below + ownMicros(item));
  }
  const time = (item: PlanItem | undefined): number => (item === undefined ? 0 : (whole.get(item) ?? 0));
  let at: PlanItem | undefined = time(items[0]) > 0 ? items[0] : undefined;
  while (at !== undefined) {
    const children: readonly PlanItem[] = at.children;
    const hottest = children.reduce<PlanItem | undefined>(
      (best, child) => (time(child) > time(best) ? child : best),
      undefined,
    );
    const goesOn = hottest !== undefined && time(hottest) >= ownMicros(at);
    at.heat = goesOn ? 'path' : 'end';
    at = goesOn ? hottest : undefined;
  }
}

function ownMicros(item: PlanItem): number {
  return item.type === 'operator' ? (item.node.micros ?? 0) : 0;
}
