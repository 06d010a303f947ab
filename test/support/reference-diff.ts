/*
 * A comparison of two tables as one would do it by hand, for tests to hold the engine's against.
 */

/** Types that random tables have. */
export const DIFF_TYPES = ['INTEGER', 'BIGINT', 'DOUBLE', 'DECIMAL(10,2)', 'VARCHAR'] as const;
export type DiffColumnType = (typeof DIFF_TYPES)[number];

/** Numbers in columns of numbers, texts in those of VARCHAR. */
export type DiffValue = number | string | null;

export interface DiffTable {
  readonly types: readonly DiffColumnType[];
  /** The first column is the key where there is one. */
  readonly rows: readonly (readonly DiffValue[])[];
}

export const DIFF_NAMES = ['id', 'a', 'b'] as const;

/** A table as a query. */
export function tableSql({ types, rows }: DiffTable): string {
  const cell = (value: DiffValue) => (typeof value === 'string' ? `'${value}'` : String(value));
  const values =
    rows.length === 0 ? '(null, null, null)' : rows.map((row) => `(${row.map(cell).join(', ')})`);
  const columns = DIFF_NAMES.map((name, i) => `cast(${name} as ${types[i]}) as ${name}`).join(', ');
  // VALUES alone would give a column the type of all of its values.
  return `select ${columns} from (values ${String(values)}) t(${DIFF_NAMES.join(', ')})${rows.length === 0 ? ' where false' : ''}`;
}

/** `status key changed` of each row that differs, sorted. */
export function diffByKey(before: DiffTable, after: DiffTable): string[] {
  const left = grouped(before, after.types[0]);
  const right = grouped(after, before.types[0]);
  const lines: string[] = [];
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const old = left.get(key) ?? [];
    const now = right.get(key) ?? [];
    if (old.length > 1 || now.length > 1) lines.push(`duplicate ${key}`);
    else if (old.length === 0) lines.push(`added ${key}`);
    else if (now.length === 0) lines.push(`removed ${key}`);
    else {
      const changed = [1, 2].filter(
        (i) =>
          text(before.types[i], after.types[i], old[0]?.[i]) !==
          text(after.types[i], before.types[i], now[0]?.[i]),
      );
      if (changed.length > 0) lines.push(`changed ${key} [${changed.map((i) => DIFF_NAMES[i]).join(', ')}]`);
    }
  }
  return lines.sort();
}

/** `status count row` of each row that one side has more often, sorted. */
export function diffWhole(before: DiffTable, after: DiffTable): string[] {
  const counts = new Map<string, number>();
  const count = (table: DiffTable, other: DiffTable, by: number) => {
    for (const row of table.rows) {
      const key = row.map((value, i) => text(table.types[i], other.types[i], value)).join('|');
      counts.set(key, (counts.get(key) ?? 0) + by);
    }
  };
  count(before, after, -1);
  count(after, before, 1);
  return [...counts]
    .filter(([, n]) => n !== 0)
    .map(([row, n]) => `${n > 0 ? 'added' : 'removed'} ${Math.abs(n)} ${row}`)
    .sort();
}

function grouped(table: DiffTable, other: DiffColumnType | undefined) {
  const groups = new Map<string, (readonly DiffValue[])[]>();
  for (const row of table.rows) {
    const key = text(table.types[0], other, row[0]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}

/** Equal for equal values: numbers by their value, beside a text as the engine writes them. */
export function text(
  type: DiffColumnType | undefined,
  other: DiffColumnType | undefined,
  value: DiffValue | undefined,
): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'string') return `'${value}'`;
  if (other !== 'VARCHAR') return String(value);
  if (type === 'DECIMAL(10,2)') return `'${value.toFixed(2)}'`;
  return type === 'DOUBLE' && Number.isInteger(value) ? `'${value}.0'` : `'${value}'`;
}
