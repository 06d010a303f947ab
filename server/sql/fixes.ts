import { type CodeAction, CodeActionKind, type Diagnostic } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';

/** "Did you mean" fixes: each of the engine's candidates in the place of the word that it did not know. */
export function candidateFixes(document: TextDocument, diagnostics: readonly Diagnostic[]): CodeAction[] {
  return diagnostics.flatMap((diagnostic) =>
    candidatesOf(diagnostic.data).map((candidate, index) => ({
      title: `Change to ${candidate}`,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      isPreferred: index === 0,
      edit: { changes: { [document.uri]: [{ range: diagnostic.range, newText: candidate }] } },
    })),
  );
}

/** The candidates that `toDiagnostics` put in, given back by the client. */
function candidatesOf(data: unknown): string[] {
  if (typeof data !== 'object' || data === null || !('candidates' in data)) return [];
  const { candidates } = data;
  return Array.isArray(candidates) ? candidates.filter((c) => typeof c === 'string') : [];
}
