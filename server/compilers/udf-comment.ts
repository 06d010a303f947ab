import type { PluginFunction } from '../../wasm-core/protocol/plugins.ts';
import type { WorkerDiagnostic } from './compile-types.ts';
import { parseSignature } from './udf-signature.ts';

/*
 * Structured comments, which stand for a manifest when the module has none, in WebAssembly text and in languages whose
 * comments are those of C:
 *
 *   ;; Doubles a number.                        /// Doubles a number.
 *   ;; @udf twice(x BIGINT) -> BIGINT           /// @udf twice(x BIGINT) -> BIGINT
 *   (func (export "twice") …)                   #[no_mangle] extern "C" fn twice(x: i64) -> i64 { x * 2 }
 *
 * The comment lines right above and below `@udf` are the function's documentation. `udf-signature.ts` tells what a
 * signature may say.
 */

/** What the comments of a text declare. */
export interface UdfComments {
  readonly functions: readonly PluginFunction[];
  readonly places: readonly { readonly name: string; readonly start: number; readonly end: number }[];
  readonly diagnostics: readonly WorkerDiagnostic[];
}

/** Reads the `@udf` comments of a text. @param comments whose comments it has */
export function readUdfComments(text: string, comments: 'wat' | 'c'): UdfComments {
  const functions: PluginFunction[] = [];
  const places: UdfComments['places'][number][] = [];
  const diagnostics: WorkerDiagnostic[] = [];
  const lines = comments === 'wat' ? watLines(text) : cLines(text);
  for (const [index, line] of lines.entries()) {
    if (!isMark(line)) continue;
    const start = line.start + line.comment.indexOf('@udf');
    const end = line.start + line.comment.trimEnd().length;
    const signature = parseSignature(line.comment.trim().slice('@udf'.length));
    if (typeof signature === 'string') {
      diagnostics.push({ severity: 'error', code: 'udf/comment', message: signature, start, end });
    } else if (functions.some((fn) => declaredAs(fn) === declaredAs(signature))) {
      const message = `${declaredAs(signature)} is declared twice; take one of the comments away.`;
      diagnostics.push({ severity: 'error', code: 'udf/comment', message, start, end });
    } else {
      functions.push({ ...signature, doc: docAround(lines, index) });
      places.push({ name: signature.name, start, end });
    }
  }
  return { functions, places, diagnostics };
}

/** A line; `comment` is its text behind the mark of a comment when it holds nothing else, and `start` that text's position. */
interface Line {
  readonly comment: string;
  readonly start: number;
  readonly isComment: boolean;
}

function watLines(text: string): Line[] {
  return [...text.matchAll(/^([ \t]*;;+)?(.*)$/gm)].map((match) => ({
    isComment: match[1] !== undefined,
    comment: match[2] ?? '',
    start: match.index + (match[1]?.length ?? 0),
  }));
}

/** A line of Go's or a linter's that is for no reader, such as `//go:wasmexport`. */
const DIRECTIVE = /^[ \t]*\/\/[a-z]+:[a-z]/;

/** Comments that stand at the start of a line: `//`, `///`, `//!`, and blocks with or without a star on each line. */
function cLines(text: string): Line[] {
  let isInBlock = false;
  return [...text.matchAll(/^.*$/gm)].map((match) => {
    const line = match[0].replace(/\r$/, '');
    const open = isInBlock ? /^[ \t]*(?:\*+(?!\/))?/.exec(line) : /^[ \t]*\/\*+!?(?!\/)/.exec(line);
    const [mark] = open ?? (DIRECTIVE.test(line) ? null : /^[ \t]*\/\/+!?/.exec(line)) ?? [];
    const start = match.index + (mark?.length ?? 0);
    const rest = line.slice(mark?.length ?? 0);
    const close = open === null ? -1 : rest.indexOf('*/');
    isInBlock = open !== null && close < 0;
    return { isComment: mark !== undefined, comment: close < 0 ? rest : rest.slice(0, close), start };
  });
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

/** What must not be declared twice: a name with its parameters' types. */
function declaredAs(fn: PluginFunction): string {
  return `${fn.name}(${fn.parameters.map(({ type }) => type).join(', ')})`;
}
