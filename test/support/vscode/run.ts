import * as vscode from 'vscode';
import type { RunOutcome } from '../../../client/run/run-outcome.ts';
import { eventually } from '../eventually.ts';
import { openFile } from './documents.ts';
import { extension } from './extension.ts';

/** Writes a SQL file, runs its first statement as Ctrl+Enter does, and gives how it ended. */
export async function runText(sql: string, name = 'test.sql'): Promise<RunOutcome | undefined> {
  const editor = await openFile(name, sql);
  const api = await extension();
  editor.selection = new vscode.Selection(0, 0, 0, 0);
  await vscode.commands.executeCommand('quern.runStatement');
  return api.lastOutcome();
}

/** Waits until the example plugins are compiled and in force, as they are soon after SQL was opened. */
export async function pluginsInForce(): Promise<void> {
  await eventually('slug in force', async () => {
    const outcome = await runText("select slug('a b')");
    if (outcome?.type === 'results') return true;
    throw new Error(outcome?.type === 'failed' ? outcome.message : `the run is ${outcome?.type}`);
  });
}
