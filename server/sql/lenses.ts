import type { CodeLens } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { RUN_STATEMENT_COMMAND, type RunTarget } from '../../wasm-core/protocol/lsp.ts';
import { splitStatements } from '../../wasm-core/protocol/statements.ts';

/** A `Run` lens above each statement; its command carries everything, so a click needs no call back. */
export function runLenses(document: TextDocument): CodeLens[] {
  const { uri, version } = document;
  return splitStatements(document.getText()).map(({ start, end }, statementIndex) => {
    const target: RunTarget = { uri, version, start, end, statementIndex };
    const position = document.positionAt(start);
    return {
      range: { start: position, end: position },
      command: { title: '$(play) Run', command: RUN_STATEMENT_COMMAND, arguments: [target] },
    };
  });
}
