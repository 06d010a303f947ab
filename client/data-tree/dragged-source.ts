import * as vscode from 'vscode';
import { documentFolder } from '../host/sessions.ts';
import type { DataNode } from './data-node.ts';
import { nameText, pathFrom, textLiteral } from './source-text.ts';

/** What the tree gives to a drop into SQL: the node's text, and the file that it stands for. */
const DRAGGED = 'application/vnd.quern.source';

/** Everything that may be dragged out of the tree, as the editor has to know it. */
export const DRAG_TYPES = ['text/plain', 'text/uri-list', DRAGGED];

interface Dragged {
  readonly text: string;
  readonly file?: string;
}

/** What a statement of the root's folder writes for a node; undefined for what nothing can read. */
export function writtenText(node: DataNode): string | undefined {
  if (node.kind === 'source') return node.source;
  if (node.kind === 'column' || node.kind === 'function') return nameText(node.name);
  if (node.kind === 'database' && node.file !== undefined)
    return textLiteral(pathFrom(node.file, node.root.folder));
  return node.kind === 'database' ? nameText(node.label) : undefined;
}

/** The file that a node is. */
export function fileOf(node: DataNode): string | undefined {
  return node.kind === 'source' || node.kind === 'database' ? node.file : undefined;
}

/** Fills what is dragged: text for any editor, addresses of files for the rest of the workbench. */
export function fillTransfer(nodes: readonly DataNode[], transfer: vscode.DataTransfer): void {
  const dragged = nodes.flatMap((node): Dragged[] => {
    const text = writtenText(node);
    const file = fileOf(node);
    return text === undefined ? [] : [{ text, ...(file !== undefined && { file }) }];
  });
  const files = dragged.flatMap(({ file }) => (file === undefined ? [] : vscode.Uri.file(file).toString()));
  const text = dragged.map((each) => each.text).join(', ');
  transfer.set('text/plain', new vscode.DataTransferItem(text));
  transfer.set(DRAGGED, new vscode.DataTransferItem(JSON.stringify(dragged)));
  if (files.length > 0) transfer.set('text/uri-list', new vscode.DataTransferItem(files.join('\r\n')));
}

/** Writes what was dragged from the tree into SQL, a file by its path from the document's folder. */
export function registerSourceDrops(): vscode.Disposable {
  const provider: vscode.DocumentDropEditProvider = {
    async provideDocumentDropEdits(document, _, transfer) {
      const given = await transfer.get(DRAGGED)?.asString();
      if (given === undefined) return undefined;
      const { folder } = documentFolder(document.uri);
      const parts = (JSON.parse(given) as readonly Dragged[]).map(({ text, file }) =>
        file === undefined ? text : textLiteral(pathFrom(file, folder)),
      );
      return new vscode.DocumentDropEdit(parts.join(', '));
    },
  };
  return vscode.languages.registerDocumentDropEditProvider({ language: 'sql' }, provider);
}
