import * as l10n from '@vscode/l10n';
import { counted, percentText } from '../../wasm-core/protocol/figures.ts';
import type { Flame } from '../../wasm-core/results/profile-tree.ts';
import { element } from '../dom.ts';
import { type FlameBox, layOut } from './flame-layout.ts';

/** Height of a row, as in the style sheet. */
const ROW_PX = 20;

/** Boxes that are narrower are not drawn. */
const MIN_WIDTH_PX = 3;

/** What a flame graph works with. */
export interface FlameGraphOptions {
  readonly root: Flame;
  /** Whether a function's source is known. */
  readonly hasSource: (flame: Flame) => boolean;
  /** Told which function is looked at. */
  readonly onSelect: (flame: Flame) => void;
  /** Asks for a function's source. */
  readonly onReveal: (flame: Flame) => void;
}

/**
 * The calls of a profile as boxes, as wide as the fuel that each used, callers above what they call. A tree for the
 * keyboard and for readers: arrows go along it, Enter makes a function as wide as the page, Escape shows all.
 */
export class FlameGraph {
  readonly node: HTMLElement;
  readonly #options: FlameGraphOptions;
  readonly #tree = element('div', {
    class: 'flames',
    attributes: { role: 'tree', 'aria-label': l10n.t('Calls by fuel') },
  });
  readonly #resize: ResizeObserver;
  #path: readonly Flame[];
  #boxes: readonly FlameBox[] = [];
  #nodes = new Map<Flame, HTMLElement>();
  #selected: Flame;

  constructor(options: FlameGraphOptions) {
    this.#options = options;
    this.#path = [options.root];
    this.#selected = options.root;
    this.node = element('div', { class: 'graph' }, [this.#tree]);
    this.#tree.addEventListener('keydown', (event) => this.#key(event));
    this.#resize = new ResizeObserver(() => this.#draw());
    this.#resize.observe(this.node);
  }

  dispose(): void {
    this.#resize.disconnect();
  }

  /** Makes a function as wide as the page; when it is already, its caller. */
  #zoom(box: FlameBox): void {
    const isFocus = box.flame === this.#path.at(-1);
    const target = isFocus ? (box.parent ?? box) : box;
    const path: Flame[] = [];
    for (let at: FlameBox | undefined = target; at !== undefined; at = at.parent) path.unshift(at.flame);
    this.#path = path;
    this.#draw();
    this.#select(box.flame, { focus: true });
  }

  #draw(): void {
    const width = Math.max(1, this.node.clientWidth);
    this.#boxes = layOut(this.#path, MIN_WIDTH_PX / width);
    const depth = this.#boxes.reduce((most, box) => Math.max(most, box.depth), 0);
    this.#tree.style.height = `${(depth + 1) * ROW_PX}px`;
    const hadFocus = this.#tree.contains(document.activeElement);
    this.#nodes = new Map(this.#boxes.map((box) => [box.flame, this.#boxNode(box, width)]));
    this.#tree.replaceChildren(...this.#nodes.values());
    const shown = this.#nodes.has(this.#selected) ? this.#selected : (this.#path.at(-1) ?? this.#selected);
    this.#select(shown, { focus: hadFocus });
  }

  #boxNode(box: FlameBox, pageWidth: number): HTMLElement {
    const { flame, depth, left, width, isAbove } = box;
    const kind = flame.function < 0 ? 'module' : this.#options.hasSource(flame) ? 'own' : 'library';
    const isWide = width * pageWidth >= 28;
    const name = flame === this.#options.root ? l10n.t('total') : flame.name;
    const node = element('div', {
      class: `flame ${kind}${isAbove ? ' above' : ''}`,
      text: isWide ? shortName(name) : '',
      attributes: {
        role: 'treeitem',
        tabindex: '-1',
        title: `${name}\n${figures(flame, this.#options.root)}`,
        'aria-label': `${name}, ${figures(flame, this.#options.root)}`,
        'aria-level': String(depth + 1),
        'aria-selected': 'false',
        ...(flame.children.length > 0 && { 'aria-expanded': 'true' }),
      },
      onClick: () => this.#zoom(box),
    });
    node.style.left = `${left * 100}%`;
    node.style.width = `${width * 100}%`;
    node.style.top = `${depth * ROW_PX}px`;
    node.addEventListener('focus', () => this.#select(flame, { focus: false }));
    return node;
  }

  #select(flame: Flame, { focus }: { readonly focus: boolean }): void {
    const before = this.#nodes.get(this.#selected);
    before?.setAttribute('tabindex', '-1');
    before?.setAttribute('aria-selected', 'false');
    this.#selected = flame;
    const node = this.#nodes.get(flame);
    node?.setAttribute('tabindex', '0');
    node?.setAttribute('aria-selected', 'true');
    if (focus) node?.focus();
    this.#options.onSelect(flame);
  }

  #key(event: KeyboardEvent): void {
    const box = this.#boxes.find(({ flame }) => flame === this.#selected);
    if (box === undefined || event.altKey) return;
    const next = this.#neighbour(box, event.key);
    if (next !== undefined) this.#select(next.flame, { focus: true });
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#options.onReveal(box.flame);
    else if (event.key === 'Enter' || event.key === ' ') this.#zoom(box);
    else if (event.key === 'Escape') this.#showAll();
    else return;
    event.preventDefault();
  }

  #showAll(): void {
    this.#path = this.#path.slice(0, 1);
    this.#draw();
  }

  #neighbour(box: FlameBox, key: string): FlameBox | undefined {
    const siblings = this.#boxes.filter(({ depth }) => depth === box.depth);
    switch (key) {
      case 'ArrowDown':
        return this.#boxes.find(({ parent }) => parent?.flame === box.flame);
      case 'ArrowUp':
        return box.parent;
      case 'ArrowRight':
        return siblings[siblings.indexOf(box) + 1];
      case 'ArrowLeft':
        return siblings[siblings.indexOf(box) - 1];
      case 'Home':
        return this.#boxes[0];
      default:
        return undefined;
    }
  }
}

/** What a function used, for a tooltip: `5,463 fuel, 12 % of all, 1,000 calls`. */
export function figures({ totalFuel, selfFuel, calls, function: index }: Flame, root: Flame): string {
  const share = percentText(totalFuel, root.totalFuel);
  const all = l10n.t('{0} fuel, {1} of all', totalFuel.toLocaleString('en-US'), share);
  if (index < 0) return all;
  const own = l10n.t('{0} its own', selfFuel.toLocaleString('en-US'));
  return `${all}, ${own}, ${counted(calls, l10n.t('{0} call'), l10n.t('{0} calls'))}`;
}

/** A function's name without the path that compilers put in front of it. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
