import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from '../support/eventually.ts';
import { diagnostic, openFile, press } from '../support/vscode/documents.ts';
import { extension } from '../support/vscode/extension.ts';
import { rowsOf } from '../support/vscode/rows.ts';
import { pluginsInForce, runText } from '../support/vscode/run.ts';

const WAT = `;; @udf halve(x INTEGER) -> INTEGER
(module
  (func (export "halve") (param $x i32) (result i32)
    (if (i32.and (local.get $x) (i32.const 1))
      (then
        (unreachable)))
    (i32.shr_s (local.get $x) (i32.const 1))))
`;

/** Answers the input boxes that follow. */
function answering(answer: string): { restore(): void } {
  const original = vscode.window.showInputBox;
  Object.assign(vscode.window, { showInputBox: async () => answer });
  return { restore: () => void Object.assign(vscode.window, { showInputBox: original }) };
}

describe('a function in its source', () => {
  before(pluginsInForce);

  async function lens(document: vscode.TextDocument, title: RegExp): Promise<vscode.CodeLens> {
    return eventually(`a lens ${title}`, async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      const found = lenses.find(({ command }) => title.test(command?.title ?? ''));
      if (found === undefined) throw new Error(`only ${lenses.map((l) => l.command?.title).join(' | ')}`);
      return found;
    });
  }

  it('is run and profiled with arguments, from what stands above it', async () => {
    const { document } = await openFile('plugins/halve.wat', WAT);
    const answers = answering('42');
    try {
      await eventually('halve in force', async () => {
        await press(await lens(document, /Run with…$/));
        assert.deepEqual(rowsOf((await extension()).lastOutcome()), [['21']]);
        return true;
      });
      await press(await lens(document, /^Profile$/));
    } finally {
      answers.restore();
    }
    const outcome = (await extension()).lastOutcome();
    assert.ok(outcome?.type === 'profile', JSON.stringify(outcome));
    const lines = outcome.result.modules[0]?.lines?.map(({ line, executions }) => [line, executions]);
    assert.deepEqual(lines, [
      [4, 1],
      [6, 0],
      [7, 1],
    ]);
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));
    assert.ok(tabs.includes('Quern Profile'), tabs.join());
    await vscode.commands.executeCommand('quern.showCoverage');
  });

  it('shows the call that failed at its line, until it does well', async () => {
    await openFile('plugins/halve.wat', WAT);
    assert.equal((await runText('select halve(3)', 'halve.sql'))?.type, 'failed');
    const { document } = await openFile('plugins/halve.wat', WAT);
    const trap = await diagnostic(document.uri, ({ source }) => source === 'quern trap');
    assert.match(trap.message, /halve\(x => 3\)/);
    assert.equal(trap.range.start.line, 5);
    assert.match(trap.relatedInformation?.[0]?.location.uri.path ?? '', /halve\.sql$/);
    assert.equal((await runText('select halve(4)', 'halve.sql'))?.type, 'results');
    await eventually('the trap is gone', () => {
      const left = vscode.languages
        .getDiagnostics(document.uri)
        .filter(({ source }) => source === 'quern trap');
      return left.length === 0 ? true : undefined;
    });
  });

  it('has tests beside it, which are begun', async () => {
    const { document } = await openFile('plugins/halve.wat', WAT);
    await press(await lens(document, /^Test$/));
    const shown = vscode.window.activeTextEditor?.document;
    assert.match(shown?.uri.path ?? '', /plugins\/halve\.test\.sql$/);
    assert.match(shown?.getText() ?? '', /statement ok\nselect halve\(42\)\n/);
  });
});
