import type { ColumnInfo } from '../../../wasm-core/protocol/methods.ts';

/** The fields of a STRUCT or the members of a UNION by the text of its type, `STRUCT(a INTEGER, "b c" VARCHAR[])`; none for other types. */
export function structFields(type: string): ColumnInfo[] {
  const inside = /^(?:STRUCT|UNION)\((.*)\)$/is.exec(type.trim())?.[1];
  if (inside === undefined) return [];
  return splitList(inside).flatMap((item) => {
    const quoted = /^"((?:[^"]|"")*)"\s+(.+)$/s.exec(item);
    const plain = /^(\S+)\s+(.+)$/s.exec(item);
    const [, name, fieldType] = quoted ?? plain ?? [];
    if (name === undefined || fieldType === undefined) return [];
    return [{ name: quoted === null ? name : name.replaceAll('""', '"'), type: fieldType }];
  });
}

/** The type of the elements of a list, an array or a map's values; undefined for other types. */
export function elementType(type: string): string | undefined {
  const element = /^(.*)\[\d*\]$/s.exec(type.trim())?.[1];
  if (element !== undefined) return element;
  const inside = /^MAP\((.*)\)$/is.exec(type.trim())?.[1];
  return inside === undefined ? undefined : splitList(inside)[1];
}

/** Splits at commas outside of brackets and quotes. */
function splitList(text: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const c = text[at] ?? '';
    if (quote !== '') {
      if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === ',' && depth === 0) {
      items.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  return [...items, text.slice(start).trim()];
}
