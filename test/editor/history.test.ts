import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from '../support/eventually.ts';
import { extension } from '../support/vscode/extension.ts';
import { rowsOf } from '../support/vscode/rows.ts';
import { runText } from '../support/vscode/run.ts';

/** Takes more than 250 ms wherever it runs, and gives the same each time. */
const SLOW = "select count(*) as n from range(6000000) a(i) where sqrt(i)::varchar like '%77%'";

/** Chooses the newest run of a text in the list of runs. */
async function showHistory(sql: string): Promise<void> {
  const listed = vscode.commands.executeCommand('quern.showHistory', sql);
  await eventually('the text of the run is open', async () => {
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    const { document } = vscode.window.activeTextEditor ?? {};
    return document?.isUntitled && document.getText() === sql ? true : undefined;
  });
  await listed;
}

describe('what ran before in the editor', () => {
  it('gives its rows at once when they are sure to be the same, and is run again on demand', async () => {
    const first = await runText(SLOW, 'slow.sql');
    const second = await runText(SLOW, 'slow.sql');
    assert.ok(first?.type === 'results' && second?.type === 'results');
    assert.ok(second.result.statements[0]?.cached !== undefined);
    assert.deepEqual(rowsOf(second), rowsOf(first));
    await vscode.commands.executeCommand('quern.runAgain');
    const third = (await extension()).lastOutcome();
    assert.ok(third?.type === 'results');
    assert.equal(third.result.statements[0]?.cached, undefined);
    assert.deepEqual(rowsOf(third), rowsOf(first));
  });

  it('is listed, and opens in a document', async () => {
    await runText('select 4242 as remembered', 'remembered.sql');
    const listed = vscode.commands.executeCommand('quern.showHistory');
    await eventually('the text of the newest run is open', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return vscode.window.activeTextEditor?.document.isUntitled ? true : undefined;
    });
    await listed;
    assert.equal(vscode.window.activeTextEditor?.document.getText(), 'select 4242 as remembered');
    assert.equal(vscode.window.activeTextEditor?.document.languageId, 'sql');
  });

  it('opens in the results page with its rows, without running, and is run again with its values', async () => {
    const api = await extension();
    await runText('select 4343 as kept', 'kept.sql');
    await runText('select 1 as other', 'other.sql');
    const before = api.lastOutcome();
    await showHistory('select 4343 as kept');
    const shown = await eventually('the rows of before', () => {
      const state = api.results().find(({ type }) => type === 'results');
      return state?.type === 'results' && state.results[0]?.cached ? state : undefined;
    });
    assert.deepEqual(
      shown.results.map(({ title, rowCount, columns }) => [title, rowCount, columns[0]?.name]),
      [['select 4343 as kept', 1, 'kept']],
    );
    assert.equal(api.lastOutcome(), before);
    const runs = api.results().find(({ type }) => type === 'runs');
    assert.ok(runs?.type === 'runs');
    assert.match(runs.runs[0]?.title ?? '', /4343/);
    assert.equal(runs.chosen, runs.runs[0]?.id);
    await vscode.commands.executeCommand('quern.runAgain');
    assert.deepEqual(rowsOf(api.lastOutcome()), [['4343']]);
  });

  it('says why it gave nothing, where it failed', async () => {
    const api = await extension();
    await runText('select nothing_of_the_kind', 'failed.sql');
    await runText('select 1 as other', 'other.sql');
    await showHistory('select nothing_of_the_kind');
    await eventually('the failure of before', () => {
      const state = api.results().find(({ type }) => type === 'failed');
      return state?.type === 'failed' && state.message.includes('nothing_of_the_kind') ? true : undefined;
    });
  });
});
