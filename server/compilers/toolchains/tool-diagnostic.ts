import type { CompileDiagnostic, SourceRange } from '../compile-types.ts';
import { LineMap, offsetOfBytes } from '../text-positions.ts';

/** Where a tool says that something is. */
export interface ToolPlace {
  /** As the tool writes it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in `unit`; 0 when the tool does not say. */
  readonly column: number;
  /** Behind the last character, counted as the start is; absent: the word at the start. */
  readonly end?: { readonly line: number; readonly column: number };
  /** What columns count: bytes of UTF-8, or characters of Unicode. */
  readonly unit: 'bytes' | 'characters';
}

/** What a tool says of a source. */
export interface ToolDiagnostic {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly code: string;
  /** Absent: it is about the whole. */
  readonly at?: ToolPlace;
  /** What stands in for `at` when its file is not one of the plugin's: where that file was included. */
  readonly from?: ToolPlace;
  readonly notes: readonly ToolNote[];
}

/** What a tool adds to what it says. */
export interface ToolNote {
  readonly message: string;
  readonly at?: ToolPlace;
}

/** The files that a tool speaks of. */
export interface ToolFiles {
  /** Absolute path of the source, or of the project's file. */
  readonly main: string;
  /** The absolute path of a name that a tool writes; undefined for a file that is not one of the plugin's. */
  readonly fileOf: (name: string) => string | undefined;
  /** The text of one of the plugin's files; undefined when it is not there. */
  readonly textOf: (file: string) => string | undefined;
}

/** More would hide the first, and it is the first that is mended. */
const MAX_DIAGNOSTICS = 100;

/** Puts what a tool says at ranges of the plugin's files. */
export function placeDiagnostics(found: readonly ToolDiagnostic[], files: ToolFiles): CompileDiagnostic[] {
  const maps = new Map<string, TextLines | undefined>();
  const linesOf = (file: string): TextLines | undefined => {
    if (!maps.has(file)) {
      const text = files.textOf(file);
      maps.set(file, text === undefined ? undefined : { text, map: new LineMap(text) });
    }
    return maps.get(file);
  };
  const placed = (at: ToolPlace | undefined): Placed | undefined => {
    const file = at && files.fileOf(at.file);
    const lines = file === undefined ? undefined : linesOf(file);
    return at && file !== undefined && lines ? { file, range: rangeOf(at, lines) } : undefined;
  };
  return found.slice(0, MAX_DIAGNOSTICS).map((one) => placeOne(one, { main: files.main, placed }));
}

interface TextLines {
  readonly text: string;
  readonly map: LineMap;
}

interface Placed {
  readonly file: string;
  readonly range: SourceRange;
}

function placeOne(
  found: ToolDiagnostic,
  { main, placed }: { readonly main: string; readonly placed: (at?: ToolPlace) => Placed | undefined },
): CompileDiagnostic {
  const { severity, code, at, from, notes } = found;
  const own = placed(at);
  const place = own ?? placed(from) ?? { file: main, range: START };
  // Of a file that is not the plugin's one is told its name; its place would lead nowhere.
  const where = own === undefined && at !== undefined ? `${at.file}:${at.line}: ` : '';
  const related = notes.flatMap(({ message, at: noted }) => {
    const found = placed(noted);
    return found === undefined ? [] : [{ message, ...found }];
  });
  const said = notes.flatMap(({ message, at: noted }) => (placed(noted) === undefined ? [message] : []));
  return {
    severity,
    code,
    message: [`${where}${found.message}`, ...said].join('\n'),
    range: place.range,
    ...(place.file !== main && { file: place.file }),
    ...(related.length > 0 && { related }),
  };
}

const START: SourceRange = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

function rangeOf(at: ToolPlace, { text, map }: TextLines): SourceRange {
  const offset = (line: number, column: number): number => {
    const from = map.lineStart(line - 1);
    const to = Math.max(from, lineEnd(text, map.lineStart(line), from));
    const count = Math.max(0, column - 1);
    const counted =
      at.unit === 'bytes' ? offsetOfBytes(text, count, from) : offsetOfCharacters(text, count, from);
    return Math.min(counted, to);
  };
  const start = offset(at.line, at.column);
  if (at.column === 0) return map.range(start, lineEnd(text, map.lineStart(at.line), start));
  const end = at.end === undefined ? start : offset(at.end.line, at.end.column);
  return map.range(start, end > start ? end : wordEnd(text, start));
}

/** Where a line ends before its break. @param next where the next line starts */
function lineEnd(text: string, next: number, from: number): number {
  return from + text.slice(from, next).replace(/[\r\n]+$/, '').length;
}

function offsetOfCharacters(text: string, count: number, from: number): number {
  let at = from;
  for (let i = 0; i < count && at < text.length; i++) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

/** The end of the name or the number at an offset, or of the one character there. */
function wordEnd(text: string, start: number): number {
  const word = /^[\p{L}\p{N}_$]+/u.exec(text.slice(start, start + 200))?.[0].length ?? 0;
  const character = (text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1;
  const hasOne = start < text.length && !/[\r\n]/.test(text.charAt(start));
  return start + Math.max(word, hasOne ? character : 0);
}
