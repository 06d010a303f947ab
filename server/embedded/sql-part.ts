/** A piece of a document, UTF-16 code units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Where a document of another language has something in its SQL that is no SQL. */
export interface Substitution extends TextRange {
  /**
   * `hole`: a value or text that only the program knows, such as `${id}`; `escape`: a character that the host language
   * writes in its own way, such as `\n`.
   */
  readonly kind: 'hole' | 'escape';
}

/** SQL inside a document of another language: what stands between the marks, which are left out. */
export interface SqlPart extends TextRange {
  /** In order, apart from each other, all inside the part. */
  readonly substitutions: readonly Substitution[];
}

/** Finds the parts of a text with SQL, in order and apart from each other. It never throws, whatever the text. */
export type PartFinder = (text: string) => SqlPart[];
