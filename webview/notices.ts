import { element } from './dom.ts';
import { durationText } from './summary-text.ts';

/** A page that shows no rows, and what it needs to stop. */
export interface Notice {
  readonly node: HTMLElement;
  dispose(): void;
}

/** Before the first run. */
export function emptyNotice(): Notice {
  return plain([
    element('h1', { class: 'lead', text: 'No results yet' }),
    element('p', {
      class: 'more',
      text: 'Press Run above a statement, or Ctrl+Enter in it, to see its rows here.',
    }),
  ]);
}

/** After a run that its user ended. */
export function cancelledNotice(): Notice {
  return plain([
    element('h1', { class: 'lead', text: 'Cancelled' }),
    element('p', { class: 'more', text: 'The run was ended before it was done.' }),
  ]);
}

/** After a run that failed; `reveal` shows the place in the editor. */
export function failedNotice(message: string, reveal: (() => void) | undefined): Notice {
  const button = element('button', { class: 'link', text: 'Show in editor', attributes: { type: 'button' } });
  if (reveal !== undefined) button.addEventListener('click', reveal);
  return plain(
    [
      element('h1', { class: 'lead', text: 'The statement failed' }),
      element('pre', {
        class: 'message',
        text: message,
        attributes: { tabindex: '0', 'aria-label': 'Error message' },
      }),
      ...(reveal === undefined ? [] : [button]),
    ],
    'alert',
  );
}

/** A run under way. */
export class RunningNotice implements Notice {
  readonly node: HTMLElement;
  readonly #bar = element('div', { class: 'bar' });
  readonly #track = element('div', {
    class: 'track unknown',
    attributes: {
      role: 'progressbar',
      'aria-label': 'Progress',
      'aria-valuemin': '0',
      'aria-valuemax': '100',
    },
  });
  readonly #time = element('span', { class: 'time' });
  readonly #clock: ReturnType<typeof setInterval>;

  /** @param cancel called once, when the button is pressed */
  constructor(title: string, cancel: () => void) {
    this.#track.append(this.#bar);
    const button = element('button', { class: 'button', text: 'Cancel', attributes: { type: 'button' } });
    button.addEventListener('click', () => {
      button.disabled = true;
      button.textContent = 'Cancelling…';
      cancel();
    });
    const line = element('h1', { class: 'lead' }, [element('span', { text: 'Running' }), this.#time]);
    this.node = element('div', { class: 'notice' }, [
      line,
      element('p', { class: 'more statement', text: title }),
      this.#track,
      button,
    ]);
    const started = performance.now();
    const tick = () => {
      const seconds = Math.floor((performance.now() - started) / 100) / 10;
      this.#time.textContent = seconds < 60 ? `${seconds.toFixed(1)} s` : durationText(seconds * 1e6);
    };
    tick();
    this.#clock = setInterval(tick, 100);
  }

  /** @param percent 0 to 100, or -1 when nobody can tell */
  progress(percent: number): void {
    const isKnown = percent >= 0;
    this.#track.classList.toggle('unknown', !isKnown);
    this.#bar.style.width = isKnown ? `${Math.min(100, percent)}%` : '';
    if (isKnown) this.#track.setAttribute('aria-valuenow', String(Math.round(percent)));
    else this.#track.removeAttribute('aria-valuenow');
  }

  dispose(): void {
    clearInterval(this.#clock);
  }
}

function plain(children: readonly Node[], role?: string): Notice {
  const attributes: Record<string, string> = role === undefined ? {} : { role };
  return { node: element('div', { class: 'notice', attributes }, children), dispose: () => undefined };
}
