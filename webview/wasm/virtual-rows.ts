import { element } from '../dom.ts';
import { ROW_HEIGHT, RowScroll, scrolledHeight } from '../grid/row-scroll.ts';

/** Some rows, and how many there are. */
export interface RowPage<Row> {
  readonly total: number;
  readonly first: number;
  readonly rows: readonly Row[];
}

/** What a list of rows shows and does. */
export interface RowsOptions<Row> {
  /** Gets rows. @throws Error with why there are none */
  pull(first: number, count: number): Promise<RowPage<Row>>;
  /** The content of a row. */
  draw(row: Row, number: number): readonly Node[];
  /** Called when Enter is pressed in a row, or when it is pressed twice or its link once. */
  activate(row: Row): void;
  /** Called when rows could not be had. */
  failed(message: string): void;
  /** For readers of the page. */
  readonly label: string;
  readonly rowClass: string;
}

/** Rows that are asked for at once. */
const PAGE_ROWS = 200;

/** Pages that are kept; the ones that were needed longest ago are asked for again. */
const MAX_PAGES = 50;

/**
 * A list of any number of rows, of which those in view are drawn and asked for. One row is active: arrows move it, Enter
 * acts on it.
 */
export class VirtualRows<Row> {
  readonly node: HTMLElement;
  readonly #canvas = element('div', { class: 'canvas', attributes: { role: 'presentation' } });
  readonly #options: RowsOptions<Row>;
  readonly #id = `rows-${crypto.randomUUID()}`;
  readonly #pages = new Map<number, readonly Row[] | 'asked'>();
  readonly #drawn = new Map<number, { readonly node: HTMLElement; readonly row: Row | undefined }>();
  readonly #observer = new ResizeObserver(() => this.draw());
  readonly #scroll: RowScroll;
  #total = 0;
  #active = 0;
  /** The row that Enter was pressed in before it was there. */
  #entered: number | undefined;
  #version = 0;

  constructor(options: RowsOptions<Row>) {
    this.#options = options;
    this.node = element(
      'div',
      {
        class: 'virtual',
        attributes: { role: 'listbox', tabindex: '0', 'aria-label': options.label },
      },
      [this.#canvas],
    );
    this.#scroll = new RowScroll(this.node, () => ({
      rowCount: this.#total,
      viewHeight: this.node.clientHeight,
    }));
    this.node.addEventListener('scroll', () => this.draw());
    this.node.addEventListener('keydown', (event) => this.#key(event));
    this.#observer.observe(this.node);
  }

  /** How many rows there are, as far as is known. */
  get total(): number {
    return this.#total;
  }

  /** The number of the active row. */
  get active(): number {
    return this.#active;
  }

  /** Forgets all rows and asks again from the first. */
  reset(): void {
    this.#version++;
    this.#pages.clear();
    this.#total = 0;
    this.#active = 0;
    this.#entered = undefined;
    this.node.scrollTop = 0;
    this.#ask(0);
    this.draw();
  }

  /** Makes a row active and brings it into view. */
  goTo(number: number): void {
    this.#entered = undefined;
    this.#active = Math.max(0, Math.min(number, this.#total - 1));
    this.#scroll.reveal(this.#active);
    this.draw();
  }

  /** Draws the rows in view. */
  draw(): void {
    this.#canvas.style.height = `${scrolledHeight(this.#total)}px`;
    this.#scroll.follow();
    const { first, end, top } = this.#scroll.window();
    for (const [number, { node }] of this.#drawn) {
      if (number >= first && number < end) continue;
      node.remove();
      this.#drawn.delete(number);
    }
    let before: Element | null = this.#canvas.firstElementChild;
    for (let number = first; number < end; number++) {
      const was = this.#drawn.get(number)?.node;
      const node = this.#drawnRow(number);
      // It may have taken the place of the one before.
      if (before !== null && before === was) before = node;
      node.style.transform = `translateY(${top + (number - first) * ROW_HEIGHT}px)`;
      // Readers of the page hear rows in the order of the document.
      if (node === before) before = before.nextElementSibling;
      else this.#canvas.insertBefore(node, before);
    }
    this.#mark();
  }

  dispose(): void {
    this.#observer.disconnect();
  }

  /** A row's element. It stays while the row does: what is pressed must still be there when it is let go. */
  #drawnRow(number: number): HTMLElement {
    const row = this.#rowAt(number);
    const known = this.#drawn.get(number);
    if (known !== undefined && known.row === row) return known.node;
    const node = this.#element(number, row);
    known?.node.replaceWith(node);
    this.#drawn.set(number, { node, row });
    return node;
  }

  /** Shows which of the drawn rows is active. */
  #mark(): void {
    for (const [number, { node }] of this.#drawn) {
      const isActive = number === this.#active;
      node.classList.toggle('active', isActive);
      node.setAttribute('aria-selected', String(isActive));
      node.setAttribute('aria-setsize', String(this.#total));
    }
    const active = this.#drawn.get(this.#active)?.node.id;
    if (active === undefined) this.node.removeAttribute('aria-activedescendant');
    else this.node.setAttribute('aria-activedescendant', active);
  }

  #element(number: number, row: Row | undefined): HTMLElement {
    const attributes = {
      role: 'option',
      id: `${this.#id}-${number}`,
      'aria-posinset': String(number + 1),
    };
    const content = row === undefined ? [] : this.#options.draw(row, number);
    const node = element('div', { class: this.#options.rowClass, attributes }, content);
    node.addEventListener('mousedown', () => {
      this.#active = number;
      this.#mark();
    });
    if (row !== undefined) node.addEventListener('dblclick', () => this.#options.activate(row));
    return node;
  }

  #rowAt(number: number): Row | undefined {
    const page = Math.floor(number / PAGE_ROWS);
    const rows = this.#pages.get(page);
    if (rows === undefined) this.#ask(page);
    return rows === undefined || rows === 'asked' ? undefined : rows[number % PAGE_ROWS];
  }

  #ask(page: number): void {
    const version = this.#version;
    this.#pages.set(page, 'asked');
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > MAX_PAGES && oldest !== undefined) this.#pages.delete(oldest);
    this.#options.pull(page * PAGE_ROWS, PAGE_ROWS).then(
      ({ total, rows }) => {
        if (version !== this.#version) return;
        this.#total = total;
        this.#pages.set(page, rows);
        this.draw();
        if (this.#entered !== undefined) this.#enter(this.#entered);
      },
      (error: unknown) => {
        if (version === this.#version)
          this.#options.failed(error instanceof Error ? error.message : String(error));
      },
    );
  }

  #key(event: KeyboardEvent): void {
    const rows = Math.max(1, Math.floor(this.node.clientHeight / ROW_HEIGHT) - 1);
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: this.#active + 1,
      ArrowUp: this.#active - 1,
      PageDown: this.#active + rows,
      PageUp: this.#active - rows,
      Home: 0,
      End: this.#total - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      event.preventDefault();
      this.goTo(target);
    } else if (event.key === 'Enter') {
      this.#enter(this.#active);
    }
  }

  /** Acts on a row, once it is there. */
  #enter(number: number): void {
    const row = this.#rowAt(number);
    this.#entered = row === undefined ? number : undefined;
    if (row !== undefined) this.#options.activate(row);
  }
}
