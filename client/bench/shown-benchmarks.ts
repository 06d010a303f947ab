import {
  type BenchFile,
  type BenchNode,
  type BenchSources,
  benchChildren,
  benchNodeId,
} from './bench-model.ts';

/** What the tree of benchmarks is made of. */
export interface ShownBenchmarksParts {
  readonly sources: BenchSources;
  /** What is told of a benchmark beside its name, as a text. */
  readonly look: (node: BenchNode) => string;
  /** Called when nodes were given of which a comparison knew nothing: another has to follow. */
  readonly onOutdated: () => void;
}

/**
 * What the tree of benchmarks has been given to show, and which of it is no longer so. A tree that is told to read only
 * that again keeps everything else as it is: what one opens or presses at that moment is not lost.
 */
export class ShownBenchmarks {
  readonly #parts: ShownBenchmarksParts;
  /** The nodes at the top as they were given. */
  #top: readonly BenchNode[] = [];
  /** Files as they were read last, by their addresses. */
  readonly #files = new Map<string, BenchFile>();
  /** The benchmarks of files as they were given, by the files' addresses. */
  readonly #below = new Map<string, readonly BenchNode[]>();
  readonly #looks = new Map<string, string>();
  #comparisons = 0;

  constructor(parts: ShownBenchmarksParts) {
    this.#parts = parts;
  }

  /** What is below a node, which is shown from now on; of no node, what is at the top. */
  async children(node?: BenchNode): Promise<readonly BenchNode[]> {
    const { sources, look, onOutdated } = this.#parts;
    const before = this.#comparisons;
    if (node?.kind === 'file') {
      const { uri } = node.file;
      const nodes = await benchChildren(sources, { ...node, file: this.#files.get(uri) ?? node.file });
      this.#below.set(uri, nodes);
      for (const each of nodes) this.#looks.set(benchNodeId(each), look(each));
      return nodes;
    }
    const nodes = await benchChildren(sources, node);
    if (node !== undefined) return nodes;
    this.#top = nodes;
    this.#read(nodes);
    if (before !== this.#comparisons) onOutdated();
    return nodes;
  }

  /**
   * Compares what is shown with what there is now.
   *
   * @returns the nodes of which what is below them, or what is told of them, is another now; `all` for the whole tree
   */
  async changed(): Promise<readonly BenchNode[] | 'all'> {
    this.#comparisons++;
    const now = await benchChildren(this.#parts.sources);
    if (JSON.stringify(now.map(own)) !== JSON.stringify(this.#top.map(own))) return 'all';
    this.#read(now);
    return this.#top.flatMap((node) => this.#changedAt(node));
  }

  #read(nodes: readonly BenchNode[]): void {
    for (const node of nodes) if (node.kind === 'file') this.#files.set(node.file.uri, node.file);
  }

  #changedAt(node: BenchNode): readonly BenchNode[] {
    if (node.kind !== 'file') return [];
    const { uri } = node.file;
    const shown = this.#below.get(uri);
    if (shown === undefined) return [];
    const names = shown.map((each) => (each.kind === 'benchmark' ? each.name : ''));
    if (JSON.stringify(names) !== JSON.stringify(this.#files.get(uri)?.names)) return [node];
    return shown.filter((each) => {
      const id = benchNodeId(each);
      const look = this.#parts.look(each);
      if (this.#looks.get(id) === look) return false;
      this.#looks.set(id, look);
      return true;
    });
  }
}

/** What a node at the top shows, without what is below it. */
function own(node: BenchNode): readonly string[] {
  if (node.kind !== 'file') return [node.kind, node.kind === 'note' ? node.text : node.name];
  const { uri, label, folder, type } = node.file;
  return [uri, label, folder, type];
}
