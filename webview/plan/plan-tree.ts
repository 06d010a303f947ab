import * as l10n from '@vscode/l10n';
import type { PlanItem, PlanModel } from '../../wasm-core/protocol/plan-model.ts';
import { element } from '../dom.ts';
import { itemLine } from './item-line.ts';
import { itemText } from './item-text.ts';
import { treeStep } from './tree-keys.ts';

/** Lines that are open at first; a larger plan is opened by hand. */
const OPEN_AT_FIRST = 300;

/** A line that was drawn. */
interface Drawn {
  readonly item: PlanItem;
  readonly node: HTMLElement;
}

/** A plan as a tree, with the keys of https://www.w3.org/WAI/ARIA/apg/patterns/treeview/. */
export class PlanTree {
  readonly node: HTMLElement;
  readonly #model: PlanModel;
  readonly #open = new Set<PlanItem>();
  readonly #detailed = new Set<PlanItem>();
  #lines: Drawn[] = [];
  /** Lines whose elements are out of date. */
  #changed: readonly PlanItem[] = [];
  #current: PlanItem | undefined;
  #typed = { text: '', atMs: 0 };

  constructor(model: PlanModel) {
    this.#model = model;
    this.node = element('div', {
      class: 'plan-tree',
      attributes: { role: 'tree', 'aria-label': l10n.t('Plan') },
    });
    this.node.addEventListener('keydown', (event) => this.#press(event));
    this.node.addEventListener('focusin', ({ target }) => {
      const found = this.#lines.find(({ node }) => node === target);
      if (found !== undefined && found.item !== this.#current) this.#go(found.item);
    });
    this.#openFirst();
    this.#current = model.tops[0];
    this.#draw();
  }

  /** The hot path, and then level by level, as long as there is room. */
  #openFirst(): void {
    const hot = (item: PlanItem): boolean => item.heat !== 'none';
    const waiting: PlanItem[] = [...this.#model.tops];
    let shown = waiting.length;
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      const { children } = item;
      if (children.length === 0 || (shown + children.length > OPEN_AT_FIRST && item.level > 1 && !hot(item)))
        continue;
      this.#open.add(item);
      shown += children.length;
      waiting.push(...children);
    }
  }

  #draw(): void {
    const before = new Map(this.#lines.map(({ item, node }) => [item, node]));
    for (const item of this.#changed) before.delete(item);
    this.#changed = [];
    this.#lines = [];
    const waiting = [...this.#model.tops].reverse();
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
      this.#lines.push({ item, node: before.get(item) ?? this.#createLine(item) });
      waiting.push(...[...this.#below(item)].reverse());
    }
    this.node.replaceChildren(...this.#lines.map(({ node }) => node));
  }

  #createLine(item: PlanItem): HTMLElement {
    const text = itemText(item, this.#model.micros);
    const siblings = item.parent === undefined ? this.#model.tops : this.#below(item.parent);
    const node = element('div', {
      class: `plan-item ${item.type} ${item.heat}`,
      attributes: {
        role: 'treeitem',
        tabindex: item === this.#current ? '0' : '-1',
        'aria-level': String(item.level),
        'aria-setsize': String(siblings.length),
        'aria-posinset': String(siblings.indexOf(item) + 1),
        'aria-selected': String(item === this.#current),
        ...(item.children.length > 0 && { 'aria-expanded': String(this.#open.has(item)) }),
      },
    });
    const isOpen = this.#open.has(item);
    const { micros } = this.#model;
    const line = itemLine(item, { text, micros, isOpen, toggle: () => this.#toggle(item) });
    line.addEventListener('click', () => {
      this.#go(item);
      this.#toggleDetails(item);
    });
    node.append(line);
    return node;
  }

  /** The lines right below an item, as far as they are open. */
  #below(item: PlanItem): readonly PlanItem[] {
    return [
      ...(this.#detailed.has(item) ? item.details : []),
      ...(this.#open.has(item) ? item.children : []),
    ];
  }

  #press(event: KeyboardEvent): void {
    const item = this.#current;
    if (item === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') this.#toggleDetails(item);
    else {
      const lines = this.#lines.map((line) => line.item);
      const step = treeStep(event.key, { lines, at: item, isOpen: (one) => this.#open.has(one) });
      if (step === undefined) {
        this.#type(event);
        return;
      }
      if (step.type === 'go') this.#go(step.item);
      else this.#toggle(step.item);
    }
    event.preventDefault();
  }

  /** Goes to the next line whose name begins with what is typed. */
  #type(event: KeyboardEvent): void {
    if (event.key.length !== 1) return;
    const isMore = event.timeStamp - this.#typed.atMs < 700;
    this.#typed = {
      text: `${isMore ? this.#typed.text : ''}${event.key.toLowerCase()}`,
      atMs: event.timeStamp,
    };
    const at = this.#lines.findIndex(({ item }) => item === this.#current);
    const order = [...this.#lines.slice(at + (isMore ? 0 : 1)), ...this.#lines.slice(0, at + 1)];
    const found = order.find(({ item }) => itemText(item, 0).name.toLowerCase().startsWith(this.#typed.text));
    if (found === undefined) return;
    event.preventDefault();
    this.#go(found.item);
  }

  #go(item: PlanItem): void {
    const [before, after] = [this.#line(this.#current), this.#line(item)];
    this.#current = item;
    before?.node.setAttribute('tabindex', '-1');
    before?.node.setAttribute('aria-selected', 'false');
    after?.node.setAttribute('tabindex', '0');
    after?.node.setAttribute('aria-selected', 'true');
    after?.node.focus({ preventScroll: true });
    after?.node.scrollIntoView({ block: 'nearest' });
  }

  #toggle(item: PlanItem): void {
    if (!this.#open.delete(item)) this.#open.add(item);
    this.#drawAt(item);
  }

  #toggleDetails(item: PlanItem): void {
    if (item.details.length === 0) return;
    if (!this.#detailed.delete(item)) this.#detailed.add(item);
    this.#drawAt(item);
  }

  /** Draws again what hangs below an item. */
  #drawAt(item: PlanItem): void {
    // Those below tell how many they are.
    this.#changed = [item, ...item.details, ...item.children];
    this.#draw();
    this.#go(item);
  }

  #line(item: PlanItem | undefined): Drawn | undefined {
    return this.#lines.find((line) => line.item === item);
  }
}
