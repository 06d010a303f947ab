import type { PlanDetail, PlanNode, QueryPlan } from '../../wasm-core/protocol/plan.ts';
import { RUN_PHASES, type Timeline } from '../../wasm-core/protocol/timeline.ts';
import { isCount, isListOf, isNumber, isObject, isText } from '../checks.ts';

/** Checks a plan; undefined when it is none. */
export function parsePlan(value: unknown): QueryPlan | undefined {
  if (!isObject(value) || typeof value.isMeasured !== 'boolean' || !isListOf(value.nodes, isNode))
    return undefined;
  const { isMeasured, nodes, leftOut } = value;
  // A parent stands before its children, or following them would never end.
  if (!nodes.every(({ parent }, index) => parent < index)) return undefined;
  return { isMeasured, nodes, ...(isCount(leftOut) && { leftOut }) };
}

/** Checks a timeline; undefined when it is none. */
export function parseTimeline(value: unknown): Timeline | undefined {
  if (!isObject(value)) return undefined;
  const entries = RUN_PHASES.map((phase) => [phase, value[phase]] as const).filter(([, micros]) =>
    isCount(micros),
  );
  return Object.fromEntries(entries);
}

function isNode(value: unknown): value is PlanNode {
  if (!isObject(value)) return false;
  const { parent, operator, details, functions } = value;
  const figures = [value.estimate, value.rows, value.scanned, value.micros];
  return (
    (parent === -1 || isCount(parent)) &&
    isText(operator) &&
    isListOf(details, isDetail) &&
    figures.every((figure) => figure === undefined || (isNumber(figure) && figure >= 0)) &&
    (functions === undefined || isListOf(functions, isText))
  );
}

function isDetail(value: unknown): value is PlanDetail {
  return isObject(value) && isText(value.name) && isText(value.value);
}
