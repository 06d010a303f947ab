import * as l10n from '@vscode/l10n';
import { element } from './dom.ts';

/** A bar that says how far something is. */
export class ProgressTrack {
  readonly #bar = element('div', { class: 'bar' });
  readonly node = element(
    'div',
    {
      class: 'track unknown',
      attributes: {
        role: 'progressbar',
        'aria-label': l10n.t('Progress'),
        'aria-valuemin': '0',
        'aria-valuemax': '100',
      },
    },
    [this.#bar],
  );

  /** @param percent 0 to 100, or -1 when nobody can tell */
  show(percent: number): void {
    const isKnown = percent >= 0;
    this.node.classList.toggle('unknown', !isKnown);
    this.#bar.style.width = isKnown ? `${Math.min(100, percent)}%` : '';
    if (isKnown) this.node.setAttribute('aria-valuenow', String(Math.round(percent)));
    else this.node.removeAttribute('aria-valuenow');
  }
}
