import type { WorkerDiagnostic } from './compile-types.ts';
import { LineMap, offsetOfBytes } from './text-positions.ts';

/*
 * What the two WebAssembly text tools say of a source, as diagnostics. wasm-tools gives Rust's debug text of its first
 * error; wabt gives lines `file:line:column: error: message`, each with the source line and carets under it. Both count
 * bytes of UTF-8.
 */

/** The diagnostic of an error that wasm-tools' `parse` threw. */
export function fromWasmTools(text: string, error: unknown): WorkerDiagnostic {
  const debug = debugText(error);
  const offset = /Span \{ offset: (\d+) \}/.exec(debug)?.[1];
  const start = Math.min(offsetOfBytes(text, Number(offset ?? 0)), text.length);
  const place = visiblePlace(text, start);
  return { severity: 'error', code: 'wat/parse', message: parseMessage(debug), ...place };
}

/** The diagnostics of an error that wabt's `validate` or `parseWat` threw; empty when it named no place. */
export function fromWabt(text: string, error: unknown): WorkerDiagnostic[] {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n');
  const map = new LineMap(text);
  return lines.flatMap((line, index): WorkerDiagnostic[] => {
    const match = /^[^:]*:(\d+):(\d+): error: (.*)$/.exec(line);
    if (match === null) return [];
    const start = offsetOfBytes(text, Number(match[2]) - 1, map.lineStart(Number(match[1]) - 1));
    const carets = /^\s*(\^+)\s*$/.exec(lines[index + 2] ?? '')?.[1]?.length ?? 1;
    const end = Math.max(offsetOfBytes(text, carets, start), wordEnd(text, start));
    return [{ severity: 'error', code: 'wat/type', message: sentence(match[3] ?? ''), start, end }];
  });
}

/** The diagnostic of an error that V8 threw for a module, of which no instruction is known that it is about. */
export function fromV8(text: string, error: unknown): WorkerDiagnostic {
  const name = /function #\d+:"([^"]+)"/.exec(v8Text(error))?.[1];
  const at = name === undefined ? -1 : text.indexOf(`$${name}`);
  const start = at < 0 ? Math.max(0, text.indexOf('(module')) : at;
  const message = v8Message(error);
  return { severity: 'error', code: 'wat/type', message, start, end: wordEnd(text, start + 1) };
}

/** What V8 says of a module, as a sentence. */
export function v8Message(error: unknown): string {
  const isNewer = /enable with --experimental-wasm-([\w-]+)/.exec(v8Text(error))?.[1];
  if (isNewer !== undefined) {
    return `The JavaScript engine that Quern runs in here is too old for a part of WebAssembly that this uses (${isNewer}).`;
  }
  const said = v8Text(error)
    .replace(/^WebAssembly\.\w+\(\): /, '')
    .replace(/ @\+\d+$/, '')
    .replace(/^Compiling function #\d+(?::".*?")? failed: /, '')
    .replace(/\bfallthru\[(\d+)\]/, 'result $1 at the end');
  return sentence(said);
}

/** The byte of a module that an error of V8's is about. */
export function v8Offset(error: unknown): number | undefined {
  const offset = / @\+(\d+)$/.exec(v8Text(error))?.[1];
  return offset === undefined ? undefined : Number(offset);
}

function v8Text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function debugText(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'payload' in error) return String(error.payload);
  return error instanceof Error ? error.message : String(error);
}

function parseMessage(debug: string): string {
  const custom = /kind: Custom\("((?:[^"\\]|\\.)*)"\)/.exec(debug)?.[1];
  if (custom !== undefined) return sentence(custom.replace(/\\(.)/g, '$1'));
  const lexical = /kind: Lex\((\w+)/.exec(debug)?.[1];
  if (lexical === undefined) return 'This is not WebAssembly text.';
  return LEXICAL[lexical] ?? sentence(lexical.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase());
}

/** Words for the kinds of wasm-tools' lexical errors that people meet. */
const LEXICAL: Readonly<Record<string, string | undefined>> = {
  DanglingBlockComment: 'This block comment is never closed; end it with ;).',
  Unexpected: 'This character means nothing here.',
  InvalidStringElement:
    'A string may not hold this character as it is; write it as an escape, such as \\n or \\0a.',
  InvalidStringEscape:
    'This escape is not known; use \\n, \\t, \\r, \\", \\\\, \\u{…} or two hexadecimal digits.',
  UnexpectedEof: 'The text ends in the middle of something.',
  InvalidUnicodeValue: 'This is not the number of a character.',
  ConfusingUnicode: 'This invisible character changes the direction of text; write it as an escape.',
};

/** A range that an editor can show: a token, or, at the text's end, the last character that is not space. */
function visiblePlace(text: string, start: number): { start: number; end: number } {
  if (start < text.length) return { start, end: wordEnd(text, start) };
  const last = text.trimEnd().length;
  return { start: Math.max(0, last - 1), end: last };
}

/** The end of the word, string or single character at a position. */
function wordEnd(text: string, start: number): number {
  const rest = text.slice(start, start + 200);
  const match = /^(?:"(?:[^"\\\n]|\\.)*"?|[^\s()";]+|.)/u.exec(rest);
  return Math.min(text.length, start + (match?.[0].length ?? 1));
}

function sentence(text: string): string {
  const trimmed = text.trim();
  // Instructions keep their letters.
  const first = /^\w+[._]/.test(trimmed) ? trimmed.slice(0, 1) : trimmed.slice(0, 1).toUpperCase();
  return `${first}${trimmed.slice(1)}${/[.!?]$/.test(trimmed) ? '' : '.'}`;
}
