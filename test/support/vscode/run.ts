import * as vscode from 'vscode';
import type { RunOutcome } from '../../../client/run/run-outcome.ts';
import { eventually } from '../eventually.ts';
import { openFile } from './documents.ts';
import { extension } from './extension.ts';

/** Writes a SQL file, runs its first statement as Ctrl+Enter does, and gives how it ended. */
export async function runText(sql: string, name = 'test.sql'): Promise<RunOutcome | undefined> {
  const api = await extension();
  const editor = await openFile(name, sql);
  editor.selection = new vscode.Selection(0, 0, 0, 0);
  await vscode.commands.executeCommand('quern.runStatement');
  return api.lastOutcome();
}

/** Waits until the example plugins are compiled and in force, as they are soon after a window opens. */
export async function pluginsInForce(): Promise<void> {
  await eventually('slug in force', async () => {
    const outcome = await runText("select slug('a b')");
    return outcome?.type === 'results' ? true : undefined;
  });
}
