import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openFile, workspaceFile } from '../support/vscode/documents.ts';
import { extension } from '../support/vscode/extension.ts';
import { rowsOf } from '../support/vscode/rows.ts';

describe('the way from nothing to a function in a query', () => {
  const written = ['plugins/first_steps.ts', 'plugins/tsconfig.json', 'plugins/.quern', 'first_steps.sql'];
  after(async () => {
    for (const name of written) {
      await vscode.workspace.fs.delete(workspaceFile(name), { recursive: true });
    }
  });

  it('is a plugin from a template, a query that calls it, its rows, and the rows of its next version', async () => {
    const api = await extension();
    await vscode.commands.executeCommand('quern.newPlugin', {
      language: 'assemblyscript',
      name: 'first_steps',
    });
    const plugin = vscode.window.activeTextEditor?.document;
    assert.match(plugin?.uri.path ?? '', /plugins\/first_steps\.ts$/);
    await vscode.commands.executeCommand('quern.newQuery');
    assert.match(vscode.window.activeTextEditor?.document.uri.path ?? '', /\/first_steps\.sql$/);
    await vscode.commands.executeCommand('quern.runStatement');
    assert.deepEqual(rowsOf(api.lastOutcome()), [['HEY!']]);
    const source = plugin?.getText() ?? '';
    const changed = await openFile('plugins/first_steps.ts', source.replace("'!'", "'?'"));
    assert.equal(changed.document.isDirty, false);
    await openFile('first_steps.sql', "select first_steps('hey');\n");
    await vscode.commands.executeCommand('quern.runStatement');
    assert.deepEqual(rowsOf(api.lastOutcome()), [['HEY?']]);
  });
});
