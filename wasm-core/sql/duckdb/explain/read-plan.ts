import { CoreError } from '../../../protocol/errors.ts';
import type { PlanDetail, PlanNode, QueryPlan } from '../../../protocol/plan.ts';
import type { FunctionCost } from '../../../protocol/statement-cost.ts';

/** Operators that are sent; a plan of more is one that nobody reads. */
const MAX_NODES = 10_000;
/** Of one detail, and of all of a plan, UTF-16 code units: constants in a statement may be megabytes long. */
const MAX_VALUE = 20_000;
const MAX_TEXT = 4_000_000;

/**
 * Reads a plan that the engine wrote as JSON.
 *
 * @param json of EXPLAIN (FORMAT json), an array of operators, or of EXPLAIN (ANALYZE, FORMAT json), an object whose
 *   children are operators
 * @param options.called what plugin functions did as the statement ran
 * @throws CoreError SQL_RUN when there are no operators; Error when it is neither
 */
export function readPlan(
  json: string,
  options: { readonly isMeasured: boolean; readonly called: readonly FunctionCost[] },
): QueryPlan {
  const { isMeasured, called } = options;
  const parsed: unknown = JSON.parse(json);
  const tops = Array.isArray(parsed) ? parsed : childrenOf(parsed);
  const roots = tops.flatMap(withoutExplain);
  // Settings and pragmas do what they do while the engine plans, and leave it nothing to run.
  if (roots.length === 0) {
    const message = 'The engine has no plan of this statement; explain a query, or a change of rows.';
    throw new CoreError('SQL_RUN', message);
  }
  const reader = new PlanReader(called.map(({ name }) => name));
  const nodes: PlanNode[] = [];
  let leftOut = 0;
  // A stack of our own: the depth of a plan is up to whoever writes the statement.
  const open = roots.map((value) => ({ value, parent: -1 })).reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const children = childrenOf(next.value);
    const parent = nodes.length;
    const isKept = nodes.length < MAX_NODES;
    if (isKept) nodes.push(reader.node(next.value, next.parent));
    else leftOut++;
    for (const value of children.reverse()) open.push({ value, parent });
  }
  return { isMeasured, nodes: withHiddenCalls(nodes, called), ...(leftOut > 0 && { leftOut }) };
}

/** The engine's own operator around an analysed statement says nothing about it. */
function withoutExplain(value: unknown): unknown[] {
  return isObject(value) && value.operator_type === 'EXPLAIN_ANALYZE' ? childrenOf(value) : [value];
}

/**
 * Finds operators of calls that the engine shows only by the names of columns, as of `f(x) as y`: only projections do, and
 * one that gave as many rows as the function was called with is the one, when there is no other.
 */
function withHiddenCalls(nodes: readonly PlanNode[], called: readonly FunctionCost[]): readonly PlanNode[] {
  const named = new Set(nodes.flatMap(({ functions }) => functions ?? []));
  const hidden = new Map<PlanNode, string[]>();
  for (const { name, rows } of called) {
    if (named.has(name)) continue;
    const fitting = nodes.filter((node) => node.operator === 'PROJECTION' && node.rows === rows);
    const [only] = fitting;
    if (only !== undefined && fitting.length === 1) hidden.set(only, [...(hidden.get(only) ?? []), name]);
  }
  return nodes.map((node) => {
    const names = hidden.get(node);
    return names === undefined ? node : { ...node, functions: [...(node.functions ?? []), ...names] };
  });
}

class PlanReader {
  /** By name in lower case: the engine writes names of table functions in capitals. */
  readonly #names: ReadonlyMap<string, string>;
  #textLeft = MAX_TEXT;

  constructor(functionNames: readonly string[]) {
    this.#names = new Map(functionNames.map((name) => [name.toLowerCase(), name]));
  }

  node(value: unknown, parent: number): PlanNode {
    const fields = isObject(value) ? value : {};
    const functions = new Set<string>();
    const written = String(fields.operator_name ?? fields.name ?? '').trim();
    const operator = this.#public(written, functions).slice(0, MAX_VALUE) || 'OPERATOR';
    const extra = isObject(fields.extra_info) ? Object.entries(fields.extra_info) : [];
    const details: PlanDetail[] = [];
    let estimate: number | undefined;
    for (const [name, info] of extra) {
      if (name === 'Estimated Cardinality') estimate = countOf(Number(info));
      else details.push({ name, value: this.#value(this.#public(textOf(info), functions)) });
    }
    const rows = countOf(fields.operator_cardinality);
    const scanned = countOf(fields.operator_rows_scanned);
    const seconds = countOf(fields.operator_timing);
    return {
      parent,
      operator,
      details,
      ...(estimate !== undefined && { estimate }),
      ...(rows !== undefined && { rows }),
      ...(scanned !== undefined && scanned > 0 && { scanned }),
      ...(seconds !== undefined && { micros: Math.round(seconds * 1e6) }),
      ...(functions.size > 0 && { functions: [...functions] }),
    };
  }

  /** Puts names that statements use in place of internal ones, and notes those of calls. */
  #public(text: string, functions: Set<string>): string {
    return text.replaceAll(
      /('(?:[^']|'')*')|\b__quern_\d+_(\w+)(\s*\()?/gi,
      (whole, quoted: string | undefined, written: string, bracket = '') => {
        // What somebody wrote between quotes is no name.
        if (quoted !== undefined) return whole;
        const isName = whole.startsWith('__QUERN');
        const name = this.#names.get(written.toLowerCase()) ?? (isName ? written.toLowerCase() : written);
        functions.add(name);
        return `${name}${bracket}`;
      },
    );
  }

  #value(text: string): string {
    const room = Math.min(MAX_VALUE, this.#textLeft);
    const value =
      text.length <= room
        ? text
        : `${text.slice(0, room)}… (${text.length.toLocaleString('en-US')} characters)`;
    this.#textLeft = Math.max(0, this.#textLeft - value.length);
    return value;
  }
}

/** Lists in the engine's words, one item a line. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join('\n');
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** A fresh array. */
function childrenOf(value: unknown): unknown[] {
  return isObject(value) && Array.isArray(value.children) ? [...value.children] : [];
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
