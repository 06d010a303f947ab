import type { ColumnCondition, ConditionTest, ConditionValue } from './column-condition.ts';

/*
 * Conditions on columns, from the syntax tree that the engine's `json_serialize_sql` gives of a query. Table functions of
 * the C API get no filters from the engine's optimizer, so that what they could leave out is read from the text.
 */

/** The one relation that a query reads. All names are as they are written. */
export type ReadRelation =
  | { readonly kind: 'name'; readonly name: string; readonly isQualified: boolean }
  | { readonly kind: 'function'; readonly name: string };

/** A query over one relation, and what its WHERE says of single columns. */
export interface FilteredRelation {
  readonly relation: ReadRelation;
  /** At least one. */
  readonly conditions: readonly ColumnCondition[];
  /** Names of the functions that the query calls, in lower case: a macro may read more. */
  readonly functions: ReadonlySet<string>;
}

/**
 * Reads a tree.
 *
 * @param json of `json_serialize_sql`
 * @returns undefined for a query that reads anything beside one relation, and where nothing is known of its rows
 */
export function whereConditions(json: string): FilteredRelation | undefined {
  const root = asNode(JSON.parse(json));
  const [statement, ...others] = asList(root.statements);
  const query = asNode(asNode(statement).node);
  if (root.error !== false || others.length > 0 || query.type !== 'SELECT_NODE') return undefined;
  const from = asNode(query.from_table);
  const relation = relationOf(from);
  const uses = usesOf(query);
  // A common table may stand in the relation's place.
  if (relation === undefined || uses.relations > 1 || asList(asNode(query.cte_map).map).length > 0)
    return undefined;
  const alias = typeof from.alias === 'string' ? from.alias : '';
  const conditions = conjunctsOf(asNode(query.where_clause)).flatMap((each) => conditionsOf(each, alias));
  return conditions.length === 0 ? undefined : { relation, conditions, functions: uses.functions };
}

type Node = Readonly<Record<string, unknown>>;

const RELATIONS = new Set(['BASE_TABLE', 'TABLE_FUNCTION', 'SHOW_REF', 'COLUMN_DATA', 'BOUND_TABLE_REF']);

const TESTS: Readonly<Record<string, ConditionTest>> = {
  COMPARE_EQUAL: 'in',
  COMPARE_LESSTHAN: '<',
  COMPARE_LESSTHANOREQUALTO: '<=',
  COMPARE_GREATERTHAN: '>',
  COMPARE_GREATERTHANOREQUALTO: '>=',
};

const TURNED: Readonly<Record<ConditionTest, ConditionTest>> = {
  in: 'in',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** @returns undefined where rows are left out, renamed or counted before WHERE sees them */
function relationOf(from: Node): ReadRelation | undefined {
  if (from.sample !== null || asList(from.column_name_alias).length > 0) return undefined;
  if (from.type === 'BASE_TABLE' && typeof from.table_name === 'string' && from.at_clause === null) {
    const isQualified = from.schema_name !== '' || from.catalog_name !== '';
    return { kind: 'name', name: from.table_name, isQualified };
  }
  const { function_name: name, schema, catalog } = asNode(from.function);
  const isPlain = from.with_ordinality === 'WITHOUT_ORDINALITY' && schema === '' && catalog === '';
  return from.type === 'TABLE_FUNCTION' && typeof name === 'string' && isPlain
    ? { kind: 'function', name }
    : undefined;
}

/** What a query uses, itself and the queries in it. */
function usesOf(query: Node): { readonly relations: number; readonly functions: ReadonlySet<string> } {
  const functions = new Set<string>();
  let relations = 0;
  // Trees of long conditions are deep.
  const rest: unknown[] = [query];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const { type, class: kind, function_name: name } = next as Node;
    if (typeof type === 'string' && RELATIONS.has(type)) relations++;
    if (kind === 'FUNCTION' && typeof name === 'string') functions.add(name.toLowerCase());
    rest.push(...Object.values(next).filter((inner) => inner != null));
  }
  return { relations, functions };
}

function conjunctsOf(where: Node): readonly Node[] {
  if (where.type !== 'CONJUNCTION_AND') return [where];
  return asList(where.children).flatMap((child) => conjunctsOf(asNode(child)));
}

/** What one condition says of a column; nothing for what compares anything else. */
function conditionsOf(condition: Node, alias: string): ColumnCondition[] {
  const { type } = condition;
  if (type === 'COMPARE_BETWEEN') {
    const column = columnOf(condition.input, alias);
    return [...conditionOf(column, '>=', [condition.lower]), ...conditionOf(column, '<=', [condition.upper])];
  }
  if (type === 'COMPARE_IN') {
    const [input, ...values] = asList(condition.children);
    return conditionOf(columnOf(input, alias), 'in', values);
  }
  const test = typeof type === 'string' ? TESTS[type] : undefined;
  if (test === undefined) return [];
  const { left, right } = condition;
  return [
    ...conditionOf(columnOf(left, alias), test, [right]),
    ...conditionOf(columnOf(right, alias), TURNED[test], [left]),
  ];
}

function conditionOf(
  column: string | undefined,
  test: ConditionTest,
  written: readonly unknown[],
): ColumnCondition[] {
  const values = written.flatMap((value) => constantOf(asNode(value)) ?? []);
  return column === undefined || values.length === 0 || values.length < written.length
    ? []
    : [{ column, test, values }];
}

/** The name of a column of the relation; a name with a dot may be a member of a column's value. */
function columnOf(value: unknown, alias: string): string | undefined {
  const { type, column_names: written } = asNode(value);
  const names = asList(written);
  const [first, second] = names;
  if (type !== 'COLUMN_REF' || typeof first !== 'string') return undefined;
  if (names.length === 1) return first;
  const isAlias = alias !== '' && first.toLowerCase() === alias.toLowerCase();
  return isAlias && names.length === 2 && typeof second === 'string' ? second : undefined;
}

const INTEGERS = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT']);

function constantOf(node: Node): ConditionValue | undefined {
  if (node.type === 'OPERATOR_CAST' && asNode(node.cast_type).id === 'DATE' && node.try_cast === false) {
    const inner = constantOf(asNode(node.child));
    return inner?.kind === 'text' ? { kind: 'date', value: inner.value } : undefined;
  }
  if (node.type !== 'VALUE_CONSTANT') return undefined;
  const { type, is_null: isNull, value } = asNode(node.value);
  const { id } = asNode(type);
  if (isNull !== false || typeof id !== 'string') return undefined;
  if (id === 'VARCHAR' && typeof value === 'string') return { kind: 'text', value };
  // Larger ones lost digits as JSON was read.
  if (INTEGERS.has(id) && typeof value === 'number' && Number.isSafeInteger(value))
    return { kind: 'integer', value: BigInt(value) };
  return undefined;
}

function asNode(value: unknown): Node {
  return typeof value === 'object' && value !== null ? (value as Node) : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
