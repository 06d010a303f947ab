import type { Codec, StructField } from './codecs.ts';

/** A parameter: a value, several values, or the document of the call. */
export interface Parameter {
  readonly name: string;
  readonly value: Codec | 'document';
  /** Takes any number of arguments; the function gets them as an `Array` of the value's type. */
  readonly variadic: boolean;
}

/** What every marked function or class has. */
interface Definition {
  /** The name in SQL. */
  readonly name: string;
  /** The name of the export, or what its exports begin with; several functions of one name differ in it. */
  readonly exportName: string;
  /** The name in the source. */
  readonly sourceName: string;
  readonly parameters: readonly Parameter[];
  /** Called with NULL arguments, too. */
  readonly passesNulls: boolean;
  readonly deterministic: boolean;
  readonly nullOnError: boolean;
  readonly idField?: string;
  readonly scoreField?: string;
  readonly doc: string;
  /** Where the name stands in the source, UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

/** A function or a class that SQL can call, checked. */
export type UdfFunction =
  | (Definition & { readonly kind: 'scalar' | 'aggregate'; readonly returns: Codec })
  | (Definition & { readonly kind: 'table'; readonly row: Codec; readonly columns: readonly StructField[] });
export type ScalarFunction = Extract<UdfFunction, { returns: Codec }>;
export type TableFunction = Extract<UdfFunction, { kind: 'table' }>;
