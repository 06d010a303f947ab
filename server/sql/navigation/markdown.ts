import type { ColumnInfo } from '../../../wasm-core/protocol/methods.ts';

const MOST_COLUMNS = 40;
const LONGEST_TEXT = 600;

/** SQL as a block of code. */
export function code(text: string): string {
  const fence = text.includes('```') ? '````' : '```';
  return `${fence}sql\n${text}\n${fence}`;
}

/** Text that Markdown shows as it is. */
export function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>~]/g, '\\$&');
}

/** A relation's columns, one a line; undefined when there are none. @param notes what is said of some, by name in lower case */
export function columnsText(
  title: string,
  columns: readonly ColumnInfo[],
  notes: ReadonlyMap<string, string> = new Map(),
): string | undefined {
  if (columns.length === 0) return undefined;
  const shown = columns.slice(0, MOST_COLUMNS).map(({ name, type }) => {
    const note = notes.get(name.toLowerCase());
    return `  ${name} ${type}${note === undefined ? '' : ` -- ${note}`}`;
  });
  const more = columns.length > MOST_COLUMNS ? [`  -- and ${columns.length - MOST_COLUMNS} more`] : [];
  return code([title, ...shown, ...more].join('\n'));
}

/** A text that is cut where it is long. */
export function shortText(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}…`;
}

/** Paragraphs, empty ones left out. */
export function paragraphs(...texts: readonly (string | undefined)[]): string | undefined {
  const there = texts.filter((text) => text !== undefined && text !== '');
  return there.length === 0 ? undefined : there.join('\n\n');
}
