import {
  DOCUMENT_TYPE,
  type PluginFunction,
  type PluginParameter,
} from '../../wasm-core/protocol/plugins.ts';
import {
  parseSqlType,
  parseTableType,
  SIMPLE_TYPES,
  sqlTypeText,
  tableTypeText,
} from '../../wasm-core/protocol/sql-types.ts';

const FUNCTION_NAME = /^[a-z_][a-z0-9_]{0,62}$/;
const EXAMPLE = 'write it as @udf name(a VARCHAR, b DOUBLE) -> VARCHAR';

/** Words behind the result, with what each says. */
const OPTIONS: readonly (readonly [RegExp, Partial<PluginFunction>])[] = [
  [/\s+nondeterministic\s*$/i, { deterministic: false }],
  [/\s+nulls\s+pass\s*$/i, { nulls: 'pass' }],
  [/\s+on_error\s+null\s*$/i, { onError: 'null' }],
  [/\s+aggregate\s*$/i, { kind: 'aggregate' }],
];

/**
 * Reads `name(x DECIMAL(10,2), xs VARCHAR...) -> STRUCT(a INTEGER)`, a result `TABLE(…)` for a table function, and behind
 * it any of `nondeterministic`, `nulls pass`, `on_error null`, `aggregate`.
 *
 * @returns the function, without its documentation, or what is wrong with the text
 */
export function parseSignature(text: string): PluginFunction | string {
  const { rest, options } = takeOptions(text);
  const [, name = '', behind = ''] = /^\s*([^\s(]+)\s*\((.*)$/s.exec(rest) ?? [];
  const list = untilClosed(behind);
  const [, returnText] =
    /^\s*->\s*(\S.*)$/s.exec(list === undefined ? '' : behind.slice(list.length + 1)) ?? [];
  if (list === undefined || returnText === undefined) return `This is not a signature; ${EXAMPLE}.`;
  if (!FUNCTION_NAME.test(name)) {
    return `${name} is no name of a SQL function; use a lower-case identifier of at most 63 characters.`;
  }
  const parameters = parseParameters(list);
  if (typeof parameters === 'string') return parameters;
  const columns = parseTableType(upper(returnText));
  const returns = columns === undefined ? typeText(returnText) : tableTypeText(columns);
  if (returns === undefined) return unknownType(returnText);
  const kind = columns === undefined ? {} : { kind: 'table' as const };
  return { name, export: name, parameters, returns, deterministic: true, doc: '', ...options, ...kind };
}

function takeOptions(text: string): { rest: string; options: Partial<PluginFunction> } {
  for (const [pattern, option] of OPTIONS) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const { rest, options } = takeOptions(text.slice(0, match.index));
    return { rest, options: { ...option, ...options } };
  }
  return { rest: text, options: {} };
}

function parseParameters(list: string): readonly PluginParameter[] | string {
  const items = list.trim() === '' ? [] : splitAtCommas(list);
  const parameters: PluginParameter[] = [];
  for (const [index, item] of items.entries()) {
    const [, name, written, dots] = /^\s*([^\s(]+)\s+(\S.*?)(\.\.\.)?\s*$/s.exec(item) ?? [];
    if (name === undefined || written === undefined)
      return `"${item.trim()}" is not a parameter; ${EXAMPLE}.`;
    const isVariadic = dots !== undefined;
    if (isVariadic && index < items.length - 1)
      return `Only the last parameter may be variadic; ${name} is not.`;
    const type = upper(written) === DOCUMENT_TYPE ? DOCUMENT_TYPE : typeText(written);
    if (type === undefined) return unknownType(written);
    parameters.push(isVariadic ? { name, type, variadic: true } : { name, type });
  }
  return parameters;
}

/** What stands before the parenthesis that closes the one that was open; undefined when none does. */
function untilClosed(text: string): string | undefined {
  let depth = 1;
  for (const [index, c] of [...text].entries()) {
    if (c === '(') depth++;
    if (c === ')' && --depth === 0) return [...text].slice(0, index).join('');
  }
  return undefined;
}

/** At commas outside parentheses: a type may have commas of its own. */
function splitAtCommas(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const c of text) {
    if (c === '(') depth++;
    if (c === ')') depth--;
    if (c === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += c;
  }
  return parts;
}

function typeText(text: string): string | undefined {
  const type = parseSqlType(upper(text));
  return type && sqlTypeText(type);
}

/** Types in capitals, names of fields as they are: a name is what stands before a type inside parentheses. */
function upper(text: string): string {
  return text
    .trim()
    .replace(/"(?:[^"]|"")*"|[A-Za-z_]\w*/g, (word, at: number, all: string) =>
      isFieldName(word, all.slice(0, at)) ? word : word.toUpperCase(),
    );
}

function isFieldName(word: string, before: string): boolean {
  return word.startsWith('"') || (/[(,]\s*$/.test(before) && isInFields(before));
}

/** Whether the innermost open parenthesis is that of a STRUCT or a TABLE. */
function isInFields(before: string): boolean {
  let depth = 0;
  for (let i = before.length - 1; i >= 0; i--) {
    if (before[i] === ')') depth++;
    if (before[i] === '(' && depth-- === 0) return /\b(struct|table)\s*$/i.test(before.slice(0, i));
  }
  return false;
}

function unknownType(text: string): string {
  const all = [...SIMPLE_TYPES, 'DECIMAL(10,2)', 'T[]', 'T[3]', 'STRUCT(a T)', 'MAP(K, V)'].join(', ');
  return `${text.trim()} is no type that crosses into a plugin; use one of ${all}.`;
}
