import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from '../support/eventually.ts';
import { diagnostic, openFile, workspaceFile } from '../support/vscode/documents.ts';
import { extension } from '../support/vscode/extension.ts';
import { pluginsInForce } from '../support/vscode/run.ts';

const TESTS = `# a plugin's function
query R
select round(haversine_km(0, 0, 0, 180))
----
20015

# what is wrong here
query I
select 1
----
2
`;

describe('tests in the editor', () => {
  before(pluginsInForce);
  after(() => vscode.workspace.fs.delete(workspaceFile('geo.test.sql')));

  it('run as they stand, with the plugins of the workspace', async () => {
    const api = await extension();
    await openFile('geo.test.sql', TESTS);
    await vscode.commands.executeCommand('testing.runCurrentFile');
    const result = await eventually('a file of tests that ran', () => api.lastTests()[0]);
    assert.deepEqual(
      result.records.map(({ line, outcome }) => [line, outcome]),
      [
        [2, 'passed'],
        [8, 'failed'],
      ],
    );
    assert.deepEqual([result.records[1]?.failure?.expected, result.records[1]?.failure?.actual], ['2', '1']);
  });

  it('are no SQL to the language server, but marked where they are not of the format', async () => {
    const { document } = await openFile('geo.test.sql', `${TESTS}\nselekt 1\n`);
    assert.equal(document.languageId, 'sqllogictest');
    const problem = await diagnostic(document.uri, ({ message }) =>
      message.includes('"selekt" begins no record'),
    );
    assert.equal(problem.range.start.line, 12);
    assert.equal(vscode.languages.getDiagnostics(document.uri).length, 1);
  });
});
