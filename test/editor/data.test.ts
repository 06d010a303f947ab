import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { QuernApi } from '../../client/api.ts';
import type { DataNode } from '../../client/data-tree/data-node.ts';
import { eventually } from '../support/eventually.ts';
import { openFile, workspaceFile } from '../support/vscode/documents.ts';
import { extension } from '../support/vscode/extension.ts';
import { rowsOf } from '../support/vscode/rows.ts';
import { pluginsInForce, runText } from '../support/vscode/run.ts';

const SETTINGS = { tables: { places: { path: 'data/airports.csv', description: 'Airports of the USA.' } } };

describe('the view of data', () => {
  let api: QuernApi;
  const settingsFile = () => workspaceFile('quern.json').fsPath;
  before(async () => {
    await pluginsInForce();
    api = await extension();
    writeFileSync(settingsFile(), JSON.stringify(SETTINGS));
    await runText('create or replace temp table mine as select 1 as one');
  });
  after(() => rmSync(settingsFile(), { force: true }));

  /** What is below the nodes of a path of labels, once it is there. */
  function below(...path: readonly string[]): Promise<readonly DataNode[]> {
    return eventually(path.join(' / '), async () => {
      let nodes = await api.data.children();
      for (const label of path) {
        const node = nodes.find((other) => labelOf(other) === label);
        if (node === undefined) return undefined;
        nodes = await api.data.children(node);
      }
      return nodes;
    });
  }

  async function node(...path: readonly string[]): Promise<DataNode> {
    const found = await eventually(path.join(' / '), async () =>
      (await below(...path.slice(0, -1))).find((other) => labelOf(other) === path.at(-1)),
    );
    return found;
  }

  it('has files, tables of quern.json, the session and plugins, with their columns', async () => {
    const columns = async (...path: readonly string[]) =>
      (await below(...path)).map((column) => column.kind === 'column' && `${column.name} ${column.type}`);
    assert.ok((await columns('files', 'data', 'airports.csv')).includes('state VARCHAR'));
    assert.ok((await columns('named', 'places')).includes('latitude DOUBLE'));
    assert.deepEqual(await columns('tables', 'mine'), ['one INTEGER']);
    assert.ok((await below('functions')).some((fn) => labelOf(fn) === 'slug'));
  });

  it('shows files that come and go', async () => {
    const file = workspaceFile('data/fresh.csv').fsPath;
    writeFileSync(file, 'a\n1\n');
    await node('files', 'data', 'fresh.csv');
    rmSync(file);
    await eventually('a tree without the file', async () =>
      (await below('files', 'data')).every((other) => labelOf(other) !== 'fresh.csv') ? true : undefined,
    );
  });

  it('previews a file in the results page', async () => {
    await vscode.commands.executeCommand('quern.previewData', await node('files', 'data', 'airports.csv'));
    const outcome = api.lastOutcome();
    assert.equal(outcome?.type, 'results');
    assert.equal(outcome.result.statements[0]?.rowCount, 1000);
  });

  it('describes what a file and a named table hold', async () => {
    for (const path of [
      ['files', 'data', 'airports.csv'],
      ['named', 'places'],
    ]) {
      await vscode.commands.executeCommand('quern.describeData', await node(...path));
      assert.ok(
        rowsOf(api.lastOutcome()).some(([name]) => name === 'latitude'),
        path.join(),
      );
    }
  });

  it('writes a query of a file, from where the document lies', async () => {
    const file = await node('files', 'data', 'airports.csv');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('quern.queryFile', file);
    const untitled = vscode.window.activeTextEditor?.document;
    assert.equal(untitled?.languageId, 'sql');
    assert.equal(untitled.getText(), "select *\nfrom 'data/airports.csv'\nlimit 100;\n");
    const editor = await openFile('data/here.sql', 'select 1;\n');
    editor.selection = new vscode.Selection(0, 3, 0, 3);
    await vscode.commands.executeCommand('quern.queryFile', file);
    const text = editor.document.getText();
    assert.equal(text, "select 1;\n\nselect *\nfrom 'airports.csv'\nlimit 100;\n\n");
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('copies a path, and a name as SQL takes it', async () => {
    const file = await node('files', 'data', 'airports.csv');
    await vscode.commands.executeCommand('quern.copyDataPath', file);
    assert.equal(await vscode.env.clipboard.readText(), workspaceFile('data/airports.csv').fsPath);
    await vscode.commands.executeCommand('quern.copyDataName', file);
    assert.equal(await vscode.env.clipboard.readText(), "'data/airports.csv'");
  });

  it('opens a data file as rows, and reads it again when it changes', async () => {
    const uri = workspaceFile('data/shown.csv');
    writeFileSync(uri.fsPath, 'a,b\n1,2\n');
    try {
      await vscode.commands.executeCommand('vscode.openWith', uri, 'quern.dataText');
      const shown = (rowCount: number) =>
        eventually(`${rowCount} rows`, async () => {
          const found = api.data.shown(uri);
          return found?.rowCount === rowCount ? found : undefined;
        });
      assert.deepEqual((await shown(1)).columns, ['a', 'b']);
      writeFileSync(uri.fsPath, `a,b,c\n${'1,2,3\n'.repeat(1500)}`);
      const more = await shown(1000);
      assert.deepEqual([more.columns, more.truncated], [['a', 'b', 'c'], true]);
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      rmSync(uri.fsPath);
    }
  });
});

function labelOf(node: DataNode): string {
  switch (node.kind) {
    case 'root':
      return node.root.name;
    case 'group':
      return node.group;
    case 'note':
      return node.text;
    case 'column':
    case 'function':
      return node.name;
    default:
      return node.label;
  }
}
