import { element } from '../dom.ts';
import { TabBar } from '../tab-bar.ts';

/** What a tab shows. */
export interface TabView {
  readonly node: HTMLElement;
  /** Called when the tab becomes visible. */
  shown?(): void;
  /** Called when something else takes its place. */
  dispose?(): void;
}

/** Tabs by their names, and what the chosen one shows. */
export class Tabs<Name extends string> {
  readonly body = element('div', { class: 'body', attributes: { id: 'panel' } });
  readonly #bar: TabBar;
  readonly #names: readonly Name[];
  readonly #views = new Map<Name, TabView>();
  #chosen: Name;

  /**
   * @param names at least one; the first is chosen
   * @param titles what each is called on the page
   */
  constructor(names: readonly [Name, ...Name[]], label: string, titles: Readonly<Record<Name, string>>) {
    this.#names = names;
    this.#chosen = names[0];
    this.#bar = new TabBar({
      label,
      tabs: names.map((name) => ({ id: `tab-${name}`, title: titles[name] })),
      panel: this.body,
      chosen: (index) => this.#show(names[index] ?? names[0]),
    });
  }

  get list(): HTMLElement {
    return this.#bar.node;
  }

  /** What a tab shows from now on. */
  set(name: Name, view: TabView): void {
    this.#views.get(name)?.dispose?.();
    this.#views.set(name, view);
    if (name === this.#chosen) this.#show(name);
  }

  choose(name: Name): void {
    this.#bar.mark(this.#names.indexOf(name));
    this.#show(name);
  }

  #show(name: Name): void {
    this.#chosen = name;
    const view = this.#views.get(name);
    this.body.replaceChildren(...(view === undefined ? [] : [view.node]));
    view?.shown?.();
  }
}
