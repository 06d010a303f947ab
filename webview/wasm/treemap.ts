import * as l10n from '@vscode/l10n';
import type { WasmSizeNode } from '../../wasm-core/protocol/wasm-viewer.ts';
import { element } from '../dom.ts';
import { bytesText, shareText } from './byte-text.ts';
import { layoutTreemap, type Rect } from './treemap-layout.ts';

/** A section's name has so much room above its parts, pixels. */
const TITLE_HEIGHT = 18;
/** Between parts, pixels. */
const GAP = 1;
/** Smaller parts are not drawn, square pixels. */
const MIN_AREA = 36;
/** A part that is smaller has no text in it, pixels. */
const MIN_LABEL = { width: 34, height: 15 };

/** What a file is made of, drawn by size. Parts of functions lead to their code. */
export class Treemap {
  readonly node = element('div', {
    class: 'treemap',
    attributes: { role: 'group', 'aria-label': l10n.t('What makes the file big') },
  });
  readonly #root: WasmSizeNode;
  readonly #show: (index: number) => void;
  readonly #observer = new ResizeObserver(() => this.#draw());
  #tiles: HTMLElement[] = [];

  /** @param show shows a function's code */
  constructor(root: WasmSizeNode, show: (index: number) => void) {
    this.#root = root;
    this.#show = show;
    this.#observer.observe(this.node);
    this.node.addEventListener('keydown', (event) => this.#move(event));
  }

  dispose(): void {
    this.#observer.disconnect();
  }

  #draw(): void {
    const { clientWidth: width, clientHeight: height } = this.node;
    this.#tiles = [];
    this.node.replaceChildren();
    if (width === 0 || height === 0) return;
    const { children = [] } = this.#root;
    const rects = layoutTreemap(sizesOf(children), { left: 0, top: 0, width, height });
    for (const [index, child] of children.entries()) {
      const rect = rects[index];
      if (rect !== undefined && isVisible(rect)) this.#section(child, rect);
    }
    const [first] = this.#tiles;
    if (first !== undefined) first.tabIndex = 0;
  }

  #section(section: WasmSizeNode, rect: Rect): void {
    const kind = kindOf(section.label);
    const text = describe(section, this.#root.byteLength);
    const { children = [] } = section;
    const hasRoom = rect.height > 2 * TITLE_HEIGHT && rect.width > MIN_LABEL.width && children.length > 0;
    const box = this.#tile({
      rect,
      text,
      label: section.label,
      kind: `section ${kind}`,
      hasLabel: isLabelled(rect),
    });
    this.node.append(box);
    if (!hasRoom) return;
    const inner = {
      left: 2,
      top: TITLE_HEIGHT,
      width: rect.width - 6,
      height: rect.height - TITLE_HEIGHT - 4,
    };
    for (const [index, part] of layoutTreemap(sizesOf(children), inner).entries()) {
      const child = children[index];
      if (child !== undefined && isVisible(part)) box.append(this.#part(child, part, kind));
    }
  }

  #part(part: WasmSizeNode, rect: Rect, kind: string): HTMLElement {
    const text = describe(part, this.#root.byteLength);
    return this.#tile({
      rect,
      text,
      label: part.label,
      kind,
      hasLabel: isLabelled(rect),
      function: part.function,
    });
  }

  #tile(tile: {
    readonly rect: Rect;
    readonly text: string;
    readonly label: string;
    readonly kind: string;
    readonly hasLabel: boolean;
    readonly function?: number | undefined;
  }): HTMLElement {
    const { rect, text, label, kind, hasLabel } = tile;
    const leads = tile.function !== undefined;
    const attributes = {
      title: text,
      ...(leads ? { type: 'button', tabindex: '-1', 'aria-label': text } : {}),
    };
    const inside = hasLabel ? [element('span', { class: 'label', text: label })] : [];
    const node = element(leads ? 'button' : 'div', { class: `tile ${kind}`, attributes }, inside);
    node.style.left = `${rect.left}px`;
    node.style.top = `${rect.top}px`;
    node.style.width = `${Math.max(1, rect.width - GAP)}px`;
    node.style.height = `${Math.max(1, rect.height - GAP)}px`;
    if (leads) {
      const index = tile.function ?? 0;
      node.addEventListener('click', () => this.#show(index));
      this.#tiles.push(node);
    }
    return node;
  }

  /** Arrows go from part to part, so that a hundred of them are one stop of the Tab key. */
  #move(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = this.#tiles.indexOf(document.activeElement as HTMLElement);
    const next = this.#tiles[at + (step ?? 0)];
    if (step === undefined || at < 0 || next === undefined) return;
    event.preventDefault();
    for (const tile of this.#tiles) tile.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}

/** The class of a section's colour. */
function kindOf(label: string): string {
  if (label === 'code' || label === 'data') return label;
  return label.startsWith('custom') ? 'custom' : 'other';
}

function sizesOf(nodes: readonly WasmSizeNode[]): number[] {
  return nodes.map(({ byteLength }) => byteLength);
}

function describe({ label, byteLength }: WasmSizeNode, whole: number): string {
  return `${label}: ${bytesText(byteLength)}, ${shareText(byteLength, whole)}`;
}

function isVisible({ width, height }: Rect): boolean {
  return width * height >= MIN_AREA && width >= 3 && height >= 3;
}

function isLabelled({ width, height }: Rect): boolean {
  return width >= MIN_LABEL.width && height >= MIN_LABEL.height;
}
