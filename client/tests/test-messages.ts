import * as vscode from 'vscode';
import type { TestRecordResult } from '../../wasm-core/protocol/tests.ts';

/** A record's failure as the editor shows it, with a difference where there is one. */
export function failureMessage(
  uri: vscode.Uri,
  { line, failure }: TestRecordResult,
): vscode.TestMessage | undefined {
  if (failure === undefined) return undefined;
  const { message: text, loops, expected, actual } = failure;
  const told = loops === undefined ? text : `${text} (${loops})`;
  const message =
    expected === undefined || actual === undefined
      ? new vscode.TestMessage(told)
      : vscode.TestMessage.diff(told, expected, actual);
  message.location = new vscode.Location(uri, new vscode.Position(line - 1, 0));
  return message;
}
