/** A value inside a JSON text: where it stands, and under which name. */
export interface JsonPart {
  /** Of a member of an object; undefined for the element of an array. */
  readonly key?: string;
  readonly start: number;
  readonly end: number;
  readonly kind: JsonKind;
}

/** What a JSON value is, by its first character. */
export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'word';

/** What the value is that begins at a place. */
export function kindAt(text: string, start: number): JsonKind {
  const first = text[start] ?? '';
  if (first === '{') return 'object';
  if (first === '[') return 'array';
  if (first === '"') return 'string';
  return /[-\d]/.test(first) ? 'number' : 'word';
}

/**
 * The members or elements of an object or an array, without a look into them: what is nested a million deep, or has
 * names twice or numbers that JavaScript lacks, is read as well as anything.
 *
 * @param part of the text, which is valid JSON
 * @param options.most ends it after so many
 */
export function partsOf(
  text: string,
  part: Pick<JsonPart, 'start' | 'end'>,
  { most }: { readonly most: number },
): JsonPart[] {
  const parts: JsonPart[] = [];
  const isObject = text[part.start] === '{';
  let at = skipSpace(text, part.start + 1);
  while (at < part.end - 1 && parts.length < most) {
    let key: string | undefined;
    if (isObject) {
      const keyEnd = endOf(text, at);
      key = stringOf(text.slice(at, keyEnd));
      // Over the colon.
      at = skipSpace(text, skipSpace(text, keyEnd) + 1);
    }
    const end = endOf(text, at);
    // What is no JSON must not keep the page here.
    if (end <= at) break;
    parts.push({ ...(key !== undefined && { key }), start: at, end, kind: kindAt(text, at) });
    // Over the comma.
    at = skipSpace(text, skipSpace(text, end) + 1);
  }
  return parts;
}

/** The text of a JSON string; what is none stays as it is. */
export function stringOf(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'string' ? value : json;
  } catch {
    return json;
  }
}

/** Where the value that begins at a place ends. */
function endOf(text: string, start: number): number {
  const kind = kindAt(text, start);
  if (kind === 'string') return stringEnd(text, start);
  if (kind === 'number' || kind === 'word') {
    let at = start;
    while (at < text.length && !/[\s,\]}:]/.test(text[at] ?? '')) at++;
    return at;
  }
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = stringEnd(text, at) - 1;
    else if (character === '{' || character === '[') depth++;
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1;
  }
  return text.length;
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (/\s/.test(text[at] ?? '')) at++;
  return at;
}
