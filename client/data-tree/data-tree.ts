import * as vscode from 'vscode';
import type { HostLink } from '../host/host-link.ts';
import type { Sessions } from '../host/sessions.ts';
import { DATA_PATTERN } from './data-files.ts';
import { DataModel } from './data-model.ts';
import type { DataNode } from './data-node.ts';
import { DRAG_TYPES, fillTransfer, registerSourceDrops } from './dragged-source.ts';
import { nodeItem, sourceTooltip } from './node-item.ts';
import { ShownNodes } from './shown-nodes.ts';
import { WindowSources } from './window-sources.ts';

/** The view, as `package.json` declares it. */
const DATA_VIEW = 'quern.data';

/** Files change in bursts; the tree is read again when they have been left alone so long, milliseconds. */
const QUIET_MS = 400;

/** The tree of what can be queried, in the side bar. Nothing is read before it is shown. */
export class DataTree implements vscode.TreeDataProvider<DataNode>, vscode.Disposable {
  readonly #sources: WindowSources;
  readonly #model: DataModel;
  readonly #shown: ShownNodes;
  readonly #changed = new vscode.EventEmitter<DataNode[] | undefined>();
  readonly #view: vscode.TreeView<DataNode>;
  readonly #parts: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;
  /** Files that changed since the tree was compared with them. */
  #files: string[] = [];

  readonly onDidChangeTreeData = this.#changed.event;

  constructor({ link, sessions }: { readonly link: HostLink; readonly sessions: Sessions }) {
    this.#sources = new WindowSources(link, sessions);
    this.#model = new DataModel(this.#sources, () => this.#changed.fire(undefined));
    const soon = () => this.#updateSoon();
    const changed = ({ fsPath }: vscode.Uri) => {
      this.#files.push(fsPath);
      soon();
    };
    this.#shown = new ShownNodes(this.#model, soon);
    this.#view = vscode.window.createTreeView(DATA_VIEW, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
      dragAndDropController: {
        dropMimeTypes: [],
        dragMimeTypes: DRAG_TYPES,
        handleDrag: (nodes, transfer) => fillTransfer(nodes, transfer),
      },
    });
    this.#parts = vscode.Disposable.from(
      this.#changed,
      this.#view,
      registerSourceDrops(),
      watched(DATA_PATTERN, changed),
      watched('**/quern.json', soon),
      vscode.workspace.onDidChangeWorkspaceFolders(soon),
      vscode.workspace.onDidGrantWorkspaceTrust(soon),
      link.onDidConnect((connection) => {
        connection.onEvent(soon, ['changed', 'loaded', 'unloaded']);
        soon();
      }),
    );
  }

  /** Calls a listener as soon as somebody looks at the tree. */
  onceVisible(listener: () => void): vscode.Disposable {
    if (this.#view.visible) listener();
    return this.#view.onDidChangeVisibility(({ visible }) => {
      if (visible) listener();
    });
  }

  getTreeItem(node: DataNode): vscode.TreeItem {
    return nodeItem(node);
  }

  async getChildren(node?: DataNode): Promise<DataNode[]> {
    return [...(await this.#shown.children(node))];
  }

  /** What is below a node, for whoever is not the view. */
  children(node?: DataNode): Promise<readonly DataNode[]> {
    return this.#model.children(node);
  }

  async resolveTreeItem(item: vscode.TreeItem, node: DataNode): Promise<vscode.TreeItem> {
    if (node.kind !== 'source' && node.kind !== 'column') return item;
    const summary = await this.#sources.summary(node.kind === 'column' ? node.source : node);
    item.tooltip = sourceTooltip(node, summary);
    return item;
  }

  /** Reads everything again. */
  refresh(): void {
    clearTimeout(this.#timer);
    this.#files = [];
    this.#sources.forget();
    this.#changed.fire(undefined);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#parts.dispose();
  }

  #updateSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#update(), QUIET_MS);
  }

  /** Has the view read again what is another now. A click on what is read again may be lost. */
  async #update(): Promise<void> {
    // Nothing is read for a view that nobody sees; it reads everything again when it is shown.
    if (!this.#view.visible) return this.refresh();
    const files = this.#files.splice(0);
    this.#sources.forget();
    const nodes = await this.#shown.changed(files);
    if (nodes === 'all') this.#changed.fire(undefined);
    else if (nodes.length > 0) this.#changed.fire([...nodes]);
  }
}

/** Tells of files that come, go and change. */
function watched(pattern: string, changed: (uri: vscode.Uri) => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(pattern);
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(changed),
    watcher.onDidChange(changed),
    watcher.onDidDelete(changed),
  );
}
