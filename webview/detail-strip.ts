import type { ResultView } from '../wasm-core/protocol/webview.ts';
import { element } from './dom.ts';
import { cellCount, edges, type Selection } from './grid/selection.ts';
import type { PageStore } from './page-store.ts';
import { countText } from './summary-text.ts';

/** The longest text that is shown at once, characters; copying gives all of it. */
const SHOWN_CHARACTERS = 100_000;

/** The line below a grid: what is selected, and one cell's text in full. */
export class DetailStrip {
  readonly node: HTMLElement;
  readonly #place = element('div', { class: 'place' });
  readonly #text = element('pre', {
    class: 'text',
    attributes: { tabindex: '0', 'aria-label': 'Selected value' },
  });

  constructor() {
    this.node = element('section', { class: 'detail', attributes: { 'aria-label': 'Selection' } }, [
      this.#place,
      this.#text,
    ]);
  }

  /** Shows a selection of a result. */
  show(store: PageStore, selection: Selection): void {
    const { row, column } = selection.active;
    const { name = '', type = '' } = store.view.columns[column] ?? {};
    this.#place.replaceChildren(
      element('span', { class: 'name', text: name }),
      element('span', { class: 'type', text: type }),
      element('span', { class: 'size', text: extentText(store.view, selection) }),
    );
    const value = store.value(row, column);
    this.#text.classList.toggle('null', value.state === 'value' && value.isNull);
    this.#text.textContent = value.state === 'value' ? shortened(value.text) : (failureText(value) ?? '…');
  }

  /** Shows a sentence beside the selection until the next change, such as what was copied. */
  note(text: string): void {
    this.#place.querySelector('.note')?.remove();
    this.#place.append(element('span', { class: 'note', text, attributes: { role: 'status' } }));
  }
}

function extentText({ rowCount }: ResultView, selection: Selection): string {
  if (cellCount(selection) === 1) {
    return `row ${(selection.active.row + 1).toLocaleString('en-US')} of ${rowCount.toLocaleString('en-US')}`;
  }
  const { top, bottom, left, right } = edges(selection);
  return `${countText(bottom - top + 1, 'row')} × ${countText(right - left + 1, 'column')}`;
}

function shortened(text: string): string {
  if (text.length <= SHOWN_CHARACTERS) return text;
  const rest = (text.length - SHOWN_CHARACTERS).toLocaleString('en-US');
  return `${text.slice(0, SHOWN_CHARACTERS)}… and ${rest} more characters`;
}

function failureText(value: { readonly state: string; readonly message?: string }): string | undefined {
  return value.state === 'failed' ? value.message : undefined;
}
