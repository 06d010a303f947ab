import { assertNever } from '../wasm-core/protocol/assert-never.ts';
import type { SqlErrorDetails } from '../wasm-core/protocol/methods.ts';
import type { FromResultsPage, ToResultsPage } from '../wasm-core/protocol/webview.ts';
import { cancelledNotice, emptyNotice, failedNotice, type Notice, RunningNotice } from './notices.ts';
import { ResultsView } from './results-view.ts';

/** The results page: shows one thing at a time, as the extension's messages say. */
export class ResultsApp {
  readonly #root: HTMLElement;
  readonly #send: (message: FromResultsPage) => void;
  #shown: Notice | RunningNotice | ResultsView;

  /** @param send takes messages for the extension */
  constructor(root: HTMLElement, send: (message: FromResultsPage) => void) {
    this.#root = root;
    this.#send = send;
    this.#shown = emptyNotice();
    this.#root.replaceChildren(this.#shown.node);
  }

  /** Acts on a message of the extension. */
  receive(message: ToResultsPage): void {
    switch (message.type) {
      case 'running':
        this.#show(new RunningNotice(message.title, () => this.#send({ type: 'cancel' })));
        break;
      case 'progress':
        if (this.#shown instanceof RunningNotice) this.#shown.progress(message.percent);
        break;
      case 'results':
        this.#show(new ResultsView(message, this.#send));
        break;
      case 'failed':
        this.#show(failedNotice(message.message, this.#reveal(message.details)));
        break;
      case 'cancelled':
        this.#show(cancelledNotice());
        break;
      case 'page':
        if (this.#shown instanceof ResultsView) this.#shown.take(message.id, message.page, message.bytes);
        break;
      case 'pageFailed':
        if (this.#shown instanceof ResultsView) this.#shown.fail(message.id, message.page, message.message);
        break;
      default:
        assertNever(message);
    }
  }

  /** Shows a failure's place in the editor, when it has one. */
  #reveal({ start }: SqlErrorDetails): (() => void) | undefined {
    return start === undefined ? undefined : () => this.#send({ type: 'revealError' });
  }

  #show(next: Notice | RunningNotice | ResultsView): void {
    this.#shown.dispose();
    this.#shown = next;
    this.#root.replaceChildren(next.node);
  }
}
