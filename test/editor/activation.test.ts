import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { workspaceFile } from '../support/vscode/documents.ts';
import { extension } from '../support/vscode/extension.ts';

describe('the extension', () => {
  it('starts when a SQL file is opened', async () => {
    await vscode.window.showTextDocument(workspaceFile('flights.sql'));
    await (await extension()).ready;
  });

  it('registers every command that the manifest names', async () => {
    await extension();
    const manifest = vscode.extensions.getExtension('quern.quern')?.packageJSON;
    const named: string[] = manifest.contributes.commands.map((c: { command: string }) => c.command);
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      named.filter((command) => !registered.has(command)),
      [],
    );
  });
});
