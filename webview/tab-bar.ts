import { element } from './dom.ts';

/** One tab of a bar. */
export interface TabTitle {
  /** Of its element, different from every other of the page. */
  readonly id: string;
  readonly title: string;
  /** Marks what went wrong. */
  readonly hasFailed?: boolean;
}

/** What a bar of tabs is made from. */
export interface TabBarOptions {
  /** What the tabs are, for readers of the page. */
  readonly label: string;
  /** At least one. */
  readonly tabs: readonly TabTitle[];
  /** What shows the chosen one; it becomes the tabs' panel. */
  readonly panel: HTMLElement;
  /** Called when the user chooses a tab. */
  readonly chosen: (index: number) => void;
}

/** Tabs with the keys of https://www.w3.org/WAI/ARIA/apg/patterns/tabs/; the first is chosen. */
export class TabBar {
  readonly node: HTMLElement;
  readonly #options: TabBarOptions;
  readonly #tabs: readonly HTMLElement[];

  constructor(options: TabBarOptions) {
    this.#options = options;
    const { label, tabs, panel } = options;
    if (panel.id === '') panel.id = `${tabs[0]?.id ?? ''}-panel`;
    panel.setAttribute('role', 'tabpanel');
    this.#tabs = tabs.map((tab, index) => this.#create(tab, index));
    this.node = element(
      'div',
      { class: 'tabs', attributes: { role: 'tablist', 'aria-label': label } },
      this.#tabs,
    );
    this.mark(0);
  }

  /** Shows which tab is chosen, without telling so. */
  mark(index: number): void {
    this.#tabs.forEach((tab, at) => {
      tab.setAttribute('aria-selected', String(at === index));
      tab.tabIndex = at === index ? 0 : -1;
    });
    this.#options.panel.setAttribute('aria-labelledby', this.#options.tabs[index]?.id ?? '');
    // In the next frame, for at first the tabs are not in the page yet.
    requestAnimationFrame(() => this.#tabs[index]?.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
  }

  #create({ id, title, hasFailed }: TabTitle, index: number): HTMLElement {
    const { panel } = this.#options;
    const tab = element('button', {
      class: hasFailed === true ? 'tab failed' : 'tab',
      text: title,
      attributes: { type: 'button', role: 'tab', id, 'aria-controls': panel.id, title },
      onClick: () => this.#choose(index),
    });
    tab.addEventListener('keydown', (event) => this.#press(event, index));
    return tab;
  }

  #press(event: KeyboardEvent, index: number): void {
    const last = this.#tabs.length - 1;
    const next = {
      ArrowRight: index === last ? 0 : index + 1,
      ArrowLeft: index === 0 ? last : index - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (next === undefined) return;
    // The key would scroll the tabs too, away from the one that is chosen.
    event.preventDefault();
    this.#choose(next);
    this.#tabs[next]?.focus();
  }

  #choose(index: number): void {
    this.mark(index);
    this.#options.chosen(index);
  }
}
