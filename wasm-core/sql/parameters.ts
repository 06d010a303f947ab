import { CoreError } from '../protocol/errors.ts';
import { tokenEnd } from '../protocol/statements.ts';

export type ParameterValue = string | number | boolean | null;

/** A statement with its `$name` parameters written in, and the way back to positions of the text before. */
export interface BoundText {
  readonly sql: string;
  /** Position in the original text of a position in `sql`; both in UTF-16 code units. */
  original(offset: number): number;
}

/**
 * Writes parameter values into a statement as literals. Literals, rather than a prepared statement, let the engine see
 * the value's type where it binds, and work in every kind of statement.
 *
 * @param values by name, without the dollar sign
 * @throws CoreError PARAMS_INVALID when the statement names a parameter that has no value
 */
export function bindParameters(sql: string, values: Readonly<Record<string, ParameterValue>>): BoundText {
  const edits: { readonly at: number; readonly end: number; readonly text: string }[] = [];
  for (let at = 0; at < sql.length; ) {
    const end = tokenEnd(sql, at);
    const name = /^\$([\p{L}_][\p{L}\p{N}_]*|\d+)$/u.exec(sql.slice(at, end))?.[1];
    if (name !== undefined) edits.push({ at, end, text: literal({ name, at, end }, values) });
    at = end;
  }
  let out = '';
  let from = 0;
  for (const edit of edits) {
    out += sql.slice(from, edit.at) + edit.text;
    from = edit.end;
  }
  return { sql: out + sql.slice(from), original: (offset) => mapBack(edits, offset) };
}

function literal(
  parameter: { readonly name: string; readonly at: number; readonly end: number },
  values: Readonly<Record<string, ParameterValue>>,
): string {
  const { name, at: start, end } = parameter;
  if (!Object.hasOwn(values, name)) {
    throw new CoreError(
      'PARAMS_INVALID',
      `The parameter $${name} has no value; give one with --param ${name}=…`,
      {
        parameter: name,
        start,
        end,
      },
    );
  }
  const value = values[name] ?? null;
  if (value === null) return 'NULL';
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (typeof value === 'number' && !Number.isFinite(value)) return `'${value}'::DOUBLE`;
  return String(value);
}

function mapBack(
  edits: readonly { readonly at: number; readonly end: number; readonly text: string }[],
  offset: number,
): number {
  let shift = 0;
  for (const edit of edits) {
    const start = edit.at + shift;
    if (offset < start) break;
    if (offset < start + edit.text.length) return edit.at;
    shift += edit.text.length - (edit.end - edit.at);
  }
  return offset - shift;
}
