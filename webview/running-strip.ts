import * as l10n from '@vscode/l10n';
import { counted, durationText } from '../wasm-core/protocol/figures.ts';
import type { RunUnderWay } from '../wasm-core/protocol/webview.ts';
import { element } from './dom.ts';
import { ProgressTrack } from './progress-track.ts';

/** Above rows that still come: how many there are, since when, how far the run is, and the way to cancel it. */
export class RunningStrip {
  readonly node: HTMLElement;
  readonly #rows = element('span', { class: 'so-far' });
  readonly #time = element('span', { class: 'time' });
  readonly #waits = element('span', { class: 'waits' });
  readonly #track = new ProgressTrack();
  readonly #clock: ReturnType<typeof setInterval>;

  /** @param cancel called once, when the button is pressed */
  constructor({ micros }: RunUnderWay, cancel: () => void) {
    const text = element('div', { class: 'text', attributes: { role: 'status' } }, [
      element('span', { text: l10n.t('Running') }),
      this.#rows,
      this.#waits,
    ]);
    this.node = element('div', { class: 'running-strip' }, [
      text,
      // Not read out: it changes ten times a second.
      this.#time,
      this.#track.node,
      cancelButton(cancel),
    ]);
    const started = performance.now() - micros / 1000;
    this.#tick(started);
    this.#clock = setInterval(() => this.#tick(started), 100);
  }

  /** Says how many rows there are. */
  rows(count: number): void {
    this.#rows.textContent = counted(count, l10n.t('{0} row so far'), l10n.t('{0} rows so far'));
  }

  /** Says how far the run is. @param percent 0 to 100, or -1 when nobody can tell */
  progress(percent: number, message = ''): void {
    this.#waits.textContent = message;
    this.#track.show(percent);
  }

  dispose(): void {
    clearInterval(this.#clock);
  }

  #tick(started: number): void {
    this.#time.textContent = elapsedText(performance.now() - started);
  }
}

/** How long something takes already, to a tenth of a second. */
export function elapsedText(ms: number): string {
  const seconds = Math.floor(ms / 100) / 10;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : durationText(seconds * 1e6);
}

/** A button that can be pressed once. */
export function cancelButton(cancel: () => void): HTMLElement {
  const button = element('button', {
    class: 'button',
    text: l10n.t('Cancel'),
    attributes: { type: 'button' },
  });
  button.addEventListener('click', () => {
    if (button.ariaDisabled === 'true') return;
    // Disabled, it would lose the focus.
    button.ariaDisabled = 'true';
    button.textContent = l10n.t('Cancelling…');
    cancel();
  });
  return button;
}
