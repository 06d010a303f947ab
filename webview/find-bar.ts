import * as l10n from '@vscode/l10n';
import type { ResultFindParams, ResultFindResult } from '../wasm-core/protocol/result-query.ts';
import { element } from './dom.ts';

/** Cells are counted up to this. */
const COUNTED = 10_000;

/** What a search needs. */
export interface FindTarget {
  /** Where the search begins, and in which columns, in the order shown. */
  from(): { readonly row: number; readonly column: number; readonly columns: readonly number[] };
  /** @throws Error with what to tell */
  find(params: Omit<ResultFindParams, 'session' | 'result'>): Promise<ResultFindResult>;
  /** Goes to what was found. */
  goTo(cell: { readonly row: number; readonly column: number }): void;
  /** Sent when the bar is closed. */
  closed(): void;
}

/** A bar that finds a text in all rows of a result, which the engine searches. */
export class FindBar {
  readonly node: HTMLElement;
  readonly #target: FindTarget;
  readonly #input = element('input', {
    class: 'input',
    attributes: { type: 'text', 'aria-label': l10n.t('Find'), placeholder: l10n.t('Find in all rows') },
  });
  readonly #count = element('span', { class: 'find-count', attributes: { role: 'status' } });
  readonly #case: HTMLElement;
  #matchCase = false;
  /** Of the search under way; an older answer is dropped. */
  #number = 0;

  constructor(target: FindTarget) {
    this.#target = target;
    this.#case = barButton('Aa', l10n.t('Match case'), () => this.#toggleCase());
    this.#case.setAttribute('aria-pressed', 'false');
    this.node = element('div', { class: 'find-bar', attributes: { role: 'search', hidden: '' } }, [
      this.#input,
      this.#case,
      barButton('↑', l10n.t('Previous match (Shift+F3)'), () => this.next({ backwards: true })),
      barButton('↓', l10n.t('Next match (F3)'), () => this.next({ backwards: false })),
      this.#count,
      barButton('✕', l10n.t('Close (Escape)'), () => this.close()),
    ]);
    this.node.addEventListener('keydown', (event) => this.#press(event));
  }

  /** Opens the bar with the focus in it. */
  open(): void {
    this.node.hidden = false;
    this.#input.focus();
    this.#input.select();
  }

  close(): void {
    if (this.node.hidden) return;
    this.#number++;
    this.node.hidden = true;
    this.#target.closed();
  }

  /** Goes to the next cell that has the text; opens the bar where there is none yet. */
  next(options: { readonly backwards: boolean }): void {
    if (this.#input.value === '') this.open();
    else void this.#find(options);
  }

  #toggleCase(): void {
    this.#matchCase = !this.#matchCase;
    this.#case.setAttribute('aria-pressed', String(this.#matchCase));
    this.next({ backwards: false });
  }

  #press(event: KeyboardEvent): void {
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.key === 'Escape') this.close();
    else if (event.key === 'F3') this.next({ backwards: event.shiftKey });
    else if (event.key === 'Enter' && event.target === this.#input) this.next({ backwards: event.shiftKey });
    else if (isCommand && event.key.toLowerCase() === 'f') this.open();
    else {
      // What is typed is no key of the grid's or the editor's.
      event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  async #find({ backwards }: { readonly backwards: boolean }): Promise<void> {
    const number = ++this.#number;
    const { row, column, columns } = this.#target.from();
    this.#count.textContent = l10n.t('Searching…');
    try {
      const { cell, count, index } = await this.#target.find({
        text: this.#input.value,
        matchCase: this.#matchCase,
        from: { row, column },
        backwards,
        columns,
      });
      if (number !== this.#number) return;
      this.#count.textContent = cell === undefined ? l10n.t('No match') : countOf(index, count);
      if (cell !== undefined) this.#target.goTo(cell);
    } catch (error) {
      if (number !== this.#number) return;
      this.#count.textContent = error instanceof Error ? error.message : String(error);
    }
  }
}

/** Which of the matches one is; where that was not counted, how many there are. */
function countOf(index: number | undefined, count: number): string {
  const all = count >= COUNTED ? `${COUNTED.toLocaleString('en-US')}+` : count.toLocaleString('en-US');
  if (index === undefined) return l10n.t('one of {0}', all);
  return l10n.t('{0} of {1}', (index + 1).toLocaleString('en-US'), all);
}

function barButton(text: string, label: string, onClick: () => void): HTMLElement {
  const attributes = { type: 'button', 'aria-label': label, title: label };
  return element('button', { class: 'bar-button', text, attributes, onClick });
}
