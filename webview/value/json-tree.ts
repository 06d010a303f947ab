import * as l10n from '@vscode/l10n';
import { element } from '../dom.ts';
import { showText } from '../visible-text.ts';
import { type JsonPart, kindAt, partsOf, stringOf } from './json-parts.ts';

/** Parts of one value that are listed at first, and more by each press of "more". */
const LISTED = 200;

/** Characters of a value in its line. */
const SHOWN_CHARACTERS = 300;

interface TreeNode {
  readonly part: JsonPart;
  readonly label: string;
  readonly depth: number;
  listed: number;
  isOpen: boolean;
}

/** A line of the tree: a value, or the offer of more parts of one. */
type Line = { readonly node: TreeNode } | { readonly moreOf: TreeNode };

/** A value with parts as a tree; arrows move in it, open and close. */
export class JsonTree {
  readonly node = element('div', {
    class: 'tree',
    attributes: { role: 'tree', 'aria-label': l10n.t('Parts of the value') },
  });
  readonly #text: string;
  #lines: Line[];
  #active = 0;

  /** @param text valid JSON */
  constructor(text: string) {
    this.#text = text;
    const part: JsonPart = { start: 0, end: text.length, kind: kindAt(text, 0) };
    const root: TreeNode = { part, label: '', depth: 0, listed: LISTED, isOpen: false };
    this.#lines = [{ node: root }];
    this.#toggle(0);
    this.node.addEventListener('keydown', (event) => this.#press(event));
    this.node.addEventListener('click', (event) => this.#click(event));
    this.#draw();
  }

  focus(): void {
    this.#elementAt(this.#active)?.focus();
  }

  #toggle(index: number): void {
    const line = this.#lines[index];
    if (line === undefined) return;
    if ('moreOf' in line) {
      const { moreOf } = line;
      const before = moreOf.listed;
      moreOf.listed += LISTED * 5;
      this.#lines.splice(index, 1, ...this.#childrenOf(moreOf, before));
      return;
    }
    const { node } = line;
    if (node.part.kind !== 'object' && node.part.kind !== 'array') return;
    if (node.isOpen) this.#lines.splice(index + 1, this.#below(index));
    else this.#lines.splice(index + 1, 0, ...this.#childrenOf(node, 0));
    node.isOpen = !node.isOpen;
  }

  #childrenOf(node: TreeNode, from: number): Line[] {
    const parts = partsOf(this.#text, node.part, { most: node.listed + 1 });
    const lines: Line[] = parts.slice(from, node.listed).map((part, i) => ({
      node: {
        part,
        label: part.key ?? String(from + i),
        depth: node.depth + 1,
        listed: LISTED,
        isOpen: false,
      },
    }));
    if (parts.length > node.listed) lines.push({ moreOf: node });
    return lines;
  }

  /** How many lines belong to what an open line has. */
  #below(index: number): number {
    const depth = depthOf(this.#lines[index]);
    let end = index + 1;
    while (end < this.#lines.length && depthOf(this.#lines[end]) > depth) end++;
    return end - index - 1;
  }

  #draw(): void {
    this.node.replaceChildren(...this.#lines.map((line, index) => this.#lineElement(line, index)));
  }

  #lineElement(line: Line, index: number): HTMLElement {
    const depth = depthOf(line);
    const isActive = index === this.#active;
    const item = element('div', {
      class: 'tree-line',
      attributes: { role: 'treeitem', 'aria-level': String(depth + 1), tabindex: isActive ? '0' : '-1' },
    });
    item.style.paddingLeft = `${depth * 14 + 6}px`;
    if ('moreOf' in line) {
      item.append(element('span', { class: 'tree-more', text: l10n.t('more…') }));
      return item;
    }
    const { part, label, isOpen } = line.node;
    const isOpenable = part.kind === 'object' || part.kind === 'array';
    if (isOpenable) item.setAttribute('aria-expanded', String(isOpen));
    item.dataset.kind = part.kind;
    if (label !== '' || depth > 0) {
      const key = element('span', { class: 'tree-key' });
      showText(key, label);
      item.append(key, document.createTextNode(': '));
    }
    const value = element('span', { class: 'tree-value' });
    const raw = this.#text.slice(part.start, Math.min(part.end, part.start + SHOWN_CHARACTERS));
    const isCut = part.end - part.start > SHOWN_CHARACTERS;
    const shown = part.kind === 'string' && !isCut ? stringOf(raw) : raw + (isCut ? '…' : '');
    showText(value, shown, { marksSpaces: true });
    item.append(value);
    return item;
  }

  #click({ target }: MouseEvent): void {
    const item = target instanceof Element ? target.closest('[role=treeitem]') : null;
    const index = item === null ? -1 : [...this.node.children].indexOf(item);
    if (index < 0) return;
    this.#active = index;
    this.#toggle(index);
    this.#draw();
    this.focus();
  }

  #press(event: KeyboardEvent): void {
    const line = this.#lines[this.#active];
    const isOpen = line !== undefined && 'node' in line && line.node.isOpen;
    switch (event.key) {
      case 'ArrowDown':
        this.#active = Math.min(this.#lines.length - 1, this.#active + 1);
        break;
      case 'ArrowUp':
        this.#active = Math.max(0, this.#active - 1);
        break;
      case 'Home':
        this.#active = 0;
        break;
      case 'End':
        this.#active = this.#lines.length - 1;
        break;
      case 'ArrowRight':
        if (isOpen) this.#active = Math.min(this.#lines.length - 1, this.#active + 1);
        else this.#toggle(this.#active);
        break;
      case 'ArrowLeft':
        if (isOpen) this.#toggle(this.#active);
        else this.#active = this.#parentOf(this.#active);
        break;
      case 'Enter':
      case ' ':
        this.#toggle(this.#active);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
    this.#draw();
    this.focus();
  }

  #parentOf(index: number): number {
    const depth = depthOf(this.#lines[index]);
    let at = index;
    while (at > 0 && depthOf(this.#lines[at]) >= depth) at--;
    return at;
  }

  #elementAt(index: number): HTMLElement | undefined {
    const child = this.node.children[index];
    return child instanceof HTMLElement ? child : undefined;
  }
}

function depthOf(line: Line | undefined): number {
  if (line === undefined) return -1;
  return 'node' in line ? line.node.depth : line.moreOf.depth + 1;
}
