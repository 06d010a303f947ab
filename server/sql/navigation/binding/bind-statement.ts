import type { Definition, Name, StatementSyntax } from '../../syntax/tree.ts';
import { bindTokens } from './bind-expression.ts';
import { bindQuery } from './bind-query.ts';
import { Binder, type BindingOptions } from './binder.ts';
import { type Declared, type Occurrence, OPEN, type Output, renamed } from './meaning.ts';
import { namedObjects } from './named-objects.ts';
import { EMPTY_SCOPE } from './scope.ts';

/** The names of a statement. */
export interface BoundStatement {
  /** In the order of the text. */
  readonly occurrences: readonly Occurrence[];
  /** The columns of the statement's query, or of the table or view that it creates. */
  readonly output: Output;
  /** How often two things of one list have one name, such as two relations of a block. */
  readonly clashes: number;
  /** What it reads that none of its common tables gives. */
  readonly sources: Binder['sources'];
}

/** Binds the names of a statement. What it does not understand it leaves out. */
export function bindStatement(syntax: StatementSyntax, options: BindingOptions): BoundStatement {
  const binder = new Binder(syntax, options, bindQuery);
  const { definition } = syntax;
  const finish = (output: Output): BoundStatement => {
    const { occurrences, sources, clashes } = binder;
    return { occurrences, sources, clashes, output };
  };
  for (const { name, kind } of namedObjects(binder.list)) binder.name(name, { kind, name: name.text });
  if (definition !== undefined) {
    const kind = DEFINES[definition.kind];
    if (kind !== undefined) binder.name(definition.name, { kind, name: definition.name.text }, true);
    if (definition.kind === 'MACRO') return finish(bindMacro(binder, definition));
  }
  const around = { scope: EMPTY_SCOPE, tables: [] };
  const columns = definition === undefined ? [] : definedColumns(binder, definition);
  const output = bindQuery(binder, syntax.query, around);
  binder.countClashes(columns.map(({ name: column }) => column));
  const own = columns.map((declared) => ({ name: declared.name, meanings: [declared] }));
  // What stands before the query: constraints of a table, arguments of EXECUTE.
  const scope = { ...EMPTY_SCOPE, relations: [{ name: '', output: { columns: own, isOpen: false } }] };
  const last = isBodyless(syntax) ? binder.list.length : binder.indexAt(syntax.query.start);
  bindTokens(binder, { first: 0, last }, { scope, tables: [] });
  return finish(isBodyless(syntax) ? { columns: own, isOpen: own.length === 0 } : renamed(output, columns));
}

const DEFINES: Partial<Record<Definition['kind'], 'table' | 'function' | 'type'>> = {
  TABLE: 'table',
  VIEW: 'table',
  MACRO: 'function',
  TYPE: 'type',
};

/** Whether a statement creates a table from a list of columns. */
function isBodyless({ definition, query }: StatementSyntax): boolean {
  return definition?.kind === 'TABLE' && !query.blocks.some(({ clauses }) => clauses.length > 0);
}

/** `create table t (a int, b int)`, `create view v(a, b) as …`. */
function definedColumns(binder: Binder, { kind, name }: Definition): Declared[] {
  const { list } = binder;
  const open = binder.indexAt(name.end);
  if ((kind !== 'TABLE' && kind !== 'VIEW') || !list.isOpen(open)) return [];
  return list
    .names(open)
    .filter(({ start }) => !isConstraint(binder, start))
    .map((column) => binder.declare({ kind: 'columnName' }, column));
}

function isConstraint(binder: Binder, start: number): boolean {
  return binder.list.isWord(
    binder.indexAt(start),
    'PRIMARY',
    'FOREIGN',
    'UNIQUE',
    'CHECK',
    'CONSTRAINT',
    'LIKE',
  );
}

/** Each of a macro's definitions has parameters of its own: `m(a) as …, (a, b) as …`. */
function bindMacro(binder: Binder, { name }: Definition): Output {
  const { list, syntax } = binder;
  let output: Output = OPEN;
  for (let open = binder.indexAt(name.end); list.isOpen(open); ) {
    const body = list.next(open) + 1;
    const parameters = list.names(open);
    const variables = parameters.map((p) => binder.declare({ kind: 'macroParameter' }, p));
    binder.countClashes(parameters.map(({ text }) => text));
    const last = macroEnd(binder, body);
    const scope = { ...EMPTY_SCOPE, variables };
    bindDefaults(binder, { first: open + 1, last: list.close(open) }, parameters);
    const isTable = list.isWord(body, 'TABLE');
    const { query } = syntax;
    const isWhole = isTable && query.start >= (list.at(body)?.start ?? 0) && last === list.length;
    if (isWhole) output = bindQuery(binder, query, { scope, tables: [] });
    else bindTokens(binder, { first: body, last }, { scope, tables: [] });
    open = last + 1;
  }
  return output;
}

function bindDefaults(
  binder: Binder,
  range: { readonly first: number; readonly last: number },
  parameters: readonly Name[],
): void {
  if (parameters.length > 0) bindTokens(binder, range, { scope: EMPTY_SCOPE, tables: [] });
}

/** The comma before the next definition, or the end. */
function macroEnd({ list }: Binder, first: number): number {
  for (let at = first; at < list.length; at = list.next(at)) {
    if (list.isMark(at, ',') && list.isOpen(at + 1) && list.isWord(list.next(at + 1), 'AS')) return at;
  }
  return list.length;
}
