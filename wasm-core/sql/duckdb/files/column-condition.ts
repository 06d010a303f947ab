/*
 * Conditions on single columns that all rows fulfil which a statement needs. A reader of files may leave out rows that do
 * not, and need not: the engine filters what it gets.
 */

/** A value that a column is compared with. A date is `YYYY-MM-DD`. */
export type ConditionValue =
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'text' | 'date'; readonly value: string };

/** How a column is compared; `in` is equal to one of the values, and every other test has one. */
export type ConditionTest = 'in' | '<' | '<=' | '>' | '>=';

export interface ColumnCondition {
  /** In any case: names do not differ by it in DuckDB. */
  readonly column: string;
  readonly test: ConditionTest;
  /** At least one. */
  readonly values: readonly ConditionValue[];
}

const DATE = /^\d{4}-\d\d-\d\d$/;

/**
 * Whether a value may fulfil a condition; true where it cannot be told without the engine.
 *
 * @param value as a partition has it, null for NULL
 * @param type the column's, as DuckDB calls it
 */
export function mayFulfil(value: string | null, type: string, { test, values }: ColumnCondition): boolean {
  // Nothing compares to NULL.
  if (value === null) return false;
  switch (type) {
    case 'BIGINT': {
      const others = values.flatMap((each) => (each.kind === 'integer' ? [each.value] : []));
      return others.length < values.length || isFulfilled(BigInt(value), test, others);
    }
    case 'DATE': {
      // A text beside a date is read as one. Dates of four digits have the order of their texts.
      const others = values.flatMap((each) =>
        each.kind !== 'integer' && DATE.test(each.value) ? [each.value] : [],
      );
      return others.length < values.length || !DATE.test(value) || isFulfilled(value, test, others);
    }
    case 'VARCHAR': {
      const others = values.flatMap((each) => (each.kind === 'text' ? [each.value] : []));
      return others.length < values.length || test !== 'in' || others.includes(value);
    }
    default:
      return true;
  }
}

function isFulfilled<T extends bigint | string>(
  value: T,
  test: ConditionTest,
  others: readonly T[],
): boolean {
  return others.some((other) => TESTS[test](value, other));
}

const TESTS: Readonly<Record<ConditionTest, (value: bigint | string, other: bigint | string) => boolean>> = {
  in: (value, other) => value === other,
  '<': (value, other) => value < other,
  '<=': (value, other) => value <= other,
  '>': (value, other) => value > other,
  '>=': (value, other) => value >= other,
};
