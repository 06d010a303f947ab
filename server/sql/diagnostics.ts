import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { SqlDiagnostic } from '../../wasm-core/protocol/methods.ts';
import { type DirectiveSources, directiveHints } from './directives/directive-hints.ts';

/**
 * What the engine says of a document, for the editor; `data` carries the engine's candidates and subtype.
 *
 * @param sources for what is said of directives
 */
export function toDiagnostics(
  document: TextDocument,
  found: readonly SqlDiagnostic[],
  sources: DirectiveSources,
): Diagnostic[] {
  const errors: Diagnostic[] = found.map(({ start, end, message, kind, candidates, subtype }) => ({
    range: { start: document.positionAt(start), end: document.positionAt(Math.max(end, start)) },
    severity: DiagnosticSeverity.Error,
    source: 'quern',
    code: kind,
    message,
    ...((candidates?.length || subtype !== undefined) && {
      data: { ...(candidates?.length && { candidates }), ...(subtype !== undefined && { subtype }) },
    }),
  }));
  return [...errors, ...directiveHints(document, sources)];
}
