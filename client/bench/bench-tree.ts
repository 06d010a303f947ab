import * as vscode from 'vscode';
import { comparisonText, type Verdict } from '../../wasm-core/protocol/bench/report.ts';
import { CHAIN_ENDING } from '../../wasm-core/protocol/chain-file.ts';
import { durationText } from '../../wasm-core/protocol/figures.ts';
import type { HostLink } from '../host/host-link.ts';
import { type BenchNode, benchChildren, benchKey, benchLook, benchNodeId } from './bench-model.ts';
import { WindowBenchmarks } from './bench-sources.ts';
import type { Benches } from './benches.ts';
import { ShownBenchmarks } from './shown-benchmarks.ts';

/** The view, as `package.json` declares it. */
const BENCH_VIEW = 'quern.benchmarks';

/** Files change in bursts; the tree is read again when they have been left alone so long, milliseconds. */
const QUIET_MS = 400;

const ICONS: Readonly<Record<Verdict | 'unknown', { readonly icon: string; readonly color?: string }>> = {
  unknown: { icon: 'watch' },
  new: { icon: 'watch' },
  failed: { icon: 'error', color: 'problemsErrorIcon.foreground' },
  slower: { icon: 'arrow-up', color: 'problemsWarningIcon.foreground' },
  'more-fuel': { icon: 'arrow-up', color: 'problemsWarningIcon.foreground' },
  faster: { icon: 'arrow-down', color: 'testing.iconPassed' },
  'less-fuel': { icon: 'arrow-down', color: 'testing.iconPassed' },
  same: { icon: 'check', color: 'testing.iconPassed' },
  unsure: { icon: 'question' },
  other: { icon: 'circle-slash' },
};

/** The benchmarks of the workspace, in the side bar, with what they gave last. Nothing is read before it is shown. */
export class BenchTree implements vscode.TreeDataProvider<BenchNode>, vscode.Disposable {
  readonly #sources: WindowBenchmarks;
  readonly #shown: ShownBenchmarks;
  readonly #benches: Benches;
  readonly #changed = new vscode.EventEmitter<BenchNode[] | undefined>();
  readonly #view: vscode.TreeView<BenchNode>;
  readonly #parts: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor({ link, benches }: { readonly link: HostLink; readonly benches: Benches }) {
    this.#sources = new WindowBenchmarks(link);
    this.#benches = benches;
    const soon = () => this.#updateSoon();
    this.#shown = new ShownBenchmarks({
      sources: this.#sources,
      look: (node) => (node.kind === 'benchmark' ? (JSON.stringify(this.#kept(node)) ?? '') : ''),
      onOutdated: soon,
    });
    this.#view = vscode.window.createTreeView(BENCH_VIEW, { treeDataProvider: this, showCollapseAll: true });
    this.#parts = vscode.Disposable.from(
      this.#changed,
      this.#view,
      watched('**/*.sql', soon),
      watched(`**/*${CHAIN_ENDING}`, soon),
      benches.onDidChange(soon),
      vscode.workspace.onDidSaveTextDocument(soon),
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

  getTreeItem(node: BenchNode): vscode.TreeItem {
    const item = this.#item(node);
    item.id = benchNodeId(node);
    return item;
  }

  async getChildren(node?: BenchNode): Promise<BenchNode[]> {
    return [...(await this.#shown.children(node))];
  }

  /** What is below a node, for whoever is not the view. */
  children(node?: BenchNode): Promise<readonly BenchNode[]> {
    return benchChildren(this.#sources, node);
  }

  /** Reads everything again. */
  refresh(): void {
    clearTimeout(this.#timer);
    this.#changed.fire(undefined);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#parts.dispose();
  }

  #item(node: BenchNode): vscode.TreeItem {
    switch (node.kind) {
      case 'file': {
        const { label, folder, uri, type } = node.file;
        const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
        item.description = folder;
        if (type !== 'host') item.resourceUri = vscode.Uri.parse(uri);
        item.iconPath = type === 'host' ? new vscode.ThemeIcon('server-process') : vscode.ThemeIcon.File;
        item.contextValue = `quern.bench.${type}`;
        return item;
      }
      case 'benchmark':
        return this.#benchmark(node);
      case 'note': {
        const item = new vscode.TreeItem(node.text);
        item.iconPath = new vscode.ThemeIcon('info');
        return item;
      }
    }
  }

  #benchmark(node: BenchNode & { readonly kind: 'benchmark' }): vscode.TreeItem {
    const { file, name } = node;
    const kept = this.#kept(node);
    const { description, verdict } = benchLook(kept?.row, vscode.l10n);
    const { icon, color } = ICONS[verdict];
    const item = new vscode.TreeItem(name);
    item.description = description;
    // Readers of the screen do without the icon; of the tooltip they would hear all of it.
    item.accessibilityInformation = { label: description === '' ? name : `${name}, ${description}` };
    item.iconPath = new vscode.ThemeIcon(
      icon,
      color === undefined ? undefined : new vscode.ThemeColor(color),
    );
    if (file.type === 'host') {
      // It has no code to show, and no baseline to be written.
      item.contextValue = 'quern.bench.operation';
    } else {
      item.contextValue = kept === undefined ? 'quern.bench.item' : 'quern.bench.measured';
      item.command = { command: 'quern.openBenchmark', title: vscode.l10n.t('Show Code'), arguments: [node] };
    }
    const { comparison, result } = kept?.row ?? {};
    const lines = [
      name,
      ...(result?.outcome === 'measured'
        ? [
            vscode.l10n.t(
              'median {0}, p95 {1}',
              durationText(result.figures.median),
              durationText(result.figures.p95),
            ),
          ]
        : []),
      ...(result?.outcome === 'failed' ? [result.message] : []),
      ...(comparison ? [comparisonText(comparison, kept?.against ?? '', vscode.l10n)] : []),
    ];
    item.tooltip = lines.join('\n');
    return item;
  }

  /** What a benchmark gave last; undefined when it was not measured in this window. */
  #kept({ file, name }: BenchNode & { readonly kind: 'benchmark' }) {
    return this.#benches.kept.rows.get(benchKey(file.uri, name));
  }

  #updateSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#update(), QUIET_MS);
  }

  /** Has the view read again what is another now. A click on what is read again may be lost. */
  async #update(): Promise<void> {
    // Nothing is read for a view that nobody sees; it reads everything again when it is shown.
    if (!this.#view.visible) return this.refresh();
    const nodes = await this.#shown.changed();
    if (nodes === 'all') this.#changed.fire(undefined);
    else if (nodes.length > 0) this.#changed.fire([...nodes]);
  }
}

/** Tells of files that come, go and change. */
function watched(pattern: string, changed: () => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(pattern);
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(changed),
    watcher.onDidChange(changed),
    watcher.onDidDelete(changed),
  );
}
