/** Rows that a text has. */
export interface TextRows {
  readonly columns: readonly string[];
  /** A text for each column; null for null, undefined where the row has nothing. */
  readonly rows: readonly (readonly (string | null | undefined)[])[];
  /** Whether there are more rows or columns than these. */
  readonly isCut: boolean;
}

const MAX_ROWS = 200;
const MAX_COLUMNS = 100;

/**
 * The rows of a text that is a JSON array of objects, or has an object a line.
 *
 * @param options.isWhole whether the text goes on behind what is here: its last line may then be half a row
 * @returns undefined for other texts
 */
export function rowsOf(text: string, { isWhole }: { readonly isWhole: boolean }): TextRows | undefined {
  const objects = arrayOf(text) ?? linesOf(text, isWhole);
  if (objects === undefined || objects.length === 0) return undefined;
  const shown = objects.slice(0, MAX_ROWS);
  const names = [...new Set(shown.flatMap((object) => Object.keys(object)))];
  const columns = names.slice(0, MAX_COLUMNS);
  const rows = shown.map((object) =>
    columns.map((name) => (Object.hasOwn(object, name) ? cellText(object[name]) : undefined)),
  );
  const isCut = !isWhole || objects.length > shown.length || names.length > columns.length;
  return { columns, rows, isCut };
}

type Fields = Readonly<Record<string, unknown>>;

function arrayOf(text: string): readonly Fields[] | undefined {
  if (!text.trimStart().startsWith('[')) return undefined;
  const parsed = parse(text);
  return Array.isArray(parsed) && parsed.every(isFields) ? parsed : undefined;
}

function linesOf(text: string, isWhole: boolean): readonly Fields[] | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  const lines = text.split('\n');
  if (!isWhole) lines.pop();
  const objects: Fields[] = [];
  for (const line of lines.filter((one) => one.trim() !== '').slice(0, MAX_ROWS + 1)) {
    const parsed = parse(line);
    if (!isFields(parsed)) return undefined;
    objects.push(parsed);
  }
  return objects;
}

/** A number that JavaScript cannot hold stays as it is written. */
class WrittenNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): string {
    return this.text;
  }
}

function parse(text: string): unknown {
  // The third argument is the source of a value: https://github.com/tc39/proposal-json-parse-with-source.
  const revive = (_: string, value: unknown, context?: { readonly source?: string }): unknown => {
    const source = context?.source;
    const isExact = typeof value !== 'number' || source === undefined || String(value) === source;
    return isExact ? value : new WrittenNumber(source);
  };
  try {
    return JSON.parse(text, revive as (key: string, value: unknown) => unknown);
  } catch {
    return undefined;
  }
}

function cellText(value: unknown): string | null {
  if (value === null) return null;
  if (typeof value === 'string') return value;
  return value instanceof WrittenNumber ? value.text : (JSON.stringify(value) ?? '');
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
