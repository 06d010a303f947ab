import type { DataModel } from './data-model.ts';
import { type DataNode, nodeId, type SourceNode } from './data-node.ts';

/**
 * What a tree has been given to show, and which of it is no longer so. A tree that is told to read only that again keeps
 * everything else as it is: what one opens elsewhere at that moment stays open.
 */
export class ShownNodes {
  readonly #model: DataModel;
  readonly #onOutdated: () => void;
  readonly #shown = new Map<string, readonly DataNode[]>();
  #comparisons = 0;

  /** @param onOutdated called when nodes were given of which a comparison knew nothing: another has to follow */
  constructor(model: DataModel, onOutdated: () => void) {
    this.#model = model;
    this.#onOutdated = onOutdated;
  }

  /** What is below a node, which is shown from now on; of no node, what is at the top. */
  async children(node?: DataNode): Promise<readonly DataNode[]> {
    const before = this.#comparisons;
    const nodes = await this.#model.children(node);
    this.#shown.set(keyOf(node), nodes);
    if (before !== this.#comparisons) this.#onOutdated();
    return nodes;
  }

  /**
   * Compares what is shown with what there is now.
   *
   * @param files absolute paths of those that came, went or changed
   * @returns the nodes of which what is below them, or what is told of them, is another now; `all` for the whole tree
   */
  async changed(files: readonly string[]): Promise<readonly DataNode[] | 'all'> {
    this.#comparisons++;
    const paths = new Set(files.map(slashed));
    const found: (DataNode | undefined)[] = [];
    const compare = async (node: DataNode | undefined): Promise<void> => {
      const shown = this.#shown.get(keyOf(node));
      if (node?.kind === 'source' && mayReadOthers(node, paths)) {
        found.push(node);
      } else if (shown !== undefined && (node?.kind !== 'source' || shown.some(isNote))) {
        const now = await this.#model.children(node);
        if (JSON.stringify(now) !== JSON.stringify(shown)) found.push(node);
        else await Promise.all(shown.map(compare));
      }
    };
    await compare(undefined);
    return found.includes(undefined) ? 'all' : found.filter((node) => node !== undefined);
  }
}

/** Whether a source has other rows, and perhaps other columns, now that files have changed. */
function mayReadOthers({ type, file }: SourceNode, changed: ReadonlySet<string>): boolean {
  if (file !== undefined) return changed.has(slashed(file));
  // What a name stands for is a pattern, perhaps.
  return type === 'named' && changed.size > 0;
}

/** Notes say what failed, which may do well by now. */
function isNote({ kind }: DataNode): boolean {
  return kind === 'note';
}

function keyOf(node: DataNode | undefined): string {
  return node === undefined ? '' : nodeId(node);
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}
