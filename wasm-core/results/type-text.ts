/** A type as its text names it: a family, and the types of its parts in order. */
export interface TypeNode {
  /** `LIST`, `ARRAY`, `STRUCT`, `UNION`, `MAP`, else the type's own name without parameters, such as `DECIMAL`. */
  readonly name: string;
  /** Element; members; key and value. */
  readonly parts: readonly TypeNode[];
}

/** A type that nobody named. */
export const UNKNOWN_TYPE: TypeNode = { name: 'UNKNOWN', parts: [] };

/**
 * Reads a type as DuckDB writes it, such as `STRUCT(a INTEGER, "b c" DECIMAL(10,2)[])[3]`. A text that is no such type
 * is a name without parts.
 */
export function parseType(text: string): TypeNode {
  const cursor: Cursor = { text, at: 0 };
  const node = readType(cursor);
  return cursor.at === text.length ? node : { name: text, parts: [] };
}

/** Whether values of a type are numbers, which line up at their last digit. */
export function isNumeric(type: string): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)?INT|U?INTEGER|BIGNUM|FLOAT|DOUBLE|DECIMAL\([^)]*\))$/.test(type);
}

interface Cursor {
  readonly text: string;
  at: number;
}

function readType(cursor: Cursor): TypeNode {
  let node = readBase(cursor);
  for (;;) {
    const size = take(cursor, /\[(\d*)\]/y);
    if (size === undefined) return node;
    node = { name: size === '[]' ? 'LIST' : 'ARRAY', parts: [node] };
  }
}

function readBase(cursor: Cursor): TypeNode {
  const name = take(cursor, /"(?:[^"]|"")*"|\w+(?: (?:WITH|TIME|ZONE)\b)*/y) ?? fail(cursor);
  if (take(cursor, /\(/y) === undefined) return { name, parts: [] };
  const parts: TypeNode[] = [];
  if (name === 'STRUCT' || name === 'UNION') {
    do {
      take(cursor, /(?:"(?:[^"]|"")*"|\w+) (?=["\w])/y);
      parts.push(readType(cursor));
    } while (take(cursor, /, /y) !== undefined);
  } else if (name === 'MAP') {
    do parts.push(readType(cursor));
    while (take(cursor, /, /y) !== undefined);
  } else {
    take(cursor, /(?:'(?:[^']|'')*'|[^')])*/y);
  }
  if (take(cursor, /\)/y) === undefined) fail(cursor);
  return { name, parts };
}

/** Puts the cursor beyond the end, where nothing matches any more. */
function fail(cursor: Cursor): string {
  cursor.at = cursor.text.length + 1;
  return '';
}

/** Steps over what a sticky pattern matches here. */
function take(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const [found] = pattern.exec(cursor.text) ?? [];
  if (found !== undefined) cursor.at += found.length;
  return found;
}
