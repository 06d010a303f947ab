import type { Block, Clause, CommonTable, Query } from '../../syntax/tree.ts';
import { bindTokens } from './bind-expression.ts';
import { bindRelations, mergedColumns } from './bind-relations.ts';
import { type Around, type Binder, distinct } from './binder.ts';
import { selectOutput, starOutput } from './item-columns.ts';
import { OPEN, type Output, type OutputColumn, renamed } from './meaning.ts';
import { type BoundTable, EMPTY_SCOPE, type Scope } from './scope.ts';

/**
 * Binds the names of a query.
 *
 * @param onFirst is told the columns of the first block before the second is bound, for recursive tables
 * @returns the columns that it gives
 */
export function bindQuery(
  binder: Binder,
  query: Query,
  given: Around,
  onFirst?: (output: Output) => void,
): Output {
  binder.done.add(query);
  const tables = [...given.tables];
  for (const table of query.tables) bindCommonTable(binder, { table, query }, { scope: given.scope, tables });
  binder.countClashes(query.tables.map(({ name }) => name.text));
  const outputs: Output[] = [];
  for (const [index, block] of query.blocks.entries()) {
    const isEnd = index > 0 && index === query.blocks.length - 1;
    const combine = (output: Output): Output => setOutput([...outputs, output], query);
    const around = { scope: given.scope, tables };
    const output = bindBlock(binder, block, { around, ...(isEnd && { combine }) });
    outputs.push(output);
    if (index === 0) onFirst?.(output);
  }
  return setOutput(outputs, query);
}

function bindCommonTable(
  binder: Binder,
  { table, query }: { readonly table: CommonTable; readonly query: Query },
  around: { readonly scope: Scope; readonly tables: BoundTable[] },
): void {
  const declared = binder.declare({ kind: 'commonTable', table }, table.name);
  const names = table.columns.map((name) => binder.declare({ kind: 'columnName' }, name));
  binder.countClashes(names.map(({ name }) => name));
  const bound: BoundTable = { declared, output: renamed(OPEN, names) };
  if (query.isRecursive) around.tables.push(bound);
  const set = (output: Output): void => {
    bound.output = renamed(output, names);
  };
  if (table.query !== undefined) {
    set(
      bindQuery(
        binder,
        table.query,
        { scope: around.scope, tables: [...around.tables] },
        query.isRecursive ? set : undefined,
      ),
    );
    // USING KEY names columns of the table.
    const last = binder.indexAt(table.query.start) - 1;
    const relations = [{ name: table.name.text, meaning: declared, output: bound.output }];
    const scope = { ...EMPTY_SCOPE, relations };
    bindTokens(binder, { first: binder.indexAt(table.name.end), last }, { scope, tables: around.tables });
  }
  if (!query.isRecursive) around.tables.push(bound);
}

/** @param place.combine of a block that ends a set operation: makes of its columns those that its ORDER BY orders by */
function bindBlock(
  binder: Binder,
  block: Block,
  { around, combine }: { readonly around: Around; readonly combine?: (output: Output) => Output },
): Output {
  const first = binder.indexAt(block.start);
  const last = Math.max(first, binder.indexAt(block.end));
  const whole = wholeQuery(binder, block, { first, last });
  if (whole !== undefined) return bindQuery(binder, whole, around);
  const { outer, tables } = { outer: around.scope, tables: around.tables };
  const relations = bindRelations(binder, block, around);
  const items = declareItems(binder, block);
  declareWindows(binder, block);
  const merged = mergedColumns(block, relations);
  const scope: Scope = { relations, items, variables: [], merged, clause: '', outer };
  bindTokens(binder, { first, last: block.clauses[0]?.first ?? last }, { scope, tables });
  const isOrder = ({ keyword }: Clause) => combine !== undefined && keyword === 'ORDER';
  // What is behind WITH is bound as the query's common tables.
  for (const clause of block.clauses.filter((c) => !isOrder(c) && c.keyword !== 'WITH'))
    bindClause(binder, clause, { scope, tables });
  const output = blockOutput(binder, block, scope);
  for (const clause of block.clauses.filter(isOrder)) {
    const relation = { name: '', output: combine?.(output) ?? output };
    bindClause(binder, clause, { scope: { ...scope, relations: [relation] }, tables }, 'SET ORDER');
  }
  return output;
}

function bindClause(
  binder: Binder,
  { keyword, first, last }: Clause,
  { scope, tables }: Around,
  clause = keyword,
): void {
  bindTokens(binder, { first: first + 1, last }, { scope: { ...scope, clause }, tables });
}

function declareItems(binder: Binder, { items }: Block): Scope['items'] {
  return items.flatMap((item) =>
    item.alias === undefined ? [] : [{ item, declared: binder.declare({ kind: 'item', item }, item.alias) }],
  );
}

/** A block that is nothing but a query in parentheses, as in `(select …) union (select …)`. */
function wholeQuery(
  binder: Binder,
  block: Block,
  { first, last }: { readonly first: number; readonly last: number },
): Query | undefined {
  if (block.clauses.length > 0 || binder.list.next(first, last) < last) return undefined;
  return binder.queries.get(binder.list.at(first)?.end ?? -1);
}

/** `WINDOW w AS (…), v AS (…)`: they are named before they are declared. */
function declareWindows(binder: Binder, block: Block): void {
  for (const { keyword, first, last } of block.clauses) {
    if (keyword !== 'WINDOW') continue;
    for (let at = first + 1; at < last; at = binder.list.next(at, last)) {
      const name = binder.list.name(at);
      if (name !== undefined && binder.list.isWord(at + 1, 'AS'))
        binder.windows.push(binder.declare({ kind: 'window' }, name));
    }
  }
}

function blockOutput(binder: Binder, block: Block, scope: Scope): Output {
  const has = (keyword: string) => block.clauses.some((clause: Clause) => clause.keyword === keyword);
  if (has('SELECT')) return selectOutput(binder, block, scope);
  return has('FROM') || has('TABLE') ? starOutput(scope) : OPEN;
}

/** By name the columns of all blocks, else those of the first. */
function setOutput(outputs: readonly Output[], { operators }: Query): Output {
  const [first = OPEN, ...others] = outputs;
  if (!operators.some(({ byName }) => byName)) return first;
  const columns = new Map<string, OutputColumn>();
  for (const column of [first, ...others].flatMap((output) => output.columns)) {
    const key = column.name.toLowerCase();
    const known = columns.get(key);
    const meanings = distinct([...(known?.meanings ?? []), ...column.meanings]);
    columns.set(key, { name: known?.name ?? column.name, meanings });
  }
  return { columns: [...columns.values()], isOpen: outputs.some(({ isOpen }) => isOpen) };
}
