import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { QuernApi } from '../../client/api.ts';
import { workspaceFile } from '../support/vscode/documents.ts';
import { extension } from '../support/vscode/extension.ts';

describe('the extension', () => {
  it('starts nothing for a folder of plugins, and for Markdown without SQL', async () => {
    const found = vscode.extensions.getExtension<QuernApi>('quern.quern');
    const api = await found?.activate();
    const plugins = await vscode.workspace.findFiles('**/plugins/*.{wat,ts}');
    assert.ok(plugins.length > 0);
    await vscode.window.showTextDocument(workspaceFile('README.md'));
    // What a look at the document could begin has begun when the editor has answered a question about it.
    await vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', workspaceFile('README.md'));
    assert.equal(await Promise.race([api?.ready.then(() => 'ready'), 'waiting']), 'waiting');
    assert.deepEqual(api?.hostState(), { type: 'stopped' });
  });

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
