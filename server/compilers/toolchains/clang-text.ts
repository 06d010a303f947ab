import { linesOf } from './output-lines.ts';
import type { ToolDiagnostic, ToolNote, ToolPlace } from './tool-diagnostic.ts';

/*
 * The text that clang and its linker write, with -fdiagnostics-print-source-range-info and -fno-caret-diagnostics, and
 * that Zig writes in the same form:
 *
 *   In file included from plugin.c:1:
 *   plugin.c:3:47:{3:44-3:46}{3:49-3:53}: error: invalid operands to binary expression [-Wsomething]
 *   plugin.c:2:5: note: declared here
 *   wasm-ld: error: plugin.o: undefined symbol: missing
 */

/** A diagnostic that is being read. */
type Open = Omit<ToolDiagnostic, 'notes'> & { readonly notes: ToolNote[] };

const PLACED =
  /^(.+?):(\d+):(?:(\d+):)?(?:((?:\{[^{}]+\})+):)? (fatal error|error|warning|note|remark): (.*?)(?: \[(-W[^\]]+)\])?$/;
const INCLUDED = /^In file included from (.+?):(\d+):$/;
const LINKER =
  /^(?:[^\s:]*[\\/])?wasm-ld(?:-\d+)?(?:\.exe)?: (error|warning): (?:(.*?\.o(?:bj)?)(?:\([^)]*\))?: )?(.*)$/;
const DRIVER = /^(?:[^\s:]*[\\/])?(clang(?:\+\+|-\d+)?|zig|error)(?:: (?:fatal )?(error|warning))?: (.*)$/;

/** What clang and its linker, or Zig, say in a text. @param tool begins the codes */
export function readClangText(output: string, tool: 'clang' | 'zig'): ToolDiagnostic[] {
  const found: Open[] = [];
  let included: ToolPlace | undefined;
  for (const line of linesOf(output)) {
    const from = INCLUDED.exec(line);
    if (from !== null) {
      // The first of several is the outermost, in the plugin's own file.
      included ??= { file: from[1] ?? '', line: Number(from[2]), column: 0, unit: 'bytes' };
      continue;
    }
    const placed = readPlaced(line, tool);
    if (placed?.severity === 'note') found.at(-1)?.notes.push({ message: placed.message, at: placed.at });
    else if (placed) {
      const { severity } = placed;
      found.push({ ...placed, severity, ...(included && { from: included }), notes: [] });
    } else {
      const other = readLinker(line, tool) ?? readDriver(line, tool);
      if (other !== undefined) found.push(other);
    }
    included = undefined;
  }
  return found;
}

interface PlacedLine extends Pick<ToolDiagnostic, 'message' | 'code'> {
  readonly severity: 'error' | 'warning' | 'note';
  readonly at: ToolPlace;
}

function readPlaced(line: string, tool: string): PlacedLine | undefined {
  const match = PLACED.exec(line);
  if (match === null) return undefined;
  const [, file = '', row, column = '0', ranges = '', kind = '', message = '', flag] = match;
  const at: ToolPlace = { file, line: Number(row), column: Number(column), unit: 'bytes' };
  return {
    severity: kind === 'note' || kind === 'remark' ? 'note' : kind === 'warning' ? 'warning' : 'error',
    message,
    code: flag === undefined ? tool : `${tool}/${flag}`,
    at: withRanges(at, ranges),
  };
}

/** The ranges of operands, and the place between them, as one; ranges on other lines are left out. */
function withRanges(at: ToolPlace, ranges: string): ToolPlace {
  const columns = [...ranges.matchAll(/\{(\d+):(\d+)-(\d+):(\d+)\}/g)]
    .map((match) => match.slice(1).map(Number))
    .filter(([from, , to]) => from === at.line && to === at.line)
    .map(([, start = 0, , end = 0]) => ({ start, end }));
  if (columns.length === 0) return at;
  const start = Math.min(at.column, ...columns.map((range) => range.start));
  const end = Math.max(...columns.map((range) => range.end));
  return end > at.column ? { ...at, column: start, end: { line: at.line, column: end } } : at;
}

function readLinker(line: string, tool: string): Open | undefined {
  const match = LINKER.exec(line);
  if (match === null) return undefined;
  const [, severity, , message = ''] = match;
  return { severity: severity === 'warning' ? 'warning' : 'error', message, code: `${tool}/link`, notes: [] };
}

function readDriver(line: string, tool: string): Open | undefined {
  const match = DRIVER.exec(line);
  if (match === null) return undefined;
  const [, program, severity, message = ''] = match;
  // It repeats what the linker or the compiler said before.
  if (/command failed|following command/.test(message)) return undefined;
  if (program !== 'error' && severity === undefined) return undefined;
  return { severity: severity === 'warning' ? 'warning' : 'error', message, code: tool, notes: [] };
}
