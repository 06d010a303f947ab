import type { Condition } from './records.ts';

/** What the words `skipif` and `onlyif` in front of a record say. */
export interface ConditionWords {
  readonly conditions: readonly Condition[];
  /** Whether the record is for another system than DuckDB. */
  readonly foreign: boolean;
}

/**
 * Reads what stands behind `skipif` or `onlyif`: a system's name, or comparisons with `&&` between them.
 *
 * @returns undefined when it is neither
 */
export function parseCondition(word: string, negated: boolean): ConditionWords | undefined {
  if (!/[=<>]/.test(word)) return { conditions: [], foreign: (word.toLowerCase() === 'duckdb') === negated };
  const conditions: Condition[] = [];
  for (const part of word.split('&&')) {
    const [, variable, comparison, value] =
      /^\s*([^=<>\s]+)\s*(<>|>=|<=|==?|<|>)\s*([^=<>]+?)\s*$/.exec(part) ?? [];
    if (variable === undefined || value === undefined) return undefined;
    conditions.push({ variable, comparison: comparisonOf(comparison), value, negated });
  }
  return { conditions, foreign: false };
}

/**
 * Whether a record runs in this turn of its loops.
 *
 * @param variables the loops' variables with their values, lower-case names
 * @returns undefined when a condition names no loop
 */
export function conditionsHold(
  conditions: readonly Condition[],
  variables: ReadonlyMap<string, string>,
): boolean | undefined {
  let holds = true;
  for (const condition of conditions) {
    const actual = variables.get(condition.variable.toLowerCase());
    if (actual === undefined) return undefined;
    if (compare(actual, condition) === condition.negated) holds = false;
  }
  return holds;
}

/** `==` means the same as `=`. */
function comparisonOf(text = '='): Condition['comparison'] {
  return text === '==' ? '=' : (text as Condition['comparison']);
}

function compare(actual: string, { comparison, value }: Condition): boolean {
  switch (comparison) {
    case '=':
      return actual === value;
    case '<>':
      return actual !== value;
    case '>':
      return Number(actual) > Number(value);
    case '>=':
      return Number(actual) >= Number(value);
    case '<':
      return Number(actual) < Number(value);
    case '<=':
      return Number(actual) <= Number(value);
  }
}
