/*
 * Two values of one column, whose type may be another on each side, as expressions that are equal exactly when the
 * values are. The engine's own comparison would turn BIGINT into DOUBLE and lose digits, and fail on texts that are no
 * numbers.
 */

/** A column as it is on both sides. */
export interface ColumnTypes {
  readonly before: string;
  readonly after: string;
}

/**
 * The expressions to compare, or to group by.
 *
 * @param types as the engine names them, such as `DECIMAL(10,2)`
 * @param before an expression of the left side
 * @param after an expression of the right side
 */
export function comparable(
  types: ColumnTypes,
  { before, after }: { readonly before: string; readonly after: string },
): { readonly before: string; readonly after: string } {
  if (types.before === types.after) {
    // A month equals 30 days, and a time in one zone that in another.
    const isText = /\bINTERVAL\b|^TIME WITH TIME ZONE$/.test(types.before);
    return isText ? { before: asText(before), after: asText(after) } : { before, after };
  }
  const numbers = [numberType(types.before), numberType(types.after)] as const;
  const [left, right] = numbers;
  if (left?.type === 'float' && right?.type === 'float') return { before, after };
  if (left !== undefined && right !== undefined) {
    // Digits that neither type can have need not be looked for.
    const scale = Math.max(...numbers.map((number) => number?.scale ?? 0));
    return { before: numberText(before, left, scale), after: numberText(after, right, scale) };
  }
  if (isPlainTime(types.before) && isPlainTime(types.after)) return { before, after };
  return { before: asText(before), after: asText(after) };
}

type NumberType =
  | { readonly type: 'integer'; readonly scale: 0 }
  | { readonly type: 'decimal'; readonly scale: number }
  /** `scale`: none of its own. */
  | { readonly type: 'float'; readonly name: string; readonly scale: 0 };

const INTEGER = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/;
/** Wide enough for every double that has no more digits behind the point. */
const MAX_SCALE = 18;

function numberType(type: string): NumberType | undefined {
  if (INTEGER.test(type)) return { type: 'integer', scale: 0 };
  const scale = /^DECIMAL\(\d+,\s*(\d+)\)$/.exec(type)?.[1];
  if (scale !== undefined) return { type: 'decimal', scale: Number(scale) };
  return type === 'FLOAT' || type === 'DOUBLE' ? { type: 'float', name: type, scale: 0 } : undefined;
}

/** Types among which the engine casts without a loss. */
function isPlainTime(type: string): boolean {
  return type === 'DATE' || type === 'TIMESTAMP' || type === 'TIMESTAMP_S' || type === 'TIMESTAMP_MS';
}

/** The shortest text of a number, without an exponent where it has less than 39 digits. */
function numberText(sql: string, type: NumberType, scale: number): string {
  switch (type.type) {
    case 'integer':
      return asText(sql);
    case 'decimal':
      return type.scale === 0 ? asText(sql) : withoutZeros(asText(sql));
    case 'float': {
      const whole = `try_cast(${sql} as hugeint)`;
      const decimal = `try_cast(${asText(sql)} as decimal(38, ${scale === 0 ? MAX_SCALE : scale}))`;
      return (
        `case when ${sql} = trunc(${sql}) and ${whole} is not null then ${asText(whole)} ` +
        `when ${decimal}::${type.name} = ${sql} then ${withoutZeros(asText(decimal))} else ${asText(sql)} end`
      );
    }
  }
}

function withoutZeros(text: string): string {
  return `rtrim(rtrim(${text}, '0'), '.')`;
}

function asText(sql: string): string {
  return `(${sql})::varchar`;
}
