/*
 * SQL types as an author writes them in `types` and `returns`. The SDK stands alone, so that it reads them by itself;
 * whatever it passes on, the host reads again.
 */

/** A SQL type as a tree; `simple` holds DuckDB's name of any type without parts, `DECIMAL(10,2)` among them. */
export type SqlTree =
  | { readonly kind: 'simple'; readonly name: string }
  | { readonly kind: 'list'; readonly element: SqlTree }
  | { readonly kind: 'array'; readonly element: SqlTree; readonly length: number }
  | { readonly kind: 'struct'; readonly fields: readonly { readonly name: string; readonly type: SqlTree }[] }
  | { readonly kind: 'map'; readonly key: SqlTree; readonly value: SqlTree };

/** Reads a type's text; undefined when it is none. That a simple name is a type of SQL's is not looked at. */
export function readSqlType(text: string): SqlTree | undefined {
  const state: Reading = { text: text.trim(), at: 0 };
  const type = readType(state);
  return state.at === state.text.length ? type : undefined;
}

/** A name as a field of a STRUCT or a column: quoted where SQL would read it otherwise. */
export function sqlName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

interface Reading {
  readonly text: string;
  at: number;
}

function readType(state: Reading): SqlTree | undefined {
  let type = readBase(state);
  while (type !== undefined) {
    const suffix = match(state, /\s*\[\s*(\d*)\s*\]\s*/y);
    if (suffix === undefined) return type;
    const length = Number(suffix[1]);
    type = suffix[1] === '' ? { kind: 'list', element: type } : { kind: 'array', element: type, length };
  }
  return undefined;
}

function readBase(state: Reading): SqlTree | undefined {
  if (match(state, /STRUCT\s*\(\s*/iy)) return readStruct(state);
  if (match(state, /MAP\s*\(\s*/iy)) {
    const key = readType(state);
    const comma = match(state, /\s*,\s*/y);
    const value = readType(state);
    const closed = match(state, /\s*\)\s*/y);
    return key && comma && value && closed && { kind: 'map', key, value };
  }
  const decimal = match(state, /DECIMAL\s*\(\s*(\d+)\s*,\s*(\d+)\s*\)\s*/iy);
  if (decimal) return { kind: 'simple', name: `DECIMAL(${Number(decimal[1])},${Number(decimal[2])})` };
  const name = match(state, /[a-z][a-z0-9_]*(?: [a-z]+)*\s*/iy)?.[0];
  return name === undefined ? undefined : { kind: 'simple', name: name.trim().toUpperCase() };
}

function readStruct(state: Reading): SqlTree | undefined {
  const fields: { name: string; type: SqlTree }[] = [];
  do {
    const name = match(state, /\s*(?:"((?:[^"]|"")+)"|([\p{L}_][\p{L}\p{N}_]*))\s*/uy);
    const type = name && readType(state);
    if (name === undefined || type === undefined) return undefined;
    fields.push({ name: name[1]?.replaceAll('""', '"') ?? name[2] ?? '', type });
  } while (match(state, /\s*,\s*/y));
  return match(state, /\s*\)\s*/y) && { kind: 'struct', fields };
}

function match(state: Reading, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = state.at;
  const found = pattern.exec(state.text);
  if (found === null) return undefined;
  state.at = pattern.lastIndex;
  return found;
}
