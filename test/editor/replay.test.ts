import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from '../support/eventually.ts';
import { diagnostic, openFile } from '../support/vscode/documents.ts';
import { rowsOf } from '../support/vscode/rows.ts';
import { pluginsInForce, runText } from '../support/vscode/run.ts';

const WAT = `(module
  ;; @udf even_only(x INTEGER) -> INTEGER
  (func (export "even_only") (param $x i32) (result i32)
    (if (i32.and (local.get $x) (i32.const 1))
      (then
        (unreachable)))
    (local.get $x)))
`;

describe('a call of a plugin that fails in the editor', () => {
  before(pluginsInForce);

  it('is made once more by the quick fix, which shows the line of the plugin', async () => {
    await openFile('plugins/even_only.wat', WAT);
    await eventually('even_only in force', async () => {
      assert.deepEqual(rowsOf(await runText('select even_only(4)')), [['4']]);
      return true;
    });
    const outcome = await runText('select even_only(i::INTEGER) from range(2, 9) r(i)', 'replay.sql');
    assert.equal(outcome?.type, 'failed');
    assert.match(outcome.message, /^even_only: row 2: .*even_only\(x => 3\) at .*even_only\.wat:6/);

    const { document } = await openFile('replay.sql', 'select even_only(i::INTEGER) from range(2, 9) r(i)');
    const error = await diagnostic(document.uri, ({ message }) => message.includes('even_only: row 2'));
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      error.range,
    );
    const replay = actions.find(({ title }) => title === 'Quern: Replay this call');
    assert.ok(replay?.command, actions.map(({ title }) => title).join());
    await vscode.commands.executeCommand(replay.command.command, ...(replay.command.arguments ?? []));
    const shown = vscode.window.activeTextEditor;
    assert.match(shown?.document.uri.path ?? '', /plugins\/even_only\.wat$/);
    assert.equal(shown?.selection.active.line, 5);
  });
});
