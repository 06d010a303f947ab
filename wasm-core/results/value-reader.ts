import type { Data } from 'apache-arrow';

/*
 * One column of one record batch, value by value. A reader looks at Arrow's buffers directly: the values that
 * apache-arrow itself would give lose digits (timestamps become doubles) or fail.
 */

/** Reads the values of one column of one record batch; `row` counts from 0 and is below the batch's length. */
export interface ValueReader {
  isNull(row: number): boolean;
  /** As DuckDB's cast to VARCHAR writes the value; `NULL` for NULL. */
  text(row: number): string;
  /** The value as JSON text; `null` for NULL. */
  json(row: number): string;
  /** Inside which values the text stands as it is; elsewhere it gets quotes where it could be misread. */
  readonly bare: 'everywhere' | 'lists' | 'nowhere';
}

/** How a value's text becomes JSON. */
export type JsonForm = (text: string) => string;

/** The text is JSON already: exact digits, or `true` and `false`. */
export function jsonAsIs(text: string): string {
  return text;
}

/** The text as a JSON string. */
export function jsonString(text: string): string {
  return JSON.stringify(text);
}

/** The members of Arrow's type classes; each family has some of them. */
export interface TypeMembers {
  readonly bitWidth: number;
  readonly byteWidth: number;
  readonly precision: number;
  readonly scale: number;
  readonly listSize: number;
  readonly unit?: number;
  readonly timezone?: string | null;
  readonly typeIdToChildIndex: Readonly<Record<number, number>>;
}

/** A column's Arrow type. The types form a union by class that TypeScript cannot narrow by `typeId`. */
export function typeMembers(data: Data): TypeMembers {
  return data.type as unknown as TypeMembers;
}

/** Whether a value is NULL by its column's own bitmap. */
export function isNullAt(data: Data, row: number): boolean {
  if (data.nullCount === 0) return false;
  const bit = row + data.offset;
  const bitmap = data.nullBitmap;
  if (bitmap === null || bitmap === undefined || bitmap.length === 0) return false;
  return (((bitmap[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 0;
}

/** A reader of values without parts, made of what writes one that is not NULL. */
export function scalarReader(
  data: Data,
  write: { readonly text: (row: number) => string; readonly json: JsonForm },
): ValueReader {
  const { text, json } = write;
  return {
    bare: 'nowhere',
    isNull: (row) => isNullAt(data, row),
    text: (row) => (isNullAt(data, row) ? 'NULL' : text(row)),
    json: (row) => (isNullAt(data, row) ? 'null' : json(text(row))),
  };
}
