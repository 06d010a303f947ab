import { PLUGIN_TYPES, type PluginFunction, type PluginParameter } from '../../wasm-core/protocol/plugins.ts';
import type { WorkerDiagnostic } from './compile-types.ts';

/*
 * Structured comments of WebAssembly text, which stand for a manifest when the module has none:
 *
 *   ;; Doubles a number.
 *   ;; @udf twice(x BIGINT) -> BIGINT
 *   (func (export "twice") …)
 *
 * The comment lines right above and below `@udf` are the function's documentation. A last word `nondeterministic`
 * says that equal arguments may give different results.
 */

/** What the comments of a text declare. */
export interface UdfComments {
  readonly functions: readonly PluginFunction[];
  readonly places: readonly { readonly name: string; readonly start: number; readonly end: number }[];
  readonly diagnostics: readonly WorkerDiagnostic[];
}

/** Reads the `;; @udf` comments of a WebAssembly text. */
export function readUdfComments(text: string): UdfComments {
  const functions: PluginFunction[] = [];
  const places: UdfComments['places'][number][] = [];
  const diagnostics: WorkerDiagnostic[] = [];
  const lines = commentLines(text);
  for (const [index, line] of lines.entries()) {
    if (!isMark(line)) continue;
    const start = line.start + line.comment.indexOf('@udf');
    const end = line.start + line.comment.trimEnd().length;
    const signature = parseSignature(line.comment.trim().slice('@udf'.length));
    if (typeof signature === 'string') {
      diagnostics.push({ severity: 'error', code: 'udf/comment', message: signature, start, end });
    } else if (functions.some((fn) => fn.name === signature.name)) {
      const message = `${signature.name} is declared twice; take one of the comments away.`;
      diagnostics.push({ severity: 'error', code: 'udf/comment', message, start, end });
    } else {
      functions.push({ ...signature, doc: docAround(lines, index) });
      places.push({ name: signature.name, start, end });
    }
  }
  return { functions, places, diagnostics };
}

/** A line; `comment` is its text behind `;;` when it holds nothing else, and `start` that text's position. */
interface Line {
  readonly comment: string;
  readonly start: number;
  readonly isComment: boolean;
}

function commentLines(text: string): Line[] {
  return [...text.matchAll(/^([ \t]*;;+)?(.*)$/gm)].map((match) => ({
    isComment: match[1] !== undefined,
    comment: match[2] ?? '',
    start: match.index + (match[1]?.length ?? 0),
  }));
}

function isMark(line: Line): boolean {
  return line.isComment && /^\s*@udf\b/.test(line.comment);
}

function docAround(lines: readonly Line[], index: number): string {
  const isDoc = (line: Line | undefined): line is Line => line?.isComment === true && !isMark(line);
  let first = index;
  while (isDoc(lines[first - 1])) first--;
  let last = index;
  while (isDoc(lines[last + 1])) last++;
  return [...lines.slice(first, index), ...lines.slice(index + 1, last + 1)]
    .map((line) => line.comment.trim())
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}

const SIGNATURE = /^\s*(\S+?)\s*\(([^)]*)\)\s*->\s*(\w+)(?:\s+(nondeterministic))?\s*$/;
const FUNCTION_NAME = /^[a-z_][a-z0-9_]{0,62}$/;
const EXAMPLE = 'write it as @udf name(a VARCHAR, b DOUBLE) -> VARCHAR';

/** The function that a comment declares, or what is wrong with it. */
function parseSignature(text: string): PluginFunction | string {
  const match = SIGNATURE.exec(text);
  if (match === null) return `This is not a signature; ${EXAMPLE}.`;
  const [, name = '', list = '', returnType = '', nondeterministic] = match;
  if (!FUNCTION_NAME.test(name)) {
    return `${name} is no name of a SQL function; use a lower-case identifier of at most 63 characters.`;
  }
  const parameters: PluginParameter[] = [];
  for (const item of list.trim() === '' ? [] : list.split(',')) {
    const [parameterName, typeName, ...rest] = item.trim().split(/\s+/);
    if (parameterName === undefined || typeName === undefined || rest.length > 0) {
      return `"${item.trim()}" is not a parameter; ${EXAMPLE}.`;
    }
    const type = pluginType(typeName);
    if (type === undefined) return unknownType(typeName);
    parameters.push({ name: parameterName, type });
  }
  const returns = pluginType(returnType);
  if (returns === undefined) return unknownType(returnType);
  return { name, export: name, parameters, returns, deterministic: nondeterministic === undefined, doc: '' };
}

function pluginType(name: string): PluginFunction['returns'] | undefined {
  return PLUGIN_TYPES.find((type) => type === name.toUpperCase());
}

function unknownType(name: string): string {
  return `${name} is no type that crosses into a plugin; use one of ${PLUGIN_TYPES.join(', ')}.`;
}
