/*
 * SQL types as manifests write them: DuckDB's own names, such as `DECIMAL(10,2)` and `STRUCT(a INTEGER, b VARCHAR[])`.
 */

/** Types without parameters, by DuckDB's names. */
export const SIMPLE_TYPES = [
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'HUGEINT',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
  'UBIGINT',
  'UHUGEINT',
  'FLOAT',
  'DOUBLE',
  'VARCHAR',
  'BLOB',
  'DATE',
  'TIME',
  'TIMESTAMP',
  'TIMESTAMP_S',
  'TIMESTAMP_MS',
  'TIMESTAMP_NS',
  'TIMESTAMP WITH TIME ZONE',
  'INTERVAL',
  'UUID',
] as const;
export type SimpleType = (typeof SIMPLE_TYPES)[number];

/** A named part of a STRUCT, or a column of a table function. */
export interface SqlField {
  readonly name: string;
  readonly type: SqlType;
}

/** A SQL type as a tree. */
export type SqlType =
  | { readonly kind: 'simple'; readonly name: SimpleType }
  /** Width 1 to 38, scale 0 to the width. */
  | { readonly kind: 'decimal'; readonly width: number; readonly scale: number }
  | { readonly kind: 'list'; readonly element: SqlType }
  /** `length` is 1 to 100,000. */
  | { readonly kind: 'array'; readonly element: SqlType; readonly length: number }
  | { readonly kind: 'struct'; readonly fields: readonly SqlField[] }
  | { readonly kind: 'map'; readonly key: SqlType; readonly value: SqlType };

/** How deep types may nest. */
export const MAX_TYPE_DEPTH = 16;

/** Reads a type's text; undefined when it is none, or nests deeper than `MAX_TYPE_DEPTH`. */
export function parseSqlType(text: string): SqlType | undefined {
  const reader = new TypeReader(text);
  const type = reader.type(0);
  return type !== undefined && reader.atEnd() ? type : undefined;
}

/**
 * Reads the result of a table function, `TABLE(id BIGINT, name VARCHAR)`.
 *
 * @returns its columns, at least one; undefined for any other text
 */
export function parseTableType(text: string): readonly SqlField[] | undefined {
  const reader = new TypeReader(text);
  if (!reader.take('TABLE')) return undefined;
  const columns = reader.fields(0);
  return columns !== undefined && reader.atEnd() ? columns : undefined;
}

/** A type's text in its one form, which is DuckDB's. */
export function sqlTypeText(type: SqlType): string {
  switch (type.kind) {
    case 'simple':
      return type.name;
    case 'decimal':
      return `DECIMAL(${type.width},${type.scale})`;
    case 'list':
      return `${sqlTypeText(type.element)}[]`;
    case 'array':
      return `${sqlTypeText(type.element)}[${type.length}]`;
    case 'struct':
      return `STRUCT(${fieldsText(type.fields)})`;
    case 'map':
      return `MAP(${sqlTypeText(type.key)}, ${sqlTypeText(type.value)})`;
  }
}

/** Columns as the result type of a table function. */
export function tableTypeText(columns: readonly SqlField[]): string {
  return `TABLE(${fieldsText(columns)})`;
}

function fieldsText(fields: readonly SqlField[]): string {
  return fields.map(({ name, type }) => `${fieldName(name)} ${sqlTypeText(type)}`).join(', ');
}

function fieldName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

const LONGEST_ARRAY = 100_000;

/** Reads types from a text, from left to right. */
class TypeReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    return this.#match(/\s*$/y) !== undefined;
  }

  /** Passes over a word or a mark when it is next. */
  take(expected: string): boolean {
    const isWord = /^\w/.test(expected);
    const found = this.#match(new RegExp(`\\s*${isWord ? `${expected}\\b` : `\\${expected}`}`, 'y'));
    return found !== undefined;
  }

  type(depth: number): SqlType | undefined {
    if (depth > MAX_TYPE_DEPTH) return undefined;
    let type = this.#base(depth);
    for (let suffixes = 0; type !== undefined; suffixes++) {
      const suffix = this.#match(/\s*\[\s*(\d*)\s*\]/y);
      if (suffix === undefined) return type;
      if (depth + suffixes >= MAX_TYPE_DEPTH) return undefined;
      type = suffixed(type, suffix[1] ?? '');
    }
    return undefined;
  }

  fields(depth: number): readonly SqlField[] | undefined {
    if (!this.take('(')) return undefined;
    const fields: SqlField[] = [];
    do {
      const name = this.#name();
      const type = name === undefined ? undefined : this.type(depth + 1);
      if (name === undefined || type === undefined) return undefined;
      fields.push({ name, type });
    } while (this.take(','));
    const distinct = new Set(fields.map(({ name }) => name.toLowerCase())).size === fields.length;
    return this.take(')') && distinct ? fields : undefined;
  }

  #base(depth: number): SqlType | undefined {
    if (this.take('DECIMAL')) return this.#decimal();
    if (this.take('STRUCT')) {
      const fields = this.fields(depth);
      return fields && { kind: 'struct', fields };
    }
    if (this.take('MAP')) return this.#map(depth);
    // Longer names first: TIMESTAMP begins others.
    const name = BY_LENGTH.find((simple) => this.take(simple));
    return name && { kind: 'simple', name };
  }

  #decimal(): SqlType | undefined {
    const [, width, scale] = this.#match(/\s*\(\s*(\d{1,2})\s*,\s*(\d{1,2})\s*\)/y) ?? [];
    const type = { kind: 'decimal', width: Number(width), scale: Number(scale) } as const;
    return type.width >= 1 && type.width <= 38 && type.scale <= type.width ? type : undefined;
  }

  #map(depth: number): SqlType | undefined {
    if (!this.take('(')) return undefined;
    const key = this.type(depth + 1);
    if (key === undefined || !this.take(',')) return undefined;
    const value = this.type(depth + 1);
    return value !== undefined && this.take(')') ? { kind: 'map', key, value } : undefined;
  }

  #name(): string | undefined {
    const found = this.#match(/\s*(?:"((?:[^"]|"")+)"|([\p{L}_][\p{L}\p{N}_]*))/uy);
    return found?.[1]?.replaceAll('""', '"') ?? found?.[2];
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at = pattern.lastIndex;
    return found;
  }
}

const BY_LENGTH = [...SIMPLE_TYPES].sort((a, b) => b.length - a.length);

function suffixed(element: SqlType, length: string): SqlType | undefined {
  if (length === '') return { kind: 'list', element };
  const count = Number(length);
  return count >= 1 && count <= LONGEST_ARRAY ? { kind: 'array', element, length: count } : undefined;
}
