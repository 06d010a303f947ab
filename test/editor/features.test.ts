import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from '../support/eventually.ts';
import { diagnostic, noDiagnostics, openFile, workspaceFile } from '../support/vscode/documents.ts';
import { extension } from '../support/vscode/extension.ts';
import { rowsOf } from '../support/vscode/rows.ts';
import { pluginsInForce } from '../support/vscode/run.ts';

const WAT = `(module
  ;; @udf thrice(x DOUBLE) -> DOUBLE
  (func (export "thrice") (param $x f64) (result f64)
    (f64.mul (local.get $x) (f64.const 3))))
`;

/** Puts the cursor behind a word of an editor. */
function behind({ document }: vscode.TextEditor, word: string): vscode.Position {
  const at = document.getText().indexOf(word);
  assert.ok(at >= 0, word);
  return document.positionAt(at + word.length);
}

describe('SQL in a real editor', () => {
  before(pluginsInForce);

  it('is completed with the columns of a file that nobody has opened', async () => {
    const data = new TextEncoder().encode('first_thing,second_thing\n1,2\n');
    await vscode.workspace.fs.writeFile(workspaceFile('things.csv'), data);
    const editor = await openFile('columns.sql', "select  from 'things.csv';\n");
    const labels = await eventually('columns', async () => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        editor.document.uri,
        new vscode.Position(0, 7),
      );
      const found = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      return found.includes('first_thing') ? found : undefined;
    });
    assert.ok(labels.includes('second_thing'));
  });

  it('is mended by a quick fix', async () => {
    const { document } = await openFile('fix.sql', "select cty1 from (select 'a' as city1);\n");
    const fault = await diagnostic(document.uri, (d) => document.getText(d.range) === 'cty1');
    const fix = await eventually('a fix', async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        fault.range,
        vscode.CodeActionKind.QuickFix.value,
      );
      return actions.find(({ edit }) => edit !== undefined);
    });
    assert.ok(fix.edit);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.equal(document.getText(), "select city1 from (select 'a' as city1);\n");
    await noDiagnostics(document.uri);
  });

  it("is renamed together with the plugin's source", async () => {
    const source = await openFile('plugins/thrice.wat', WAT);
    const editor = await openFile('rename.sql', 'select thrice(2.5);\n');
    const edit = await eventually('a rename', async () => {
      const found = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
        'vscode.executeDocumentRenameProvider',
        editor.document.uri,
        behind(editor, 'select th'),
        'three_times',
      );
      return found.size === 2 ? found : undefined;
    });
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.ok(await source.document.save());
    assert.match(source.document.getText(), /@udf three_times\(x DOUBLE\)[\s\S]*\(export "three_times"\)/);
    assert.equal(editor.document.getText(), 'select three_times(2.5);\n');
    const api = await extension();
    await vscode.window.showTextDocument(editor.document);
    await eventually('the new name runs', async () => {
      await vscode.commands.executeCommand('quern.runStatement');
      return rowsOf(api.lastOutcome())[0]?.[0] === '7.5' ? true : undefined;
    });
  });

  it('is formatted', async () => {
    const { document } = await openFile('format.sql', 'select   1 as a,2 as b  from range(3);\n');
    const edits = await eventually('a format', async () => {
      const found = await vscode.commands.executeCommand<vscode.TextEdit[] | undefined>(
        'vscode.executeFormatDocumentProvider',
        document.uri,
        { tabSize: 2, insertSpaces: true },
      );
      return found?.length ? found : undefined;
    });
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, edits);
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.equal(document.getText(), 'select\n  1 as a,\n  2 as b\nfrom\n  range(3);\n');
  });

  it('shows who calls a plugin function', async () => {
    const editor = await openFile('calls-slug.sql', "-- name: the caller\nselect slug('x');\n");
    const [item] = await eventually('an item', async () => {
      const found = await vscode.commands.executeCommand<vscode.CallHierarchyItem[]>(
        'vscode.prepareCallHierarchy',
        editor.document.uri,
        behind(editor, 'select sl'),
      );
      return found.length > 0 ? found : undefined;
    });
    assert.match(item?.uri.path ?? '', /plugins\/text\.ts$/);
    const calls = await vscode.commands.executeCommand<vscode.CallHierarchyIncomingCall[]>(
      'vscode.provideIncomingCalls',
      item,
    );
    assert.ok(calls.some(({ from }) => from.name === 'the caller'));
  });
});
