import * as l10n from '@vscode/l10n';
import type {
  ChainStatus,
  ChainStepView,
  FromChainPage,
  ToChainPage,
} from '../../wasm-core/protocol/chain-page.ts';
import { durationText } from '../../wasm-core/protocol/figures.ts';
import { element } from '../dom.ts';
import type { BytesMode } from './bytes-view.ts';
import { stepCard } from './step-card.ts';

/** The chain page: a card for each step, drawn anew whenever the extension tells something. */
export class ChainApp {
  readonly #root: HTMLElement;
  readonly #send: (message: FromChainPage) => void;
  /** Inputs that are being written, by step. */
  readonly #drafts = new Map<number, string>();
  /** By step and part. */
  readonly #modes = new Map<string, BytesMode>();
  #shown: ToChainPage | undefined;

  /** @param send takes messages for the extension */
  constructor(root: HTMLElement, send: (message: FromChainPage) => void) {
    this.#root = root;
    this.#send = send;
    const text = l10n.t('Open a chain file, and choose Run Chain.');
    this.#root.append(
      element('div', { class: 'notice' }, [
        element('h1', { class: 'lead', text: l10n.t('No chain yet') }),
        element('p', { class: 'more', text }),
      ]),
    );
  }

  /** Acts on a message of the extension. */
  receive(message: ToChainPage): void {
    const isOther = message.file !== this.#shown?.file || message.status.type === 'ready';
    if (isOther) {
      this.#drafts.clear();
      this.#modes.clear();
      this.#drafts.set(1, '');
    }
    for (const { step } of message.chosen) {
      const isNew = !this.#shown?.chosen.some((before) => before.step === step);
      if (isNew || isOther) this.#drafts.delete(step);
    }
    this.#shown = message;
    this.#draw();
    if (isOther) document.getElementById('draft-1')?.focus();
  }

  #draw(): void {
    const shown = this.#shown;
    if (shown === undefined) return;
    const focused = document.activeElement?.id ?? '';
    const scrolled = this.#root.querySelector('.steps')?.scrollTop ?? 0;
    const cards = shown.steps.map((step) => element('li', {}, [this.#card(shown, step)]));
    const list = element('ol', { class: 'steps' }, cards);
    this.#root.replaceChildren(
      element('div', { class: 'chain' }, [this.#head(shown), ...failure(shown), list]),
    );
    list.scrollTop = scrolled;
    if (focused !== '') document.getElementById(focused)?.focus({ preventScroll: true });
  }

  #head({ title, status, runs, steps }: ToChainPage): HTMLElement {
    const reveal = () => this.#send({ type: 'reveal' });
    const cancel = element('button', {
      class: 'button',
      text: l10n.t('Cancel'),
      attributes: { type: 'button', id: 'cancel' },
      onClick: () => {
        cancel.disabled = true;
        this.#send({ type: 'cancel' });
      },
    });
    const failed = runs.find(({ error }) => error !== undefined);
    const said = {
      ready: l10n.t('Not run yet'),
      running: runningText(status, steps.length),
      cancelled: l10n.t('Cancelled'),
      failed: l10n.t('Failed'),
      done: failed === undefined ? l10n.t('Done') : l10n.t('Step {0} failed', failed.number),
    }[status.type];
    const time = status.type === 'done' ? `, ${durationText(status.micros)}` : '';
    return element('header', { class: 'toolbar' }, [
      element('h1', { class: 'title', text: title, attributes: { title } }),
      element('span', { class: 'status', text: `${said}${time}`, attributes: { role: 'status' } }),
      ...(status.type === 'running' ? [cancel] : []),
      element('button', {
        class: 'link',
        text: l10n.t('Show File'),
        attributes: { type: 'button' },
        onClick: reveal,
      }),
    ]);
  }

  #card({ runs, status, chosen }: ToChainPage, step: ChainStepView): HTMLElement {
    const { number } = step;
    const run = runs.find((each) => each.number === number);
    const ended = status.type === 'running' ? status.ended.find((each) => each.number === number) : undefined;
    const input = chosen.find((each) => each.step === number);
    const draft = this.#drafts.get(number);
    const before = runs.find((each) => each.number === number - 1)?.output;
    const hasInput = number === 1 || (run ?? input ?? draft ?? before) !== undefined;
    const keyOf = (of: string): string => `${number}.${of}`;
    return stepCard({
      step,
      run,
      chosen: input,
      draft,
      ended,
      state: runningState(status, number) ?? (hasInput ? 'idle' : 'waiting'),
      isBusy: status.type === 'running',
      mode: (of) => this.#modes.get(keyOf(of)),
      setMode: (of, mode) => {
        this.#modes.set(keyOf(of), mode);
        this.#draw();
      },
      setDraft: (text) => {
        if (text === undefined) this.#drafts.delete(number);
        else this.#drafts.set(number, text);
        this.#draw();
        document.getElementById(text === undefined ? `start-${number}` : `draft-${number}`)?.focus();
      },
      typed: (text) => this.#drafts.set(number, text),
      start: () => this.#start(number),
      chooseInput: () => this.#send({ type: 'chooseInput', step: number }),
      copy: (text) => this.#send({ type: 'copy', text }),
    });
  }

  #start(from: number): void {
    const text = this.#drafts.get(from);
    this.#send({ type: 'run', from, ...(text !== undefined && { text }) });
  }
}

/** How far a chain is. */
function runningText(status: ChainStatus, count: number): string {
  if (status.type !== 'running') return '';
  const number = Math.min(count, (status.ended.at(-1)?.number ?? status.from - 1) + 1);
  return l10n.t('Running step {0} of {1}…', number, count);
}

/** What a step does while the chain runs; undefined when it is none that runs, or has ended. */
function runningState(status: ChainStatus, number: number): 'running' | 'queued' | undefined {
  if (status.type !== 'running' || number < status.from) return undefined;
  const next = (status.ended.at(-1)?.number ?? status.from - 1) + 1;
  if (number < next) return undefined;
  return number === next ? 'running' : 'queued';
}

/** Why nothing of it ran. */
function failure({ status }: ToChainPage): HTMLElement[] {
  if (status.type !== 'failed') return [];
  return [
    element('pre', {
      class: 'chain-error',
      text: status.message,
      attributes: { role: 'alert', tabindex: '0' },
    }),
  ];
}
