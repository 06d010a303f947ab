import { countText, durationText } from './figures.ts';
import type { PlanNode, QueryPlan } from './plan.ts';

/** Levels that are indented; deeper ones say how deep they are. */
const MAX_INDENT = 40;

/** An estimate that is this often off is worth a look: joins are ordered by it. */
export const FAR_OFF = 10;

/** How an estimate compares to the rows that came. */
export interface EstimateError {
  /** At least 1; nothing counts as one row. */
  readonly factor: number;
  readonly direction: 'more' | 'fewer' | 'equal';
}

/** How far off an estimate was; undefined where either figure is not known. */
export function estimateError({
  rows,
  estimate,
}: Pick<PlanNode, 'rows' | 'estimate'>): EstimateError | undefined {
  if (rows === undefined || estimate === undefined) return undefined;
  const [came, expected] = [Math.max(1, rows), Math.max(1, estimate)];
  if (came === expected) return { factor: 1, direction: 'equal' };
  return came > expected
    ? { factor: came / expected, direction: 'more' }
    : { factor: expected / came, direction: 'fewer' };
}

/** Longer texts are no hint. */
const HINT_LENGTH = 300;

/** What an operator is about, in one line of at most 300 UTF-16 code units. */
export function planHint({ details }: Pick<PlanNode, 'details'>): string {
  return details
    .map(({ value }) => value.slice(0, HINT_LENGTH).replaceAll('\n', ', '))
    .join(' · ')
    .slice(0, HINT_LENGTH);
}

/** A plan as indented lines, for texts and terminals. */
export function planText({ nodes, leftOut }: QueryPlan): string {
  const depths: number[] = [];
  const lines = nodes.flatMap((node) => {
    const depth = node.parent < 0 ? 0 : (depths[node.parent] ?? 0) + 1;
    depths.push(depth);
    const indent = '  '.repeat(Math.min(depth, MAX_INDENT));
    const level = depth > MAX_INDENT ? `[level ${depth + 1}] ` : '';
    const head = [`${indent}${level}${node.operator}`, ...figures(node)].join('  ');
    const details = node.details.map(({ name, value }) => `${name}: ${value.replaceAll('\n', ', ')}`);
    const calls = node.functions === undefined ? [] : [`Plugin functions: ${node.functions.join(', ')}`];
    return [head, ...[...details, ...calls].map((line) => `${indent}    ${line}`)];
  });
  if (leftOut !== undefined) lines.push(`${countText(leftOut, 'further operator')}`);
  return lines.join('\n');
}

function figures({ rows, estimate, scanned, micros }: PlanNode): string[] {
  const expected = estimate === undefined ? undefined : `about ${countText(estimate, 'row')} expected`;
  return [
    ...(micros === undefined ? [] : [durationText(micros)]),
    ...(rows === undefined ? [] : [countText(rows, 'row')]),
    ...(expected === undefined ? [] : [expected]),
    ...(scanned === undefined ? [] : [`${countText(scanned, 'row')} read`]),
  ];
}
