import * as l10n from '@vscode/l10n';
import type { RunAction, RunLabel } from '../wasm-core/protocol/webview.ts';
import { element } from './dom.ts';

/** What the bar shows. */
export interface RunList {
  /** The newest first. */
  readonly runs: readonly RunLabel[];
  /** The one that is looked at. */
  readonly chosen: string | undefined;
}

/**
 * Above the results: the runs that can be looked at again, and what can be done with the one that is. Without another
 * run there is no bar. Pinned runs have a button each, all runs are in a list.
 */
export class RunBar {
  readonly node = element('nav', { class: 'run-bar', attributes: { 'aria-label': l10n.t('Runs') } });
  readonly #act: (action: RunAction, run: string) => void;

  /** @param act called when the user wants something of a run */
  constructor(act: (action: RunAction, run: string) => void) {
    this.#act = act;
    this.node.hidden = true;
  }

  /** Shows the runs. The focus stays on the part that has it. */
  show({ runs, chosen }: RunList): void {
    const focused = this.node.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-part')
      : undefined;
    const current = runs.find(({ id }) => id === chosen);
    const canCompare = runs.filter(({ isRunning }) => !isRunning).length > 1;
    this.node.hidden = runs.length < 2 && !runs.some(({ isPinned }) => isPinned);
    this.node.replaceChildren(
      ...runs.filter(({ isPinned }) => isPinned).map((run) => this.#pinned(run, run.id === chosen)),
      this.#list(runs, chosen),
      ...(current === undefined || current.isRunning ? [] : this.#actions(current, canCompare)),
    );
    if (focused != null)
      this.node.querySelector<HTMLElement>(`[data-part="${CSS.escape(focused)}"]`)?.focus();
  }

  #pinned({ id, title }: RunLabel, isChosen: boolean): HTMLElement {
    const button = element('button', {
      class: 'pinned',
      attributes: {
        type: 'button',
        title,
        'data-part': `pinned ${id}`,
        ...(isChosen && { 'aria-current': 'true' }),
      },
      onClick: () => this.#act('choose', id),
    });
    button.append(
      element('span', { class: 'pin', attributes: { 'aria-hidden': 'true' } }),
      element('span', { class: 'unseen', text: l10n.t('Pinned:') }),
      element('span', { class: 'name', text: title }),
    );
    return button;
  }

  #list(runs: readonly RunLabel[], chosen: string | undefined): HTMLElement {
    const list = element(
      'select',
      { class: 'run-list', attributes: { 'aria-label': l10n.t('Runs'), 'data-part': 'list' } },
      runs.map(({ id, title, detail }) => {
        const option = element('option', { text: `${title}, ${detail}`, attributes: { value: id } });
        option.selected = id === chosen;
        return option;
      }),
    );
    list.addEventListener('change', () => this.#act('choose', list.value));
    return list;
  }

  #actions({ id, isPinned }: RunLabel, canCompare: boolean): HTMLElement[] {
    const action = (name: RunAction, text: string): HTMLElement =>
      element('button', {
        class: 'link',
        text,
        attributes: { type: 'button', 'data-part': name === 'unpin' ? 'pin' : name },
        onClick: () => this.#act(name, id),
      });
    return [
      isPinned ? action('unpin', l10n.t('Unpin')) : action('pin', l10n.t('Pin')),
      action('rename', l10n.t('Rename…')),
      ...(canCompare ? [action('compare', l10n.t('Compare…'))] : []),
      action('close', l10n.t('Close')),
    ];
  }
}
