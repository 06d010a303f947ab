import * as vscode from 'vscode';
import { counted } from '../../wasm-core/protocol/figures.ts';
import type { SummaryResult } from '../../wasm-core/protocol/summary.ts';
import { rowsText } from '../counts.ts';
import { type DataNode, type GroupKind, nodeId, type SourceNode } from './data-node.ts';

const GROUP_ICONS: Readonly<Record<GroupKind, string>> = {
  files: 'files',
  named: 'bookmark',
  remote: 'globe',
  tables: 'table',
  databases: 'database',
  macros: 'symbol-method',
  functions: 'symbol-function',
};

const SOURCE_ICONS = { table: 'table', view: 'eye', named: 'bookmark', remote: 'globe' } as const;

/** A node as the tree shows it. */
export function nodeItem(node: DataNode): vscode.TreeItem {
  const item = shownItem(node);
  item.id = nodeId(node);
  return item;
}

function shownItem(node: DataNode): vscode.TreeItem {
  switch (node.kind) {
    case 'root':
      return item(node.root.name, { icon: 'root-folder', state: 'expanded' });
    case 'group': {
      const state = node.group === 'files' ? 'expanded' : 'collapsed';
      return item(groupLabel(node.group), { icon: GROUP_ICONS[node.group], state });
    }
    case 'folder':
      return item(node.label, { icon: 'folder', state: 'collapsed' });
    case 'database':
      return item(node.label, { icon: 'database', state: 'collapsed', context: 'database' });
    case 'source':
      return sourceItem(node);
    case 'column':
      return item(node.name, { icon: 'symbol-field', description: node.type, context: 'column' });
    case 'function': {
      const icon = node.module === undefined ? 'symbol-method' : 'symbol-function';
      const shown = item(node.name, { icon, description: node.signature, context: 'function' });
      const from = node.module === undefined ? '' : vscode.l10n.t('Plugin {0}', node.module);
      shown.tooltip = [`${node.name}${node.signature}`, node.doc, from].filter(Boolean).join('\n\n');
      return shown;
    }
    case 'note': {
      const shown = item(node.text, { icon: 'info' });
      shown.tooltip = node.text;
      return shown;
    }
  }
}

function groupLabel(group: GroupKind): string {
  return {
    files: vscode.l10n.t('Files'),
    named: vscode.l10n.t('Tables of quern.json'),
    remote: vscode.l10n.t('Remote files'),
    tables: vscode.l10n.t('Tables and views'),
    databases: vscode.l10n.t('Attached databases'),
    macros: vscode.l10n.t('Macros'),
    functions: vscode.l10n.t('Plugin functions'),
  }[group];
}

function sourceItem(node: SourceNode): vscode.TreeItem {
  const { type, label, description, file } = node;
  if (type !== 'file' || file === undefined)
    return item(label, {
      icon: SOURCE_ICONS[type === 'file' ? 'table' : type],
      description,
      state: 'collapsed',
      context: 'source',
    });
  const uri = vscode.Uri.file(file);
  const shown = item(label, { state: 'collapsed', context: 'file' });
  // With its address, a file has the icon that the user's theme gives to its kind.
  shown.resourceUri = uri;
  shown.iconPath = vscode.ThemeIcon.File;
  shown.command = { command: 'quern.openData', title: vscode.l10n.t('Open Data'), arguments: [node] };
  return shown;
}

interface Look {
  readonly icon?: string;
  readonly description?: string;
  readonly state?: 'expanded' | 'collapsed';
  /** What menus know it by, behind `quern.`. */
  readonly context?: string;
}

function item(label: string, { icon, description, state, context }: Look): vscode.TreeItem {
  const { Expanded, Collapsed, None } = vscode.TreeItemCollapsibleState;
  const shown = new vscode.TreeItem(
    label,
    state === undefined ? None : state === 'expanded' ? Expanded : Collapsed,
  );
  if (icon !== undefined) shown.iconPath = new vscode.ThemeIcon(icon);
  if (description !== undefined) shown.description = description;
  if (context !== undefined) shown.contextValue = `quern.${context}`;
  return shown;
}

/** What one is told who rests the pointer on a source, or on one of its columns. */
export function sourceTooltip(
  node: DataNode & { readonly kind: 'source' | 'column' },
  { rowCount, isEstimate, columns }: SummaryResult,
): string {
  if (node.kind === 'column') {
    const known = columns.find(({ name }) => name === node.name);
    const range =
      known?.min === undefined || known.max === undefined
        ? ''
        : vscode.l10n.t('{0} to {1}', known.min, known.max);
    const nulls = known?.nullCount === undefined ? '' : nullsText(known.nullCount);
    return lines(`${node.name} ${node.type}`, range, nulls, known?.notNull === true ? 'NOT NULL' : '');
  }
  const rows = rowCount === undefined ? '' : sizeText(rowCount, isEstimate === true);
  return lines(node.file ?? node.label, node.note ?? '', rows);
}

function nullsText(count: number): string {
  if (count === 0) return vscode.l10n.t('no NULLs');
  return counted(count, vscode.l10n.t('{0} NULL'), vscode.l10n.t('{0} NULLs'));
}

function sizeText(count: number, isEstimate: boolean): string {
  const rows = count === 0 ? vscode.l10n.t('no rows') : rowsText(count);
  return isEstimate ? vscode.l10n.t('about {0}', rows) : rows;
}

function lines(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}
