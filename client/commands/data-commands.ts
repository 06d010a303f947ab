import * as vscode from 'vscode';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { DATA_EDITOR } from '../data-editor/data-editors.ts';
import { fileNode } from '../data-tree/data-model.ts';
import type { DataNode, DataRoot, SourceNode } from '../data-tree/data-node.ts';
import type { DataTree } from '../data-tree/data-tree.ts';
import { fileOf, writtenText } from '../data-tree/dragged-source.ts';
import { pathFrom, textLiteral } from '../data-tree/source-text.ts';
import { directiveOf } from '../data-tree/window-sources.ts';
import type { CallDocuments } from '../functions/call-documents.ts';
import { piecesUpTo } from '../run/pieces.ts';
import type { Runner } from '../run/runner.ts';
import { checkTrust } from '../trust.ts';
import type { Commands } from './register.ts';

/** Rows that a preview shows. */
const PREVIEW_ROWS = 1_000;

interface DataCommandParts {
  readonly tree: DataTree;
  readonly runner: Runner;
  readonly calls: CallDocuments;
}

/** Commands on what the tree of data and the explorer show. */
export function dataCommands({ tree, runner, calls }: DataCommandParts): Commands {
  const run = async (argument: unknown, make: (source: string) => string, title: string) => {
    if (!(await checkTrust())) return;
    const node = sourceOf(argument);
    const sql = `${directiveOf(node)}${make(node.source)}`;
    const document = await calls.at(vscode.Uri.file(node.root.folder), 'data', sql);
    await runner.run({
      document,
      pieces: piecesUpTo(document.getText()),
      title: `${title} of ${node.label}`,
      mode: 'run',
      parameters: {},
    });
  };
  return {
    'quern.queryFile': (argument) => query(sourceOf(argument)),
    'quern.queryTable': (argument) => query(sourceOf(argument)),
    'quern.previewData': (argument) =>
      run(argument, (source) => `from ${source} limit ${PREVIEW_ROWS}`, vscode.l10n.t('Preview')),
    'quern.describeData': (argument) =>
      run(argument, (source) => `summarize from ${source}`, vscode.l10n.t('Description')),
    'quern.copyDataPath': async (argument) => {
      const file = argument instanceof vscode.Uri ? argument.fsPath : fileOf(nodeOf(argument));
      if (file !== undefined) await vscode.env.clipboard.writeText(file);
    },
    'quern.copyDataName': async (argument) => {
      const text = writtenText(nodeOf(argument));
      if (text !== undefined) await vscode.env.clipboard.writeText(text);
    },
    'quern.openData': async (argument) => {
      const file = argument instanceof vscode.Uri ? argument.fsPath : fileOf(nodeOf(argument));
      if (file === undefined) return;
      await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), DATA_EDITOR);
    },
    'quern.refreshData': () => tree.refresh(),
  };
}

/** A query at the cursor of the SQL that is edited, on a line of its own; else a document of its own. */
async function query(node: SourceNode): Promise<void> {
  const first = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const active = vscode.window.activeTextEditor;
  if (active?.document.languageId === 'sql') {
    const folder = vscode.Uri.joinPath(active.document.uri, '..').fsPath;
    const isPlaced = active.document.uri.scheme === 'file';
    await insertStatement(active, queryText(node, isPlaced ? folder : first));
    return;
  }
  const content = queryText(node, first);
  const document = await vscode.workspace.openTextDocument({ language: 'sql', content });
  await vscode.window.showTextDocument(document);
}

/** @param folder where relative paths of the statement start */
function queryText(node: SourceNode, folder: string | undefined): string {
  const { file, source, root, database } = node;
  const base = folder ?? root.folder;
  const from = file === undefined || database !== undefined ? source : textLiteral(pathFrom(file, base));
  const above =
    database === undefined || base === root.folder
      ? directiveOf(node)
      : directiveOf({ database: `${root.folder}/${database}` });
  return `${above}select *\nfrom ${from}\nlimit 100;\n`;
}

async function insertStatement(editor: vscode.TextEditor, sql: string): Promise<void> {
  const { line } = editor.selection.active;
  const { range, isEmptyOrWhitespace } = editor.document.lineAt(line);
  const at = isEmptyOrWhitespace ? range.start : range.end;
  await editor.edit((edit) => edit.insert(at, isEmptyOrWhitespace ? sql : `\n\n${sql}`));
  await vscode.window.showTextDocument(editor.document, {
    viewColumn: editor.viewColumn ?? vscode.ViewColumn.One,
  });
}

/** @throws CoreError REQUEST_INVALID */
function sourceOf(argument: unknown): SourceNode {
  const node = argument instanceof vscode.Uri ? uriNode(argument) : nodeOf(argument);
  if (node.kind === 'source') return node;
  throw new CoreError(
    'REQUEST_INVALID',
    vscode.l10n.t('Choose a file, a table or a view in the view Data of Quern.'),
  );
}

/** @throws CoreError REQUEST_INVALID */
function nodeOf(argument: unknown): DataNode {
  const isNode = typeof argument === 'object' && argument !== null && 'kind' in argument;
  // The tree gives its own nodes.
  if (isNode) return argument as DataNode;
  throw new CoreError('REQUEST_INVALID', vscode.l10n.t('Choose something in the view Data of Quern.'));
}

function uriNode(uri: vscode.Uri): DataNode {
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri ?? vscode.Uri.joinPath(uri, '..');
  const root: DataRoot = { folder: folder.fsPath, name: '' };
  return fileNode(root, pathFrom(uri.fsPath, folder.fsPath));
}
