import type { SqlKnowledge } from '../knowledge.ts';
import type { PlacedStatement } from '../syntax/document-syntax.ts';
import { relationName, sameName, textOf } from '../syntax/scope.ts';
import type { RelationSyntax } from '../syntax/tree.ts';
import { identifier, tokenize } from '../tokens.ts';
import { type BoundStatement, bindStatement } from './binding/bind-statement.ts';
import type { Occurrence, OutputColumn } from './binding/meaning.ts';

/** The names of some of a document's statements. */
export interface DocumentNames {
  readonly statements: readonly PlacedStatement[];
  /** By the statement's index: those that were wanted, and what these use. */
  readonly bound: ReadonlyMap<number, BoundStatement>;
  /** What was known of things outside of the document. */
  readonly outside: OutsideColumns;
}

/** Gives the columns of a source outside of the document; undefined while they are not known. */
export type OutsideColumns = (source: string) => readonly OutputColumn[] | undefined;

/** How many sources are asked for at once; the rest count as not known. */
const MOST_SOURCES = 64;

/**
 * Binds statements of a document, with the columns of what they read.
 *
 * @param wanted indexes of statements
 */
export async function readNames(
  statements: readonly PlacedStatement[],
  wanted: Iterable<number>,
  knowledge: Pick<SqlKnowledge, 'columns'>,
): Promise<DocumentNames> {
  const local = readLocalNames(statements, wanted);
  const sources = new Set<string>();
  for (const [index, { sources: read }] of local.bound) {
    for (const relation of read) {
      if (definitionOf(statements, index, relation) === undefined)
        sources.add(sourceText(statements, index, relation));
    }
  }
  const known = new Map<string, readonly OutputColumn[]>();
  await Promise.all(
    [...sources].slice(0, MOST_SOURCES).map(async (source) => {
      const columns = await knowledge.columns(`select * from ${source}`);
      if (columns.length > 0)
        known.set(
          source,
          columns.map((column) => outsideColumn(column, source)),
        );
    }),
  );
  return bindNames(statements, { wanted: [...local.bound.keys()], outside: (source) => known.get(source) });
}

/** Binds statements of a document by their texts alone. */
export function readLocalNames(
  statements: readonly PlacedStatement[],
  wanted: Iterable<number>,
): DocumentNames {
  return bindNames(statements, { wanted: withDefinitions(statements, wanted), outside: () => undefined });
}

/**
 * Binds statements of a document, no others.
 *
 * @param options.wanted their indexes, with those of the definitions that they use
 */
export function bindNames(
  statements: readonly PlacedStatement[],
  { wanted, outside }: { readonly wanted: readonly number[]; readonly outside: OutsideColumns },
): DocumentNames {
  const bound = new Map<number, BoundStatement>();
  for (const index of [...wanted].sort((a, b) => a - b)) {
    const statement = statements[index];
    if (statement === undefined) continue;
    const columns = (relation: RelationSyntax): readonly OutputColumn[] | undefined => {
      const at = definitionOf(statements, index, relation);
      const defined = at === undefined ? undefined : bound.get(at)?.output;
      if (defined !== undefined && !defined.isOpen) return defined.columns;
      return outside(sourceText(statements, index, relation));
    };
    bound.set(index, bindStatement(statement.syntax, { statement: index, columns }));
  }
  return { statements, bound, outside };
}

/** The statements whose text has one of the names, whatever it means there. */
export function statementsNaming(statements: readonly PlacedStatement[], names: readonly string[]): number[] {
  const lower = names.map((name) => name.toLowerCase().replaceAll('"', '""'));
  return statements.flatMap(({ text }, index) => {
    const searched = text.toLowerCase();
    return lower.some((name) => searched.includes(name)) ? [index] : [];
  });
}

/** The name that a position of a statement is in or right behind. */
export function occurrenceAt(bound: BoundStatement | undefined, offset: number): Occurrence | undefined {
  const touching = bound?.occurrences.filter(({ place }) => place.start <= offset && offset <= place.end);
  return touching?.at(-1);
}

/** The statement before another that defines what a relation reads, the last of several. */
export function definitionOf(
  statements: readonly PlacedStatement[],
  index: number,
  { source }: RelationSyntax,
): number | undefined {
  const name =
    source.kind === 'table' ? source.path.at(-1)?.text : source.kind === 'function' ? source.name.text : '';
  if (name === undefined || name === '') return undefined;
  for (let at = index - 1; at >= 0; at--) {
    const statement = statements[at];
    if (statement === undefined || !mayDefine(statement)) continue;
    const { definition } = statement.syntax;
    if (definition !== undefined && sameName(definition.name.text, name)) return at;
  }
  return undefined;
}

/** Whether a statement may define something, told without reading it. */
export function mayDefine({ text }: PlacedStatement): boolean {
  return /^create\b/i.test(text);
}

/** The statements, and those that define what they name. */
function withDefinitions(statements: readonly PlacedStatement[], wanted: Iterable<number>): number[] {
  const found = new Set(wanted);
  const definitions = statements.flatMap((statement, index) => {
    const name = mayDefine(statement) ? statement.syntax.definition?.name.text : undefined;
    return name === undefined ? [] : [{ index, name: name.toLowerCase() }];
  });
  if (definitions.length === 0) return [...found];
  // What is added while the set is gone through is visited, too.
  for (const index of found) {
    const words = wordsOf(statements[index]);
    for (const definition of definitions)
      if (definition.index < index && words.has(definition.name)) found.add(definition.index);
  }
  return [...found];
}

function wordsOf(statement: PlacedStatement | undefined): ReadonlySet<string> {
  const names = tokenize(statement?.text ?? '').flatMap((token) => identifier(token) ?? []);
  return new Set(names.map((name) => name.toLowerCase()));
}

function sourceText(statements: readonly PlacedStatement[], index: number, relation: RelationSyntax): string {
  return textOf(statements[index]?.text ?? relationName(relation), relation.source);
}

function outsideColumn(
  { name, type }: { readonly name: string; readonly type: string },
  source: string,
): OutputColumn {
  return { name, meanings: [{ kind: 'column', name, source, type }] };
}
