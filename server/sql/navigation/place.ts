import type { Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { SqlKnowledge } from '../knowledge.ts';
import type { PlacedStatement } from '../syntax/document-syntax.ts';
import type { Span } from '../syntax/tree.ts';
import type { BoundStatement } from './binding/bind-statement.ts';
import { isDeclared, type Meaning, type Occurrence } from './binding/meaning.ts';
import { type DocumentNames, occurrenceAt, readNames } from './document-names.ts';

/** A position in a SQL document, and what features may ask. */
export interface SqlPlace {
  readonly document: TextDocument;
  /** The document's statements, in order. */
  readonly statements: readonly PlacedStatement[];
  /** UTF-16 code units in the document. */
  readonly offset: number;
  readonly knowledge: SqlKnowledge;
}

/** The name at a position. */
export interface NameAt {
  readonly occurrence: Occurrence;
  /** What it means; the first of several. */
  readonly meaning: Meaning;
  /** The index of its statement, and the statement. */
  readonly index: number;
  readonly statement: PlacedStatement;
  readonly bound: BoundStatement;
  readonly names: DocumentNames;
}

/** What the name at a position means; undefined where nothing is named. */
export async function readNameAt(place: SqlPlace): Promise<NameAt | undefined> {
  const { statements, knowledge } = place;
  const index = statementIndexAt(place);
  const statement = statements[index];
  if (statement === undefined) return undefined;
  const names = await readNames(statements, [index], knowledge);
  const bound = names.bound.get(index);
  const occurrence = occurrenceAt(bound, place.offset - statement.start);
  const meaning = occurrence?.meanings[0];
  if (bound === undefined || occurrence === undefined || meaning === undefined) return undefined;
  return { occurrence, meaning, index, statement, bound, names };
}

/** The index of the statement that a position is in or right behind; -1 between statements. */
export function statementIndexAt({ statements, offset }: Pick<SqlPlace, 'statements' | 'offset'>): number {
  return statements.findIndex(({ start, end }) => start <= offset && offset <= end);
}

/** A part of a statement as a range of its document. */
export function rangeOf(
  document: TextDocument,
  statement: { readonly start: number },
  { start, end }: Span,
): Range {
  return {
    start: document.positionAt(statement.start + start),
    end: document.positionAt(statement.start + end),
  };
}

/** Where the document declares what a name means. */
export function declarationOf(
  { names }: Pick<NameAt, 'names'>,
  meaning: Meaning,
): { readonly statement: PlacedStatement; readonly place: Span } | undefined {
  if (!isDeclared(meaning)) return undefined;
  const statement = names.statements[meaning.statement];
  return statement && { statement, place: meaning.place };
}
