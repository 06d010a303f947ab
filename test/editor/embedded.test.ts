import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from '../support/eventually.ts';
import { diagnostic, openFile, press, runLenses } from '../support/vscode/documents.ts';
import { extension } from '../support/vscode/extension.ts';
import { rowsOf } from '../support/vscode/rows.ts';
import { pluginsInForce } from '../support/vscode/run.ts';

describe('SQL in other documents', () => {
  before(pluginsInForce);

  it('runs from a block of Markdown, and is checked there', async () => {
    const api = await extension();
    const text = '# Notes\n\n```sql\nselect 40 + 2;\nselect nope;\n```\n';
    const { document } = await openFile('notes.md', text);
    await diagnostic(document.uri, (d) => d.code === 'SQL_BIND' && document.getText(d.range) === 'nope');
    await press((await runLenses(document, 2))[0]);
    assert.deepEqual(rowsOf(api.lastOutcome()), [['42']]);
  });

  it('runs at the cursor, alone and with what is above, and its lens follows edits', async () => {
    const api = await extension();
    const text = '# At the cursor\n\n```sql\nselect 1;\n```\n\nWord\n\n```sql\nselect 2;\nselect 3;\n```\n';
    const editor = await openFile('cursor.md', text);
    const { document } = editor;
    editor.selection = new vscode.Selection(10, 3, 10, 3);
    await vscode.commands.executeCommand('quern.runStatement');
    assert.deepEqual(rowsOf(api.lastOutcome()), [['3']]);
    await vscode.commands.executeCommand('quern.runAbove');
    const outcome = api.lastOutcome();
    assert.equal(outcome?.type === 'results' && outcome.result.statements.length, 3);

    const insert = new vscode.WorkspaceEdit();
    insert.insert(document.uri, new vscode.Position(0, 0), 'A line\n\n');
    await vscode.workspace.applyEdit(insert);
    const lines = await eventually('lenses that moved', async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      const done = lenses.filter(({ command }) => /^\$\(check\) 1 row/.test(command?.title ?? ''));
      return done.length === 3 ? done.map(({ range }) => range.start.line) : undefined;
    });
    assert.deepEqual(
      lines.sort((a, b) => a - b),
      [5, 11, 12],
    );
  });

  it('runs from a template of TypeScript', async () => {
    const api = await extension();
    const { document } = await openFile('query.ts', 'const rows = await sql`select 43`;\n');
    await press((await runLenses(document, 1))[0]);
    assert.deepEqual(rowsOf(api.lastOutcome()), [['43']]);
  });
});
