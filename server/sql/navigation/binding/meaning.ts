import { sameName } from '../../syntax/scope.ts';
import type { CommonTable, Name, RelationSyntax, SelectItem } from '../../syntax/tree.ts';

/*
 * What the names of a statement mean, as far as its text and the columns of what it reads tell. The engine decides
 * whether a statement is right; this says which names belong together.
 */

/** A name that the document itself declares. */
export type Declared = {
  /** As it is written where it is declared, quotes removed. */
  readonly name: string;
  /** The statement's index in the document, and the declared name's place in the statement's text. */
  readonly statement: number;
  readonly place: Name;
} & (
  | { readonly kind: 'commonTable'; readonly table: CommonTable }
  | { readonly kind: 'alias'; readonly relation: RelationSyntax }
  | { readonly kind: 'item'; readonly item: SelectItem }
  /** In a list of columns: of a common table, of an alias, of a table that is created. */
  | { readonly kind: 'columnName' }
  | { readonly kind: 'window' }
  /** Of a lambda or a list comprehension. */
  | { readonly kind: 'variable' }
  | { readonly kind: 'macroParameter' }
);

/** A name that is known by itself, wherever it is declared. */
export type Named = {
  readonly name: string;
} & (
  | { readonly kind: 'table' | 'function' | 'parameter' | 'argument' | 'field' | 'type' }
  /** A file by its path, as the statement writes it, or by the name that its columns are qualified with. */
  | { readonly kind: 'file'; readonly file: string }
  /** A column of something outside of the document; `source` is that thing's text. */
  | { readonly kind: 'column'; readonly source: string; readonly type?: string }
);

/** What a name means. */
export type Meaning = Declared | Named;

/** A name where it is written. Positions are in the statement's text. */
export interface Occurrence {
  readonly place: Name;
  /** More than one where a name stands for several columns at once, as in USING. */
  readonly meanings: readonly Meaning[];
  /** Whether the name is declared here. */
  readonly isDeclaration: boolean;
  /** False where it depends on columns that are not known. */
  readonly isCertain: boolean;
}

/** A column that a query or a relation gives. */
export interface OutputColumn {
  readonly name: string;
  readonly meanings: readonly Meaning[];
}

/** The columns that a query or a relation gives. */
export interface Output {
  readonly columns: readonly OutputColumn[];
  /** Whether there may be others. */
  readonly isOpen: boolean;
}

/** Columns of which nothing is known. */
export const OPEN: Output = { columns: [], isOpen: true };

/** Columns with the names that a list of columns gives them. */
export function renamed(output: Output, names: readonly Declared[]): Output {
  if (names.length === 0) return output;
  const columns: OutputColumn[] = names.map((declared) => ({ name: declared.name, meanings: [declared] }));
  return { columns: [...columns, ...output.columns.slice(names.length)], isOpen: output.isOpen };
}

/** Whether a meaning has a place in the document. */
export function isDeclared(meaning: Meaning): meaning is Declared {
  return 'place' in meaning;
}

/** A text that is equal for meanings that are the same. */
export function meaningKey(meaning: Meaning): string {
  if (isDeclared(meaning)) return `${meaning.kind} ${meaning.statement} ${meaning.place.start}`;
  const name = meaning.name.toLowerCase();
  if (meaning.kind === 'column') return `column ${name} ${meaning.source.toLowerCase()}`;
  return meaning.kind === 'file' ? `file ${meaning.file}` : `${meaning.kind} ${name}`;
}

/** The columns of a name, in the order in which they come. */
export function columnsNamed({ columns }: Output, name: string): readonly OutputColumn[] {
  return columns.filter((column) => sameName(column.name, name));
}
