import { tokenEnd } from './statements.ts';

/*
 * Parameters of statements, `$name`, `$1` and `?`: where they stand, and how people write their values. The host binds
 * them, the editor and the command line ask for them.
 */

/** A parameter's value. */
export type ParameterValue = string | number | boolean | null;

/** One place where a statement names a parameter. */
export interface ParameterPlace {
  /** Without the dollar sign; a `?` has its number among those of the statement, from 1. */
  readonly name: string;
  /** UTF-16 code units in the statement. */
  readonly start: number;
  readonly end: number;
}

/**
 * The parameters of one statement, in the order of the text, each as often as it stands there.
 *
 * @param sql one statement; one that is prepared for later has none, as EXECUTE gives their values
 */
export function findParameters(sql: string): ParameterPlace[] {
  const places: ParameterPlace[] = [];
  let isFirst = true;
  let marks = 0;
  for (let start = 0; start < sql.length; ) {
    const end = tokenEnd(sql, start);
    const token = sql.slice(start, end);
    const isText = token.trim() !== '' && !token.startsWith('--') && !token.startsWith('/*');
    if (isText && isFirst && /^prepare$/i.test(token)) return [];
    if (isText) isFirst = false;
    const name = token === '?' ? String(++marks) : /^\$([\p{L}_][\p{L}\p{N}_]*|\d+)$/u.exec(token)?.[1];
    if (name !== undefined) places.push({ name, start, end });
    start = end;
  }
  return places;
}

/**
 * The value that a text means: numbers, true, false and NULL are such, text in double quotes is text whatever it says,
 * and anything else is text, too.
 */
export function parseParameterValue(text: string): ParameterValue {
  if (/^null$/i.test(text)) return null;
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (/^".*"$/s.test(text)) return text.slice(1, -1);
  const number = Number(text);
  // Digits that a double cannot hold stay text, which the engine casts exactly.
  const exact = /^-?(0|[1-9]\d*)$/.test(text) ? Number.isSafeInteger(number) : Number.isFinite(number);
  return /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(text) && exact ? number : text;
}

/** A value as `parseParameterValue` reads it back. */
export function parameterText(value: ParameterValue): string {
  if (typeof value !== 'string') return String(value);
  return parseParameterValue(value) === value ? value : `"${value}"`;
}
