import * as l10n from '@vscode/l10n';
import { quantileOfSorted } from '../../wasm-core/protocol/bench/statistics.ts';
import type { ToBenchPage } from '../../wasm-core/protocol/bench-page.ts';
import { counted, durationText } from '../../wasm-core/protocol/figures.ts';
import { stripPicture } from '../../wasm-core/results/bench/strip-picture.ts';
import { element } from '../dom.ts';
import { RunningNotice } from '../notices.ts';
import { PictureFrame } from './picture-frame.ts';

type Running = Extract<ToBenchPage, { type: 'running' }>;
type Samples = Extract<ToBenchPage, { type: 'samples' }>;

/** The picture is drawn anew no more often, milliseconds. */
const DRAW_MS = 250;

/** So many targets are drawn while they run. */
const MAX_DRAWN = 20;

/** Benchmarks under way: how far they are, and each sample as it comes. */
export class RunningView {
  readonly node: HTMLElement;
  readonly #notice: RunningNotice;
  readonly #frame: PictureFrame;
  readonly #samples: readonly { readonly label: string; readonly micros: number[] }[];
  readonly #counts: readonly HTMLElement[];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param cancel called once, when the button is pressed */
  constructor({ title, targets }: Running, cancel: () => void) {
    this.#notice = new RunningNotice(title, cancel);
    this.#samples = targets.map((label) => ({ label, micros: [] }));
    this.#frame = new PictureFrame(() => undefined);
    this.#counts = targets.map(() => element('span', { class: 'figure', text: l10n.t('no sample yet') }));
    const list = element(
      'ul',
      { class: 'targets', attributes: { tabindex: '0', 'aria-label': l10n.t('Benchmarks under way') } },
      targets.map((name, index) =>
        element('li', {}, [
          element('span', { class: 'name', text: name, attributes: { title: name } }),
          ...(this.#counts[index] ? [this.#counts[index]] : []),
        ]),
      ),
    );
    this.node = element('div', { class: 'bench running' }, [this.#notice.node, list, this.#frame.node]);
    this.#notice.progress(-1, phaseText('preparing'));
  }

  /** Takes samples that came. */
  take({ phase, percent, samples }: Samples): void {
    this.#notice.progress(phase === 'waiting' ? -1 : percent, phaseText(phase));
    for (const { target, micros } of samples) this.#samples[target]?.micros.push(micros);
    if (samples.length > 0) this.#timer ??= setTimeout(() => this.#draw(), DRAW_MS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#notice.dispose();
    this.#frame.dispose();
  }

  #draw(): void {
    this.#timer = undefined;
    this.#samples.forEach(({ micros }, index) => {
      const count = this.#counts[index];
      if (count === undefined || micros.length === 0) return;
      const median = quantileOfSorted(
        [...micros].sort((a, b) => a - b),
        0.5,
      );
      const samples = counted(micros.length, l10n.t('{0} sample'), l10n.t('{0} samples'));
      count.textContent = l10n.t('{0}, median {1}', samples, durationText(median));
    });
    const begun = this.#samples.filter(({ micros }) => micros.length > 0).slice(0, MAX_DRAWN);
    this.#frame.show((width) => (begun.length === 0 ? undefined : stripPicture(begun, { width, l10n })));
  }
}

function phaseText(phase: Samples['phase']): string {
  switch (phase) {
    case 'waiting':
      return l10n.t('Waiting for another benchmark to end');
    case 'preparing':
      return l10n.t('Preparing');
    case 'warming':
      return l10n.t('Warming up: these runs are not counted');
    case 'measuring':
      return l10n.t('Measuring, all of them in turns');
  }
}
