import type { Diagnostic } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { splitStatements } from '../../wasm-core/protocol/statements.ts';
import type { DocumentFolders } from '../workspace.ts';
import { toDiagnostics } from './diagnostics.ts';
import type { DirectiveHint } from './directives/directive-codes.ts';
import type { SqlLinter } from './lints/linter.ts';
import type { SqlSessions } from './sessions.ts';

/** What diagnostics are drawn from. */
export interface DiagnoseSources {
  readonly sessions: SqlSessions;
  /** Where the statements run. */
  readonly folders: DocumentFolders;
  readonly linter: SqlLinter;
  /** Ends the search for hints early. */
  readonly signal: AbortSignal;
}

/**
 * What is to be said of a SQL document as it is now, for the editor and for `quern check`.
 *
 * @throws CoreError as `sql/open` and `sql/check`
 */
export async function diagnosticsOf(document: TextDocument, sources: DiagnoseSources): Promise<Diagnostic[]> {
  const { sessions, folders, linter, signal } = sources;
  const sql = document.getText();
  const { diagnostics, columns = [] } = await sessions.check(folders, { sql });
  const described = new Map(columns.map((each) => [each.statement, each.columns]));
  const hints = await linter.lint(document, diagnostics, signal);
  const directives = {
    statements: splitStatements(sql),
    columns: (index: number) => described.get(index),
    level: (hint: DirectiveHint) => linter.levelOf(hint),
  };
  return [...toDiagnostics(document, diagnostics, directives), ...hints];
}
