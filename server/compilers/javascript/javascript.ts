import type { PluginFunction } from '../../../wasm-core/protocol/plugins.ts';
import type { WorkerDiagnostic, WorkerReply, WorkerRequest } from '../compile-types.ts';
import { manifestOf } from '../finish.ts';
import { readUdfComments, type UdfComments } from '../udf-comment.ts';
import { javaScriptModule } from './javascript-module.ts';
import { JAVASCRIPT_TYPES, type JavaScriptFunction, programBytes } from './javascript-program.ts';
import { checkJavaScript, type JavaScriptSyntax } from './javascript-syntax.ts';

/** QuickJS as tools/quickjs/build.sh makes it, as a file and compiled. */
export interface QuickJs {
  readonly bytes: Uint8Array;
  readonly module: WebAssembly.Module;
}

/** Makes a plugin of a text in JavaScript, none of which is run. What is wrong is told with its place. */
export function compileJavaScript(
  quickJs: QuickJs,
  { text, entry }: Pick<WorkerRequest, 'text' | 'entry'>,
): Omit<WorkerReply, 'id'> {
  const comments = readUdfComments(text, 'c');
  const { places } = comments;
  const file = entry.replace(/^.*\//, '');
  const syntax = checkJavaScript(quickJs.module, programBytes({ file, text, functions: [] }));
  if (syntax.kind === 'wrong')
    return { diagnostics: [...comments.diagnostics, faultOf(text, syntax)], places };
  const { functions, diagnostics } = resolve(comments, syntax.exports);
  const all = [...comments.diagnostics, ...diagnostics];
  if (all.length > 0) return { diagnostics: all, places };
  const manifest = manifestOf(functions.map(({ sql }) => sql));
  const wasm = javaScriptModule(quickJs.bytes, programBytes({ file, text, functions }), manifest);
  return { wasm, diagnostics: [], places };
}

function resolve(
  { functions: declared, places }: UdfComments,
  exports: ReadonlySet<string>,
): { readonly functions: readonly JavaScriptFunction[]; readonly diagnostics: readonly WorkerDiagnostic[] } {
  const functions: JavaScriptFunction[] = [];
  const diagnostics: WorkerDiagnostic[] = [];
  for (const [index, fn] of declared.entries()) {
    const name = [fn.name, camelCase(fn.name)].find((candidate) => exports.has(candidate));
    const problem = problemOf(fn);
    const { start, end } = places[index] ?? { start: 0, end: 0 };
    if (problem !== undefined) {
      diagnostics.push({ severity: 'error', code: 'udf/comment', message: problem, start, end });
    } else if (name === undefined) {
      const message = `The file exports no ${fn.name}; write export function ${fn.name}(…) below this comment.`;
      diagnostics.push({ severity: 'error', code: 'js/export', message, start, end });
    } else {
      const earlier = functions.filter(({ sql }) => sql.name === fn.name).length;
      const sql = earlier === 0 ? fn : { ...fn, export: `${fn.name}__${earlier + 1}` };
      functions.push({ name, sql });
    }
  }
  return { functions, diagnostics };
}

/** Why JavaScript cannot be called as a signature says. */
function problemOf(fn: PluginFunction): string | undefined {
  if (fn.kind !== undefined)
    return `${fn.name} must be a scalar function: JavaScript has no other kind here.`;
  if (fn.parameters.length > MAX_PARAMETERS)
    return `${fn.name} has ${fn.parameters.length} parameters; ${MAX_PARAMETERS} is the most in JavaScript.`;
  const variadic = fn.parameters.find((parameter) => parameter.variadic);
  if (variadic !== undefined) return `${variadic.name} must not be variadic in JavaScript.`;
  const types = [...fn.parameters.map(({ type }) => type), fn.returns];
  const type = types.find((candidate) => !JAVASCRIPT_TYPES.includes(candidate));
  if (type === undefined) return undefined;
  return `${type} does not cross into JavaScript; use one of ${JAVASCRIPT_TYPES.join(', ')}, and cast in SQL.`;
}

/** Their number is one byte of a program. */
const MAX_PARAMETERS = 255;

/** `wordCount` for `word_count`. */
function camelCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function faultOf(text: string, fault: Extract<JavaScriptSyntax, { kind: 'wrong' }>): WorkerDiagnostic {
  const { message, line, column } = fault;
  const start = line === 0 ? 0 : offsetOf(text, line, column);
  const word = /^(?:[\p{ID_Continue}$]+|[^\r\n])/u.exec(text.slice(start, start + MAX_WORD_UNITS));
  const end = start + (word?.[0].length ?? 0);
  return { severity: 'error', code: 'js/syntax', message, start, end };
}

const MAX_WORD_UNITS = 256;

/** QuickJS counts lines by line feeds alone, and columns in code points. */
function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let at = 1; at < line; at++) start = text.indexOf('\n', start) + 1;
  const end = text.indexOf('\n', start);
  const points = [...text.slice(start, end < 0 ? undefined : end)];
  return start + points.slice(0, Math.max(0, column - 1)).join('').length;
}
