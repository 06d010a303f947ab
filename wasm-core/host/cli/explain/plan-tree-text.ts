import { durationText, percentText } from '../../../protocol/figures.ts';
import type { QueryPlan } from '../../../protocol/plan.ts';
import { type PlanItem, planModel } from '../../../protocol/plan-model.ts';
import { estimateError, FAR_OFF, planHint } from '../../../protocol/plan-text.ts';
import type { FunctionCost } from '../../../protocol/statement-cost.ts';
import { alignColumns, displayWidth, padTo, visible } from '../text-table.ts';

/** Levels that are drawn as branches; deeper ones say how deep they are, so that a deep plan is no square of text. */
const MAX_LEVELS = 40;

/** The narrowest that a tree is squeezed to, columns of the terminal. */
const MIN_TREE_WIDTH = 24;

/**
 * A plan as a tree beside its figures, for terminals: the figures first, since only names and what operators are about can
 * be cut.
 *
 * @param costs what plugin functions did in the statement
 * @param width columns of the terminal; undefined: nothing is cut
 */
export function planTreeText(
  plan: QueryPlan,
  { costs, width }: { readonly costs: readonly FunctionCost[]; readonly width: number | undefined },
): string {
  const model = planModel(plan, { costs, rowsRead: 'Rows read' });
  const lines = linesOf(model.tops);
  const titles = plan.isMeasured ? MEASURED_TITLES : ['rows expected'];
  const figures = lines.map(({ item }) =>
    plan.isMeasured ? measured(item, model.micros) : [estimateOf(item)],
  );
  const table = alignColumns([titles, ...figures], [...titles.map(() => 'right' as const)]).split('\n');
  const besides = Math.max(...table.map(displayWidth));
  const room = width === undefined ? undefined : Math.max(MIN_TREE_WIDTH, width - besides - 2);
  const trees = ['operator', ...lines.map(({ branch, item }) => `${branch}${labelOf(item)}`)];
  return trees
    .map((tree, index) => `${padTo(table[index] ?? '', besides, 'left')}  ${cutTo(tree, room)}`.trimEnd())
    .join('\n');
}

const MEASURED_TITLES = ['time', 'share', 'rows', 'rows expected'];

interface TreeLine {
  readonly item: PlanItem;
  /** What is drawn in front of it. */
  readonly branch: string;
}

/** The lines of a tree from the top; a stack in place of recursion, since plans are thousands of operators deep. */
function linesOf(tops: readonly PlanItem[]): TreeLine[] {
  const lines: TreeLine[] = [];
  const open = tops.map((item) => ({ item, branch: '', below: '' })).reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { item, branch, below } = next;
    lines.push({ item, branch });
    const isDeep = item.level >= MAX_LEVELS;
    const last = item.children.length - 1;
    const children = item.children.map((child, index) =>
      isDeep
        ? { item: child, branch: `${below}[level ${child.level}] `, below }
        : {
            item: child,
            branch: `${below}${index === last ? '└─ ' : '├─ '}`,
            below: `${below}${index === last ? '   ' : '│  '}`,
          },
    );
    open.push(...children.reverse());
  }
  return lines;
}

/** The columns of `MEASURED_TITLES`. */
function measured(item: PlanItem, micros: number): string[] {
  switch (item.type) {
    case 'operator': {
      const { micros: own, rows } = item.node;
      const time = own === undefined ? ['', ''] : [durationText(own), percentText(own, micros)];
      return [...time, rows === undefined ? '' : countOf(rows), estimateOf(item)];
    }
    case 'function': {
      const { micros: own, rows } = item.cost;
      return [durationText(own), percentText(own, Math.max(own, micros)), countOf(rows), ''];
    }
    case 'detail':
      return ['', '', '', ''];
  }
}

function estimateOf(item: PlanItem): string {
  return item.type !== 'operator' || item.node.estimate === undefined ? '' : countOf(item.node.estimate);
}

function labelOf(item: PlanItem): string {
  switch (item.type) {
    case 'operator': {
      const { scanned } = item.node;
      const notes = [
        ...(item.heat === 'none' ? [] : [item.heat === 'end' ? 'hottest' : 'hot']),
        ...farOff(item.node),
        ...(scanned === undefined ? [] : [`${countOf(scanned)} rows read`]),
      ];
      const name = [visible(item.node.operator), ...notes.map((note) => `[${note}]`)].join(' ');
      return [name, visible(planHint(item.node))].filter((text) => text !== '').join('  ');
    }
    case 'function': {
      const { name, calls, rows, fuel, transferMicros } = item.cost;
      const facts = [
        calls === 1 ? '1 call' : `${countOf(calls)} calls`,
        `${countOf(Math.round(fuel / Math.max(1, rows)))} fuel a row`,
        ...(transferMicros > 0 ? [`${durationText(transferMicros)} of it transfer`] : []),
        ...whereOf(item.operators),
      ];
      return `plugin function ${visible(name)}  ${facts.join(', ')}`;
    }
    case 'detail':
      return visible(`${item.name}: ${item.value}`);
  }
}

function farOff(node: Parameters<typeof estimateError>[0]): string[] {
  const error = estimateError(node);
  if (error === undefined || error.factor < FAR_OFF) return [];
  return [`${countOf(Math.round(error.factor))}× ${error.direction} than expected`];
}

function whereOf(operators: number): string[] {
  if (operators === 0) return ['in an operator that the plan does not name'];
  return operators === 1 ? [] : [`in ${operators} operators together`];
}

function countOf(count: number): string {
  return count.toLocaleString('en-US');
}

function cutTo(text: string, width: number | undefined): string {
  return width === undefined || displayWidth(text) <= width ? text : padTo(text, width, 'left');
}
