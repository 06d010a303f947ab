import * as vscode from 'vscode';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { RUN_STATEMENT_COMMAND, type RunTarget } from '../../wasm-core/protocol/lsp.ts';
import type { EditHistory } from '../run/edit-history.ts';
import { parseRunTarget, statementRangeAt, statementTitle } from '../run/run-target.ts';
import type { Runner, RunRequest } from '../run/runner.ts';
import { checkTrust } from '../trust.ts';
import type { Commands } from './register.ts';

/** Commands that run SQL. */
export function runCommands(runner: Runner, edits: EditHistory): Commands {
  return {
    [RUN_STATEMENT_COMMAND]: async (argument) => {
      if (!(await checkTrust())) return;
      const target = parseRunTarget(argument);
      await runner.run(target === undefined ? cursorRequest() : await targetRequest(target, edits));
    },
    'quern.runFile': async (argument) => {
      if (!(await checkTrust())) return;
      await runner.run(await fileRequest(argument));
    },
    'quern.cancel': () => runner.cancel(),
  };
}

/** The selection of the active editor, or the statement that its cursor is in. */
function cursorRequest(): RunRequest {
  const { document, selection } = activeSqlEditor();
  if (!selection.isEmpty) {
    return request(document, document.offsetAt(selection.start), document.offsetAt(selection.end));
  }
  return statementRequest(document, document.offsetAt(selection.active));
}

/** The statement that a lens stands above, wherever edits have moved it since the lens was drawn. */
async function targetRequest(target: RunTarget, edits: EditHistory): Promise<RunRequest> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(target.uri));
  if (document.version === target.version) return request(document, target.start, target.end);
  const at = edits.map(document.uri.toString(), target.start, target.version, document.version);
  if (at === undefined) {
    throw new CoreError('REQUEST_INVALID', 'The text has changed since this Run was drawn. Press it again.');
  }
  return statementRequest(document, at);
}

async function fileRequest(argument: unknown): Promise<RunRequest> {
  const document =
    argument instanceof vscode.Uri
      ? await vscode.workspace.openTextDocument(argument)
      : activeSqlEditor().document;
  const text = document.getText();
  if (statementRangeAt(text, 0) === undefined) throw noStatement();
  return {
    document,
    start: 0,
    end: text.length,
    title: vscode.workspace.asRelativePath(document.uri, false),
  };
}

function statementRequest(document: vscode.TextDocument, offset: number): RunRequest {
  const range = statementRangeAt(document.getText(), offset);
  if (range === undefined) throw noStatement();
  return request(document, range.start, range.end);
}

function request(document: vscode.TextDocument, start: number, end: number): RunRequest {
  return { document, start, end, title: statementTitle(document.getText().slice(start, end)) };
}

function noStatement(): CoreError {
  return new CoreError('REQUEST_INVALID', 'Here is no statement to run. Write one, such as: select 42;');
}

function activeSqlEditor(): vscode.TextEditor {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId === 'sql') return editor;
  throw new CoreError(
    'REQUEST_INVALID',
    'Open a SQL document first, and put the cursor into the statement to run.',
  );
}
