import { CoreError } from '../protocol/errors.ts';
import { findParameters, type ParameterPlace, type ParameterValue } from '../protocol/parameters.ts';

/** A statement with its parameters written in, and the way back to positions of the text before. */
export interface BoundText {
  readonly sql: string;
  /** Position in the original text of a position in `sql`; both in UTF-16 code units. */
  original(offset: number): number;
}

interface Edit extends ParameterPlace {
  readonly text: string;
}

/**
 * Writes parameter values into a statement as literals. Literals, rather than a prepared statement, let the engine see
 * the value's type where it binds, and work in every kind of statement.
 *
 * @param values by name, without the dollar sign
 * @throws CoreError PARAMS_INVALID when the statement names a parameter that has no value
 */
export function bindParameters(sql: string, values: Readonly<Record<string, ParameterValue>>): BoundText {
  return replaceParameters(sql, (place) => literal(place, values));
}

/** A statement with NULL in place of each parameter: what can be told of it while they have no values. */
export function bindNulls(sql: string): BoundText {
  return replaceParameters(sql, () => 'NULL');
}

function replaceParameters(sql: string, textOf: (place: ParameterPlace) => string): BoundText {
  const edits = findParameters(sql).map((place) => ({ ...place, text: textOf(place) }));
  let out = '';
  let from = 0;
  for (const edit of edits) {
    out += sql.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return { sql: out + sql.slice(from), original: (offset) => mapBack(edits, offset) };
}

function literal({ name, start, end }: ParameterPlace, values: Readonly<Record<string, ParameterValue>>) {
  if (!Object.hasOwn(values, name)) {
    throw new CoreError(
      'PARAMS_INVALID',
      `The parameter $${name} has no value; give one with --param ${name}=…`,
      { parameter: name, start, end },
    );
  }
  const value = values[name] ?? null;
  if (value === null) return 'NULL';
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (typeof value === 'number' && !Number.isFinite(value)) return `'${value}'::DOUBLE`;
  return String(value);
}

function mapBack(edits: readonly Edit[], offset: number): number {
  let shift = 0;
  for (const edit of edits) {
    const start = edit.start + shift;
    if (offset < start) break;
    if (offset < start + edit.text.length) return edit.start;
    shift += edit.text.length - (edit.end - edit.start);
  }
  return offset - shift;
}
