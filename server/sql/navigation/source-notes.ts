import type { ColumnSummary } from '../../../wasm-core/protocol/summary.ts';
import type { SqlKnowledge } from '../knowledge.ts';

/** What is said of a relation and its columns, for reading. */
export interface SourceNotes {
  /** `1,204 rows`. */
  readonly rows?: string;
  /** By name, in lower case: `1 to 9, no NULLs`. */
  readonly columns: ReadonlyMap<string, string>;
}

const LONGEST_VALUE = 40;

/** What is known of a source without reading its rows. @param source as a statement writes it */
export async function sourceNotes(
  knowledge: Pick<SqlKnowledge, 'summary'>,
  source: string,
): Promise<SourceNotes> {
  const { rowCount, isEstimate, columns } = await knowledge.summary(source);
  const about = isEstimate === true ? 'about ' : '';
  return {
    ...(rowCount !== undefined && { rows: `${about}${counted(rowCount, 'row')}` }),
    columns: new Map(
      columns.flatMap((column) => {
        const note = columnNote(column);
        return note === '' ? [] : [[column.name.toLowerCase(), note]];
      }),
    ),
  };
}

/** A number with its noun: `1 row`, `1,204 rows`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

function columnNote({ min, max, nullCount, notNull }: ColumnSummary): string {
  const range = min === undefined || max === undefined ? '' : `${short(min)} to ${short(max)}`;
  const nulls = nullCount === undefined ? '' : nullCount === 0 ? 'no NULLs' : counted(nullCount, 'NULL');
  const constraint = notNull === true ? 'NOT NULL' : '';
  return [range, nulls, constraint].filter((part) => part !== '').join(', ');
}

function short(value: string): string {
  const line = value.replace(/\s+/g, ' ');
  return line.length <= LONGEST_VALUE ? line : `${line.slice(0, LONGEST_VALUE - 1)}…`;
}
