import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { SqlDiagnostic } from '../../wasm-core/protocol/methods.ts';

/** What the engine says of a document's statements, for the editor; `data` carries the engine's candidates. */
export function toDiagnostics(document: TextDocument, found: readonly SqlDiagnostic[]): Diagnostic[] {
  return found.map(({ start, end, message, kind, candidates }) => ({
    range: { start: document.positionAt(start), end: document.positionAt(Math.max(end, start)) },
    severity: DiagnosticSeverity.Error,
    source: 'quern',
    code: kind,
    message,
    ...(candidates && candidates.length > 0 && { data: { candidates } }),
  }));
}
