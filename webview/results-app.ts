import { assertNever } from '../wasm-core/protocol/assert-never.ts';
import type { SqlErrorDetails } from '../wasm-core/protocol/methods.ts';
import type { FromResultsPage } from '../wasm-core/protocol/webview.ts';
import { Asker } from './asker.ts';
import { element } from './dom.ts';
import {
  cancelledNotice,
  emptyNotice,
  failedNotice,
  goneNotice,
  type Notice,
  openingNotice,
  RunningNotice,
} from './notices.ts';
import { type MemoryStore, PageMemory } from './page-memory.ts';
import { isAnswerTo } from './parse-answer.ts';
import type { ReceivedMessage } from './parse-message.ts';
import type { ResultAsker } from './result-panel.ts';
import { ResultsView, type RunResults } from './results-view.ts';
import { RunBar } from './run-bar.ts';

/** What the page needs around it. */
export interface Transport {
  /** Takes messages for whoever has the rows; answers come through `receive`. */
  send(message: FromResultsPage): void;
  readonly memory: MemoryStore;
}

/** The results page: shows one thing at a time, as the extension's messages say. */
export class ResultsApp {
  readonly #body = element('div', { class: 'run', attributes: { tabindex: '-1' } });
  readonly #runs: RunBar;
  readonly #memory: PageMemory;
  readonly #send: (message: FromResultsPage) => void;
  readonly #asker: ResultAsker;
  #shown: Notice | RunningNotice | ResultsView;

  /** @param transport the way to whoever has the rows, which may be another than the editor's */
  constructor(root: HTMLElement, transport: Transport) {
    const send = (message: FromResultsPage): void => transport.send(message);
    this.#send = send;
    this.#memory = new PageMemory(transport.memory);
    this.#runs = new RunBar((action, run) => send({ type: 'run', action, run }));
    this.#asker = new Asker({
      send: (ask, question) => send({ type: 'ask', ask, question }),
      isAnswerTo,
    });
    this.#shown = emptyNotice();
    root.replaceChildren(this.#body);
    this.#body.replaceChildren(this.#shown.node);
  }

  /** Acts on a message of the extension. */
  receive(message: ReceivedMessage): void {
    switch (message.type) {
      case 'runs':
        this.#runs.show({ runs: message.runs, chosen: message.chosen });
        if (this.#runs.node.hidden) this.#runs.node.remove();
        else if (this.#runs.node.parentElement === null) this.#body.before(this.#runs.node);
        break;
      case 'empty':
        this.#show(emptyNotice());
        break;
      case 'running':
        this.#show(new RunningNotice(message.title, () => this.#send({ type: 'cancel' })));
        break;
      case 'progress':
        if (this.#shown instanceof RunningNotice || this.#shown instanceof ResultsView)
          this.#shown.progress(message.percent, message.message);
        break;
      case 'results':
        this.#showResults(message);
        break;
      case 'grown':
        if (this.#shown instanceof ResultsView) this.#shown.grow(message.id, message);
        break;
      case 'outdated':
        if (this.#shown instanceof ResultsView) this.#shown.outdated(message.changes);
        break;
      case 'failed':
        this.#show(failedNotice(message.message, this.#reveal(message.details), message.title));
        break;
      case 'opening':
        this.#show(openingNotice(message.title));
        break;
      case 'gone':
        this.#show(goneNotice(message.title, message.isRestricted, () => this.#send({ type: 'runAgain' })));
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
      case 'answer':
        this.#asker.take(message.ask, message.answer);
        break;
      case 'refused':
        this.#asker.refuse(message.ask, message.message);
        break;
      default:
        assertNever(message);
    }
  }

  /** Shows a failure's place in the editor, when it has one. */
  #reveal({ start }: SqlErrorDetails): (() => void) | undefined {
    return start === undefined ? undefined : () => this.#send({ type: 'revealError' });
  }

  #showResults(run: RunResults): void {
    if (this.#shown instanceof ResultsView && this.#shown.isOf(run)) this.#shown.become(run);
    else this.#show(new ResultsView(run, { send: this.#send, asker: this.#asker, memory: this.#memory }));
  }

  #show(next: Notice | RunningNotice | ResultsView): void {
    // The page takes the focus from no other part of the editor.
    const hadFocus = document.hasFocus() && this.#body.contains(document.activeElement);
    this.#shown.dispose();
    this.#shown = next;
    this.#body.replaceChildren(next.node);
    if (!hadFocus) return;
    const first = this.#body.querySelector<HTMLElement>(
      '[role=grid], button:not([disabled]), [tabindex="0"]',
    );
    (first ?? this.#body).focus({ preventScroll: true });
  }
}
