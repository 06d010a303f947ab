import * as l10n from '@vscode/l10n';
import { assertNever } from '../../wasm-core/protocol/assert-never.ts';
import type { FromBenchPage, ToBenchPage } from '../../wasm-core/protocol/bench-page.ts';
import { cancelledNotice, failedNotice, hintNotice, type Notice } from '../notices.ts';
import { ReportView } from './report-view.ts';
import { RunningView } from './running-view.ts';

/** The page of benchmarks: shows one thing at a time, as the extension's messages say. */
export class BenchApp {
  readonly #root: HTMLElement;
  readonly #send: (message: FromBenchPage) => void;
  #shown: Notice | RunningView | ReportView;

  /** @param send takes messages for the extension */
  constructor(root: HTMLElement, send: (message: FromBenchPage) => void) {
    this.#root = root;
    this.#send = send;
    this.#shown = hintNotice(
      l10n.t('No benchmark yet'),
      l10n.t(
        'Press Benchmark above a query or above a function of a plugin, or run what the view Benchmarks in the side bar lists.',
      ),
    );
    this.#root.replaceChildren(this.#shown.node);
  }

  /** Acts on a message of the extension. */
  receive(message: ToBenchPage): void {
    switch (message.type) {
      case 'running':
        this.#show(new RunningView(message, () => this.#send({ type: 'cancel' })));
        break;
      case 'samples':
        if (this.#shown instanceof RunningView) this.#shown.take(message);
        break;
      case 'report':
        if (this.#shown instanceof ReportView) this.#shown.update(message);
        else this.#show(new ReportView(message, this.#send));
        break;
      case 'notice':
        if (this.#shown instanceof ReportView) this.#shown.tell(message);
        break;
      case 'failed':
        this.#show(failedNotice(message.message, undefined, l10n.t('The benchmark failed')));
        break;
      case 'cancelled':
        this.#show(cancelledNotice());
        break;
      default:
        assertNever(message);
    }
  }

  #show(next: Notice | RunningView | ReportView): void {
    const hadFocus = this.#root.contains(document.activeElement);
    this.#shown.dispose();
    this.#shown = next;
    this.#root.replaceChildren(next.node);
    // What had it is gone; whoever works with the keyboard goes on here.
    if (hadFocus) this.#root.querySelector<HTMLElement>('button, [tabindex="0"]')?.focus();
  }
}
