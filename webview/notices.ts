import * as l10n from '@vscode/l10n';
import { element } from './dom.ts';
import { beginningOf } from './long-text.ts';
import { ProgressTrack } from './progress-track.ts';
import { cancelButton, elapsedText } from './running-strip.ts';

/** A page that shows no rows, and what it needs to stop. */
export interface Notice {
  readonly node: HTMLElement;
  dispose(): void;
}

/** Before the first run. */
export function emptyNotice(): Notice {
  return plain([
    element('h1', { class: 'lead', text: l10n.t('No results yet') }),
    element('p', {
      class: 'more',
      text: l10n.t('Press Run above a statement, or Ctrl+Enter in it, to see its rows here.'),
    }),
  ]);
}

/** After a run that its user ended. */
export function cancelledNotice(): Notice {
  return plain([
    element('h1', { class: 'lead', text: l10n.t('Cancelled') }),
    element('p', { class: 'more', text: l10n.t('The run was ended before it was done.') }),
  ]);
}

/** While the rows of a run of before are looked for. */
export function openingNotice(title: string): Notice {
  return plain(
    [
      element('h1', { class: 'lead', text: l10n.t('Opening the rows of this run') }),
      element('p', { class: 'more statement', text: beginningOf(title) }),
    ],
    'status',
  );
}

/** In place of rows that are not kept; `runAgain` runs what gave them. */
export function goneNotice(title: string, isRestricted: boolean, runAgain: () => void): Notice {
  const button = element('button', {
    class: 'link',
    text: l10n.t('Run again'),
    attributes: { type: 'button' },
  });
  button.addEventListener('click', runAgain);
  const text = isRestricted
    ? l10n.t('The window was reloaded. It is in Restricted Mode: nothing runs until you trust the workspace.')
    : l10n.t('They are kept no longer. Nothing runs until you ask for it.');
  return plain([
    element('h1', { class: 'lead', text: l10n.t('The rows of this run are gone') }),
    element('p', { class: 'more statement', text: beginningOf(title) }),
    element('p', { class: 'more', text }),
    button,
  ]);
}

/** After a run that failed; `reveal` shows the place in the editor. */
export function failedNotice(
  message: string,
  reveal: (() => void) | undefined,
  title = l10n.t('The statement failed'),
): Notice {
  const button = element('button', {
    class: 'link',
    text: l10n.t('Show in editor'),
    attributes: { type: 'button' },
  });
  if (reveal !== undefined) button.addEventListener('click', reveal);
  return plain(
    [
      element('h1', { class: 'lead', text: beginningOf(title) }),
      element('pre', {
        class: 'message',
        text: beginningOf(message),
        attributes: { tabindex: '0', 'aria-label': l10n.t('Error message') },
      }),
      ...(reveal === undefined ? [] : [button]),
    ],
    'alert',
  );
}

/** A page that has nothing to show yet, and what one does about it. */
export function hintNotice(title: string, text: string): Notice {
  return plain([element('h1', { class: 'lead', text: title }), element('p', { class: 'more', text })]);
}

/** A query's plan, or another text that keeps its columns. */
export function lines(text: string, label: string): HTMLElement {
  return element('pre', {
    class: 'lines',
    text: beginningOf(text),
    attributes: { tabindex: '0', 'aria-label': label },
  });
}

/** A run under way. */
export class RunningNotice implements Notice {
  readonly node: HTMLElement;
  readonly #track = new ProgressTrack();
  readonly #time = element('span', { class: 'time' });
  readonly #waits = element('p', { class: 'more' });
  readonly #clock: ReturnType<typeof setInterval>;

  /** @param cancel called once, when the button is pressed */
  constructor(title: string, cancel: () => void) {
    const line = element('h1', { class: 'lead' }, [element('span', { text: l10n.t('Running') }), this.#time]);
    this.node = element('div', { class: 'notice' }, [
      line,
      element('p', { class: 'more statement', text: beginningOf(title) }),
      this.#track.node,
      this.#waits,
      cancelButton(cancel),
    ]);
    const started = performance.now();
    const tick = () => {
      this.#time.textContent = elapsedText(performance.now() - started);
    };
    tick();
    this.#clock = setInterval(tick, 100);
  }

  /**
   * @param percent 0 to 100, or -1 when nobody can tell
   * @param message what the run waits for
   */
  progress(percent: number, message = ''): void {
    this.#waits.textContent = beginningOf(message);
    this.#track.show(percent);
  }

  dispose(): void {
    clearInterval(this.#clock);
  }
}

function plain(children: readonly Node[], role?: string): Notice {
  const attributes: Record<string, string> = role === undefined ? {} : { role };
  return { node: element('div', { class: 'notice', attributes }, children), dispose: () => undefined };
}
