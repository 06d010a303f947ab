import * as l10n from '@vscode/l10n';
import type { WasmCalls, WasmFunctionRef } from '../../wasm-core/protocol/wasm-viewer.ts';
import { element } from '../dom.ts';
import { bytesText, countText, functionsText } from './byte-text.ts';
import { nameOf } from './function-name.ts';
import type { WasmAsker } from './wasm-asker.ts';

/** What a tree works with. */
export interface TreeContext {
  readonly asker: WasmAsker;
  /** Shows a function's code. */
  readonly show: (index: number) => void;
}

/** A function in a tree, with those that lead to it. */
interface Branch {
  readonly ref: WasmFunctionRef;
  readonly note: string;
  readonly path: readonly number[];
}

/** Functions of one kind that are drawn below another. */
const MAX_DRAWN = 200;

/** The functions that a function calls, or that call it, and theirs in turn, opened one by one. */
export class CallTree {
  readonly node: HTMLElement;
  readonly #direction: 'callees' | 'callers';
  readonly #context: TreeContext;

  constructor(root: WasmCalls, direction: 'callees' | 'callers', context: TreeContext) {
    this.#direction = direction;
    this.#context = context;
    const label =
      direction === 'callees' ? l10n.t('Functions that it calls') : l10n.t('Functions that call it');
    this.node = element('ul', { class: 'tree', attributes: { role: 'tree', 'aria-label': label } });
    this.#fill(this.node, root, [root.function.index]);
    this.node.addEventListener('keydown', (event) => this.#key(event));
    const first = this.node.querySelector<HTMLElement>('[role=treeitem]');
    if (first !== null) first.tabIndex = 0;
  }

  #fill(list: HTMLElement, calls: WasmCalls, path: readonly number[]): void {
    const isDown = this.#direction === 'callees';
    const found = isDown ? calls.callees : calls.callers;
    const total = isDown ? calls.calleeCount : calls.callerCount;
    const drawn = found.slice(0, MAX_DRAWN);
    for (const ref of drawn) {
      list.append(this.#item({ ref, note: ref.how === 'refers' ? l10n.t('by reference') : '', path }));
    }
    if (total > drawn.length) list.append(plainItem(moreText(total - drawn.length)));
    if (isDown) for (const group of calls.indirect) list.append(this.#group(group, path));
    if (list.childElementCount === 0)
      list.append(plainItem(isDown ? l10n.t('no function') : l10n.t('no function by its name')));
  }

  /** The functions of a type that a table may hold: one of them is called. */
  #group({ type, total, functions }: WasmCalls['indirect'][number], path: readonly number[]): HTMLElement {
    const text = l10n.t('through a table, one of {0} of type {1}', functionsText(total), type);
    return this.#opening(element('span', { class: 'note', text }), async (list) => {
      for (const ref of functions) list.append(this.#item({ ref, note: '', path }));
      if (total > functions.length) list.append(plainItem(moreText(total - functions.length)));
    });
  }

  #item({ ref, note, path }: Branch): HTMLElement {
    const { index, byteLength } = ref;
    const isRepeated = path.includes(index);
    const link = element('span', { class: 'link', text: nameOf(ref) });
    link.addEventListener('click', (event) => {
      event.stopPropagation();
      this.#context.show(index);
    });
    const size = byteLength === undefined ? l10n.t('imported') : bytesText(byteLength);
    const notes = [size, note, isRepeated ? l10n.t('see above') : '']
      .filter((text) => text !== '')
      .join(', ');
    const text = element('span', {}, [link, element('span', { class: 'note', text: notes })]);
    if (isRepeated || byteLength === undefined) return this.#leaf(text, index);
    const item = this.#opening(text, async (list) => {
      const calls = await this.#context.asker.ask({ kind: 'calls', function: index });
      this.#fill(list, calls, [...path, index]);
    });
    item.dataset.function = String(index);
    return item;
  }

  #leaf(content: HTMLElement, index: number): HTMLElement {
    const row = element('div', { class: 'branch' }, [element('span', { class: 'twist' }), content]);
    const item = element('li', { attributes: { role: 'treeitem', tabindex: '-1' } }, [row]);
    item.dataset.function = String(index);
    return item;
  }

  #opening(content: HTMLElement, fill: (list: HTMLElement) => Promise<void>): HTMLElement {
    const twist = element('span', { class: 'twist closed', attributes: { 'aria-hidden': 'true' } });
    const row = element('div', { class: 'branch' }, [twist, content]);
    const attributes = { role: 'treeitem', 'aria-expanded': 'false', tabindex: '-1' };
    const item = element('li', { attributes }, [row]);
    let list: HTMLElement | undefined;
    const toggle = () => {
      const opens = item.getAttribute('aria-expanded') !== 'true';
      item.setAttribute('aria-expanded', String(opens));
      twist.className = opens ? 'twist open' : 'twist closed';
      if (list === undefined) {
        const made = element('ul', { attributes: { role: 'group' } });
        list = made;
        item.append(made);
        fill(made).catch((error: unknown) => {
          made.append(plainItem(error instanceof Error ? error.message : String(error)));
        });
      }
      list.hidden = !opens;
    };
    row.addEventListener('click', toggle);
    item.addEventListener('quern-toggle', (event) => {
      event.stopPropagation();
      toggle();
    });
    return item;
  }

  #key(event: KeyboardEvent): void {
    const item =
      event.target instanceof Element ? event.target.closest<HTMLElement>('[role=treeitem]') : null;
    if (item === null) return;
    const isOpen = item.getAttribute('aria-expanded');
    const toggle = () => item.dispatchEvent(new Event('quern-toggle', { bubbles: true }));
    if (event.key === 'ArrowRight' && isOpen === 'false') toggle();
    else if (event.key === 'ArrowLeft' && isOpen === 'true') toggle();
    else if (event.key === 'ArrowLeft') this.#focus(item.parentElement?.closest('[role=treeitem]'));
    else if (event.key === 'ArrowDown') this.#step(item, 1);
    else if (event.key === 'ArrowUp') this.#step(item, -1);
    else if (event.key === 'Enter' && item.dataset.function !== undefined) {
      this.#context.show(Number(item.dataset.function));
    } else return;
    event.preventDefault();
  }

  #step(item: HTMLElement, step: number): void {
    const visible = [...this.node.querySelectorAll<HTMLElement>('[role=treeitem]')].filter(
      (other) => other.offsetParent !== null,
    );
    this.#focus(visible[visible.indexOf(item) + step]);
  }

  #focus(item: Element | null | undefined): void {
    if (!(item instanceof HTMLElement)) return;
    for (const other of this.node.querySelectorAll<HTMLElement>('[tabindex="0"]')) other.tabIndex = -1;
    item.tabIndex = 0;
    item.focus();
  }
}

function moreText(count: number): string {
  return l10n.t('and {0} more', countText(count));
}

function plainItem(text: string): HTMLElement {
  const row = element('div', { class: 'branch note' }, [
    element('span', { class: 'twist' }),
    element('span', { text }),
  ]);
  return element('li', { attributes: { role: 'treeitem', tabindex: '-1' } }, [row]);
}
