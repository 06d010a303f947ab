import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openFile, press, replaceText, runLenses } from '../support/vscode/documents.ts';
import { extension } from '../support/vscode/extension.ts';
import { rowsOf } from '../support/vscode/rows.ts';
import { pluginsInForce, runText } from '../support/vscode/run.ts';

describe('running SQL', () => {
  before(pluginsInForce);

  it('shows a Run lens above each statement', async () => {
    const { document } = await openFile('lenses.sql', '-- first\nselect 1;\n\nselect 2;\n');
    const lines = (await runLenses(document, 2)).map((lens) => lens.range.start.line);
    assert.deepEqual(lines, [1, 3]);
  });

  it('gives the cell that the plugin computed when a lens is pressed', async () => {
    const { document } = await openFile('lens.sql', "select 1;\nselect slug('Crème Brûlée') as slug;\n");
    await press((await runLenses(document, 2))[1]);
    assert.deepEqual(rowsOf((await extension()).lastOutcome()), [['creme-brulee']]);
  });

  it('runs the statement that a lens was drawn for, after lines were put above it', async () => {
    const { document } = await openFile('moved.sql', "select 'old';\nselect 'mine';\n");
    const lens = (await runLenses(document, 2))[1];
    await replaceText(document, `-- a comment\nselect 'old';\nselect 'mine';\n`);
    await press(lens);
    const outcome = (await extension()).lastOutcome();
    if (outcome?.type === 'results') assert.deepEqual(rowsOf(outcome), [['mine']]);
    else assert.equal(outcome?.type, 'results', 'the lens still runs');
  });

  it('runs the statement at the cursor', async () => {
    const editor = await openFile('cursor.sql', 'select 1;\nselect\n  2;\nselect 3;\n');
    editor.selection = new vscode.Selection(2, 1, 2, 1);
    await vscode.commands.executeCommand('quern.runStatement');
    assert.deepEqual(rowsOf((await extension()).lastOutcome()), [['2']]);
  });

  it('runs what is selected', async () => {
    const editor = await openFile('selection.sql', 'select 1 union all select 2;\n');
    editor.selection = new vscode.Selection(0, 0, 0, 8);
    await vscode.commands.executeCommand('quern.runStatement');
    assert.deepEqual(rowsOf((await extension()).lastOutcome()), [['1']]);
  });

  it('gives a result for each statement of a file', async () => {
    await openFile('file.sql', 'create or replace temp table t as select 7 as x;\nselect x from t;\n');
    await vscode.commands.executeCommand('quern.runFile');
    assert.deepEqual(rowsOf((await extension()).lastOutcome(), 1), [['7']]);
  });

  it('reads files beside the SQL file', async () => {
    const outcome = await runText("select count(*) from 'data/airports.csv'");
    assert.deepEqual(rowsOf(outcome), [['3376']]);
  });

  it('keeps rows up to the setting and says that there are more', async () => {
    const outcome = await runText('select i from range(250000) r(i)');
    assert.equal(outcome?.type, 'results');
    if (outcome?.type !== 'results') return;
    const [statement] = outcome.result.statements;
    assert.deepEqual([statement?.rowCount, statement?.truncated], [100_000, true]);
  });

  it('underlines the place of an error that only running shows, until the text is edited', async () => {
    const outcome = await runText("select x::integer from (values ('1'), ('ten')) t(x);");
    assert.equal(outcome?.type, 'failed');
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document);
    assert.match(vscode.languages.getDiagnostics(document.uri)[0]?.message ?? '', /ten/);
    await replaceText(document, 'select 1;');
    const left = vscode.languages.getDiagnostics(document.uri).filter((d) => /ten/.test(d.message));
    assert.deepEqual(left, []);
  });

  it('ends a run that is cancelled, and runs the next', async () => {
    const long = runText(
      'select count(*) from range(100000000) a, range(100000) b where a.range + b.range = 7',
    );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await vscode.commands.executeCommand('quern.cancel');
    assert.deepEqual((await long)?.type, 'cancelled');
    assert.deepEqual(rowsOf(await runText('select 42')), [['42']]);
  });
});
