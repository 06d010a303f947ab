import { type CallHierarchyItem, type Range, SymbolKind } from 'vscode-languageserver';
import { type KnownFunction, signatureText } from '../knowledge.ts';
import { sameName } from '../syntax/scope.ts';
import { mayDefine, readLocalNames, statementsNaming } from './document-names.ts';
import { occurrencesOf } from './occurrences.ts';
import { rangeOf, readNameAt, type SqlPlace, statementIndexAt } from './place.ts';
import type { SqlDocument } from './sql-workspace.ts';
import { firstToken, statementLabel } from './symbols.ts';

/*
 * Who calls whom between SQL and plugins: statements call plugin functions and macros, and read views, which are
 * statements themselves.
 */

/** What calls are looked for in. */
export interface CallWorld {
  /** The SQL documents that see the same plugins, open and not. */
  documents(): Promise<readonly SqlDocument[]>;
  functions(): Promise<readonly KnownFunction[]>;
}

/** A call, or what an item calls. */
export interface Calls {
  readonly item: CallHierarchyItem;
  /** In the caller. */
  readonly ranges: Range[];
}

/** What an item stands for; the editor gives it back as it is. */
interface Callee {
  /** `table` is a view. */
  readonly kind: 'function' | 'table';
  readonly name: string;
}

const TOP: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** The function, macro or view that a position names, else the statement that it is in. */
export async function callItemAt(place: SqlPlace, world: CallWorld): Promise<CallHierarchyItem | undefined> {
  const meaning = (await readNameAt(place))?.meaning;
  if (meaning?.kind === 'function' || meaning?.kind === 'table') {
    const callee = await calleeItem(place, { kind: meaning.kind, name: meaning.name }, world);
    if (callee !== undefined) return callee;
  }
  const index = statementIndexAt(place);
  return index < 0 ? undefined : statementItem(place, index);
}

/** A plugin's function. */
export function pluginItem({ fn, uri, range = TOP, module }: KnownFunction): CallHierarchyItem | undefined {
  if (uri === undefined) return undefined;
  const data: Callee = { kind: 'function', name: fn.name };
  const detail = `${signatureText(fn)}, ${module}`;
  return { name: fn.name, kind: SymbolKind.Function, detail, uri, range, selectionRange: range, data };
}

/** The statements that call a function or a macro, or read a view. */
export async function callsOf(item: CallHierarchyItem, world: CallWorld): Promise<Calls[]> {
  const callee = calleeOf(item);
  if (callee === undefined) return [];
  return (await world.documents()).flatMap((document) => {
    const { statements } = document;
    const found = occurrencesOf(
      readLocalNames(statements, statementsNaming(statements, [callee.name])),
      callee,
    );
    // A document that defines the name itself means its own.
    const isOther = document.document.uri !== item.uri;
    if (isOther && found.some(({ occurrence }) => occurrence.isDeclaration)) return [];
    const calls = new Map<number, Range[]>();
    for (const { statement, occurrence } of found) {
      if (occurrence.isDeclaration) continue;
      const index = statements.indexOf(statement);
      const range = rangeOf(document.document, statement, occurrence.place);
      calls.set(index, [...(calls.get(index) ?? []), range]);
    }
    return [...calls].flatMap(([index, ranges]) => {
      const caller = statementItem(document, index);
      return caller === undefined ? [] : [{ item: caller, ranges }];
    });
  });
}

/** The plugin functions, macros and views that a statement uses; a plugin's function calls none. */
export async function callsFrom(item: CallHierarchyItem, world: CallWorld): Promise<Calls[]> {
  const from = (await world.documents()).flatMap((own) => {
    if (own.document.uri !== item.uri) return [];
    const index = own.statements.findIndex(({ start }) => start === own.document.offsetAt(item.range.start));
    return index < 0 ? [] : [{ own, index }];
  })[0];
  const statement = from?.own.statements[from.index];
  if (from === undefined || statement === undefined) return [];
  const { own, index } = from;
  const used = new Map<string, { readonly callee: Callee; readonly ranges: Range[] }>();
  const occurrences = readLocalNames(own.statements, [index]).bound.get(index)?.occurrences ?? [];
  for (const { meanings, isDeclaration, place } of occurrences) {
    const [meaning] = meanings;
    if (isDeclaration || (meaning?.kind !== 'function' && meaning?.kind !== 'table')) continue;
    const { kind, name } = meaning;
    const key = `${kind} ${name.toLowerCase()}`;
    const ranges = [...(used.get(key)?.ranges ?? []), rangeOf(own.document, statement, place)];
    used.set(key, { callee: { kind, name }, ranges });
  }
  const calls = await Promise.all(
    [...used.values()].map(async ({ callee, ranges }) => {
      const to = await calleeItem(own, callee, world);
      return to === undefined ? [] : [{ item: to, ranges }];
    }),
  );
  return calls.flat();
}

/** Where a function or a view is defined: in the document, in a plugin, in another document; not for those of the engine. */
async function calleeItem(
  own: SqlDocument,
  callee: Callee,
  world: CallWorld,
): Promise<CallHierarchyItem | undefined> {
  const defined = definitionItem(own, callee);
  if (defined !== undefined) return defined;
  const functions = callee.kind === 'function' ? await world.functions() : [];
  const plugin = functions.find(({ fn }) => sameName(fn.name, callee.name));
  if (plugin !== undefined) return pluginItem(plugin);
  for (const other of await world.documents()) {
    const item = definitionItem(other, callee);
    if (item !== undefined) return item;
  }
  return undefined;
}

function definitionItem(own: SqlDocument, { kind, name }: Callee): CallHierarchyItem | undefined {
  const wanted = kind === 'function' ? 'MACRO' : 'VIEW';
  const index = statementsNaming(own.statements, [name]).findLast((at) => {
    const statement = own.statements[at];
    const definition = statement && mayDefine(statement) ? statement.syntax.definition : undefined;
    return definition?.kind === wanted && sameName(definition.name.text, name);
  });
  return index === undefined ? undefined : statementItem(own, index);
}

function statementItem(own: SqlDocument, index: number): CallHierarchyItem | undefined {
  const statement = own.statements[index];
  if (statement === undefined) return undefined;
  const { document } = own;
  const { definition } = statement.syntax;
  const callee: Callee | undefined =
    definition?.kind === 'MACRO'
      ? { kind: 'function', name: definition.name.text }
      : definition?.kind === 'VIEW'
        ? { kind: 'table', name: definition.name.text }
        : undefined;
  return {
    name: callee?.name ?? statementLabel(own, index),
    kind: callee === undefined ? SymbolKind.Event : KINDS[callee.kind],
    detail: document.uri.slice(document.uri.lastIndexOf('/') + 1),
    uri: document.uri,
    range: rangeOf(document, statement, { start: 0, end: statement.text.length }),
    selectionRange: rangeOf(document, statement, definition?.name ?? firstToken(statement)),
    ...(callee && { data: callee }),
  };
}

const KINDS = { function: SymbolKind.Function, table: SymbolKind.Interface } as const;

/** What came back from the editor. */
function calleeOf({ data }: CallHierarchyItem): Callee | undefined {
  if (typeof data !== 'object' || data === null || !('kind' in data && 'name' in data)) return undefined;
  const { kind, name } = data;
  if ((kind !== 'function' && kind !== 'table') || typeof name !== 'string') return undefined;
  return { kind, name };
}
