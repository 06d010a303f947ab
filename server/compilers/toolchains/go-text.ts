import { linesOf } from './output-lines.ts';
import type { ToolDiagnostic, ToolNote } from './tool-diagnostic.ts';

/*
 * The text that `go build` writes:
 *
 *   # example.com/plugin
 *   ./main.go:7:16: undefined: nope
 *           have (string)
 *   go: updates to go.mod needed
 */

/** What `go build` says in a text. */
export function readGoText(output: string): ToolDiagnostic[] {
  const found: (Omit<ToolDiagnostic, 'notes'> & { readonly notes: ToolNote[] })[] = [];
  for (const line of linesOf(output)) {
    const [, file, row, column = '0', message] =
      /^(.+?\.(?:go|mod|sum)):(\d+):(?:(\d+):)? (.*)$/.exec(line) ?? [];
    const [, tool] = /^go: (.*)$/.exec(line) ?? [];
    if (file !== undefined && message !== undefined) {
      const at = { file, line: Number(row), column: Number(column), unit: 'bytes' } as const;
      found.push({ severity: 'error', message, code: 'go', at, notes: [] });
    } else if (/^\s+\S/.test(line)) {
      found.at(-1)?.notes.push({ message: line.trim() });
    } else if (tool !== undefined && !/^downloading /.test(tool)) {
      found.push({ severity: 'error', message: tool, code: 'go', notes: [] });
    }
  }
  return found;
}
