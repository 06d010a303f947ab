import * as l10n from '@vscode/l10n';
import { counted, percentText } from '../../wasm-core/protocol/figures.ts';
import type { FunctionProfile, ProfileResult } from '../../wasm-core/protocol/profile.ts';
import { element } from '../dom.ts';

/** The most rows of the table. */
const MAX_ROWS = 200;

/** A function that was called, with the place of its module in the profile. */
interface Row {
  readonly fn: FunctionProfile;
  readonly module: string;
  readonly moduleIndex: number;
}

type Order = 'calls' | 'selfFuel' | 'totalFuel';

interface Column {
  readonly title: string;
  readonly isFigure?: true;
  /** What a press on its heading orders by. */
  readonly order?: Order;
}

function columns(): readonly Column[] {
  return [
    { title: l10n.t('Function') },
    { title: l10n.t('Module') },
    { title: l10n.t('Calls'), isFigure: true, order: 'calls' },
    { title: l10n.t('Self fuel'), isFigure: true, order: 'selfFuel' },
    { title: l10n.t('Total fuel'), isFigure: true, order: 'totalFuel' },
    { title: l10n.t('Covered'), isFigure: true },
  ];
}

/** The functions that were called, the dearest first; a press on a figure's heading orders by it. */
export class FunctionTable {
  readonly node: HTMLElement;
  readonly #rows: readonly Row[];
  readonly #fuel: number;
  readonly #onReveal: (module: number, index: number) => void;
  #order: Order = 'selfFuel';

  /** @param onReveal asks for a function's source: a module's place in the profile, and the function's index */
  constructor(profile: ProfileResult, onReveal: (module: number, index: number) => void) {
    this.#fuel = profile.fuel;
    this.#onReveal = onReveal;
    this.#rows = profile.modules.flatMap(({ module, functions }, moduleIndex) =>
      functions.filter(({ calls }) => calls > 0).map((fn) => ({ fn, module, moduleIndex })),
    );
    this.node = element('div', {
      class: 'functions',
      attributes: { tabindex: '0', role: 'region', 'aria-label': l10n.t('Functions') },
    });
    this.#draw();
  }

  #draw(): void {
    const rows = [...this.#rows].sort((a, b) => b.fn[this.#order] - a.fn[this.#order]);
    const head = element(
      'tr',
      {},
      columns().map((column) => this.#heading(column)),
    );
    const table = element('table', {}, [
      element('thead', {}, [head]),
      element(
        'tbody',
        {},
        rows.slice(0, MAX_ROWS).map((row) => this.#row(row)),
      ),
    ]);
    const more = rows.length - MAX_ROWS;
    const rest = counted(more, l10n.t('and {0} other function'), l10n.t('and {0} other functions'));
    this.node.replaceChildren(table, ...(more > 0 ? [element('p', { class: 'rest', text: rest })] : []));
  }

  #heading({ title, isFigure, order }: Column): HTMLElement {
    const attributes = { scope: 'col', ...(order === this.#order && { 'aria-sort': 'descending' }) };
    if (order === undefined)
      return element('th', { class: isFigure ? 'figure' : '', text: title, attributes });
    const button = element('button', {
      text: order === this.#order ? `${title} ▾` : title,
      attributes: { type: 'button' },
      onClick: () => {
        this.#order = order;
        this.#draw();
        this.node.querySelector<HTMLElement>('th[aria-sort] button')?.focus();
      },
    });
    return element('th', { class: 'figure', attributes }, [button]);
  }

  #row({ fn, module, moduleIndex }: Row): HTMLElement {
    const name = element('td', { class: 'name', attributes: { title: fn.name } });
    const isKnown = fn.place?.path !== undefined;
    if (isKnown) {
      const reveal = () => this.#onReveal(moduleIndex, fn.index);
      name.append(
        element('button', { class: 'link', text: fn.name, attributes: { type: 'button' }, onClick: reveal }),
      );
    } else name.textContent = fn.name;
    return element('tr', {}, [
      name,
      element('td', { text: module }),
      figure(fn.calls.toLocaleString('en-US')),
      this.#fuelCell(fn.selfFuel),
      this.#fuelCell(fn.totalFuel),
      figure(percentText(fn.executedBytes, fn.reachableBytes)),
    ]);
  }

  #fuelCell(fuel: number): HTMLElement {
    const cell = figure(`${fuel.toLocaleString('en-US')} `);
    cell.append(element('span', { class: 'share', text: percentText(fuel, this.#fuel) }));
    return cell;
  }
}

function figure(text: string): HTMLElement {
  return element('td', { class: 'figure', text });
}
